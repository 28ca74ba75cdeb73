"""A message pasted from a chat: what our own code makes of it, for a person to say yes to. Nothing is stored here."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import phonenumbers

from node.domain.catalogue import text_key
from node.domain.intake.intake import MAX_TEXT
from node.domain.intake.pasted_places import places
from node.domain.intake.pasted_words import CHAT

MOST = 5
"""Proposals of one sort: whoever pastes a whole evening of a chat chooses for herself."""

_LONGEST_NAME = 7
"""Words in the longest name of a kind of help that is looked for."""

_FEWEST_DIGITS = 6
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
        places=_few(places(text, region)),
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
        if sum(map(str.isdigit, match.raw_string)) >= _FEWEST_DIGITS:  # a house number is none
            yield match.raw_string.strip()


_FILLERS = frozenset(["a", "an", "the", "my", "our", "your", "her", "his", "their", "some", "el", "la", "los",
                      "las", "un", "una", "unos", "unas", "mi", "mis", "su", "sus", "de", "del", "al", "para",
                      "hacer"])  # fmt: skip
"""Words that stand within names as people write them: "walk the dog", "walk my dog", "sacar a mi perro"."""
_MARKS = re.compile(r"[\u0300-\u036f\u0640\u064b-\u065f]")
_SAME = str.maketrans({"ى": "ي", "ة": "ه"})
_AT_THE_WORD = re.compile(r"^(?:وال|بال|فال|لل|ال|و)(?=\w{3})")
"""What Arabic writes at the beginning of a word: and, the, to the."""


def _kinds(text: str, aliases: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Names of kinds that stand in the text, but for small words; of several that overlap, the longest."""
    chat = {_bare(word): (code,) for code, words in CHAT.items() for word in words}
    aliases = chat | {_bare(name): codes for name, codes in aliases.items() if codes}
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
    """A text as it is compared: no accents, no small words, Arabic words without what is written to their beginning."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text_key(text))).translate(_SAME)
    words = [_AT_THE_WORD.sub("", word) for word in _WORD.findall(plain)]
    return " ".join(word for word in words if word not in _FILLERS)
