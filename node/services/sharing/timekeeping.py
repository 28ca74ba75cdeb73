"""Whether the machine's clock may be believed: a small board wakes up in 1970, or in somebody's typing error.

Only trusted time signs statements, expires, purges and raises an epoch; everything else goes on.
"""

from datetime import UTC, datetime

from node.clock import Clock, unix
from node.domain.actors import SYSTEM, Actor
from node.domain.permissions import Permission, require
from node.domain.sharing.trusted_clock import Hands, LastTrusted, hands, is_trusted
from node.ports import NeighbourTimes
from node.store import audit, peers, settings
from node.store.db import Database


class Timekeeper:
    """Remembers the last moment that was trusted, on disk and with the running clock."""

    def __init__(self, db: Database, clock: Clock, neighbours: NeighbourTimes | None = None) -> None:
        """``neighbours`` None: nobody else is asked."""
        self._db = db
        self._clock = clock
        self._neighbours = neighbours
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
        """Remembers this moment if it is trusted, or if enough neighbours say the same time; a job of every ten
        minutes. Whether it was."""
        if self.trusted():
            await self._keep()
            return True
        if not (await self.hands()).vouch:
            return False
        await self._keep()
        async with self._db.write() as tx:
            await audit.append(tx, self._clock, SYSTEM, "clock.neighbours", "clock")
        return True

    async def hands(self) -> Hands:
        """What our neighbours say to what our clock says. Asked are those whom people here decided to talk with, and
        who have an address: nobody whom only a hub brought has a voice."""
        if self._neighbours is None:
            return Hands()
        async with self._db.read() as tx:
            able = [row.origin for row in await peers.all_of_them(tx) if row.talks and row.url]
        return hands(self._neighbours.said(), able, now=self._clock.now(), monotonic=self._clock.monotonic())

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
