"""Where somebody is signed in: each sees and ends the own devices."""

from collections.abc import Sequence
from dataclasses import dataclass

from node.clock import Clock, unix
from node.domain.actors import Actor, ActorKind
from node.errors import N_, NotAllowed, NotFound
from node.services.accounts.access import IDLE_SECONDS, session_of
from node.store import audit, sessions
from node.store.db import Database, Tx
from node.store.sessions import SessionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One browser in which somebody is signed in. Times are Unix seconds."""

    id: str
    """A hash of the first half of its cookie, in hex: it lets nobody in."""
    browser: str
    """``firefox-windows``: as the browser said of itself; empty where it said nothing."""
    since: int
    last_seen: int
    here: bool
    """The one that asks."""


class Devices:
    """The own devices of whoever asks; of nobody else. Works while locked."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def own(self, actor: Actor, cookie: str) -> Sequence[Device]:
        """Where the actor is signed in now, the latest used first; ``cookie`` tells which of them asks."""
        here = session_of(cookie)
        async with self._db.read() as tx:
            rows = await live(tx, _staff_id(actor), unix(self._clock))
        return [
            Device(
                id=row.id.hex(),
                browser=row.device,
                since=row.created_at,
                last_seen=row.last_seen,
                here=row.id == here,
            )
            for row in rows
        ]

    async def end(self, actor: Actor, device_id: str) -> None:
        """Signs the actor out on one of the own devices. Raises ``NotFound`` for any other."""
        staff_id = _staff_id(actor)
        async with self._db.write() as tx:
            rows = await sessions.of_staff(tx, staff_id)
            found = next((row for row in rows if row.id.hex() == device_id), None)
            if found is None:
                raise NotFound("no_device", N_("That one is signed out already."))
            await sessions.remove(tx, found.id)
            await audit.append(tx, self._clock, actor, "staff.device_ended", f"staff:{staff_id}")

    async def end_others(self, actor: Actor, cookie: str) -> int:
        """Signs the actor out everywhere but in this browser; on how many."""
        staff_id, here, ended = _staff_id(actor), session_of(cookie), 0
        async with self._db.write() as tx:
            for row in await sessions.of_staff(tx, staff_id):
                if row.id != here:
                    await sessions.remove(tx, row.id)
                    ended += 1
            await audit.append(
                tx, self._clock, actor, "staff.device_ended", f"staff:{staff_id}", {"count": ended}
            )
        return ended


async def live(tx: Tx, staff_id: str, now: int) -> Sequence[SessionRow]:
    """The sessions of that person which still let somebody in."""
    return [
        row
        for row in await sessions.of_staff(tx, staff_id)
        if now < row.expires_at and now - row.last_seen <= IDLE_SECONDS
    ]


def _staff_id(actor: Actor) -> str:
    if actor.kind is not ActorKind.STAFF or actor.id is None:
        raise NotAllowed("not_allowed", N_("Your account may not do this. Ask an admin of your group."))
    return actor.id
