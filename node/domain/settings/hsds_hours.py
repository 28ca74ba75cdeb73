"""Hours of a place as schedules of HSDS: those of every week are times, everything else stays words.

Half of what a file says is worse than words: where one schedule of a place cannot be read as times (every second
week, the first Tuesday, a season, another zone), the place has no times at all.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import groupby, zip_longest
from typing import Any

from node.domain.settings.opening import MOST_A_DAY, Span, Week, as_time, minutes, week_of
from node.domain.settings.resources import Resource, as_text

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FIELDS = ("byday", "opens_at", "closes_at")
_OTHER_RULES = (
    "until", "count", "bymonthday", "byweekno", "byyearday", "bymonth", "bysetpos", "valid_to",
)  # fmt: skip
_BEGINS = ("valid_from", "dtstart")


def out_of(week: Week) -> list[dict[str, str]]:
    """``FIELDS`` of each schedule: one for all days that have the same opening."""

    def times(each: Span) -> tuple[int, int]:
        return each.opens, each.closes

    return [
        {
            "byday": ",".join(DAYS[each.weekday] for each in sorted(same)),
            "opens_at": as_time(opens),
            "closes_at": as_time(closes),
        }
        for (opens, closes), same in groupby(sorted(week, key=times), times)
    ]


def schedules(place: Resource, id_of: Callable[[str], str]) -> list[dict[str, Any]]:
    """Of one place; its words stand in the first."""
    words = {"description": place.hours} if place.hours else {}
    found: list[dict[str, Any]] = [
        {"freq": "WEEKLY", "interval": 1, **fields} for fields in out_of(place.week)
    ]
    if words:
        found = [{**(found[0] if found else {}), **words}, *found[1:]]
    return [{"id": id_of(f"schedule:{at}" if at else "schedule"), **each} for at, each in enumerate(found)]


def of_a_sheet(row: Mapping[str, str]) -> list[dict[str, str]]:
    """The schedules of a row of the flat sheet."""
    parts = (row.get(f"schedules.{key}", "").split(";") for key in FIELDS)
    found = [dict(zip(FIELDS, each, strict=True)) for each in zip_longest(*parts, fillvalue="")]
    return [{**found[0], "description": row.get("schedules.description", "")}, *found[1:]]


def read(schedules: Sequence[Mapping[str, Any]], today: date) -> tuple[str, Week]:
    """The hours in words, and as times where all of them are."""
    said = [each for each in schedules if any(as_text(each.get(key)) for key in ("description", *FIELDS))]
    spans = [_spans(each, today) for each in said]
    week = week_of(span for each in spans for span in each or ())
    if None in spans or len(week) > 7 * MOST_A_DAY:
        return "; ".join(filter(None, map(_in_words, said))), ()
    words = dict.fromkeys(as_text(each.get("description")) for each in said)
    return "; ".join(filter(None, words)), week


def _spans(schedule: Mapping[str, Any], today: date) -> Week | None:
    """None where it is no plain week that holds today and from now on."""
    text = {key: as_text(schedule.get(key)) for key in (*FIELDS, "freq")}
    days = [each.strip().upper() for each in text["byday"].split(",")]
    opens, closes = minutes(text["opens_at"]), minutes(text["closes_at"])
    plain = (
        text["freq"].upper() in ("", "WEEKLY")
        and schedule.get("interval") in (None, "", 1, "1")
        and not any(schedule.get(rule) for rule in _OTHER_RULES)
        and all(_begun(schedule.get(key), today) for key in _BEGINS)
    )
    if not plain or opens is None or closes is None or not set(days) <= set(DAYS):
        return None
    return tuple(Span(weekday=DAYS.index(day), opens=opens, closes=closes) for day in days)


def _begun(value: Any, today: date) -> bool:
    if value in (None, ""):
        return True
    day = as_text(value)[:10]
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", day)) and day <= today.isoformat()


def _in_words(schedule: Mapping[str, Any]) -> str:
    """Its own words, else its days and times in the shortest form."""
    if said := as_text(schedule.get("description")):
        return said
    days, opens, closes = (as_text(schedule.get(key)) for key in FIELDS)
    times = f"{opens[:5]}–{closes[:5]}" if opens and closes else opens[:5]
    return " ".join(filter(None, (days.replace(",", ", "), times)))
