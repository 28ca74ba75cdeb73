"""The telephone number in a pasted line: no number of the list, no stamp of a chat, no date, clock or house number."""

import re
from dataclasses import dataclass

import phonenumbers

from node.domain.reach import digits, is_phone
from node.errors import N_

_MOST_DIGITS = 11
"""More than that without a + is rarely one number: 11 are the longest that people dial at home."""

_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_DAY = r"\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4}"
_CLOCK = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[ap]\.?\s?m\b\.?|\s?[صم](?!\w))?"
_STAMP = re.compile(
    rf"^\s*(?:\[\s*(?:{_CLOCK}[,،]?\s+{_DAY}|{_DAY}[,،]?\s+{_CLOCK})\s*\]\s*|{_DAY}[,،]?\s+{_CLOCK}\s*[-–—:]\s+)"
    r"(?:~\s?)?(?:[^:\n]{1,60}:(?:\s+|$))?",
    re.IGNORECASE,
)
"""``[14:03, 23/11/2026] Kim: `` and ``23/11/26, 2:03 pm - Kim: ``, as chats copy their messages out; the name too."""
_NUMBERED = re.compile(
    r"^\s*(?:[-*•·–—]\s+|#\s?\d{1,3}\s*[.:)\-]*\s+|\d\ufe0f?\u20e3\s*|"
    r"[1-9٠-٩۰-۹]\d?\s?(?:[.º°]?\)|\.[-–]|[.:][ \t]|[º°])\s*|"
    r"[1-9٠-٩۰-۹]\d{0,2}\s?(?:[.º°]?\)|\.[-–]?|:|[º°]|[-–—]\s)\s*(?=[^\W\d])|"
    r"\(\d{1,3}\)\s+(?=[^\W\d]))"
)
"""``2) ``, ``1. ``, ``3 - ``, ``(4) `` before a name, a bullet: the number of a list, never a part of what follows."""

_NUMBER = re.compile(r"\+?\(?\d[\d ()./\-\u00a0]{3,}\d")
_NONE = (
    re.compile(  # days, clocks and spans of hours; dots between more than three groups are a telephone number
        r"(?<![\d+])(?<![\d][./\-])(?:"
        r"(?:0?[1-9]|[12]\d|3[01])([/.\-])(?:0?[1-9]|[12]\d|3[01])\1(?:\d{4}|\d{2})|"
        r"(?:19|20)\d{2}([/.\-])\d{1,2}\2\d{1,2}|"
        r"\d{1,2}(?:[.:]\d{2})?\s?[-–]\s?\d{1,2}(?:[.:]\d{2})?(?=\s+[0+(]|\s*$|\s*[^\W\d])|"
        r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?)(?![./\-]?\d)"
    )
)

NOT_A_NUMBER = N_("This may be no telephone number. Look at it, please.")
TWO_NUMBERS = N_("There are two telephone numbers in this line. The first one would be rung.")
DIGITS_IN_NAME = N_("There are digits in the name. Look at it, please.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A number in a text: what stands before and after it, and ``doubt``, a msgid; empty when it looks right."""

    before: str
    phone: str
    after: str
    doubt: str = ""


def bare(line: str) -> str:
    """The line without what no person is: a chat's stamp with who wrote, the number of a list, marks nobody sees."""
    line = _MARKS.sub("", line)
    line = _STAMP.sub("", line, count=1)
    return _NUMBERED.sub("", line, count=1)


def find(text: str, region: str | None = None) -> Found | None:
    """The first telephone number in it. ``region``: the two-letter country of numbers without a country code; with it,
    a number that cannot be one there is doubtful. Raises nothing."""
    # What is a day or a clock is covered up, a character for each, so that places stay the same.
    covered = _NONE.sub(lambda found: "x" * len(found.group()), text)
    hits = [hit for match in _NUMBER.finditer(covered) for hit in _numbers(match, covered, region)]
    if not hits:
        return None
    start, end = hits[0]
    phone = text[start:end].strip()
    doubt = "" if _fits(phone, region) else NOT_A_NUMBER
    if len(hits) > 1:
        doubt = TWO_NUMBERS
    return Found(before=_trimmed(text[:start]), phone=phone, after=_trimmed(text[end:]), doubt=doubt)


def _trimmed(text: str) -> str:
    return text.strip(" :-–·/\u00a0")


def _numbers(match: re.Match[str], text: str, region: str | None) -> list[tuple[int, int]]:
    """From and to of every number in one run of digits; a slash between two whole ones parts them."""
    found = []
    for part in _parts(match):
        start, end = _narrowed(*part, text, region)
        if is_phone(text[start:end]):
            found.append((start, end))
    return found


def _parts(match: re.Match[str]) -> list[tuple[int, int]]:
    run, start = match.group(), match.start()
    for slash in re.finditer(r"\s?/\s?|\s{2,}", run):
        left, right = run[: slash.start()], run[slash.end() :]
        if min(len(digits(left)), len(digits(right))) >= 6:
            rest = re.compile(r".+", re.DOTALL).match(match.string, start + slash.end(), match.end())
            return [(start, start + slash.start()), *(_parts(rest) if rest else ())]
    return [(start, match.end())]


def _narrowed(start: int, end: int, text: str, region: str | None) -> tuple[int, int]:
    """Without short groups beside it, a house number or a year, where what is left is a number for itself."""
    groups = [(start + each.start(), start + each.end()) for each in re.finditer(r"\S+", text[start:end])]
    while len(groups) > 1 and _stands_before(text, groups):
        groups = groups[1:]
    whole = groups[0][0], groups[-1][1]
    if _fits(text[slice(*whole)], region):
        return whole
    after = re.match(r"\s+[^\W\d]", text[end:])  # a street's name after its number
    ends = [(0, len(groups) - 1, -1)] if after else []
    for first, last, gone in (*ends, (1, len(groups), 0)):
        if last - first < 1 or len(digits(text[slice(*groups[gone])])) > 3:
            continue
        less = groups[first][0], groups[last - 1][1]
        if is_phone(text[slice(*less)]) and _fits(text[slice(*less)], region):
            return less
    return whole


def _stands_before(text: str, groups: list[tuple[int, int]]) -> bool:
    """Whether the first group is none of the number: short, no 0 or + before it, and the next begins as numbers do."""
    first, second = (text[slice(*each)] for each in groups[:2])
    rest = text[groups[1][0] : groups[-1][1]]
    begins = second.lstrip("(")
    return (
        len(digits(first)) <= 4
        and not first.startswith(("+", "("))
        and not digits(first).startswith("0")
        and (begins.startswith("+") or digits(begins[:1]) == "0")
        and is_phone(rest)
        and len(digits(rest)) > len(digits(first)) + 2
    )


def _fits(phone: str, region: str | None) -> bool:
    """Whether it can be a number: of that country, or as long as numbers are."""
    count = len(digits(phone))
    if phone.count("(") != phone.count(")"):
        return False
    if region is None:
        return count <= _MOST_DIGITS or phone.startswith("+") or digits(phone).startswith("00")
    try:
        number = phonenumbers.parse(phone, region)
    except phonenumbers.NumberParseException:
        return False
    reason = phonenumbers.is_possible_number_with_reason(number)
    return reason in (
        phonenumbers.ValidationResult.IS_POSSIBLE,
        phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY,
    )
