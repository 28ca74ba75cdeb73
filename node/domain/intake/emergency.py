"""Words that may mean danger to life, and whom to ring first. A panel says so; nothing is ever held up by it."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

EUROPE = "112"
_WORD = re.compile(r"\w+")
NUMBERS: Mapping[str, str] = {
    "AU": "000", "BR": "192", "CA": "911", "CL": "131", "CN": "120", "CR": "911", "EC": "911", "GB": "999",
    "GG": "999", "HK": "999", "IL": "101", "IM": "999", "JE": "999", "JP": "119", "KE": "999", "KR": "119",
    "MX": "911", "MY": "999", "NZ": "111", "PE": "106", "PR": "911", "SG": "995", "US": "911", "UY": "911",
    "ZA": "10177",
}  # fmt: skip
"""Region (ISO 3166) -> the number that brings an ambulance, where people know another one than 112.

From the countries' own public advice; 112 works on mobile telephones almost everywhere (ITU-T E.161.1)."""


def number_for(region: str | None) -> str:
    """What to ring first; 112 where we know no better."""
    return NUMBERS.get((region or "").upper(), EUROPE)


def plain(text: str) -> str:
    """Lower case, without accents and punctuation, one space between words and at both ends."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(("", *_WORD.findall(bare), ""))


@lru_cache(maxsize=2048)
def _wanted(word: str) -> tuple[str, ...]:
    """How a word of the list may stand in a text: as it is, and with the "and" that Arabic writes onto it."""
    said = plain(word)
    return (said, f" \u0648{said[1:]}") if said.strip() else ()


def words_said(text: str, words: Iterable[str]) -> tuple[str, ...]:
    """Which of the words (or groups of words) stand in the text as whole words, each once, in their order."""
    said = plain(text)
    return tuple(dict.fromkeys(word for word in words if any(wanted in said for wanted in _wanted(word))))
