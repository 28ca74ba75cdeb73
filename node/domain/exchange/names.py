"""Groups that call themselves alike: a name is what a group says of itself, so two can say the same, or nearly.

The first two of a group's six words cannot be chosen freely, so they stand beside each of such names.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from protocol.identity import fingerprint_words

MARK = re.compile(r"\s*\([a-z]{3,8} [a-z]{3,8}\)\s*\Z")
"""Something that looks like our mark, at the end of a name."""
_LOOKS_LIKE = str.maketrans(
    "0135абвеёіїјкмнорсԁѕтухԛԝьғүһαβεικνορτυχωłօոսհցյզ",
    "olesabbeeiijkmhopcdstyxqwbfyhabeikvoptuxwlonuhgjq",
)
"""Digits, Cyrillic, Greek and Armenian letters that read as Latin ones, after case folding. After Unicode TS #39."""
_CAPITALS = str.maketrans(
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹАВЕКМНОРСТУХЅІЈҒҮՏՍՕԼᎠᎡᎢᎪᎫᎬᎳᎷᎻᎽᏀᏃᏒᏔᏙᏚᏞᏟᏢᏦᏴ",
    "abezhikmnoptyxcabekmhopctyxsijfysuoldrtajewmhygzrwvslcpkb",
)
"""Greek, Cyrillic, Armenian and Cherokee capitals that read as Latin ones: case folding makes another shape of many."""
_ALMOST_LATIN = ("CYRILLIC", "GREEK", "COPTIC", "ARMENIAN", "CHEROKEE", "LISU", "DESERET", "GEORGIAN")
"""Scripts, by the first word of a character's name in Unicode, with letters that read as Latin ones."""


def folded(name: str) -> str:
    """The name as it is held against others: without case, spaces, marks, signs, and letters that only look different;
    empty if nothing readable is left."""
    return _folded(unicodedata.normalize("NFKD", MARK.sub("", name)))


def _folded(name: str) -> str:
    plain = name.casefold()
    kept = "".join(each for each in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(each))
    told = kept.translate(_LOOKS_LIKE)
    return (
        "".join(each for each in told if each.isalnum())
        .replace("rn", "m")
        .replace("vv", "w")
        .replace("i", "l")
    )


def _ways(name: str) -> frozenset[str]:
    """How it can be read: in lower case, and by the shapes that it is written in."""
    shapes = unicodedata.normalize("NFKD", MARK.sub("", name)).translate(_CAPITALS)
    return frozenset((folded(name), _folded(shapes)))


def mixed(name: str) -> bool:
    """Whether a word of it mixes Latin letters with those of a script that has letters like them."""
    for word in unicodedata.normalize("NFKD", name).split():
        scripts = {unicodedata.name(each, "").partition(" ")[0] for each in word if each.isalpha()}
        if "LATIN" in scripts and not scripts.isdisjoint(_ALMOST_LATIN):
            return True
    return False


def marked(origin: str, name: str) -> str:
    """The name with the first two of its six words behind it."""
    return f"{unmarked(origin, name)}{_mark(origin)}"


def unmarked(origin: str, name: str) -> str:
    """The name without the mark that ``marked`` gives it."""
    return name.removesuffix(_mark(origin))


def told_apart(own: str, named: Mapping[str, str]) -> dict[str, str]:
    """The names of other groups by their ids, those marked that are read like another one's or like ``own``, or that
    mix scripts."""
    return dict(_told_apart(own, tuple(named.items())))


@lru_cache(maxsize=8)  # every page of the desk asks for the same ones
def _told_apart(own: str, named: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    bare = {origin: unmarked(origin, name) for origin, name in named}
    ways = {origin: _ways(name) for origin, name in bare.items()}
    often = Counter(way for each in (_ways(own), *ways.values()) for way in each)
    return {
        origin: marked(origin, name) if mixed(name) or any(often[way] > 1 for way in ways[origin]) else name
        for origin, name in bare.items()
    }


def _mark(origin: str) -> str:
    return f" ({' '.join(fingerprint_words(origin)[:2])})"
