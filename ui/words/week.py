"""The opening hours of a place, as on a notice at its door."""

from collections.abc import Iterable, Mapping
from typing import Any

from node.domain.settings.opening import Span, as_time, lines, week_of
from ui.i18n import Language
from ui.words.words import WEEKDAY

_DAYS = tuple(WEEKDAY.values())


def week_in_words(spans: Iterable[Span | Mapping[str, Any]], language: Language) -> list[tuple[str, str]]:
    """``Monday – Friday``, ``09:00–12:00, 14:00–17:00``, a pair for each line; spans also as they were kept."""
    week = week_of(each if isinstance(each, Span) else Span(**each) for each in spans)
    return [
        (
            " – ".join(dict.fromkeys(language.say(_DAYS[day]) for day in (line.first, line.last))),
            language.listed(f"{as_time(each.opens)}–{as_time(each.closes)}" for each in line.spans),
        )
        for line in lines(week)
    ]
