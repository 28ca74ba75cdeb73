"""Asking several volunteers at once, and the next few until somebody says yes. See ``domain.wave``."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from node.domain.actors import Actor
from node.domain.assignment import Assignment, AssignmentState
from node.domain.dispatch.wave import ON, WAVE_SIZE, Wave, WaveMove, WaveState, yeses
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.need import Need, NeedState
from node.domain.need_lifecycle import WORKING
from node.domain.permissions import Permission, require
from node.errors import N_, Conflict, Invalid, moved_on
from node.services.desk import Desk, need_object
from node.services.dispatch import asking
from node.services.dispatch.moves import follow
from node.services.dispatch.wave_answers import moved, out_of_night, thank_the_others
from node.services.matching.matching import Matching
from node.services.matching.roster import Roster
from node.store import assignments, settings, undos, waves
from node.store.db import Tx
from node.store.needs import NeedRow
from node.store.waves import Asked

MOST_AT_ONCE = 10
MINUTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedView:
    """One volunteer who was asked in waves."""

    task: AssignmentId
    name: str
    number: int
    state: AssignmentState
    told: bool
    """Whether her message was made."""
    thanked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveView:
    """The asking for one need, as its page shows it."""

    wave: Wave
    asked: tuple[AskedView, ...]

    @property
    def to_tell(self) -> int:
        """How many were asked and have no message yet."""
        return sum(each.state is AssignmentState.PROPOSED and not each.told for each in self.asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is sent to one volunteer: her link is shown this once."""

    person_id: PersonId
    name: str
    language: str
    """Of the volunteer, where we know one; else empty."""
    token: str
    need_id: NeedId


class Waves:
    """Begin, stop, messages to copy, and the job."""

    def __init__(self, desk: Desk, roster: Roster, matching: Matching) -> None:
        self._desk = desk
        self._roster = roster
        self._matching = matching

    async def start(
        self, actor: Actor, need_id: NeedId, chosen: Sequence[PersonId] = (), *, goes_on: bool = True
    ) -> None:
        """Asks those of ``chosen``, or the best few; with ``goes_on`` the next few after the group's waiting time.

        All of them or nobody. Raises ``Invalid`` (too many, or nobody fits), ``Conflict`` as ``Dispatch.propose``,
        ``Locked``, ``NotFound``.
        """
        require(actor, Permission.DISPATCH)
        desk = self._desk
        await self._roster.ready()
        if len(set(chosen)) > MOST_AT_ONCE:
            raise Invalid("asking", N_("Ask at most ten at once."), fields={"person": ""})
        async with desk.db.write() as tx:
            people = list(dict.fromkeys([await desk.whole(tx, each) for each in chosen]))
            row = await desk.need_row(tx, need_id)
            held = await waves.get(tx, need_id)
            again = held is not None and held.round == row.need.round and held.state in ON
            said = [task.state for task in await self._present(tx, row.need)]
            if AssignmentState.INTERESTED in said and yeses(said) >= row.need.helpers:
                raise Conflict(
                    "said_yes", N_("Somebody said yes already. Confirm them, or tell them no, first.")
                )
            people = people or await self._next(tx, row)
            if not people:
                raise Invalid(
                    "asking", N_("Nobody who is free fits this at the moment."), fields={"person": ""}
                )
            number = held.number + 1 if held is not None and again else 1
            # Before the first task: what each of them answers is then already part of it.
            await waves.put(
                tx,
                Wave(
                    need_id=need_id,
                    round=row.need.round,
                    state=WaveState.ASKING,
                    number=number,
                    goes_on=goes_on,
                    next_at=await self._next_at(tx) if goes_on else None,
                    by_staff=actor.id,
                    started_at=held.started_at if held is not None and again else desk.now,
                    changed_at=desk.now,
                ),
            )
            await desk.record(
                tx, actor, "asking.start", need_object(need_id), number=number, asked=len(people)
            )
            await self._ask(tx, actor, need_id, people, number)
            await undos.forget(tx, need_id)
        await self._refresh(people)

    async def stop(self, actor: Actor, need_id: NeedId) -> None:
        """Nobody else is asked, and whoever has not answered need not come. Raises ``Conflict("moved_on")`` when
        nothing is going on."""
        require(actor, Permission.DISPATCH)
        desk = self._desk
        async with desk.db.write() as tx:
            row = await desk.need_row(tx, need_id)
            wave = await waves.get(tx, need_id)
            if wave is None:
                raise moved_on()
            await moved(tx, desk, actor, wave, WaveMove.STOP)
            present = await self._present(tx, row.need)
            await thank_the_others(tx, desk, actor, row.need, present)
            await follow(tx, desk, actor, need_id)
            await undos.forget(tx, need_id)

    async def messages(self, actor: Actor, need_id: NeedId) -> tuple[Message, ...]:
        """A fresh link for everybody who was asked and has no message yet, in the order of asking. What is not copied
        then can be made again, one by one. Raises ``Locked``."""
        require(actor, Permission.DISPATCH)
        await self._roster.ready()
        found = []
        async with self._desk.db.write() as tx:
            row = await self._desk.need_row(tx, need_id)
            asked = await waves.asked(tx, need_id)
            tasks = {task.id: task for task in await self._present(tx, row.need)}
            for place in asked.values():
                task = tasks.get(place.assignment_id)
                if task is None or place.told_at is not None or task.state is not AssignmentState.PROPOSED:
                    continue
                token = await asking.new_link(tx, self._desk, actor, task)
                found.append(self.message(task, token))
        return tuple(found)

    def message(self, task: Assignment, token: str) -> Message:
        """What goes to the volunteer of that task. Call ``Roster.ready`` first."""
        helper = self._roster.get(task.person_id)
        spoken = helper.volunteer.languages if helper else ()
        return Message(
            person_id=task.person_id,
            name=helper.name if helper else "",
            language=spoken[0] if spoken else "",
            token=token,
            need_id=task.need_id,
        )

    async def of_need(self, actor: Actor, need_id: NeedId) -> WaveView | None:
        """How the asking stands; None where nobody asked in waves. Names only while unlocked."""
        require(actor, Permission.READ_BOARD)
        if self._desk.unlocked:
            await self._roster.ready()
        async with self._desk.db.read() as tx:
            row = await self._desk.need_row(tx, need_id)
            wave = await waves.get(tx, need_id)
            if wave is None or wave.round != row.need.round:
                return None
            asked = await waves.asked(tx, need_id)
            tasks = {task.id: task for task in await self._present(tx, row.need)}
        return WaveView(
            wave=wave, asked=tuple(self._view(tasks[each], asked[each]) for each in asked if each in tasks)
        )

    async def to_tell(self, actor: Actor) -> dict[NeedId, int]:
        """Needs for which the clock asked somebody whom nobody has told yet, with how many; the oldest first."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            return await waves.to_tell(tx)

    async def sweep(self, actor: Actor) -> int:
        """The job: asks the next few wherever the waiting time is over, each need in a write of its own, so that it
        can be cut off anywhere and run again. At night it only moves the time. Returns how many were asked.

        Raises ``Locked`` if somebody is to be asked and the records are closed.
        """
        require(actor, Permission.PUBLISH)
        async with self._desk.db.read() as tx:
            waiting = await waves.due(tx, self._desk.now)
        if not waiting:
            return 0
        await self._roster.ready()
        asked = 0
        for need_id in waiting:
            people = await self._go_on(actor, need_id)
            await self._refresh(people)
            asked += len(people)
        return asked

    async def _go_on(self, actor: Actor, need_id: NeedId) -> list[PersonId]:
        desk = self._desk
        async with desk.db.write() as tx:
            row = await desk.need_row(tx, need_id)
            wave = await waves.get(tx, need_id)
            if wave is None or wave.state is not WaveState.ASKING:
                return []
            if wave.round != row.need.round:
                await moved(tx, desk, actor, wave, WaveMove.STOP)
                return []
            if wave.next_at is None or wave.next_at > desk.now:
                return []
            if (morning := await out_of_night(tx, desk, desk.now)) > desk.now:
                await waves.put(tx, replace(wave, next_at=morning))
                return []
            people = await self._next(tx, row)
            if not people:
                await moved(tx, desk, actor, wave, WaveMove.NOBODY_LEFT)
                return []
            number = wave.number + 1
            await waves.put(
                tx, replace(wave, number=number, next_at=await self._next_at(tx), changed_at=desk.now)
            )
            await self._ask(tx, actor, need_id, people, number)
            return people

    async def _ask(
        self, tx: Tx, actor: Actor, need_id: NeedId, people: Sequence[PersonId], number: int
    ) -> None:
        for person_id in people:
            task = await asking.begin(
                tx, self._desk, self._matching, actor, need_id, person_id, AssignmentState.PROPOSED
            )
            await waves.add_asked(tx, Asked(assignment_id=task.id, need_id=need_id, number=number))

    async def _next(self, tx: Tx, row: NeedRow) -> list[PersonId]:
        """The best few of whom nobody has heard a word in this round, one for each place that is free at least; her
        standing pairs alone before them, where they are enough."""
        if row.need.practice or row.need.state not in (NeedState.NEW, *WORKING):
            return []
        asked = await waves.asked(tx, row.need.id)
        before = {
            task.person_id
            for task in await self._present(tx, row.need)
            if task.id not in asked or asked[task.id].thanked_at is None
        }
        many = max(WAVE_SIZE, row.need.helpers)
        wanted = await self._matching.wanted(tx, row)
        found = self._matching.rank(wanted, many + len(before))
        free = [each.person_id for each in found if each.person_id not in before][:many]
        pairs = [each for each in free if each in wanted.buddies]
        return pairs if pairs and len(pairs) >= row.need.helpers else free

    async def _next_at(self, tx: Tx) -> int:
        minutes = await settings.get(tx, settings.WAVE_MINUTES)
        return await out_of_night(tx, self._desk, self._desk.now + minutes * MINUTE)

    async def _present(self, tx: Tx, need: Need) -> list[Assignment]:
        return [task for task in await assignments.of_need(tx, need.id) if task.round == need.round]

    async def _refresh(self, people: Sequence[PersonId]) -> None:
        for person_id in people:
            await self._roster.refresh(person_id)

    def _view(self, task: Assignment, place: Asked) -> AskedView:
        helper = self._roster.get(task.person_id)
        return AskedView(
            task=task.id,
            name=helper.name if helper else "",
            number=place.number,
            state=task.state,
            told=place.told_at is not None,
            thanked=place.thanked_at is not None,
        )
