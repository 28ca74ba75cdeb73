"""Erasing one person inside a write: what is removed, what is emptied, and what stays as bare ids."""

from collections.abc import Sequence
from dataclasses import replace

from node.domain.actors import SYSTEM, Actor
from node.domain.ids import NeedId, PersonId
from node.domain.need import CloseReason, NeedState
from node.domain.need_lifecycle import NeedMove
from node.domain.person import PersonState
from node.errors import N_, Conflict
from node.services.desk import Desk, need_object, person_object
from node.services.dispatch.moves import move_need, withdraw_all
from node.store import (
    apart,
    asking_links,
    assignments,
    audit,
    consents,
    contacts,
    corrections,
    erasures,
    feedback,
    gifts,
    holds,
    incidents,
    merges,
    messages,
    needs,
    outbox,
    past,
    persons,
    receipts,
    runs,
    sheet_drafts,
    undos,
    volunteers,
)
from node.store.db import Tx
from node.store.erasures import Erasure
from node.store.needs import NeedRow
from node.store.persons import PersonRow
from node.vault import Compartment


async def erase_person(
    tx: Tx, desk: Desk, actor: Actor, person_id: PersonId, *, held_too: bool = False
) -> list[PersonId]:
    """Removes the row (with its sealed record, key and indexes), consents, checks, tasks and pairs; needs end
    as removed and are emptied; notes are blanked; the ledger keeps the id for restores.

    Returns the volunteers who were helping. While locked the pairs wait for ``sweep_pairs`` at the next unlock.
    Raises ``NotFound``, and ``Conflict`` (``held``) where somebody holds the record, unless ``held_too``: for what was
    erased already and came back with a backup.
    """
    held = await desk.need_record(tx, person_id)
    if held_too:
        await holds.end_all(tx, person_id)
    elif await holds.is_held(tx, person_id):
        raise Conflict(
            "held", N_("Somebody holds this record for a reason. Look at it on their page, under their data.")
        )
    elif await holds.is_held_with(tx, person_id):
        raise Conflict(
            "held",
            N_(
                "Somebody holds the record of a person this one helped, or was helped by, and what lies between them "
                "stays as long. Look at it on their page, under their data."
            ),
        )
    # What the same person's other record held goes first.
    for part in await merges.inside(tx, person_id):
        await erase_person(tx, desk, actor, part, held_too=held_too)
    await withdraw_all(tx, desk, actor, person_id)
    helping = await _remove_needs(tx, desk, actor, person_id)
    for assignment in await assignments.of_person(tx, person_id):
        # Reasons given on other people's needs may name her too, and so may notes of calls.
        await _erase_reasons(tx, need_object(assignment.need_id))
        await contacts.erase_notes(tx, assignment.need_id)
        await feedback.erase_notes(tx, assignment.need_id)
    await assignments.delete_of_person(tx, person_id)
    await outbox.erase_of(tx, person_id)
    await receipts.erase_notes_of_person(tx, person_id)
    await persons.delete(tx, person_id)
    if desk.unlocked:
        await sweep_pairs(tx, desk)
        await _tell_sheets(tx, desk, held)
    await _erase_reasons(tx, person_object(person_id))
    await erasures.add(tx, Erasure(id=person_id, kind=erasures.PERSON, at=desk.now))
    await desk.record(tx, actor, "person.erased", person_object(person_id))
    return helping


async def erase_again(desk: Desk, ledger: Sequence[Erasure]) -> int:
    """After a restore: erases whatever the (newer) ledger names and the backup still held; works while locked.

    Returns how many people, requests, gifts and reports that were.
    """
    again = 0
    async with desk.db.write() as tx:
        for erasure in ledger:
            again += await _once_more(tx, desk, erasure)
            await erasures.add(tx, erasure)
        if again:
            # They hold people too, and cannot be looked into while locked. Whoever brought them has the files.
            await sheet_drafts.delete_all(tx)
    await desk.db.fold()
    return again


async def _once_more(tx: Tx, desk: Desk, erasure: Erasure) -> bool:
    """Whether there was anything of it."""
    match erasure.kind:
        case erasures.NEED:
            row = await needs.get(tx, erasure.id)
            if row is None or not (row.sealed or row.need.person_id):
                return False
            await _empty(tx, desk, SYSTEM, row)
        case erasures.GIFT:
            if await gifts.get(tx, erasure.id) is None:
                return False
            await gifts.delete(tx, erasure.id)
        case erasures.INCIDENT:
            return await incidents.delete(tx, erasure.id)
        case _:
            if await persons.get(tx, erasure.id) is None:
                return False
            await erase_person(tx, desk, SYSTEM, PersonId(erasure.id), held_too=True)
    return True


async def sweep_pairs(tx: Tx, desk: Desk) -> int:
    """Removes the pairs of people who are no longer held. Raises ``Locked``. Returns how many there were."""
    swept = 0
    for row_id, sealed in await apart.all_of_them(tx):
        record = desk.vault.open(Compartment.PEOPLE, "apart", row_id, sealed)
        if None in [await persons.get(tx, record[side]) for side in ("a", "b")]:
            await apart.delete(tx, row_id)
            swept += 1
    return swept


async def give_up(tx: Tx, desk: Desk, need_id: NeedId) -> bool:
    """A need that another group had given us and took back: what came with it goes, and the person with it by the road
    of every erasure - unless she is held for something else: another need, as a volunteer, because she is barred or
    must not meet somebody. Nothing goes while somebody holds the record of whoever it is about: it is asked again once
    that ended. Whether it went. Raises ``Locked``.
    """
    row = await desk.need_row(tx, need_id)
    person_id = row.need.person_id
    if await holds.holds_need(tx, need_id, person_id):
        return False
    if person_id is None:
        await _empty_for_good(tx, desk, SYSTEM, row)
        return True
    held = await persons.get(tx, person_id)
    others = [each for each in await needs.of_person(tx, person_id) if each.need.id != need_id]
    for_more = bool(others) or await volunteers.get(tx, person_id) is not None
    if held is not None and not for_more:
        for_more = (
            await holds.is_held_with(tx, person_id)
            or held.person.state is PersonState.BARRED
            or await _is_kept_apart(tx, desk, person_id)
        )
    if held is None or for_more:
        await _empty_for_good(tx, desk, SYSTEM, row)
        return True
    await erase_person(tx, desk, SYSTEM, person_id)
    return True


async def _tell_sheets(tx: Tx, desk: Desk, held: PersonRow) -> None:
    """Sheets that are being brought in may hold her too: each keeps by what she would be known, as hashes, for the days
    it has; a row of hers then stays out, and says why. Longer than that nothing is kept by which anybody who was
    erased could be known: that would be a list of those who wanted to be on none.
    """
    known = {index.hex() for index in (held.phone_index, held.email_index, held.twin_index) if index}
    if not known:
        return
    for draft_id, sealed in (await sheet_drafts.states(tx)).items():
        state = desk.vault.open(Compartment.PEOPLE, "sheet_drafts", draft_id, sealed)
        state["erased"] = sorted({*state.get("erased", ()), *known})
        await sheet_drafts.note(
            tx, draft_id, desk.vault.seal(Compartment.PEOPLE, "sheet_drafts", draft_id, state)
        )


async def _is_kept_apart(tx: Tx, desk: Desk, person_id: PersonId) -> bool:
    for row_id, sealed in await apart.all_of_them(tx):
        record = desk.vault.open(Compartment.PEOPLE, "apart", row_id, sealed)
        if person_id in (record["a"], record["b"]):
            return True
    return False


async def _remove_needs(tx: Tx, desk: Desk, actor: Actor, person_id: PersonId) -> list[PersonId]:
    helping: list[PersonId] = []
    for row in await needs.of_person(tx, person_id):
        helping += await _empty(tx, desk, actor, row)
    return helping


async def empty_need(tx: Tx, desk: Desk, actor: Actor, need_id: NeedId) -> None:
    """What one closed need tells of anybody goes; its states and days stay for the count. The ledger keeps the id for
    restores. Raises ``NotFound``."""
    await _empty_for_good(tx, desk, actor, await desk.need_row(tx, need_id))


async def remove_gift(tx: Tx, desk: Desk, gift_id: str) -> None:
    """A gift goes with all that was said; the ledger keeps the id for restores."""
    await gifts.delete(tx, gift_id)
    await erasures.add(tx, Erasure(id=gift_id, kind=erasures.GIFT, at=desk.now))


async def _empty_for_good(tx: Tx, desk: Desk, actor: Actor, row: NeedRow) -> None:
    await _empty(tx, desk, actor, row)
    await erasures.add(tx, Erasure(id=row.need.id, kind=erasures.NEED, at=desk.now))


async def _empty(tx: Tx, desk: Desk, actor: Actor, row: NeedRow) -> list[PersonId]:
    """Ends one need and removes what it tells of anybody; who was helping."""
    need_id = row.need.id
    helping = [assignment.person_id for assignment in await assignments.of_need(tx, need_id)]
    if row.need.state is not NeedState.CLOSED:
        await move_need(tx, desk, actor, row, NeedMove.CLOSE, reason=CloseReason.REMOVED)
    for assignment in await assignments.of_need(tx, need_id):
        await assignments.update(tx, replace(assignment, link_hash=None, link_expires=None, device_hash=None))
    await consents.delete_of_need(tx, need_id)
    await messages.delete_of_need(tx, need_id)
    await corrections.delete_of_need(tx, need_id)
    await asking_links.delete_of_need(tx, need_id)
    await contacts.erase_notes(tx, need_id)
    await contacts.end_call_back(tx, need_id)
    await feedback.erase_notes(tx, need_id)
    await undos.forget(tx, need_id)
    await runs.drop_stops_of_need(tx, need_id)
    await receipts.erase_notes_of_need(tx, need_id)
    await _erase_reasons(tx, need_object(need_id))
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


async def _erase_reasons(tx: Tx, object: str) -> None:
    await audit.erase_notes(tx, object)
    await past.erase_notes(tx, object)
