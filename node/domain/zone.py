"""Where the group's clocks stand: its days begin at its own midnight, and its times of day are those of its walls.

Days of the protocol (``posted``, ``expires``, what is counted a day) are UTC all the same: groups in different
zones must agree on them.
"""

from datetime import UTC, date, datetime, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

GREENWICH = "UTC"
_QUARTER = 15 * 60
_MOST_DAYS = 1_000


@cache
def names() -> tuple[str, ...]:
    """Every zone a group may choose, as ``Area/City``, and ``UTC``; empty areas of old names are left out."""
    areas = ("Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/",
             "Indian/", "Pacific/")  # fmt: skip
    return (*sorted(name for name in available_timezones() if name.startswith(areas)), GREENWICH)


def zone(name: str) -> tzinfo | None:
    """The zone of that IANA name; None where the machine knows none of it."""
    if name == GREENWICH:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


class Zone:
    """The zone that counts now. One object goes to everything that has to do with days; it is set anew at start and
    when the group moves its clocks."""

    def __init__(self, name: str = GREENWICH) -> None:
        self._name = GREENWICH
        self._info: tzinfo = UTC
        self._days: dict[int, date] = {}
        """Quarter of an hour -> its day: histories ask a hundred times a page, and every zone's days begin at one."""
        self.set(name)

    @property
    def name(self) -> str:
        """Its IANA name."""
        return self._name

    @property
    def info(self) -> tzinfo:
        """For ``datetime.astimezone``."""
        return self._info

    def set(self, name: str) -> None:
        """A name that this machine does not know (a backup from a newer one) leaves UTC."""
        found = zone(name)
        self._name, self._info = (name, found) if found else (GREENWICH, UTC)
        self._days.clear()

    def moment(self, at: int) -> datetime:
        """Unix seconds as the group's clock shows them."""
        return datetime.fromtimestamp(at, UTC).astimezone(self._info)

    def day(self, at: int) -> date:
        """The group's calendar day at that moment (Unix seconds)."""
        day = self._days.get(at // _QUARTER)
        if day is None:
            if len(self._days) >= _MOST_DAYS:
                self._days.clear()
            day = self._days[at // _QUARTER] = self.moment(at).date()
        return day

    def at(self, day: date, hour: int = 0, minute: int = 0) -> int:
        """Unix seconds of a time of day. One that the clocks skip counts as that much after the gap, one that they
        show twice as the first of both."""
        return int(datetime(day.year, day.month, day.day, hour, minute, tzinfo=self._info).timestamp())
