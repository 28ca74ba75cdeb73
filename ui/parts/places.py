"""A place as people type it: a name, a postcode, or latitude and longitude."""

import re
from collections import Counter
from collections.abc import Iterable

from aiohttp import web

from node.appkeys import PLACES
from node.domain.intake import whereabouts
from node.domain.need import Point
from node.errors import N_
from node.services.intake.places import AreaName
from protocol import cells
from ui.i18n import Language
from ui.web.site import LANGUAGE, say

_DEGREES = re.compile(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d+)?)\s*")
_AT_THE_END = re.compile(r"[\s(](-?\d{1,2}\.\d{3,})\s*[,;]\s*(-?\d{1,3}\.\d{3,})\)?\s*$")
"""An address may end with the degrees that a map showed."""
EXACT_M = 100
"""How far off somebody may be who points at a map."""

NEAR_KM = 4
"""Up to so far from its place an area is still "in or near" it."""


def degrees(text: str) -> tuple[float, float] | None:
    """``51.44, -2.58``, also at the end of an address, or another writing of a spot (``whereabouts``), as latitude and
    longitude; None for anything else."""
    match = _DEGREES.fullmatch(text) or _AT_THE_END.search(text)
    if match is None:
        return whereabouts.read(text)
    lat, lon = float(match[1]), float(match[2])
    return (lat, lon) if -90 <= lat <= 90 and -180 <= lon <= 180 else None


async def locate(request: web.Request, *texts: str) -> Point | None:
    """The first of the texts that means a place, or None."""
    for text in texts:
        if found := degrees(text):
            return Point(lat=found[0], lon=found[1], accuracy_m=EXACT_M)
        if text and (point := await request.config_dict[PLACES].locate(text)):
            return point
    return None


async def read_back(request: web.Request, text: str) -> str:
    """The name of the area that a text means, to be read back on the phone; empty if it is not known."""
    if not text or degrees(text):
        return ""
    found = await request.config_dict[PLACES].find(text, limit=1)
    return request[LANGUAGE].listed((found[0].name, found[0].admin)) if found else ""


async def areas(request: web.Request, cells: Iterable[str | None]) -> dict[str, str]:
    """Where areas are, in words, as far as the place files know it."""
    known = await request.config_dict[PLACES].area_names(cell for cell in cells if cell)
    return {cell: area_in_words(name, request[LANGUAGE]) for cell, name in known.items()}


async def told_apart(request: web.Request, cells: Iterable[str | None]) -> dict[str, str]:
    """Every area in words, no two alike: its place, else its centre as one types it into a map; the centre, too, where
    two have one place. Nothing here is more exact than the area."""
    wanted = list(dict.fromkeys(cell for cell in cells if cell))
    named = await areas(request, wanted)
    names = {cell: named.get(cell) or around(request, cell) for cell in wanted}
    for tell in (_with_centre, _numbered):
        many = Counter(names.values())
        alike = sorted(cell for cell, name in names.items() if many[name] > 1)
        names |= {cell: tell(names[cell], cell, at) for at, cell in enumerate(alike, 1)}
    return names


def _with_centre(name: str, cell: str, at: int) -> str:
    lat, lon = cells.centre(cell)
    centre = f"{lat:.2f}, {lon:.2f}"
    return name if centre in name else f"{name} ({centre})"


def _numbered(name: str, cell: str, at: int) -> str:
    return f"{name} ({at})"


def around(request: web.Request, cell: str) -> str:
    """Where an area is for whom no place file says it: its centre, as one types it into a map."""
    lat, lon = cells.centre(cell)
    return say(request, N_("the area around %(lat)s, %(lon)s"), lat=f"{lat:.2f}", lon=f"{lon:.2f}")


def area_in_words(area: AreaName, language: Language) -> str:
    """Where that area is."""
    if area.within_km <= NEAR_KM:
        return language.say(N_("in or near %(place)s"), place=area.place)
    return language.say(N_("within %(km)s km of %(place)s"), km=area.within_km, place=area.place)
