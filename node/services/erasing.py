"""Erasing one person inside a write: what is removed, what is emptied, and what stays as bare ids."""

from collections.abc import Sequence
from dataclasses import replace

from node.domain.actors import SYSTEM, Actor
from node.domain.ids import PersonId
from node.domain.need import CloseReason, NeedState
from node.domain.need_lifecycle import NeedMove
from node.services.desk import Desk, need_object, person_object
from node.services.moves import move_need, withdraw_all
from node.store import apart, assignments, audit, consents, erasures, needs, persons
from node.store.db import Tx
from node.store.erasures import Erasure
from node.vault import Compartment


async def erase_person(tx: Tx, desk: Desk, actor: Actor, person_id: PersonId) -> list[PersonId]:
    """Removes the row (with its sealed record, key and indexes), consents, checks, tasks and pairs; needs end
    as removed and are emptied; notes are blanked; the ledger keeps the id for restores.

    Returns the volunteers who were helping. While locked the pairs wait for ``sweep_pairs`` at the next unlock.
    Raises ``NotFound``.
    """
    await desk.need_person(tx, person_id)
    await withdraw_all(tx, desk, actor, person_id)
    helping = await _remove_needs(tx, desk, actor, person_id)
    for assignment in await assignments.of_person(tx, person_id):
        # Reasons given on other people's needs may name her too.
        await audit.erase_notes(tx, need_object(assignment.need_id))
    await assignments.delete_of_person(tx, person_id)
    await persons.delete(tx, person_id)
    if desk.unlocked:
        await sweep_pairs(tx, desk)
    await audit.erase_notes(tx, person_object(person_id))
    await erasures.add(tx, Erasure(id=person_id, kind="person", at=desk.now))
    await desk.record(tx, actor, "person.erased", person_object(person_id))
    return helping


async def erase_again(desk: Desk, ledger: Sequence[Erasure]) -> int:
    """After a restore: erases whoever the (newer) ledger names and the backup still held; works while locked.

    Returns how many people that were.
    """
    again = 0
    async with desk.db.write() as tx:
        for erasure in ledger:
            if await persons.get(tx, erasure.id) is not None:
                await erase_person(tx, desk, SYSTEM, PersonId(erasure.id))
                again += 1
            await erasures.add(tx, erasure)
    await desk.db.fold()
    return again


async def sweep_pairs(tx: Tx, desk: Desk) -> int:
    """Removes the pairs of people who are no longer held. Raises ``Locked``. Returns how many there were."""
    swept = 0
    for row_id, sealed in await apart.all_of_them(tx):
        record = desk.vault.open(Compartment.PEOPLE, "apart", row_id, sealed)
        if None in [await persons.get(tx, record[side]) for side in ("a", "b")]:
            await apart.delete(tx, row_id)
            swept += 1
    return swept


async def _remove_needs(tx: Tx, desk: Desk, actor: Actor, person_id: PersonId) -> list[PersonId]:
    helping: list[PersonId] = []
    for row in await needs.of_person(tx, person_id):
        need_id = row.need.id
        helping += [assignment.person_id for assignment in await assignments.of_need(tx, need_id)]
        if row.need.state is not NeedState.CLOSED:
            await move_need(tx, desk, actor, row, NeedMove.CLOSE, reason=CloseReason.REMOVED)
        for assignment in await assignments.of_need(tx, need_id):
            await assignments.update(
                tx, replace(assignment, link_hash=None, link_expires=None, device_hash=None)
            )
        await consents.delete_of_need(tx, need_id)
        await audit.erase_notes(tx, need_object(need_id))
        closed = await desk.need_row(tx, need_id)
        bare = replace(
            closed.need,
            person_id=None,
            cell=None,
            window=None,
            part_of_day=None,
            people=None,
            effort=None,
            requires=(),
            languages=(),
            tags=(),
            changed_at=desk.now,
        )
        await needs.update(tx, replace(closed, need=bare, sealed=b"", import_key=None))
    return helping
