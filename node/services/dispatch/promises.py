"""What we said we would do by a certain hour: "we ring back by four"."""

from dataclasses import replace

from node.domain.actors import Actor
from node.domain.ids import NeedId
from node.domain.permissions import Permission, require
from node.errors import N_, Invalid
from node.services.desk import Desk, need_object
from node.store import needs
from node.store.db import Tx

LONGEST_SECONDS = 14 * 86400


class Promises:
    """Makes a promise, and notes that it was kept."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def promise(self, actor: Actor, need_id: NeedId, at: int) -> None:
        """Somebody rings back until then (Unix seconds); an earlier promise gives way.

        Raises ``Invalid`` for a moment that is past or more than two weeks off, ``NotFound``.
        """
        require(actor, Permission.TAKE_CALL)
        if not self._desk.now < at <= self._desk.now + LONGEST_SECONDS:
            raise Invalid("promise", N_("Choose a time that is still to come."), fields={"promise": ""})
        async with self._desk.db.write() as tx:
            row = await self._desk.need_row(tx, need_id)
            changed = replace(row.need, promised_at=at, changed_at=self._desk.now)
            await needs.update(tx, replace(row, need=changed))
            await self._desk.record(tx, actor, "need.promised", need_object(need_id), at=at)

    async def kept(self, actor: Actor, need_id: NeedId) -> None:
        """They were rung; where nothing was promised this does nothing. Raises ``NotFound``."""
        require(actor, Permission.TAKE_CALL)
        async with self._desk.db.write() as tx:
            await keep(tx, self._desk, actor, need_id)


async def keep(tx: Tx, desk: Desk, actor: Actor, need_id: NeedId) -> None:
    """Inside a write about that need: whoever was spoken to has been rung back."""
    row = await desk.need_row(tx, need_id)
    if row.need.promised_at is None:
        return
    late = desk.now > row.need.promised_at
    await needs.update(tx, replace(row, need=replace(row.need, promised_at=None, changed_at=desk.now)))
    await desk.record(tx, actor, "need.promise_kept", need_object(need_id), late=late)
