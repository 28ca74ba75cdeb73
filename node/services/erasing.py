"""Erasing one person inside a write: what is removed, what is emptied, and what stays as bare ids."""

from dataclasses import replace

from node.domain.actors import Actor
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

    Returns the volunteers who were helping. Raises ``NotFound``, ``Locked``.
    """
    await desk.need_person(tx, person_id)
    await withdraw_all(tx, desk, actor, person_id)
    helping = await _remove_needs(tx, desk, actor, person_id)
    for assignment in await assignments.of_person(tx, person_id):
        # Reasons given on other people's needs may name her too.
        await audit.erase_notes(tx, need_object(assignment.need_id))
    await assignments.delete_of_person(tx, person_id)
    for row_id, sealed in await apart.all_of_them(tx):
        record = desk.vault.open(Compartment.PEOPLE, "apart", row_id, sealed)
        if person_id in (record["a"], record["b"]):
            await apart.delete(tx, row_id)
    await persons.delete(tx, person_id)
    await audit.erase_notes(tx, person_object(person_id))
    await erasures.add(tx, Erasure(id=person_id, kind="person", at=desk.now))
    await desk.record(tx, actor, "person.erased", person_object(person_id))
    return helping


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
