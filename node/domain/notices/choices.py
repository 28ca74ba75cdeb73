"""What somebody wants to be told, how and when: four choices at most, each with what holds until it is made."""

from collections.abc import Collection
from dataclasses import dataclass

from node.domain.dispatch.wave import out_of_quiet
from node.domain.ids import PersonId
from node.domain.notices.notice import BY_HER, Kind, Way
from node.domain.notices.texts import mobile
from node.domain.person import ContactBy, PersonDetails
from node.domain.reach import is_email
from node.domain.zone import Zone

HOURS = range(0, 25)
LATEST_UNTIL = 12
"""Quiet hours end in the morning."""
EARLIEST_FROM = 12
BY_ROWS = frozenset({Way.PUSH, Way.CHAT})
"""Ways whose addresses stand in rows of their own: they are among hers only where there is one."""
NO_MESSAGES = frozenset({ContactBy.PHONE, ContactBy.LETTER, ContactBy.VISIT})
"""Whoever said that they like to be reached so gets no mail until they choose it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """One person's. Hours are whole hours of the group's clock; None: as the group's own."""

    person_id: PersonId
    urgent: bool = True
    """Told at once when something for today fits."""
    digest: bool = True
    """Told once a day of what else fits."""
    way: Way | None = None
    """None: not chosen; ``way_of`` then says."""
    quiet_from: int | None = None
    quiet_until: int | None = None
    out: bool = False
    """No messages at all, of her own doing: what she chose before stands, should she come back."""

    def wants(self, kind: Kind) -> bool:
        """Whether she wants that kind at all. What she asked for herself is always wanted."""
        if kind in BY_HER:
            return True
        if self.out or (kind is Kind.URGENT and not self.urgent):
            return False
        return self.digest or kind is not Kind.DIGEST


def way_of(choices: Choices, details: PersonDetails, ways: Collection[Way], region: str | None) -> Way:
    """How she is told: as she chose, else by text if she said that she likes that, else by mail where she named no
    other way. ``ways``: those by which a message can go to her at all; ``region``: the country of numbers without a
    code. Where the last device that showed notifications is gone, or her address in the chat, it is as if she had not
    chosen: browsers drop them without a word to anybody, and she is not to go without news for that.

    "How it is safe to reach her" is for a person to read: where that is written no message goes by itself.
    """
    if choices.out or details.safe_to_ring.strip():
        return Way.PHONE
    able = {way for way in ways if _has_address(way, details, region)}
    if choices.way is not None and (choices.way not in BY_ROWS or choices.way in able):
        return choices.way if choices.way in able else Way.PHONE
    if details.contact_by == ContactBy.TEXT and Way.TEXT in able:
        return Way.TEXT
    return Way.EMAIL if Way.EMAIL in able and details.contact_by not in NO_MESSAGES else Way.PHONE


def _has_address(way: Way, details: PersonDetails, region: str | None) -> bool:
    if way in BY_ROWS:
        return True
    if way is Way.EMAIL:
        return is_email(details.email)
    return way is Way.TEXT and bool(mobile(details.own_phone, region))


def goes_at(choices: Choices, kind: Kind, at: int, quiet: tuple[int, int], zone: Zone) -> int:
    """``at`` (Unix seconds), or when her quiet hours end; ``quiet``: the group's. A link that she asked for does not
    wait."""
    if kind in BY_HER:
        return at
    begin = quiet[0] if choices.quiet_from is None else choices.quiet_from
    end = quiet[1] if choices.quiet_until is None else choices.quiet_until
    return out_of_quiet(at, begin, end, zone)


def hours_fit(quiet_from: int | None, quiet_until: int | None) -> bool:
    """Whether these are hours of an evening (12 to 24) and of a morning (0 to 12), or both left to the group."""
    if quiet_from is None or quiet_until is None:
        return quiet_from is quiet_until
    return EARLIEST_FROM <= quiet_from <= 24 and 0 <= quiet_until <= LATEST_UNTIL
