"""Rounds of deliveries, the coordinator's side: planned, changed, printed, told of by phone, and ended by the clock.

Every stop is an ordinary task of whoever drives, made and moved by ``Dispatch`` and ``moves``: gates, places, races,
the board and undo work as for any other.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from node.domain.actors import Actor
from node.domain.assignment import AssignmentState
from node.domain.assignment_lifecycle import COMING, AssignmentMove
from node.domain.ids import AssignmentId, NeedId, PersonId, new_id
from node.domain.matching.matching import Gate
from node.domain.permissions import Permission, require
from node.domain.rounds import run as rules
from node.domain.rounds.route import ordered
from node.domain.rounds.run import (
    HandOff,
    Run,
    RunDetails,
    RunMove,
    RunState,
    Stop,
    StopDetails,
    StopState,
    StopWord,
)
from node.domain.rounds.run_views import LeftOut, Planned, Rescheduled
from node.errors import N_, Conflict, Invalid, NotFound, moved_on
from node.services import links
from node.services.desk import Desk, run_object
from node.services.dispatch.dispatch import Dispatch
from node.services.dispatch.follow_up import FollowUp
from node.services.dispatch.moves import move_assignment
from node.services.dispatch.undo import undoable
from node.services.matching.roster import Roster
from node.services.rounds import run_days
from node.services.rounds.run_moves import (
    check_note,
    elsewhere_then,
    move_run,
    opened_run,
    opened_stop,
    points_of,
    say,
    sealed_run,
    sealed_stop,
    the_run,
    the_stop,
)
from node.store import assignments, runs
from node.store.db import Tx, part


class Runs:
    """The verbs. What makes or changes a round reads places and notes, and raises ``Locked``; ``RunBook`` reads."""

    def __init__(self, desk: Desk, roster: Roster, dispatch: Dispatch, follow_up: FollowUp) -> None:
        self._desk = desk
        self._roster = roster
        self._dispatch = dispatch
        self._follow_up = follow_up

    async def plan(
        self,
        actor: Actor,
        *,
        day: date,
        driver: PersonId,
        needs: Sequence[NeedId],
        details: RunDetails | None = None,
        why: str = "",
    ) -> Planned:
        """A round with these stops in the best order we know; each is confirmed for whoever drives. What cannot come
        on it is left out and told of; if that is everything, nothing happens. ``why``: the reason, kept with the
        requests, for which she drives although she is confirmed for something else then, or comes on another day than
        it is wanted.

        Raises ``Invalid`` (``day``, ``needs``, ``note``), ``Conflict`` with ``values["left_out"]``: ``nothing_left``,
        ``busy_then`` and ``off_day`` without a reason; ``NotFound``.
        """
        require(actor, Permission.DISPATCH)
        self._desk.must_be_unlocked()
        details = details or RunDetails()
        wanted = tuple(dict.fromkeys(needs))
        found = rules.problems(day, self._desk.today, len(wanted), details.note + details.start)
        if found:
            raise Invalid("run", N_("Some answers need another look."), fields=found)
        desk = self._desk
        await self._roster.ready()
        async with desk.db.write() as tx:
            driver = (await desk.need_person(tx, driver)).person.id
            run = Run(
                id=new_id(desk.random),
                driver_id=driver,
                day=day,
                created_at=desk.now,
                changed_at=desk.now,
                by_staff=actor.id,
            )
            await runs.insert(tx, run, sealed_run(desk, run.id, details))
            await desk.record(
                tx, actor, "run.planned", run_object(run.id), driver=driver, day=day.isoformat()
            )
            left_out = await self._put_on(tx, actor, run, wanted, why)
            if len(left_out) == len(wanted):
                raise Conflict(
                    "nothing_left", N_("None of these can go on a round with them."), left_out=left_out
                )
            await self._sort(tx, run)
        await self._roster.refresh(driver)
        return Planned(run_id=run.id, left_out=left_out)

    async def add(self, actor: Actor, run_id: str, need_id: NeedId, why: str = "") -> None:
        """One more stop; the order is worked out anew. Raises ``Conflict`` as ``Dispatch.assign`` does, and
        ``on_a_round``, ``round_full``, ``moved_on``, without a reason ``busy_then`` and ``off_day``; ``NotFound``."""
        require(actor, Permission.DISPATCH)
        self._desk.must_be_unlocked()
        await self._roster.ready()
        async with self._desk.db.write() as tx:
            run = await self._changeable(tx, run_id)
            await self._stop_for(tx, actor, run, need_id, why)
            await self._sort(tx, run)
        await self._roster.refresh(run.driver_id)

    async def take_off(self, actor: Actor, run_id: str, task: AssignmentId) -> None:
        """The stop is not on it any more, and its need looks for somebody again. ``Conflict`` when it is done."""
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            run = await self._changeable(tx, run_id)
            stop = await the_stop(tx, run.id, task)
            if stop.state is not StopState.WAITING:
                raise moved_on()
            await self._take_back(tx, actor, stop)
        await self._roster.refresh(run.driver_id)

    async def best_order(self, actor: Actor, run_id: str) -> None:
        """The waiting stops as ``domain.route`` puts them, after those that were reached."""
        require(actor, Permission.DISPATCH)
        self._desk.must_be_unlocked()
        async with self._desk.db.write() as tx:
            run = await self._changeable(tx, run_id)
            await self._sort(tx, run)
            await self._desk.record(tx, actor, "run.ordered", run_object(run.id), by="route")

    async def earlier(self, actor: Actor, run_id: str, task: AssignmentId) -> None:
        """One place earlier. The first stays where it is."""
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            run = await self._changeable(tx, run_id)
            await the_stop(tx, run.id, task)
            order = [
                stop.assignment_id for stop in await runs.stops(tx, run.id) if stop.state is not StopState.OFF
            ]
            at = order.index(task) if task in order else 0
            if at:
                order[at - 1], order[at] = order[at], order[at - 1]
                await runs.set_order(tx, order)
                await self._desk.record(tx, actor, "run.ordered", run_object(run.id), task=task)

    async def describe(
        self, actor: Actor, run_id: str, task: AssignmentId, hand_off: HandOff, note: str
    ) -> None:
        """How that door is done. Raises ``Invalid`` (``note``)."""
        require(actor, Permission.DISPATCH)
        self._desk.must_be_unlocked()
        check_note(note)
        async with self._desk.db.write() as tx:
            run = await self._changeable(tx, run_id)
            stop = await the_stop(tx, run.id, task)
            details = StopDetails(hand_off=hand_off, note=note.strip())
            await runs.describe(tx, stop.assignment_id, sealed_stop(self._desk, task, details))
            await self._desk.record(
                tx, actor, "run.hand_off", run_object(run.id), task=task, how=str(hand_off)
            )

    async def give_to(self, actor: Actor, run_id: str, driver: PersonId, why: str = "") -> Planned:
        """Somebody else drives: what is still to do is taken back from the one and confirmed for the other; the link
        of the one is closed. What the other cannot do is left out and looks for somebody again. Raises
        ``Conflict("busy_then")`` as ``plan``."""
        require(actor, Permission.DISPATCH)
        self._desk.must_be_unlocked()
        await self._roster.ready()
        async with self._desk.db.write() as tx:
            run = await self._changeable(tx, run_id)
            driver = (await self._desk.need_person(tx, driver)).person.id
            if driver == run.driver_id:
                return Planned(run_id=run.id, left_out=())
            waiting = [stop for stop in await runs.stops(tx, run.id) if stop.state is StopState.WAITING]
            given = replace(
                run, driver_id=driver, changed_at=self._desk.now, link_hash=None, device_hash=None
            )
            await runs.update(tx, given)
            for stop in waiting:
                await self._take_back(tx, actor, stop)
            left_out = await self._put_on(
                tx, actor, given, [stop.need_id for stop in waiting], why, like=waiting
            )
            await self._sort(tx, given)
            await self._desk.record(
                tx, actor, "run.given", run_object(run.id), driver=driver, left=len(left_out)
            )
        await self._roster.refresh(run.driver_id)
        await self._roster.refresh(driver)
        return Planned(run_id=run.id, left_out=left_out)

    async def set_day(self, actor: Actor, run_id: str, day: date, why: str = "") -> Rescheduled:
        """Nobody has set off, and it is on another day with all its stops (``run_days.set_day``)."""
        require(actor, Permission.DISPATCH)
        self._desk.must_be_unlocked()
        await self._roster.ready()
        async with self._desk.db.write() as tx:
            run = await the_run(tx, run_id)
            moved = await run_days.set_day(tx, self._desk, self._roster, actor, run, day, why)
        await self._roster.refresh(run.driver_id)
        return moved

    async def move(self, actor: Actor, run_id: str, move: RunMove) -> RunState:
        """They set off, it is over, or it is called off: told by phone. Raises ``Conflict``, ``NotFound``."""
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            moved = await move_run(tx, self._desk, actor, await the_run(tx, run_id), move)
        await self._roster.refresh(moved.driver_id)
        return moved.state

    async def said(
        self, actor: Actor, run_id: str, task: AssignmentId, word: StopWord, note: str = ""
    ) -> None:
        """What became of a stop, told by phone; works while locked. Raises ``Conflict``, ``Invalid``, ``NotFound``."""
        require(actor, Permission.DISPATCH)
        check_note(note)
        async with self._desk.db.write() as tx:
            run = await the_run(tx, run_id)
            stop = await the_stop(tx, run.id, task)
            await say(tx, self._desk, self._follow_up, actor, run, stop, word, note)
        await self._roster.refresh(run.driver_id)

    async def link(self, actor: Actor, run_id: str) -> str:
        """A fresh token for the private link ``/r/<token>``; the one before stops working. ``Conflict`` when the round
        is over."""
        require(actor, Permission.DISPATCH)
        token = links.new_token(self._desk.random)
        async with self._desk.db.write() as tx:
            run = await self._changeable(tx, run_id)
            await runs.update(tx, replace(run, link_hash=links.round_hash(token), device_hash=None))
            await self._desk.record(tx, actor, "run.link", run_object(run.id))
        return token

    async def end_old(self, actor: Actor) -> int:
        """The job: rounds whose day is past are over; what they did not reach looks for somebody again, and their
        links are shut. Works while locked. Returns how many."""
        require(actor, Permission.PUBLISH)
        ended = []
        async with self._desk.db.write() as tx:
            for run in await runs.going_on(tx):
                if rules.past(run.day, self._desk.today):
                    ended.append(await move_run(tx, self._desk, actor, run, RunMove.LAPSE))
        for run in ended:
            await self._roster.refresh(run.driver_id)
        return len(ended)

    async def _put_on(
        self, tx: Tx, actor: Actor, run: Run, needs: Sequence[NeedId], why: str, like: Sequence[Stop] = ()
    ) -> tuple[LeftOut, ...]:
        """Each need as a stop, or among those left out. ``like``: stops whose notes for the door go along. Raises
        ``Conflict("busy_then")`` for all of them that are at a time at which whoever drives is elsewhere, with those
        that are wanted on other days; ``off_day`` where there are only such."""
        left_out = []
        for at, need_id in enumerate(needs):
            try:
                async with part(tx):
                    await self._stop_for(tx, actor, run, need_id, why, like[at] if like else None)
            except (Conflict, NotFound) as error:
                row = await self._desk.need_row(tx, need_id)
                code = str(error.values.get("gate", error.code))
                off = run_days.takes_a_reason(self._desk, run, row.need, why) and not like
                left_out.append(
                    LeftOut(reference=row.need.reference, code=code, wanted=row.need.window if off else None)
                )
        asked = tuple(each for each in left_out if each.code in (Gate.BUSY_THEN, rules.OFF_DAY))
        if asked:
            raise run_days.asked_about(asked)
        return tuple(left_out)

    async def _stop_for(
        self, tx: Tx, actor: Actor, run: Run, need_id: NeedId, why: str, like: Stop | None = None
    ) -> None:
        on_it = [stop for stop in await runs.stops(tx, run.id) if stop.state is not StopState.OFF]
        if len(on_it) >= rules.MAX_STOPS:
            raise Conflict("round_full", N_("There are 30 stops on this round already."))
        await self._refuse_if_on_another(tx, need_id, run.driver_id)
        row = await self._desk.need_row(tx, need_id)
        task = next(
            (
                each.id
                for each in await assignments.of_need(tx, need_id)
                if each.person_id == run.driver_id and each.state in COMING and each.round == row.need.round
            ),
            None,
        )
        if task is None and not why.strip() and await elsewhere_then(tx, self._roster, run, row.need):
            raise run_days.busy_then()
        # Whoever takes a round over drives as it was planned: that was asked then.
        if like is None and run_days.takes_a_reason(self._desk, run, row.need, why):
            raise run_days.off_day()
        told = task is not None
        if task is None:
            task = await self._dispatch.assign_in(tx, actor, need_id, run.driver_id, why.strip())
        details = opened_stop(self._desk, like) if like else StopDetails()
        await runs.put_stop(tx, run.id, task, place=len(on_it), sealed=sealed_stop(self._desk, task, details))
        if run.state is RunState.UNDER_WAY:
            await self._on_the_way(tx, actor, task)
        # A reason goes with the task that is made for it; where it was theirs already, with the round.
        kept = why if told else ""
        await self._desk.record(tx, actor, "run.stop", run_object(run.id), why=kept, task=task, need=need_id)

    async def _on_the_way(self, tx: Tx, actor: Actor, task: AssignmentId) -> None:
        held = await assignments.get(tx, task)
        if held is not None and held.state is AssignmentState.APPROVED:
            await move_assignment(tx, self._desk, actor, held, AssignmentMove.CONTACT)

    async def _refuse_if_on_another(self, tx: Tx, need_id: NeedId, driver: PersonId) -> None:
        for stop in await runs.stops_of_need(tx, need_id):
            if stop.state is not StopState.WAITING:
                continue
            other = await the_run(tx, stop.run_id)
            if other.driver_id == driver and other.state not in rules.ENDED:
                raise Conflict("on_a_round", N_("This is on a round of theirs already."))

    async def _take_back(self, tx: Tx, actor: Actor, stop: Stop) -> None:
        held = await assignments.get(tx, stop.assignment_id)
        if held is not None:
            async with undoable(tx, self._desk, actor, stop.need_id, str(AssignmentMove.WITHDRAW)):
                await move_assignment(tx, self._desk, actor, held, AssignmentMove.WITHDRAW)

    async def _sort(self, tx: Tx, run: Run) -> None:
        stops = await runs.stops(tx, run.id)
        reached = [stop for stop in stops if stop.state not in (StopState.WAITING, StopState.OFF)]
        waiting = [stop for stop in stops if stop.state is StopState.WAITING]
        off = [stop for stop in stops if stop.state is StopState.OFF]
        details = await opened_run(tx, self._desk, run)
        order = ordered(details.point, await points_of(tx, self._desk, waiting))
        await runs.set_order(
            tx, [stop.assignment_id for stop in (*reached, *(waiting[each] for each in order), *off)]
        )

    async def _changeable(self, tx: Tx, run_id: str) -> Run:
        run = await the_run(tx, run_id)
        if run.state in rules.ENDED:
            raise moved_on()
        return run
