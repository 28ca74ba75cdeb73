"""A spot as people find it somewhere and paste it: degrees in any common writing, a map's link, a geo: address
(RFC 5870), a whole plus code (https://github.com/google/open-location-code). Nobody is asked what it means.
"""

import math
import re
from collections.abc import Sequence
from itertools import chain
from urllib.parse import parse_qs, unquote, unquote_plus, urlsplit

from node.errors import N_

Spot = tuple[float, float]
"""Latitude, longitude in degrees."""

LONGEST = 2000
"""Letters of a link that are looked at."""

_NUMBER = r"[+-]?\d{1,3}(?:\.\d+)?"
_PAIR = re.compile(rf"({_NUMBER})\s*[,;~\s]\s*({_NUMBER})")
_COMMAS = re.compile(r"([+-]?\d{1,3},\d+)\s*[;\s]\s*([+-]?\d{1,3},\d+)")
"""As most of Europe writes it: ``51,45 -2,59``."""
_PART = (
    r"(\d{1,3}(?:\.\d+)?)\s*[°ºd]?\s*"
    r"(?:(\d{1,2}(?:\.\d+)?)\s*['′’m]?\s*)?"
    r"(?:(\d{1,2}(?:\.\d+)?)\s*(?:[\"″”s]|'')?\s*)?"
)
"""Degrees, minutes, seconds."""
_AFTER = re.compile(rf"{_PART}([NS])[\s,;/]*{_PART}([EW])", re.IGNORECASE)
_BEFORE = re.compile(rf"([NS])\s*{_PART}[\s,;/]*([EW])\s*{_PART}", re.IGNORECASE)
_GEO = re.compile(rf"geo:({_NUMBER}),({_NUMBER})(?:,{_NUMBER})?(?:;.*|\?.*)?", re.IGNORECASE)
_PIN = re.compile(rf"!3d({_NUMBER})!4d({_NUMBER})")
_EYE = re.compile(rf"@({_NUMBER}),({_NUMBER})")
_FRAGMENT = re.compile(rf"map=\d+(?:\.\d+)?/({_NUMBER})/({_NUMBER})")
_QUERY = ("q", "query", "ll", "sll", "center", "daddr", "destination", "cp", "coordinate", "pin")
_QUERY_PAIRS = (("mlat", "mlon"), ("lat", "lon"), ("lat", "lng"))

_CODE_LETTERS = "23456789CFGHJMPQRVWX"
_WHOLE_CODE = re.compile(rf"[{_CODE_LETTERS}]{{8}}\+(?:[{_CODE_LETTERS}]{{2,7}})?", re.IGNORECASE)
_SHORT_CODE = re.compile(rf"[{_CODE_LETTERS}]{{2,6}}\+[{_CODE_LETTERS}]{{2,7}}\b.*", re.IGNORECASE)
_SHORT_LINKS = ("goo.gl", "maps.app.goo.gl", "osm.org", "bit.ly", "t.co", "tinyurl.com", "maps.apple", "g.co")


def read(text: str) -> Spot | None:
    """The spot that somebody pasted, or None."""
    text = text.strip()[:LONGEST]
    found = _link(text) if re.match(r"https?://", text, re.IGNORECASE) else _words(text)
    return found if found is not None and _on_earth(found) else None


def trouble(text: str) -> str:
    """What to do where ``read`` found nothing (a msgid)."""
    text = text.strip()[:LONGEST]
    if re.match(r"https?://", text, re.IGNORECASE):
        host = _host(text)
        if any(host == each or host.endswith(f".{each}") for each in _SHORT_LINKS):
            return N_(
                "This short link does not say where by itself. Open it, and copy the long address of the map."
            )
        return N_("There is no spot in this link. Put a pin on the map first, then copy the link.")
    if _SHORT_CODE.fullmatch(text):
        return N_("This plus code is shortened. Write the whole one, with eight letters before the plus.")
    if _words(text) is not None:
        return N_(
            "That is nowhere on earth. The first number goes from -90 to 90, the second from -180 to 180."
        )
    return N_("Paste a link of a map, or write two numbers like 51.44, -2.58.")


def _host(text: str) -> str:
    try:
        return urlsplit(text).hostname or ""
    except ValueError:
        return ""


def _words(text: str) -> Spot | None:
    text = text.strip().strip("()[]")
    if found := _GEO.fullmatch(text):
        return float(found[1]), float(found[2])
    if _WHOLE_CODE.fullmatch(text):
        return _plus_code(text)
    if found := _COMMAS.fullmatch(text):
        return float(found[1].replace(",", ".")), float(found[2].replace(",", "."))
    if found := _PAIR.fullmatch(text):
        return float(found[1]), float(found[2])
    if found := _AFTER.fullmatch(text):
        return _turned(found.group(1, 2, 3), found[4]), _turned(found.group(5, 6, 7), found[8])
    if found := _BEFORE.fullmatch(text):
        return _turned(found.group(2, 3, 4), found[1]), _turned(found.group(6, 7, 8), found[5])
    return None


def _turned(parts: Sequence[str | None], side: str) -> float:
    """Degrees, minutes, seconds, and which way."""
    value = math.fsum(float(part or 0) / 60.0**power for power, part in enumerate(parts))
    return -value if side.upper() in ("S", "W") else value


def _link(text: str) -> Spot | None:
    """A pin that somebody set counts more than where the map happens to look."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    path, fragment = unquote_plus(parts.path), unquote(parts.fragment)
    asked = _last(parts.query) | _last(parts.fragment)
    if found := _PIN.search(path):
        return float(found[1]), float(found[2])
    pairs = (f"{asked[a]},{asked[b]}" for a, b in _QUERY_PAIRS if a in asked and b in asked)
    for said in chain(pairs, (asked[name] for name in _QUERY if name in asked)):
        if spot := _words(said.removeprefix("loc:")):
            return spot
    if found := _EYE.search(path) or _FRAGMENT.search(fragment):
        return float(found[1]), float(found[2])
    return next((spot for part in path.split("/") if "," in part and (spot := _words(part))), None)


def _last(query: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(query).items()}


def _plus_code(text: str) -> Spot:
    """The middle of the field that a whole plus code names; its letters after the tenth are finer than we need."""
    letters = [_CODE_LETTERS.index(each) for each in text.upper().replace("+", "")[:10]]
    lat, lon, step = -90.0, -180.0, 20.0
    for row, column in zip(letters[::2], letters[1::2], strict=False):
        lat, lon = lat + row * step, lon + column * step
        step /= 20
    return lat + step * 10, lon + step * 10


def _on_earth(spot: Spot) -> bool:
    return -90 <= spot[0] <= 90 and -180 <= spot[1] <= 180
