"""Whether the machine's clock can be believed. Only trusted time signs, expires, purges or raises an epoch."""

from dataclasses import dataclass
from datetime import datetime, timedelta

TOLERANCE = timedelta(days=1)
"""How far the clock may be off what is expected of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastTrusted:
    """A moment whose time was trusted: the wall clock then, and the running clock (seconds) at the same
    moment.

    After a restart the running clock begins anew: then ``monotonic`` is its value at the start of the
    process.
    """

    at: datetime
    monotonic: float


def is_trusted(
    last: LastTrusted | None,
    *,
    now: datetime,
    monotonic: float,
    synchronised: bool = False,
) -> bool:
    """True if the clock is within a day of the last trusted time plus the time that the process ran since.

    A jump of more than a day, forwards or backwards, is not trusted - a board without a battery wakes up in
    1970, and a wrong clock in the future would expire everything - unless the system says that it is
    ``synchronised``. ``last`` None: nothing was ever trusted, so only that counts.
    """
    if synchronised:
        return True
    if last is None:
        return False
    expected = last.at + timedelta(seconds=max(0.0, monotonic - last.monotonic))
    return abs(now - expected) <= TOLERANCE
