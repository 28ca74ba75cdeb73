"""A message pasted from a chat: what our own code makes of it, for a person to say yes to. Nothing is stored here."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import phonenumbers

from node.domain.catalogue import text_key
from node.domain.intake.intake import MAX_TEXT

MOST = 5
"""Proposals of one sort: whoever pastes a whole evening of a chat chooses for herself."""

_LONGEST_NAME = 7
"""Words in the longest name of a kind of help that is looked for."""

_POSTCODE = re.compile(r"\b[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}\b", re.IGNORECASE)
_STREET = re.compile(
    r"\b\d{1,4}[a-z]?,? (?:[\w'’.-]+ ){1,4}"
    r"(?:street|st|road|rd|avenue|ave|lane|ln|close|row|terrace|crescent|drive|way|place|court|hill|gardens|square|"
    r"walk|grove|park|mews)\b",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\b(?:in|at|near|on|from|around|en|cerca de|في)\s+((?:[A-Z\u00c0-\u024f][\w'’-]+[ ]?){1,3})"
)
_DIGITS = re.compile(r"(?<![\w+])(?:\+|0)\d[\d ()/-]{5,17}\d\b")
"""Numbers as people write them, where nobody said in which country we are."""
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """What was found. ``places``: texts that may name one, the likeliest first; only a place file can tell."""

    text: str
    phones: tuple[str, ...]
    places: tuple[str, ...]
    kinds: tuple[str, ...]


def read(text: str, aliases: Mapping[str, Sequence[str]], region: str | None) -> Pasted:
    """``aliases``: ``text_key`` of names to codes; ``region``: two-letter country of numbers without a country code."""
    text = text.strip()[:MAX_TEXT]
    return Pasted(
        text=text,
        phones=_few(_phones(text, region)),
        places=_few(_places(text)),
        kinds=_few(_kinds(text, aliases)),
    )


def _few(found: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))[:MOST]


def _phones(text: str, region: str | None) -> Iterator[str]:
    if region is None:
        yield from (match.group() for match in _DIGITS.finditer(text))
        return
    # Possible is enough: a person says yes to it, and numbers of fiction are valid nowhere.
    leniency = phonenumbers.Leniency.POSSIBLE
    for match in phonenumbers.PhoneNumberMatcher(text, region, leniency=leniency):
        yield match.raw_string.strip()


def _places(text: str) -> Iterator[str]:
    streets = [match.group().strip(" ,") for match in _STREET.finditer(text)]
    codes = [match.group().upper() for match in _POSTCODE.finditer(text)]
    if streets and codes:
        yield f"{streets[0]}, {codes[0]}"
    yield from codes
    for match in _AFTER.finditer(text):
        yield match[1].strip()
    yield from streets


_FILLERS = frozenset(["a", "an", "the", "my", "our", "your", "her", "his", "their", "some", "el", "la", "los", "las",
                      "un", "una", "mi", "su"])  # fmt: skip
"""Words that stand within names as people write them: "walk the dog", "walk my dog"."""


def _kinds(text: str, aliases: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Names of kinds that stand in the text, but for small words; of several that overlap, the longest."""
    aliases = {_bare(name): codes for name, codes in aliases.items() if codes}
    words = _bare(text).split()
    start = 0
    while start < len(words):
        for length in range(min(_LONGEST_NAME, len(words) - start), 0, -1):
            if codes := aliases.get(" ".join(words[start : start + length])):
                yield from codes
                start += length - 1
                break
        start += 1


def _bare(text: str) -> str:
    words = [text_key(word) for word in _WORD.findall(text)]
    return " ".join(word for word in words if word not in _FILLERS)
