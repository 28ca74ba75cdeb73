"""Whoever rings for somebody else: known the next time by the number that rang, as long as that request is held."""

from collections.abc import Sequence
from dataclasses import replace

from node.domain.ids import PersonId
from node.domain.intake.intake import NewNeed
from node.domain.need import CallerDetails
from node.domain.reach import is_phone
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


async def keep_theirs(tx: Tx, desk: Desk, new: NewNeed, known: PersonId) -> NewNeed:
    """A number in the place of her own, by which somebody rang for her before, stays the caller's: hers is as it is
    held (on her page it can be changed). Raises ``Locked``, ``NotFound``."""
    held = await desk.need_person(tx, known)
    said, theirs = new.person, ""
    for number in (said.phone, said.screen):
        found = desk.vault.blind("phone", number) if is_phone(number) else NO_INDEX
        if found not in (NO_INDEX, held.phone_index) and await callers.rang_for(tx, found, held.person.id):
            theirs = number
            said = replace(
                said,
                phone="" if said.phone == number else said.phone,
                screen="" if said.screen == number else said.screen,
            )
    if not theirs:
        return new
    if new.for_self:
        return replace(new, person=said)
    caller = new.caller or CallerDetails()
    return replace(new, person=said, caller=replace(caller, phone=caller.phone.strip() or theirs))


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
