"""Who is on, by day and part of day, and the notes that one shift leaves for the next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from node.domain.ids import StaffId
from node.domain.need import PartOfDay

ROTA_DAYS = 14
"""Days that the page shows from the Monday of this week on: this week and the next."""

NOTE_DAYS = 14
"""A note lives so long: whoever was on holiday still reads it, and names do not lie about for ever."""

MAX_NOTE = 2_000

_BEGINS = ((PartOfDay.EVENING, 17), (PartOfDay.AFTERNOON, 12))
"""Hours of the group's clock; before them it is morning, so a night belongs to the morning after it."""


def part_at(hour: int) -> PartOfDay:
    """The part of day of that hour, 0 to 23."""
    return next((part for part, begins in _BEGINS if hour >= begins), PartOfDay.MORNING)


def monday(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Shift:
    """Somebody is on, that part of that day."""

    day: date
    part: PartOfDay
    staff_id: StaffId


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftNote:
    """What one shift tells the next; ``sealed`` holds the words."""

    id: str
    at: int
    by_staff: str
    sealed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftNoteView:
    """The same on a page. ``by``: a handle; ``text``: empty while locked; ``read_by``: handles."""

    id: str
    at: int
    by: str
    text: str
    locked: bool
    unread: bool
    """By whoever looks at the page, and not written by them."""
    read_by: tuple[str, ...]


def of_day(shifts: Iterable[Shift], day: date) -> Mapping[PartOfDay, tuple[StaffId, ...]]:
    """Part of day to whoever is on."""
    found: dict[PartOfDay, list[StaffId]] = {part: [] for part in PartOfDay}
    for shift in shifts:
        if shift.day == day:
            found[shift.part].append(shift.staff_id)
    return {part: tuple(who) for part, who in found.items()}


def a_week_later(shifts: Iterable[Shift]) -> set[Shift]:
    """The same people, seven days on."""
    return {
        Shift(day=shift.day + timedelta(days=7), part=shift.part, staff_id=shift.staff_id) for shift in shifts
    }
