"""The plan of a morning: made for the whole list at once, shown, and applied line by line. See ``domain.plan``."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from node.domain.actors import Actor
from node.domain.assignment import AssignmentState
from node.domain.assignment_lifecycle import FILLS_A_PLACE, LIVE
from node.domain.board.views import Candidate, Reason
from node.domain.ids import NeedId, PersonId, new_id
from node.domain.matching import scoring
from node.domain.matching.matching import Gate, explain, gate, this_week
from node.domain.matching.plan import (
    BEST_OF,
    MOST_NEEDS,
    Asks,
    Line,
    LineMove,
    LineState,
    Plan,
    Takes,
    Which,
    after,
    best,
    most_of,
)
from node.domain.need import Need, NeedState
from node.domain.permissions import Permission, require
from node.errors import N_, Conflict, NotFound
from node.services.desk import Desk, need_object
from node.services.dispatch import asking
from node.services.dispatch.waves import Message, Waves
from node.services.matching.matching import Matching
from node.services.matching.roster import Roster
from node.store import assignments, needs, plans
from node.store.db import Tx
from node.store.needs import NeedRow

KEPT_SECONDS = 14 * 24 * 3600
_OPEN = (NeedState.OPEN, NeedState.OFFERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """One line as the page shows it: the need, and the helper with what speaks for her now."""

    line: Line
    need: Need
    category: str
    """Exact while unlocked."""
    helper: Candidate | None
    """None: nobody was left, or she does not fit any more."""
    name: str
    against: Reason | None
    """Why it does not hold any more; None while it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """The newest plan."""

    plan: Plan
    by: str
    """A staff handle."""
    lines: tuple[LineView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What came of the lines that were ticked."""

    messages: tuple[Message, ...]
    stale: int
    """Lines that no longer held; nobody was asked for them."""


class Plans:
    """Make, show, ask, leave out."""

    def __init__(self, desk: Desk, roster: Roster, matching: Matching, waves: Waves) -> None:
        self._desk = desk
        self._roster = roster
        self._matching = matching
        self._waves = waves

    async def make(self, actor: Actor, which: Which) -> str:
        """A plan for every need that volunteers may be asked for and that still lacks somebody; the id. Nobody is
        asked. Raises ``Locked``."""
        require(actor, Permission.DISPATCH)
        desk = self._desk
        await self._roster.ready()
        async with desk.db.read() as tx:
            rows = [row for row in await needs.in_states(tx, _OPEN) if self._is_meant(row.need, which)]
            rows.sort(key=_as_on_the_board)
            asks: list[tuple[NeedRow, Asks]] = []
            for row in rows[:MOST_NEEDS]:
                places = await self._places(tx, row.need)
                if places > 0:
                    asks.append((row, await self._asks(tx, row, places)))
        # In a thread: sharing out takes up to some tenths of a second, for which no other page waits.
        proposed = await asyncio.to_thread(
            best, [each for _, each in asks], self._takes(each for _, each in asks)
        )
        plan = Plan(
            id=new_id(desk.random),
            open=True,
            made_at=desk.now,
            by_staff=actor.id or "",
            lines=tuple(self._lines(asks, proposed)),
        )
        plan = replace(plan, lines=tuple(replace(line, plan_id=plan.id) for line in plan.lines))
        async with desk.db.write() as tx:
            await plans.forget_before(tx, desk.now - KEPT_SECONDS)
            await plans.insert(tx, plan)
            await desk.record(tx, actor, "plan.made", "group", lines=len(plan.lines))
        return plan.id

    async def shown(self, actor: Actor) -> PlanView | None:
        """The newest plan, with what stands against a line by now; None if there is none. A recorded look.
        Raises ``Locked``."""
        require(actor, Permission.READ_BOARD)
        await self._roster.ready()
        async with self._desk.db.read() as tx:
            plan = await plans.newest(tx)
            if plan is None:
                return None
            lines = [await self._view(tx, line) for line in plan.lines]
            handles = await self._desk.handles(tx)
        await self._desk.look(actor, "look.list", "plan")
        return PlanView(plan=plan, by=handles.get(plan.by_staff, ""), lines=tuple(lines))

    async def ask(self, actor: Actor, plan_id: str, line_ids: Sequence[str]) -> Applied:
        """Asks for the lines that somebody saw and ticked, each in a write of its own and only if it still holds;
        what does not is marked and told. A line that was decided before is passed over.

        Raises ``Conflict("plan_over")`` when a newer plan was made, ``NotFound``, ``Locked``.
        """
        require(actor, Permission.DISPATCH)
        await self._roster.ready()
        messages, stale = [], 0
        for line_id in dict.fromkeys(line_ids):
            done = await self._ask(actor, plan_id, line_id)
            if isinstance(done, Message):
                messages.append(done)
                await self._roster.refresh(done.person_id)
            elif done is LineState.STALE:
                stale += 1
        return Applied(messages=tuple(messages), stale=stale)

    async def leave_out(self, actor: Actor, plan_id: str, line_ids: Sequence[str]) -> None:
        """Somebody decided against these lines. Raises as ``ask``."""
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            for line_id in dict.fromkeys(line_ids):
                line = await self._line(tx, plan_id, line_id)
                if line.state is LineState.SHOWN:
                    await self._moved(tx, line, LineMove.LEAVE)

    async def _ask(self, actor: Actor, plan_id: str, line_id: str) -> Message | LineState | None:
        desk = self._desk
        async with desk.db.write() as tx:
            line = await self._line(tx, plan_id, line_id)
            if line.state is not LineState.SHOWN or line.person_id is None:
                return None
            row = await desk.need_row(tx, line.need_id)
            if await self._against(tx, row, line.person_id) is not None:
                return (await self._moved(tx, line, LineMove.LAPSE)).state
            task = await asking.begin(
                tx, desk, self._matching, actor, line.need_id, line.person_id, AssignmentState.PROPOSED
            )
            token = await asking.new_link(tx, desk, actor, task)
            await self._moved(tx, replace(line, assignment_id=task.id), LineMove.ASK)
            await desk.record(tx, actor, "plan.asked", need_object(line.need_id), task=task.id)
        return self._waves.message(task, token)

    async def _line(self, tx: Tx, plan_id: str, line_id: str) -> Line:
        plan = await plans.get(tx, plan_id)
        found = next((line for line in plan.lines if line.id == line_id), None) if plan else None
        if plan is None or found is None:
            raise NotFound("no_such_plan", N_("There is no such plan."))
        if not plan.open:
            raise Conflict("plan_over", N_("Somebody made a newer plan meanwhile. Look at that one."))
        return found

    async def _moved(self, tx: Tx, line: Line, move: LineMove) -> Line:
        moved = replace(line, state=after(line.state, move))
        await plans.update_line(tx, moved, self._desk.now)
        return moved

    async def _against(self, tx: Tx, row: NeedRow, person_id: PersonId) -> Reason | None:
        """What stands against asking her for it now; None if nothing does."""
        helper = self._roster.get(person_id)
        if row.need.state not in _OPEN or await self._places(tx, row.need) < 1:
            return Reason(code="closed", args={})
        if helper is None:
            return Reason(code=str(Gate.NOT_VOLUNTEER), args={})
        wanted, now = await self._matching.wanted(tx, row), self._desk.now
        shut = gate(helper, wanted, now)
        return None if shut is None else explain(shut, helper, wanted, now)

    async def _view(self, tx: Tx, line: Line) -> LineView:
        row = await self._desk.need_row(tx, line.need_id)
        helper = self._roster.get(line.person_id) if line.person_id else None
        against = None
        if line.person_id is not None and line.state is LineState.SHOWN:
            against = await self._against(tx, row, line.person_id)
        shown = None
        if helper is not None and against is None and line.state is LineState.SHOWN:
            shown = self._matching.candidate(helper, await self._matching.wanted(tx, row))
        return LineView(
            line=line,
            need=row.need,
            category=self._desk.open_need(row).category,
            helper=shown,
            name=helper.name if helper else "",
            against=against,
        )

    async def _asks(self, tx: Tx, row: NeedRow, places: int) -> Asks:
        wanted = await self._matching.wanted(tx, row)
        one_time = wanted.part is not None and len(wanted.days) == 1
        return Asks(
            places=places,
            fits=[
                (scoring.MOST if helper.person_id in wanted.buddies else points, helper.person_id)
                for points, helper in self._matching.fitting(wanted, BEST_OF)
            ],
            when=(wanted.day, str(wanted.part)) if one_time else None,
        )

    async def _places(self, tx: Tx, need: Need) -> int:
        """Places that are neither filled nor waiting for an answer."""
        if need.practice:
            return 0
        states = [task.state for task in await assignments.of_need(tx, need.id) if task.round == need.round]
        return need.helpers - sum(state in LIVE or state in FILLS_A_PLACE for state in states)

    def _is_meant(self, need: Need, which: Which) -> bool:
        if which is Which.ALL:
            return True
        until = self._desk.today + timedelta(days=0 if which is Which.TODAY else 6)
        return need.due_day is not None and need.due_day <= until

    def _takes(self, asks: Iterable[Asks]) -> list[Takes]:
        people = {person for each in asks for _, person in each.fits}
        found = []
        for helper in (self._roster.get(person) for person in people):
            if helper is not None:
                count, most = this_week(helper, self._desk.today), helper.volunteer.max_per_week
                room = most_of(helper.organisation) if most is None else max(0, most - count)
                found.append(
                    Takes(person_id=helper.person_id, room=room, this_week=count, several=helper.organisation)
                )
        return found

    def _lines(
        self, asks: Sequence[tuple[NeedRow, Asks]], proposed: Sequence[Sequence[PersonId]]
    ) -> Iterable[Line]:
        number = 0
        for (row, each), people in zip(asks, proposed, strict=True):
            for place in range(each.places):
                yield Line(
                    id=new_id(self._desk.random),
                    plan_id="",
                    number=number,
                    need_id=NeedId(row.need.id),
                    person_id=people[place] if place < len(people) else None,
                )
                number += 1


def _as_on_the_board(row: NeedRow) -> tuple[str, int, int, str]:
    """Due first, then the more urgent, then the older."""
    need = row.need
    urgency = list(type(need.urgency)).index(need.urgency)
    return need.due_day.isoformat() if need.due_day else "9999", urgency, need.created_at, need.id
