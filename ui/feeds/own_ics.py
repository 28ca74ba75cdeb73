"""iCalendar (RFC 5545): a volunteer's confirmed tasks as events of whole days. No name, no place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from ui.feeds.ics import AGAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One task in words. ``last`` is its last day."""

    id: str
    title: str
    words: str
    url: str
    first: date
    last: date
    changed_at: int


def written(title: str, events: Sequence[Event]) -> bytes:
    """The calendar as UTF-8."""
    # Imported here: it costs a fifth of a second and some megabytes, and most calendars are never asked for.
    import icalendar

    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Mutual Aid Connect//tasks//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
    for event in events:
        one = icalendar.Event()
        one.add("uid", event.id)
        one.add("dtstamp", datetime.fromtimestamp(event.changed_at, UTC))
        one.add("dtstart", event.first)
        one.add("dtend", event.last + timedelta(days=1))
        if event.first != event.last:
            one.add("transp", "TRANSPARENT")  # one of these days, and she is free on the others
        one.add("summary", event.title)
        one.add("description", event.words)
        one.add("url", event.url)
        calendar.add_component(one)
    return bytes(calendar.to_ical())
