"""What somebody knows of her task without any message of ours: that it is hers; and what of it is another since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from node.domain.actors import volunteer_actor
from node.domain.assignment import Assignment, AssignmentState
from node.domain.assignment_lifecycle import COMING, FILLS_A_PLACE, AssignmentMove
from node.domain.dispatch.correction import WHEN, WHERE, as_it_is, texts_of
from node.domain.exchange.away_task import AwayTask
from node.domain.need import Need
from node.domain.notices.notice import Kind
from node.domain.notices.tasks import OFF, Changed, held_thing, stands_thing, task_thing
from node.services.desk import Desk, away_object, need_object, run_object
from node.services.dispatch.call_about import SAYS
from node.services.dispatch.doors import held_up
from node.services.dispatch.its_day import on_its_round
from node.store import assignments, audit, corrections, notices, runs
from node.store.audit import Entry
from node.store.db import Tx
from node.store.needs import NeedRow
from node.vault import Compartment

_LOOK = "look.task"
"""She read where to go, which opens to whoever is confirmed alone."""
_LINK = "task.link"
"""Somebody made her a link, to be sent by hand."""
_APPROVED = f"task.{AssignmentMove.APPROVE}"
_CONTACT = f"task.{AssignmentMove.CONTACT}"
RAISED = frozenset(SAYS.values())
"""Somebody who is confirmed may not go: written down, and the request is to be rung about."""
_CORRECTED, _ROUND_DAY = "need.corrected", "need.round_day"
_OF_ROUND = frozenset({"run.link", "run.device"})
"""She was sent the link of her round, or opened it."""


async def knows_by_herself(tx: Tx, task: Assignment) -> bool:
    """Her own yes was enough; or, once it was hers, she read where to go, said that she is on her way, or somebody made
    her a link. False for any task that was not taken back, by us or by the clock: there it changes nothing."""
    if task.state not in (AssignmentState.WITHDRAWN, AssignmentState.EXPIRED):
        return False
    return _heard(task, list(await audit.of_object(tx, need_object(task.need_id)))) is not None


async def knows_away(tx: Tx, task: AwayTask) -> bool:
    """The same of what she offered to another group: that she read where to go."""
    person = task.person_id
    return person is not None and await audit.done_since(
        tx, volunteer_actor(person), _LOOK, away_object(task.id), 0
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A task whose day, time or place is another than its volunteer heard, or read, last."""

    task: Assignment
    need: Need
    """As she has it to do: on the day of its round, if it is on one."""
    at: int
    """When that was changed last (Unix seconds): what was changed by one deed has one."""
    changed: Changed


async def moved(tx: Tx, desk: Desk, task: Assignment) -> Moved | None:
    """That change; None where there is nothing that she should hear. What is as it was when she heard of it is none.
    While locked nobody can compare, and what was put right counts as another."""
    if task.state not in COMING:
        return None
    row, entries = await desk.need_row(tx, task.need_id), await audit.of_object(tx, need_object(task.need_id))
    if row.need.round != task.round or row.need.practice:
        return None
    if not any(entry.action in (_CORRECTED, _ROUND_DAY) for entry in entries):
        return None
    need, _ = await on_its_round(tx, row.need, task)
    on_round = await runs.day_of(tx, task.id) is not None
    of_round = await _heard_of_round(tx, task) if on_round else None
    read = _latest(
        _heard(task, list(entries), by=(_LOOK,)),
        await notices.heard_at(tx, task.person_id, task.id, by_phone=True),
    )
    known = _latest(
        _heard(task, list(entries)), await notices.heard_at(tx, task.person_id, task.id), read, of_round
    )
    if known is None:
        return None
    if on_round:
        when = _day_changed([entry for entry in entries if entry.at >= known], need)
    else:
        when = await _put_right(tx, desk, row, WHEN, known)
    where = None if read is None else await _put_right(tx, desk, row, WHERE, read)
    at = _latest(when, where)
    if at is None:
        return None
    changed = Changed.WHERE if when is None else Changed.WHEN if where is None else Changed.BOTH
    return Moved(task=task, need=need, at=at, changed=changed)


def _latest(*moments: int | None) -> int | None:
    return max((each for each in moments if each is not None), default=None)


def _day_changed(entries: Sequence[Entry], need: Need) -> int | None:
    """When the round that this is on was put on another day than it had before these entries (Unix seconds)."""
    moves = [entry for entry in entries if entry.action == _ROUND_DAY]
    if not moves or need.due_day is None or moves[0].codes.get("before") == need.due_day.isoformat():
        return None
    return moves[-1].at


async def _put_right(tx: Tx, desk: Desk, row: NeedRow, fields: frozenset[str], since: int) -> int | None:
    """When one of these was put right last (Unix seconds), of what was put right since, and is not as it was before."""
    found = [
        each
        for each in await corrections.of_need(tx, row.need.id)
        if each.at >= since and fields & set(each.fields)
    ]
    if not found:
        return None
    if desk.unlocked and row.sealed:
        now = texts_of(as_it_is(row.need, desk.open_need(row)))
        before = dict(now)
        for each in found:  # the oldest comes last, and stays
            sealed = desk.vault.open(Compartment.PEOPLE, "corrections", each.id, each.sealed)
            before |= {field: str(sealed[field][0]) for field in fields & sealed.keys()}
        if _as_told(before, fields) == _as_told(now, fields):
            return None
    return found[0].at


def _as_told(said: Mapping[str, str], fields: frozenset[str]) -> Mapping[str, str]:
    """What she reads of it: of a request that names its days how soon it is wanted says nothing."""
    return {field: said[field] for field in fields if field != "urgency" or not said["window"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A confirmed task whose volunteer is not to go as things are."""

    task: Assignment
    need: Need
    """As ``Moved.need``."""
    at: int
    """When that was written down, last (Unix seconds)."""


async def held(tx: Tx, desk: Desk, task: Assignment) -> Held | None:
    """That; None where nothing stands against her going, or nobody was told yet that it does."""
    if await held_up(tx, desk, task) is None:
        return None
    raised = await _raised(tx, task)
    if not raised:
        return None
    # What came on top of what she was told already is no news to her.
    at = await _told_not_to_go(tx, task, raised) or raised[-1]
    need, _ = await on_its_round(tx, (await desk.need_row(tx, task.need_id)).need, task)
    return Held(task=task, need=need, at=at)


async def stands_again(tx: Tx, desk: Desk, task: Assignment) -> int | None:
    """Of whom we told that she is not to go, while nothing stands against it any more: ``Held.at`` of what she was
    told; None for everybody else, and once she was told this."""
    if task.state not in COMING or await held_up(tx, desk, task) is not None:
        return None
    return await _told_not_to_go(tx, task, await _raised(tx, task))


async def _raised(tx: Tx, task: Assignment) -> list[int]:
    entries = await audit.of_object(tx, need_object(task.need_id))
    return [each.at for each in entries if each.action in RAISED and each.codes.get("task") == task.id]


async def _told_not_to_go(tx: Tx, task: Assignment, raised: Sequence[int]) -> int | None:
    """The first of these of which she was told, and not since that she is to go after all."""
    for at in raised:
        hers = {stands_thing(task.id, at), task_thing(task.id, Kind.CONFIRMED)}
        if await notices.reached(
            tx, task.person_id, held_thing(task.id, at)
        ) and not await notices.told_since(tx, task.person_id, hers, at):
            return at
    return None


async def hers_again(tx: Tx, task: Assignment) -> bool:
    """Whether she was confirmed for the same request anew: then nobody tells her that it is hers no more."""
    on_it = await assignments.of_need(tx, task.need_id)
    return any(
        each.person_id == task.person_id and each.state in FILLS_A_PLACE
        for each in on_it
        if each.id != task.id
    )


async def untrue(tx: Tx, desk: Desk, task: Assignment, kind: Kind) -> bool:
    """Whether more than her task itself speaks against telling her that: that it is hers, while she is not to go; or
    that it is hers no more, while it is hers again."""
    if kind is Kind.CONFIRMED:
        return await held_up(tx, desk, task) is not None
    return kind in OFF and await hers_again(tx, task)


def _heard(task: Assignment, entries: list[Entry], *, by: tuple[str, ...] = ()) -> int | None:
    """When she last showed that she knows it to be hers, or was sent a link (Unix seconds). ``by``: by one of these
    deeds alone."""
    her, confirmed, heard = volunteer_actor(task.person_id).label, False, None
    for entry in entries:
        if entry.codes.get("task") != task.id:
            continue
        confirmed = confirmed or entry.action == _APPROVED
        own_yes = entry.action == _APPROVED and entry.actor == her
        shows = own_yes or entry.action in (_LOOK, _CONTACT) or (confirmed and entry.action == _LINK)
        if (entry.action in by) if by else shows:
            heard = entry.at
    return heard


async def _heard_of_round(tx: Tx, task: Assignment) -> int | None:
    """When whoever drives was last sent the link of the round that this is on, or opened it."""
    for stop in await runs.stops_of_need(tx, task.need_id):
        if stop.assignment_id == task.id:
            entries = await audit.of_object(tx, run_object(stop.run_id))
            return max((each.at for each in entries if each.action in _OF_ROUND), default=None)
    return None
