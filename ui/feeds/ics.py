"""iCalendar (RFC 5545): each need that is wanted on certain days, as an event of whole days."""

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from ui.contexts.listing import Entry, Listing

if TYPE_CHECKING:
    from icalendar import Event

TYPE = "text/calendar"
AGAIN = timedelta(hours=4)
"""How often a calendar program may ask (RFC 7986, REFRESH-INTERVAL)."""


def written(listing: Listing) -> bytes:
    """The calendar as UTF-8. What has no day is not in it: a calendar has no place for "this week"."""
    # Imported here: it costs a fifth of a second and some megabytes, and most groups' calendars are never asked for.
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Mutual Aid Connect//needs//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", listing.title)
    calendar.add("x-wr-calname", listing.title)
    calendar.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
    for entry in listing.entries:
        if entry.days is not None and entry.open:
            calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def _event(entry: Entry) -> "Event":
    from icalendar import Event

    assert entry.days is not None
    event = Event()
    event.add("uid", entry.id)
    event.add("dtstamp", datetime.combine(entry.posted, time(), UTC))
    event.add("dtstart", entry.days[0])
    event.add("dtend", entry.days[1])
    event.add("summary", entry.title)
    event.add("description", " ".join(entry.words))
    event.add("categories", [entry.kind])
    event.add("transp", "TRANSPARENT")
    if entry.url:
        event.add("url", entry.url)
    return event
