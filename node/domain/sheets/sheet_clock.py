"""Clock times in what a sheet says of when somebody can: "9-12", "9:00-17:00", "2-4pm", "after 6". Pure.

A part of the day counts when the time covers at least half of its core, or lies within it: somebody who is asked for
an hour that she does not have does not come again. What may be meant twice ("8-10", "after 9") stays unread.
"""

import re
from typing import Final

from node.domain.need import PartOfDay

NOT_CLEAR: Final = "ǂ"
"""Stands for a time that can be read in two ways."""
_LETTER: Final = {PartOfDay.MORNING: "m", PartOfDay.AFTERNOON: "a", PartOfDay.EVENING: "e"}
_WHOLE: Final = {PartOfDay.MORNING: (6, 12), PartOfDay.AFTERNOON: (12, 18), PartOfDay.EVENING: (18, 24)}
_CORE: Final = {PartOfDay.MORNING: (8, 12), PartOfDay.AFTERNOON: (12, 18), PartOfDay.EVENING: (18, 21)}
"""Hours of the clock."""
_FIRST, _LAST = 8, 21
"""What "until 12" begins with, and "after 6" ends with."""

_TIME: Final = (
    r"(?:(?P<noon{n}>noon|midday|mediodia|12 noon)|"
    r"(?<![\d/.,])(?:(?P<four{n}>[0-2]\d[0-5]\d)|(?P<hour{n}>\d{{1,2}})(?:(?:[:.]|(?<=\d)h)(?P<minute{n}>[0-5]\d))?)"
    r"(?![\d/])\s?(?P<half{n}>am(?!\w)|pm(?!\w)|uhr(?!\w)|[صم](?!\w))?)"
)
_AT: Final = r"(?:(?:at|las|la|الساعه)\s+)?"
_SPAN: Final = re.compile(
    rf"(?<!\w)(?:(?:from|between|de|desde|von|zwischen|من|بين)\s+)?{_AT}{_TIME.format(n=1)}\s*"
    rf"(?:-|(?<!\w)(?:to|till?|until|and|a|al|y|hasta|bis|und|الي|حتي|و)(?!\w))\s*{_AT}{_TIME.format(n=2)}"
)
_AFTER: Final = re.compile(
    rf"(?<!\w)(?:after|from|despues de|a partir de|desde|ab|nach|بعد|من)\s+{_AT}{_TIME.format(n=1)}"
    r"(?:\s*(?:onwards?|\+|en adelante))?(?!\s*-)"
)
_UNTIL: Final = re.compile(
    rf"(?<!\w)(?:before|until|till|up to|antes de|hasta|vor|bis|قبل|حتي)\s+{_AT}{_TIME.format(n=1)}"
)


def with_parts(said: str) -> str:
    """The text (small letters, no marks over letters) with each time of the clock replaced by a word of its own, which
    ``parts_of`` reads."""
    said = re.sub(r"(?<![a-z])([ap])\.\s?m(?:\.|(?![a-z]))", r"\1m", said)
    said = _SPAN.sub(_span, said)
    said = _AFTER.sub(lambda found: _word(_side(found, after=True)), said)
    return _UNTIL.sub(lambda found: _word(_side(found, after=False)), said)


def parts_of(token: str) -> tuple[str, ...] | None:
    """The parts of the day that such a word stands for; None where it is no such word, empty for an unclear time."""
    if not token.startswith(NOT_CLEAR):
        return None
    return tuple(str(part) for part, letter in _LETTER.items() if letter in token[1:])


def _word(span: tuple[float, float] | None) -> str:
    found = "".join(_LETTER[part] for part in _LETTER if span and _counts(part, *span))
    return f" {NOT_CLEAR}{found} "


def _counts(part: PartOfDay, start: float, end: float) -> bool:
    first, last = _CORE[part]
    within = _WHOLE[part][0] <= start and end <= _WHOLE[part][1]
    return within or 2 * (min(end, last) - max(start, first)) >= last - first


def _span(found: re.Match[str]) -> str:
    one, two = _read(found, 1), _read(found, 2)
    bare = found["hour1"] and not found["minute1"] and not found["half1"] and not found["half2"]
    rest = found.string[found.end() :]
    if bare and one and one[0] < 6:
        if re.match(r"\s*[^\W\d]", rest):
            return found.group()  # "1-2 evenings", "2-3 times" are no clock
        if not re.search(r"[^\W\d]{2}", found.string[: found.start()]):
            return _word(None)  # "1-2" alone may be hours, or how often
    return _word(_between(one, two))


def _read(found: re.Match[str], number: int) -> tuple[float, str, bool] | None:
    """Hour of the clock, am or pm or nothing, and whether it is surely one of 24; None: there is none such."""
    if found[f"noon{number}"]:
        return 12, "pm", True
    four, half = found[f"four{number}"], found[f"half{number}"] or ""
    hour, minute = (four[:2], four[2:]) if four else (found[f"hour{number}"], found[f"minute{number}"] or "0")
    at = int(hour) + int(minute) / 60
    half = {"ص": "am", "م": "pm"}.get(half, half)
    if at > 24 or (half in ("am", "pm") and int(hour) > 12):
        return None
    if half in ("am", "pm"):
        return at % 12 + (12 if half == "pm" else 0), half, True
    return at, "", half == "uhr" or hour.startswith("0") or int(hour) > 12


def _between(
    one: tuple[float, str, bool] | None, two: tuple[float, str, bool] | None
) -> tuple[float, float] | None:
    if one is None or two is None:
        return None
    (start, said, sure), (end, also, ends) = one, two
    if not said and also:  # "2-4pm", "10-2pm", "9-12pm"
        if not sure and also == "pm" and start < 12 and start % 12 + 12 < end:
            start += 12
        return (start, end) if start < end else None
    if said and not also and not ends and end <= start:  # "9am-5"
        end += 12
    elif not said and not also and not (sure or ends):
        if start < 6:
            start, end = start + 12, end + 12 if end <= 12 else end
        elif start < 9 and end <= 10 and end > start:
            return None  # in the morning, or in the evening?
        elif end < start:
            end += 12
    return (start, end) if start < end <= 24 else None


def _side(found: re.Match[str], *, after: bool) -> tuple[float, float] | None:
    read = _read(found, 1)
    if read is None:
        return None
    at, _, sure = read
    if not sure and at < 12:
        if at >= (8 if after else 7):
            return None
        at += 12
    return (at, max(_LAST, at + 1)) if after else (min(_FIRST, at - 1), at)
