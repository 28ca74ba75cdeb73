"""Time, passed in everywhere so that tests can move it."""

import ctypes
import os
import struct
import time
from datetime import UTC, date, datetime
from typing import Protocol


class Clock(Protocol):
    """What the node knows of time."""

    def now(self) -> datetime:
        """The wall clock, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that only ever grow, from an arbitrary start."""
        ...

    def synchronised(self) -> bool:
        """Whether the system says that its wall clock follows a time server."""
        ...

    def zone_name(self) -> str:
        """The IANA name of the zone that the machine is set to, ``UTC`` where it does not say."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def synchronised(self) -> bool:
        return _kernel_follows_a_time_server()

    def zone_name(self) -> str:
        return _zone_of_the_machine()


_STA_UNSYNC = 0x0040
_TIMEX_BYTES = 256


def _kernel_follows_a_time_server() -> bool:
    """adjtimex(2), asked for nothing but its status word."""
    buffer = ctypes.create_string_buffer(_TIMEX_BYTES)
    if ctypes.CDLL(None).adjtimex(buffer) < 0:
        return False
    return not _status_of(buffer.raw) & _STA_UNSYNC


def _status_of(timex: bytes) -> int:
    """The field ``status`` of ``struct timex``: an int after modes (int) and four longs, with C alignment."""
    return int(struct.unpack_from("@iqqqqi", timex)[5])


def _zone_of_the_machine() -> str:
    """From ``TZ``, else from where ``/etc/localtime`` leads to."""
    for found in (os.environ.get("TZ", "").lstrip(":"), os.path.realpath("/etc/localtime")):
        name = found.partition("zoneinfo/")[2] if "zoneinfo/" in found else found
        if name and not name.startswith("/"):
            return name.removeprefix("posix/").removeprefix("Etc/")
    return "UTC"


def unix(clock: Clock) -> int:
    """Now, as whole Unix seconds."""
    return int(clock.now().timestamp())


def today(clock: Clock) -> date:
    """The UTC calendar day that protocol days are counted in."""
    return clock.now().date()
