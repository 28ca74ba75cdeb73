"""Whether the machine's clock can be believed. Only trusted time signs, expires, purges or raises an epoch."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

TOLERANCE = timedelta(days=1)
"""How far the clock may be off what is expected of it."""
AGREEING = 3
"""So many neighbours at least must say the time that our clock says."""
APART = timedelta(hours=1)
"""How far a neighbour's clock may be off ours and still say the same: clocks that are right are seconds apart."""
HEARD_FOR = timedelta(days=1)
"""How long what a neighbour said counts, by the running clock."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSaid:
    """What time a neighbour says it is, by its signature on an answer to a request of ours."""

    at: int
    """Unix seconds, by its clock."""
    monotonic: float
    """Our running clock (seconds) when that came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """Of ``neighbours`` that can be asked, so many were ``heard`` of late, and so many of these ``agree`` with our
    clock."""

    neighbours: int = 0
    heard: int = 0
    agree: int = 0

    @property
    def vouch(self) -> bool:
        """Three at least, and more than half of all who can be asked: who is silent, or kept from us, does not
        agree. So no minority of them can make a wrong time trusted, whatever it says and whoever else it
        cuts off from us."""
        return self.agree >= AGREEING and 2 * self.agree > self.neighbours


def hands(
    said: Mapping[str, TimeSaid], neighbours: Collection[str], *, now: datetime, monotonic: float
) -> Hands:
    """How many of the neighbours agree with a clock that says ``now``. Each counts once, by what it ``said`` last;
    who is not on the list counts for nothing. Never takes trust away: that nobody agrees is no news of our clock."""
    heard = [
        each
        for origin in set(neighbours)
        if (each := said.get(origin)) is not None
        and 0 <= monotonic - each.monotonic <= HEARD_FOR.total_seconds()
    ]
    ours = now.timestamp()
    agree = sum(abs(each.at + (monotonic - each.monotonic) - ours) <= APART.total_seconds() for each in heard)
    return Hands(neighbours=len(set(neighbours)), heard=len(heard), agree=agree)
