"""Who has to be rung about a task, because no message reaches her. A call is a row beside the messages: whoever was
reached was told, and nothing tells her again."""

from dataclasses import dataclass, replace

from node.domain.actors import Actor
from node.domain.assignment import Assignment, AssignmentState
from node.domain.exchange.away_task import AwayTask
from node.domain.ids import AssignmentId, PersonId, new_id
from node.domain.notices.notice import DAY, Kind, Notice, State, Way
from node.domain.notices.tasks import (
    SETTLES,
    TELLS,
    Changed,
    held_thing,
    is_fresh,
    moved_thing,
    rung_thing,
    stands_thing,
    task_of,
    task_thing,
    tells_away,
    to_ring,
    to_ring_away,
)
from node.domain.permissions import Permission, require
from node.domain.person import PersonDetails, PhoneKind
from node.errors import N_, Conflict, NotFound, moved_on
from node.services.desk import Desk, person_object
from node.services.dispatch.heard import heard
from node.services.dispatch.its_day import on_its_round
from node.services.notices.choosing import Choosing
from node.services.notices.knowing import (
    RAISED,
    Held,
    Moved,
    held,
    knows_away,
    knows_by_herself,
    moved,
    stands_again,
    untrue,
)
from node.services.notices.letter import Want
from node.services.notices.stale import ending
from node.store import assignments, away_tasks, notice_choices, notices, waves
from node.store.db import Tx

SHOWN_DAYS = 14
"""A task that nothing became of for so long is no call any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """Whom a call goes to: only in a recorded look."""

    name: str
    phone: str
    phone_kind: PhoneKind
    safe: str
    """How it is safe to reach her: stands above the number."""
    languages: tuple[str, ...]
    """That she speaks, the best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToRing:
    """Somebody who has to be told by a person."""

    task_id: AssignmentId
    """Of ours, or of one that she offered to another group."""
    page: str
    """Where a coordinator sees what it is about."""
    person_id: PersonId
    reference: str
    """Empty for a request of another group."""
    kind: Kind
    want: Want
    """What it is about, as a message would have it."""
    changed: Changed = Changed.WHEN
    """Of ``Kind.MOVED``."""
    only_asked: bool = False
    """She has not said yet whether she can: of ``Kind.STALE`` other words."""
    since: int
    tried_at: int | None
    """When somebody rang in vain, last."""
    called: Called | None = None
    """None until somebody looks."""


class Ringing:
    """The list, and the two things that can come of a call."""

    def __init__(self, desk: Desk, choosing: Choosing) -> None:
        self._desk = desk
        self._choosing = choosing

    async def listed(self, tx: Tx, ways: frozenset[Way], *, named: bool) -> tuple[ToRing, ...]:
        """Who is reached by no message, the longest first, and after them whoever did not answer, the longest ago
        first. ``ways``: the group's; ``named``: the caller has recorded the look. Raises ``Locked``."""
        found = []
        for task in await assignments.changed_since(tx, self._desk.now - SHOWN_DAYS * DAY):
            if (kind := await self._due(tx, task, ways)) is not None:
                found.append(await self._line(tx, task, kind, named=named))
        for away in await away_tasks.recent(tx, self._desk.now - SHOWN_DAYS * DAY):
            if (kind := await self._due_away(tx, away, ways)) is not None:
                found.append(await self._line_away(tx, away, kind, named=named))
        known = set[tuple[PersonId, int]]()
        for task in await assignments.with_another_day(tx, self._desk.now - SHOWN_DAYS * DAY):
            other = await self._due_moved(tx, task, ways)
            if other is not None and (task.person_id, other.at) not in known:
                known.add((task.person_id, other.at))
                found.append(await self._line_moved(tx, other, named=named))
        for task in await assignments.raised_since(tx, RAISED, self._desk.now - SHOWN_DAYS * DAY):
            if (this := await self._due_held(tx, task, ways)) is not None:
                line = await self._line(tx, this.task, Kind.HELD, named=named)
                found.append(replace(line, want=Want.of(this.need), since=this.at))
            elif (at := await self._due_stands(tx, task, ways)) is not None:
                found.append(replace(await self._line(tx, task, Kind.CONFIRMED, named=named), since=at))
        for person, thing in await ending(tx, self._desk.now):
            if await self._due_stale(tx, person, thing, ways):
                found.append(await self._line_stale(tx, thing, named=named))
        return tuple(sorted(found, key=lambda line: (line.tried_at or 0, line.since, line.task_id)))

    async def reached(self, actor: Actor, task_id: AssignmentId, kind: Kind) -> None:
        """Somebody told her ``kind``: she leaves the list, and no message tells her that again. Raises ``Conflict``
        (``rung``: somebody else did before; ``moved_on``), ``NotFound``."""
        desk = self._desk
        async with desk.db.write() as tx:
            person = await self._whose(tx, actor, task_id, kind)
            for thing in await self._told_by_it(tx, task_id, kind):
                await notices.put_call(tx, self._call(person, kind, State.SENT), thing, desk.today)
            if kind is Kind.STALE:
                task = await assignments.get(tx, task_id)
                if task is not None:
                    await heard(tx, desk, actor, task)
            if kind is Kind.ASKED:
                await waves.told_by_itself(tx, task_id, desk.now)
            await desk.record(tx, actor, "notice.rung", person_object(person), task=task_id)

    async def no_answer(self, actor: Actor, task_id: AssignmentId, kind: Kind) -> None:
        """Somebody rang in vain: the list says when. Raises as ``reached``."""
        desk = self._desk
        async with desk.db.write() as tx:
            person = await self._whose(tx, actor, task_id, kind)
            call = self._call(person, kind, State.FAILED)
            await notices.put_call(tx, call, rung_thing(task_id, kind), desk.today)
            await desk.record(tx, actor, "notice.no_answer", person_object(person), task=task_id)

    async def _due(self, tx: Tx, task: Assignment, ways: frozenset[Way]) -> Kind | None:
        """What she has to be told by a person; None while a message did, or is about to."""
        knows = await notices.reached(tx, task.person_id, task_thing(task.id, Kind.CONFIRMED))
        knows = knows or await knows_by_herself(tx, task)
        kind = to_ring(task, self._desk.now, knows=knows)
        if kind is None or await notices.reached(tx, task.person_id, task_thing(task.id, kind)):
            return None
        if await untrue(tx, self._desk, task, kind):
            return None
        return kind if await self._unreached(tx, task.person_id, task.changed_at, ways) else None

    async def _due_away(self, tx: Tx, task: AwayTask, ways: frozenset[Way]) -> Kind | None:
        """The same of what she offered to another group."""
        person = task.person_id
        if person is None or task.changed_at <= self._desk.now - SHOWN_DAYS * DAY:
            return None
        knows = await notices.reached(tx, person, task_thing(task.id, Kind.CONFIRMED))
        knows = knows or await knows_away(tx, task)
        now, linked = self._desk.now, task.link_hash is not None
        kind = to_ring_away(task.state, task.answer, task.changed_at, now, linked=linked, knows=knows)
        if kind is None or await notices.reached(tx, person, task_thing(task.id, kind)):
            return None
        return kind if await self._unreached(tx, person, task.changed_at, ways) else None

    async def _due_moved(self, tx: Tx, task: Assignment, ways: frozenset[Way]) -> Moved | None:
        """That what is hers is on another day, and no message told her, or is about to."""
        found = await moved(tx, self._desk, task)
        if (
            found is None
            or found.at > self._desk.now - SETTLES
            or found.at <= self._desk.now - SHOWN_DAYS * DAY
        ):
            return None
        if await notices.reached(tx, task.person_id, moved_thing(task.id, found.at)):
            return None
        return found if await self._unreached(tx, task.person_id, found.at, ways) else None

    async def _due_held(self, tx: Tx, task: Assignment, ways: frozenset[Way]) -> Held | None:
        """That she is not to go as things are, and no message told her, or is about to."""
        found = await held(tx, self._desk, task)
        if found is None or found.at > self._desk.now - SETTLES:
            return None
        if await notices.reached(tx, task.person_id, held_thing(task.id, found.at)):
            return None
        return found if await self._unreached(tx, task.person_id, found.at, ways) else None

    async def _due_stands(self, tx: Tx, task: Assignment, ways: frozenset[Way]) -> int | None:
        """That she is to go after all, since (Unix seconds) she was told that she is not, and no message tells her."""
        at = await stands_again(tx, self._desk, task)
        if at is None:
            return None
        held, row = (
            await self._desk.need_person(tx, task.person_id),
            await notice_choices.get(tx, task.person_id),
        )
        return at if self._choosing.way(row, held, ways) is Way.PHONE else None

    async def _due_stale(self, tx: Tx, person: PersonId, thing: str, ways: frozenset[Way]) -> bool:
        """Whether no message asks her how what ends tomorrow stands: none can, or the one that was to did not go."""
        if await notices.told(tx, person, thing):
            return not await notices.reached(tx, person, thing)
        held, row = await self._desk.need_person(tx, person), await notice_choices.get(tx, person)
        return self._choosing.way(row, held, ways) is Way.PHONE

    async def _told_by_it(self, tx: Tx, task_id: AssignmentId, kind: Kind) -> tuple[str, ...]:
        """What she knows by a call about that: of another day, all of hers that was moved with it, as the stops of a
        round."""
        if kind is Kind.STALE:
            return (await self._ends(tx, task_id),)
        task = await assignments.get(tx, task_id)
        if kind not in (Kind.MOVED, Kind.HELD):
            again = await stands_again(tx, self._desk, task) if task and kind is Kind.CONFIRMED else None
            return (task_thing(task_id, kind) if again is None else stands_thing(task_id, again),)
        if kind is Kind.HELD:
            shut = await held(tx, self._desk, task) if task else None
            if shut is None:
                raise moved_on()
            return (held_thing(task_id, shut.at),)
        this = await moved(tx, self._desk, task) if task else None
        if this is None:
            raise moved_on()
        hers = [
            await moved(tx, self._desk, each) for each in await assignments.of_person(tx, this.task.person_id)
        ]
        return tuple(moved_thing(each.task.id, each.at) for each in hers if each and each.at == this.at)

    async def _unreached(self, tx: Tx, person: PersonId, changed_at: int, ways: frozenset[Way]) -> bool:
        """No message tells her any more, or none can."""
        if not is_fresh(changed_at, self._desk.now):
            return True
        held, row = await self._desk.need_person(tx, person), await notice_choices.get(tx, person)
        return self._choosing.way(row, held, ways) is Way.PHONE

    async def _line_away(self, tx: Tx, task: AwayTask, kind: Kind, *, named: bool) -> ToRing:
        person, seen = task.person_id or PersonId(""), task.seen
        held = await self._desk.need_person(tx, person)
        return ToRing(
            task_id=AssignmentId(task.id),
            page=f"/board/neighbours/{task.peer}/{task.public_id}",
            person_id=person,
            reference="",
            kind=kind,
            want=Want.seen(seen),
            since=task.changed_at,
            tried_at=await notices.tried_at(tx, person, rung_thing(task.id, kind)),
            called=_called(self._desk.open_person(held)) if named else None,
        )

    async def _line(self, tx: Tx, task: Assignment, kind: Kind, *, named: bool) -> ToRing:
        need = (await self._desk.need_row(tx, task.need_id)).need
        held = await self._desk.need_person(tx, task.person_id)
        return ToRing(
            task_id=task.id,
            page=f"/board/{task.need_id}",
            person_id=task.person_id,
            reference=need.reference,
            kind=kind,
            want=Want.of(need),
            since=task.changed_at,
            tried_at=await notices.tried_at(tx, task.person_id, rung_thing(task.id, kind)),
            called=_called(self._desk.open_person(held)) if named else None,
        )

    async def _line_moved(self, tx: Tx, other: Moved, *, named: bool) -> ToRing:
        line = await self._line(tx, other.task, Kind.MOVED, named=named)
        return replace(line, want=Want.of(other.need), since=other.at, changed=other.changed)

    async def _line_stale(self, tx: Tx, thing: str, *, named: bool) -> ToRing:
        task = await assignments.get(tx, task_of(thing) or "")
        assert task is not None
        line = await self._line(tx, task, Kind.STALE, named=named)
        need, _ = await on_its_round(tx, (await self._desk.need_row(tx, task.need_id)).need, task)
        return replace(line, want=Want.of(need), only_asked=task.state is AssignmentState.PROPOSED)

    async def _ends(self, tx: Tx, task_id: AssignmentId) -> str:
        """That nothing was heard of it, as a thing. Raises ``Conflict`` (``moved_on``)."""
        for _, thing in await ending(tx, self._desk.now):
            if task_of(thing) == task_id:
                return thing
        raise moved_on()

    async def _whose(self, tx: Tx, actor: Actor, task_id: AssignmentId, kind: Kind) -> PersonId:
        """Whose task it is, as long as it stands as was told."""
        require(actor, Permission.DISPATCH)
        task, away = await assignments.get(tx, task_id), await away_tasks.get(tx, task_id)
        person = task.person_id if task else away.person_id if away else None
        if person is None:
            raise NotFound("no_such_task", N_("There is no such task."))
        stands = TELLS.get(task.state) if task else None
        if away is not None:
            stands = tells_away(away.state, away.answer, knows=True)
        if kind is Kind.MOVED:
            other = await moved(tx, self._desk, task) if task else None
            stands = kind if other is not None else None
        if kind is Kind.STALE:
            await self._ends(tx, task_id)
            stands = kind
        if kind is Kind.HELD:
            shut = await held(tx, self._desk, task) if task else None
            stands = kind if shut is not None else None
            if shut is not None and await notices.reached(tx, person, held_thing(task_id, shut.at)):
                raise _rung()
        if kind is Kind.CONFIRMED and task and await stands_again(tx, self._desk, task) is not None:
            return person
        if stands is not kind:
            raise moved_on()
        if await notices.reached(tx, person, task_thing(task_id, kind)):
            raise _rung()
        return person

    def _call(self, person: PersonId, kind: Kind, state: State) -> Notice:
        now = self._desk.now
        return Notice(
            id=new_id(self._desk.random),
            person_id=person,
            kind=kind,
            way=Way.PHONE,
            state=state,
            due=now,
            ends=now,
            created_at=now,
            tries=1,
            last_try=now,
        )


def _rung() -> Conflict:
    return Conflict("rung", N_("They know it already: somebody else was quicker."))


def _called(details: PersonDetails) -> Called:
    return Called(
        name=details.name,
        phone=details.best_phone,
        phone_kind=details.best_phone_kind,
        safe=details.safe_to_ring.strip(),
        languages=details.languages,
    )
