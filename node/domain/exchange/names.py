"""Groups that call themselves alike: a name is what a group says of itself, so two can say the same, or nearly.

The first two of a group's six words cannot be chosen freely, so they stand beside each of such names.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping

from protocol.identity import fingerprint_words

MARK = re.compile(r"\s*\([a-z]{3,8} [a-z]{3,8}\)\s*\Z")
"""Something that looks like our mark, at the end of a name."""
_LOOKS_LIKE = str.maketrans(
    "0135абвеёіїјкморсԁѕтухԛԝьαβεικνορτυχωł",
    "olesabbeeiijkmopcdstyxqwbabeikvoptuxwl",
)
"""Digits, Cyrillic and Greek letters that read as Latin ones, after case folding. After Unicode TS #39."""


def folded(name: str) -> str:
    """The name as it is held against others: without case, spaces, marks, signs, and letters that only look different;
    empty if nothing readable is left."""
    plain = unicodedata.normalize("NFKD", MARK.sub("", name)).casefold()
    kept = "".join(each for each in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(each))
    told = kept.translate(_LOOKS_LIKE)
    return (
        "".join(each for each in told if each.isalnum())
        .replace("rn", "m")
        .replace("vv", "w")
        .replace("i", "l")
    )


def marked(origin: str, name: str) -> str:
    """The name with the first two of its six words behind it."""
    return f"{unmarked(origin, name)}{_mark(origin)}"


def unmarked(origin: str, name: str) -> str:
    """The name without the mark that ``marked`` gives it."""
    return name.removesuffix(_mark(origin))


def told_apart(own: str, named: Mapping[str, str]) -> dict[str, str]:
    """The names of other groups by their ids, those marked that are read like another one's or like ``own``."""
    bare = {origin: unmarked(origin, name) for origin, name in named.items()}
    often = Counter(folded(name) for name in bare.values())
    often[folded(own)] += 1
    return {
        origin: marked(origin, name) if often[folded(name)] > 1 else name for origin, name in bare.items()
    }


def _mark(origin: str) -> str:
    return f" ({' '.join(fingerprint_words(origin)[:2])})"
