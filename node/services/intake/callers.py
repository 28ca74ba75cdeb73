"""Whoever rings for somebody else: known the next time by the number that rang, as long as that request is held."""

from collections.abc import Sequence

from node.domain.ids import PersonId
from node.domain.need import CallerDetails
from node.services.desk import Desk
from node.store import callers, needs
from node.store.db import Tx
from node.store.needs import NeedRow
from node.store.persons import NO_INDEX

_BATCH = 500


async def note(tx: Tx, desk: Desk, row: NeedRow) -> None:
    """Makes the index of one need. Raises ``Locked``."""
    caller = desk.open_need(row).caller
    number = caller.phone.strip() if caller else ""
    found = desk.vault.blind("phone", number) if number else NO_INDEX
    await callers.set_index(tx, row.need.id, found)


async def complete(desk: Desk) -> int:
    """Makes the indexes of what came by another way than a call, or while locked; how many. Nothing is written where
    there is none to make. Raises ``Locked``."""
    done = 0
    while True:
        async with desk.db.read() as tx:
            waiting = await callers.without_index(tx, _BATCH)
        if not waiting:
            return done
        async with desk.db.write() as tx:
            for row in await needs.of_these(tx, waiting):
                await note(tx, desk, row)
        done += len(waiting)


async def asked_for(
    tx: Tx, desk: Desk, phone: str, *, practice: bool
) -> Sequence[tuple[PersonId, CallerDetails]]:
    """Everybody for whom that number rang, the latest first, each with what was said of the caller that time. Call
    ``complete`` first. Raises ``Locked``."""
    found = []
    for person_id, need_id in await callers.asked_for(
        tx, desk.vault.blind("phone", phone), practice=practice
    ):
        row = await needs.get(tx, need_id)
        caller = desk.open_need(row).caller if row else None
        if caller is not None:
            found.append((person_id, caller))
    return found
