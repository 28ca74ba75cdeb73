"""The phone book: what a neighbouring group says about itself, as it is read out to somebody on the phone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from node.domain.catalogue import Catalogue
from node.domain.zone import Zone
from node.errors import N_
from node.services.exchange.peering import PeerView
from protocol.statements import Profile
from ui.i18n import Language
from ui.words import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One group's line of the book."""

    origin: str
    name: str
    phone: str
    hours: str
    state: str
    """open, full or resting, which end after their last day; silent: long unheard of, whatever it said of itself."""
    state_words: str
    takes: Sequence[str]
    """Headings of help, by name; empty for every kind."""
    headings: frozenset[str]
    """The same by code."""
    languages: str
    kind: str
    """group, hub or council, by its own word."""
    say: str
    """The sentence to read out."""
    offers: Sequence[str] = ()
    """What it offers whoever asks, by name; for staff."""

    def takes_heading(self, heading: str) -> bool:
        """Whether it takes that heading at all; a kind of help whose heading is not known is left to people."""
        return not heading or not self.headings or heading in self.headings


def entry(
    origin: str,
    profile: Profile,
    language: Language,
    catalogue: Catalogue,
    *,
    today: date,
    silent_since: date | None = None,
    offers: Sequence[str] = (),
) -> Entry:
    """The line of a group that says this about itself. ``silent_since``: the day on which it was last heard from, if
    it should have spoken again by now."""
    state = profile.state
    if state != "open" and profile.until is not None and profile.until < today:
        state = "open"
    until = profile.until if state != "open" else None
    said = language.say(words.BOOK_STATE[state])
    if until is not None:
        day = format_date(until, "EEE d MMM", locale=language.locale)
        said = language.say(words.BOOK_UNTIL[state], day=day)
    if silent_since is not None:
        day = format_date(silent_since, "d MMM y", locale=language.locale)
        state, said = "silent", language.say(words.BOOK_SILENT, day=day)
    named = {each.code: each.name(language.code) for each in catalogue.headings}
    spoken = language.locale.languages
    return Entry(
        origin=origin,
        name=profile.name,
        phone=profile.phone or "",
        hours=profile.hours or "",
        state=state,
        state_words=said,
        takes=[named[code] for code in profile.headings if code in named],
        headings=frozenset(profile.headings),
        languages=language.listed(spoken.get(code, code) for code in profile.languages),
        kind=profile.kind,
        say=_sentence(profile, language),
        offers=offers,
    )


def book(
    rows: Iterable[PeerView],
    language: Language,
    catalogue: Catalogue,
    *,
    zone: Zone,
    now: int,
    offers: Mapping[str, Sequence[str]],
) -> list[Entry]:
    """Every group that we talk with, that told us about itself and helps people: not those who only go between or look.
    Open ones first, those not heard from for long last, then by name. ``now``: Unix seconds; ``zone``: our own;
    ``offers``: by group, what it offers whoever asks."""
    found = [
        entry(
            row.peer.origin,
            row.seen.profile,
            language,
            catalogue,
            today=zone.day(now),
            silent_since=silent_day(row.seen.silent_since(now), zone),
            offers=offers.get(row.peer.origin, ()),
        )
        for row in rows
        if row.peer.state == "active" and row.seen and row.seen.profile and row.seen.profile.kind == "group"
    ]
    order = [*words.BOOK_STATE, "silent"]
    return sorted(found, key=lambda each: (order.index(each.state), each.name))


def silent_day(since: int | None, zone: Zone) -> date | None:
    """The day of that moment (Unix seconds) by our own clock."""
    return None if since is None else zone.day(since)


def _sentence(profile: Profile, language: Language) -> str:
    values = {"name": profile.name, "phone": profile.phone or "", "hours": profile.hours or ""}
    if profile.phone and profile.hours:
        return language.say(N_("“That is %(name)s. Their number is %(phone)s: %(hours)s.”"), **values)
    if profile.phone:
        return language.say(N_("“That is %(name)s. Their number is %(phone)s.”"), **values)
    return language.say(N_("“That is %(name)s. We have no phone number of theirs.”"), **values)
