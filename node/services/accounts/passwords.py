"""Passwords: one slow derivation at a time, in a thread, and a limit on guesses that cannot keep the desk
out.

A browser that somebody signed in on before is a *known device*: its guesses are counted apart and it never
waits behind strangers' guesses for a place in the queue.
"""

import asyncio
import hmac
from collections.abc import Callable
from typing import TypeVar

from node.clock import Clock
from node.errors import N_, Invalid, TooMany
from node.vault.keys import Kdf, calibrate, unwrap_with_password, wrap_with_password

T = TypeVar("T")

MIN_PASSWORD = 8
FREE_GUESSES = 5
"""Wrong guesses before waiting begins; then 2, 4, 8 ... seconds, at most ``LONGEST_WAIT``."""
LONGEST_WAIT = 300
QUEUE = 4
"""Strangers' guesses that may wait at once."""
_REMEMBERED = 10_000


def check_new_password(password: str) -> None:
    """Raises ``Invalid`` (field ``password``) for one that is too short."""
    if len(password) < MIN_PASSWORD:
        message = N_("Please use a password of at least 8 characters.")
        raise Invalid("password_short", message, fields={"password": message})


class Passwords:
    """Derives keys from passwords. ``kdf`` is the cost for new ones; None measures this machine at first
    need."""

    def __init__(self, kdf: Kdf | None = None) -> None:
        self._kdf = kdf
        self._turn = asyncio.Lock()

    async def cost(self) -> Kdf:
        """What a new password costs here."""
        if self._kdf is None:
            self._kdf = await self._slowly(calibrate)
        return self._kdf

    def use(self, kdf: Kdf) -> None:
        """Takes over the cost that set-up measured, unless one was given."""
        self._kdf = self._kdf or kdf

    async def wrap(self, private: bytes, password: str, context: bytes) -> tuple[bytes, Kdf]:
        """A private key under a new password, and what that cost."""
        kdf = await self.cost()
        return await self._slowly(lambda: wrap_with_password(private, password, kdf, context)), kdf

    async def unwrap(self, wrapped: bytes, password: str, kdf: Kdf, context: bytes) -> bytes:
        """The private key back; raises ``node.vault.keys.WrongKey``."""
        return await self._slowly(lambda: unwrap_with_password(wrapped, password, kdf, context))

    async def derive(self, secret: str, salt: bytes) -> bytes:
        """32 bytes from something somebody types."""
        kdf = await self.cost()
        return await self._slowly(lambda: kdf.derive(secret, salt))

    async def _slowly(self, work: Callable[[], T]) -> T:
        async with self._turn:
            return await asyncio.to_thread(work)


class Throttle:
    """Counts wrong guesses by key and says how long to wait. Kept in memory: a restart forgives."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wrong: dict[str, tuple[int, float]] = {}
        self._waiting = 0

    def check(self, key: str) -> None:
        """Raises ``TooMany`` with ``seconds`` to wait."""
        _, until = self._wrong.get(key, (0, 0.0))
        left = until - self._clock.monotonic()
        if left > 0:
            raise TooMany(
                "too_many_tries",
                N_("Too many tries. Please wait %(seconds)s seconds."),
                seconds=int(left) + 1,
            )

    def wrong(self, key: str) -> None:
        """One more wrong guess."""
        count = self._wrong.pop(key, (0, 0.0))[0] + 1
        wait = min(LONGEST_WAIT, 2 ** min(count - FREE_GUESSES, 20)) if count > FREE_GUESSES else 0
        self._wrong[key] = (count, self._clock.monotonic() + wait)
        if len(self._wrong) > _REMEMBERED:
            del self._wrong[next(iter(self._wrong))]

    def right(self, key: str) -> None:
        """Forgets the wrong guesses."""
        self._wrong.pop(key, None)

    def enter(self) -> None:
        """A stranger's guess joins the queue; raises ``TooMany`` when it is full."""
        if self._waiting >= QUEUE:
            raise TooMany("busy", N_("Many people are signing in right now. Please try again in a moment."))
        self._waiting += 1

    def leave(self) -> None:
        """It is done."""
        self._waiting -= 1


def device_token(key: bytes, staff_id: str) -> str:
    """What a browser keeps to be known again for this account."""
    return f"{staff_id}.{hmac.digest(key, staff_id.encode(), 'sha256').hex()}"


def knows_device(key: bytes, staff_id: str, token: str | None) -> bool:
    """Whether that browser was signed in on before with this account."""
    return (
        bool(key)
        and token is not None
        and hmac.compare_digest(token.encode(), device_token(key, staff_id).encode())
    )
