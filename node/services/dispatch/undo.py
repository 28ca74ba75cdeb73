"""Taking a coordinator's last move back, all of it or not at all: state, tasks, private links."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from node.domain.actors import Actor, ActorKind, volunteer_actor
from node.domain.assignment import Assignment, AssignmentState
from node.domain.dispatch.undo import (
    HERS,
    SLIP_SECONDS,
    UNDO_SECONDS,
    Before,
    LastMove,
    WhyNot,
    may_slip_back,
    stands_in_the_way,
    too_late,
)
from node.domain.ids import NeedId
from node.domain.need import NeedState
from node.domain.notices.notice import Kind
from node.domain.notices.tasks import TELLS, task_thing
from node.domain.permissions import Permission, require
from node.errors import N_, Conflict
from node.services import links
from node.services.desk import Desk, need_object
from node.services.dispatch.call_about import undone
from node.services.dispatch.moves import follow
from node.services.matching.matching import Matching
from node.services.matching.roster import Roster
from node.store import assignments, needs, notices, persons, referrals, undos, visits
from node.store.db import Tx

_WORDS = {
    WhyNot.NOTHING: N_("There is nothing to undo here."),
    WhyNot.TOO_LATE: N_("That was too long ago to undo. Change it by hand."),
    WhyNot.MOVED_ON: N_("Something else has happened here since, so it cannot be undone. Look at it again."),
    WhyNot.TOLD: N_(
        "The helper has had our message about it already, so it cannot be undone. "
        "Change it by hand: then they are told that, too."
    ),
    WhyNot.ELSEWHERE: N_("A neighbouring group has been told already, so it cannot be undone."),
    WhyNot.HELPER: N_("It cannot be undone: the helper it would bring back may not be sent there any more."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoable:
    """What the page offers to take back."""

    move: str
    by: str
    """A staff handle."""
    at: int
    until: int
    """Unix seconds."""


@asynccontextmanager
async def undoable(tx: Tx, desk: Desk, actor: Actor, need_id: NeedId, move: str) -> AsyncIterator[None]:
    """Around a move inside a write: afterwards it may be taken back for some minutes."""
    row = await desk.need_row(tx, need_id)
    before = Before.of(row.need, await assignments.of_need(tx, need_id))
    yield
    if actor.kind is not ActorKind.STAFF:
        await undos.forget(tx, need_id)
        return
    await undos.put(
        tx,
        LastMove(
            need_id=need_id,
            move=move,
            by_staff=actor.id or "",
            at=desk.now,
            audit_seq=await undos.last_line(tx, need_id),
            before=before,
        ),
    )


@asynccontextmanager
async def hers_to_undo(tx: Tx, desk: Desk, task: Assignment) -> AsyncIterator[None]:
    """Around a volunteer's "On my way", "Done", giving back or no: afterwards she may take it back for some seconds."""
    row = await desk.need_row(tx, task.need_id)
    before = Before.of(row.need, await assignments.of_need(tx, task.need_id))
    yield
    await undos.put(
        tx,
        LastMove(
            need_id=task.need_id,
            move=f"{HERS}{task.id}",
            by_staff="",
            at=desk.now,
            audit_seq=await undos.last_line(tx, task.need_id),
            before=before,
        ),
    )


async def slip(tx: Tx, desk: Desk, task: Assignment) -> LastMove | None:
    """Her last word on that task, while it can be taken back."""
    move = await undos.get(tx, task.need_id)
    if move is None or not may_slip_back(move, task.id, await undos.since(tx, move), desk.now):
        return None
    return move


async def given_back(tx: Tx, desk: Desk, key: links.TaskKey) -> tuple[AssignmentState, LastMove] | None:
    """Her giving back of the task behind that key, or her no to it, while it can be taken back; the link itself is
    closed by then."""
    for move in await undos.hers_since(tx, desk.now - SLIP_SECONDS):
        task = _hers(move)
        if task is not None and links.is_behind(key, task):
            now = await assignments.get(tx, task.id)
            if now is None or now.state not in (AssignmentState.RELEASED, AssignmentState.DECLINED):
                return None
            still = may_slip_back(move, task.id, await undos.since(tx, move), desk.now)
            return (now.state, move) if still else None
    return None


def _hers(move: LastMove) -> Assignment | None:
    """Her task as it was before her word."""
    return next((task for task in move.before.tasks if move.move == f"{HERS}{task.id}"), None)


class Undo:
    """The one verb, and what a page needs to offer it."""

    def __init__(self, desk: Desk, roster: Roster, matching: Matching) -> None:
        self._desk = desk
        self._roster = roster
        self._matching = matching

    async def offered(self, actor: Actor, need_id: NeedId) -> Undoable | None:
        """What could be taken back now; None if nothing, or not by this actor. The gates are asked when it is done."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            move = await undos.get(tx, need_id)
            if move is None or not move.by_staff or too_late(move, self._desk.now):
                return None
            if move.before.state is NeedState.REFERRED:
                return None
            if stands_in_the_way(move, await undos.since(tx, move)):
                return None
            if await _told(tx, move, _differing(move.before, list(await assignments.of_need(tx, need_id)))):
                return None
            handles = await self._desk.handles(tx)
        return Undoable(
            move=move.move, by=handles.get(move.by_staff, ""), at=move.at, until=move.at + UNDO_SECONDS
        )

    async def undo(self, actor: Actor, need_id: NeedId) -> NeedState:
        """Everything as it was before the last move. Raises ``Conflict("cannot_undo")`` with ``values["why"]``
        (``WhyNot``), ``Locked`` where a helper would come back and the records are closed, ``NotFound``.
        """
        require(actor, Permission.DISPATCH)
        if self._desk.unlocked:
            await self._roster.ready()
        async with self._desk.db.write() as tx:
            row = await self._desk.need_row(tx, need_id)
            move = await undos.get(tx, need_id)
            if move is None or not move.by_staff:
                raise _cannot(WhyNot.NOTHING)
            if too_late(move, self._desk.now):
                raise _cannot(WhyNot.TOO_LATE)
            if stands_in_the_way(move, await undos.since(tx, move)) or not row.sealed:
                raise _cannot(WhyNot.MOVED_ON)
            present = list(await assignments.of_need(tx, need_id))
            touched = _differing(move.before, present)
            if await _told(tx, move, touched):
                raise _cannot(WhyNot.TOLD)
            if move.before.state is NeedState.REFERRED:
                raise _cannot(WhyNot.ELSEWHERE)  # they were told to delete what they had
            await self._refuse_if_told_elsewhere(tx, need_id, touched)
            await needs.update(tx, replace(row, need=move.before.put_back(row.need, self._desk.now)))
            await _put_tasks_back(tx, move.before, present)
            await visits.end_others(tx, need_id, self._desk.now)
            await undone(tx, self._desk, need_id, move.at)
            # Asked once everything stands as before, so that nobody counts as asked twice.
            await self._refuse_if_barred(tx, move.before, present, need_id)
            # Answers that are back, or gone, count for the asking in waves.
            await follow(tx, self._desk, actor, need_id)
            await undos.forget(tx, need_id)
            await self._desk.record(
                tx,
                actor,
                "need.undo",
                need_object(need_id),
                move=move.move,
                before=str(row.need.state),
                after=str(move.before.state),
            )
        for task in touched:
            await self._roster.refresh(task.person_id)
        return move.before.state

    async def of_hers(self, key: links.TaskKey, device: str) -> None:
        """A volunteer's own "On my way", "Done", giving back or no as if it had not been pressed. Raises ``Conflict``
        (``cannot_undo``, ``other_device``), ``NotFound("link_closed")``."""
        if self._desk.unlocked:
            await self._roster.ready()
        async with self._desk.db.write() as tx:
            task, move = await self._to_take_back(tx, key)
            links.tie(task.device_hash, device)
            row = await self._desk.need_row(tx, task.need_id)
            present = list(await assignments.of_need(tx, task.need_id))
            await needs.update(tx, replace(row, need=move.before.put_back(row.need, self._desk.now)))
            await _put_tasks_back(tx, move.before, present)
            await undone(tx, self._desk, task.need_id, move.at)
            if self._desk.unlocked:  # nobody can be barred while it is locked
                await self._refuse_if_barred(tx, move.before, present, task.need_id)
            # A yes that is back counts for the asking in waves.
            await follow(tx, self._desk, volunteer_actor(task.person_id), task.need_id)
            await undos.forget(tx, task.need_id)
            await self._desk.record(
                tx,
                volunteer_actor(task.person_id),
                "task.undo",
                need_object(task.need_id),
                task=task.id,
                before=str(task.state),
            )
        await self._roster.refresh(task.person_id)

    async def may_take_back(self, key: links.TaskKey) -> AssignmentState | None:
        """``RELEASED`` or ``DECLINED`` where the task behind that key was given back or turned down just now, and can
        be had again yet. Changes nothing."""
        async with self._desk.db.read() as tx:
            found = await given_back(tx, self._desk, key)
        return None if found is None else found[0]

    async def _to_take_back(self, tx: Tx, key: links.TaskKey) -> tuple[Assignment, LastMove]:
        """The task as her device knows it, and her word on it."""
        if (back := await given_back(tx, self._desk, key)) is not None and (
            was := _hers(back[1])
        ) is not None:
            return was, back[1]
        task = await links.assignment_by(tx, key, self._desk.now)
        move = await slip(tx, self._desk, task)
        if move is None:
            raise _cannot(WhyNot.TOO_LATE)
        return task, move

    async def tidy(self) -> int:
        """The job: forgets what is too old to be taken back."""
        async with self._desk.db.write() as tx:
            return await undos.forget_before(tx, self._desk.now - UNDO_SECONDS)

    async def _refuse_if_told_elsewhere(self, tx: Tx, need_id: NeedId, touched: list[Assignment]) -> None:
        """Letters to another group leave within seconds, and nothing calls them back."""
        for task in touched:
            if await persons.peer_of(tx, task.person_id) is not None:
                raise _cannot(WhyNot.ELSEWHERE)
        if any(referral.way == "in" for referral in await referrals.of_need(tx, need_id)):
            raise _cannot(WhyNot.ELSEWHERE)

    async def _refuse_if_barred(
        self, tx: Tx, before: Before, present: list[Assignment], need_id: NeedId
    ) -> None:
        row = await self._desk.need_row(tx, need_id)
        for person_id in before.returning(present):
            await self._roster.ready()
            if await self._matching.must_not(tx, row, person_id, asking=False) is not None:
                raise _cannot(WhyNot.HELPER)


def _differing(before: Before, present: list[Assignment]) -> list[Assignment]:
    """Tasks that undoing would make, change or remove."""
    was, is_ = {task.id: task for task in before.tasks}, {task.id: task for task in present}
    return [
        is_.get(each) or was[each] for each in dict.fromkeys([*is_, *was]) if was.get(each) != is_.get(each)
    ]


async def _told(tx: Tx, move: LastMove, touched: list[Assignment]) -> bool:
    """Whether one of them has had a message since, or was rung, that would not be true any more: it is theirs, or no
    longer. That somebody is asked is harmless: a link says on its own that nobody is needed."""
    said = [(task.id, TELLS[task.state]) for task in touched if task.state in TELLS]
    things = [task_thing(task_id, kind) for task_id, kind in said if kind is not Kind.ASKED]
    return await notices.went_since(tx, things, move.at)


async def _put_tasks_back(tx: Tx, before: Before, present: list[Assignment]) -> None:
    was = {task.id: task for task in before.tasks}
    for task in present:
        if task.id not in was:
            await assignments.delete(tx, task.id)
        elif was[task.id] != task:
            try:
                await assignments.update(tx, was[task.id])
            except Conflict as error:
                raise _cannot(WhyNot.HELPER) from error


def _cannot(why: WhyNot) -> Conflict:
    return Conflict("cannot_undo", _WORDS[why], why=str(why))
