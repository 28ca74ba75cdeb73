"""Somebody who was confirmed may not go as things are: the request comes up to be rung about today."""

from node.domain.actors import Actor, ActorKind
from node.domain.assignment import Assignment, Fallen
from node.domain.assignment_lifecycle import COMING
from node.domain.dispatch.follow_up import as_promised, pulled_forward
from node.domain.ids import NeedId, PersonId
from node.services.desk import Desk, need_object
from node.services.matching.standing import fallen
from node.store import assignments, contacts
from node.store.db import Tx

SAYS = {Fallen.ALONE: "need.helper_alone", Fallen.CHECK_OVER: "need.helper_lacks"}
"""How the audit says it."""


async def call_about(tx: Tx, desk: Desk, actor: Actor, task: Assignment, why: Fallen) -> None:
    """In the caller's write; a day to ring that has come is left as it is. Works while locked."""
    by = (actor.id or "") if actor.kind is ActorKind.STAFF else ""
    await ring_today(tx, desk, task.need_id, by)
    await desk.record(tx, actor, SAYS[why], need_object(task.need_id), task=task.id)


async def ring_today(tx: Tx, desk: Desk, need_id: NeedId, by_staff: str) -> None:
    """The request is to be rung about today; a later day that somebody promised comes back after that."""
    held = await contacts.call_back(tx, need_id)
    about = pulled_forward(held, need_id, by_staff, desk.today, desk.now)
    if about is not None:
        await contacts.put_call_back(tx, about)


async def undone(tx: Tx, desk: Desk, need_id: NeedId, since: int) -> None:
    """What happened at or after ``since`` (Unix seconds) was taken back: where nothing stands against anybody's going
    any more, the day to ring is as it was."""
    held = await contacts.call_back(tx, need_id)
    if held is None or not held.by_itself or held.at < since:
        return
    row = await desk.need_row(tx, need_id)
    for task in await assignments.of_need(tx, need_id):
        coming = task.state in COMING and task.round == row.need.round
        if coming and await fallen(tx, desk, row, task) is not None:
            return
    await contacts.leave_call_back(tx, need_id, as_promised(held))


async def left_alone(tx: Tx, desk: Desk, actor: Actor, need_id: NeedId) -> None:
    """Somebody does not come after all: is a newcomer left who would now go alone?"""
    row = await desk.need_row(tx, need_id)
    for task in await assignments.of_need(tx, need_id):
        if task.state not in COMING or task.round != row.need.round:
            continue
        if await fallen(tx, desk, row, task) is Fallen.ALONE:
            await call_about(tx, desk, actor, task, Fallen.ALONE)


async def check_over(tx: Tx, desk: Desk, actor: Actor, person_id: PersonId) -> None:
    """A check of hers has ended: each task that takes it comes up."""
    for task in await assignments.of_person(tx, person_id):
        if task.state not in COMING:
            continue
        row = await desk.need_row(tx, task.need_id)
        if await fallen(tx, desk, row, task) is Fallen.CHECK_OVER:
            await call_about(tx, desk, actor, task, Fallen.CHECK_OVER)
