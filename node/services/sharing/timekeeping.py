"""Whether the machine's clock may be believed: a small board wakes up in 1970, or in somebody's typing error.

Only trusted time signs statements, expires, purges and raises an epoch; everything else goes on.
"""

from datetime import UTC, datetime

from node.clock import Clock, unix
from node.domain.actors import Actor
from node.domain.permissions import Permission, require
from node.domain.sharing.trusted_clock import LastTrusted, is_trusted
from node.store import audit, settings
from node.store.db import Database


class Timekeeper:
    """Remembers the last moment that was trusted, on disk and with the running clock."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._last: LastTrusted | None = None

    async def load(self) -> None:
        """At start: what was trusted before the process ran."""
        async with self._db.read() as tx:
            at = await settings.get(tx, settings.TRUSTED_AT)
        if at is not None:
            self._last = LastTrusted(at=datetime.fromtimestamp(at, UTC), monotonic=self._clock.monotonic())

    def trusted(self) -> bool:
        """Whether the clock may be believed now."""
        return is_trusted(
            self._last,
            now=self._clock.now(),
            monotonic=self._clock.monotonic(),
            synchronised=self._clock.synchronised(),
        )

    async def note(self) -> bool:
        """Remembers this moment if it is trusted; a job of every ten minutes. Whether it was."""
        if not self.trusted():
            return False
        await self._keep()
        return True

    async def confirm(self, actor: Actor) -> datetime:
        """An admin looked at the time and says that it is right. Gives the time that was confirmed."""
        require(actor, Permission.SETTINGS)
        await self._keep()
        async with self._db.write() as tx:
            await audit.append(tx, self._clock, actor, "clock.confirm", "clock")
        return self._clock.now()

    async def _keep(self) -> None:
        async with self._db.write() as tx:
            await settings.put(tx, settings.TRUSTED_AT, unix(self._clock))
        self._last = LastTrusted(at=self._clock.now(), monotonic=self._clock.monotonic())
