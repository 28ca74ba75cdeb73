"""The best volunteers for a need, each with reasons; and why not the one in mind."""

import heapq
from dataclasses import replace

from node.domain.actors import Actor
from node.domain.assignment_lifecycle import COMING, LIVE
from node.domain.board.views import Candidate, Reason
from node.domain.catalogue import Going
from node.domain.dispatch.correction import GATED
from node.domain.hours import days_wanted, slots_wanted
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.matching.matching import (
    DEMANDING_TAGS,
    Gate,
    Helper,
    Wanted,
    alone_and_new,
    cannot,
    explain,
    gate,
    honest_km,
    must_not,
)
from node.domain.matching.scoring import parts, reasons, score
from node.domain.need import Need, NeedState
from node.domain.permissions import Permission, require
from node.services.desk import Desk
from node.services.matching.apart import kept_from
from node.services.matching.beside import Beside, read_beside
from node.services.matching.roster import Roster
from node.store import assignments, buddies, corrections
from node.store.db import Tx
from node.store.needs import NeedRow

DEFAULT_LIMIT = 5


class Matching:
    """Ranks from memory; only the need itself is read from disk."""

    def __init__(self, desk: Desk, roster: Roster) -> None:
        self._desk = desk
        self._roster = roster

    async def candidates(
        self, actor: Actor, need_id: NeedId, limit: int = DEFAULT_LIMIT
    ) -> tuple[Candidate, ...]:
        """The best ``limit`` that pass every gate, best first; none for a closed or referred need, or a practice call.

        Raises ``Locked``, ``NotFound``, ``NotAllowed``.
        """
        require(actor, Permission.READ_BOARD)
        await self._roster.ready()
        async with self._desk.db.read() as tx:
            row = await self._desk.need_row(tx, need_id)
            if row.need.practice or row.need.state in (NeedState.CLOSED, NeedState.REFERRED):
                return ()
            wanted = await self.wanted(tx, row)
        return self.rank(wanted, limit)

    def rank(self, wanted: Wanted, limit: int) -> tuple[Candidate, ...]:
        """The ranking itself, without I/O. Call ``Roster.ready`` first."""
        return tuple(self.candidate(helper, wanted) for _, helper in self.fitting(wanted, limit))

    def fitting(self, wanted: Wanted, limit: int) -> list[tuple[float, Helper]]:
        """Whoever passes every gate with her points: standing pairs, then the best first; of equal ones the lower id.
        Call ``Roster.ready`` first."""
        now = self._desk.now
        if wanted.requester_barred:
            return []
        fitting = (
            (score(helper, wanted, now), helper.person_id, helper)
            for helper in self._roster.in_reach(None if wanted.remote else wanted.point)
            if wanted.category in helper.abilities and gate(helper, wanted, now) is None
        )
        best = heapq.nsmallest(
            limit, fitting, key=lambda entry: (entry[1] not in wanted.buddies, -entry[0], entry[1])
        )
        return [(points, helper) for points, _, helper in best]

    async def why_not(self, actor: Actor, need_id: NeedId, person_id: PersonId) -> Reason:
        """What stands against one volunteer for this need; ``fits`` if nothing does.

        Raises ``Locked``, ``NotFound``, ``NotAllowed``.
        """
        require(actor, Permission.READ_BOARD)
        await self._roster.ready()
        async with self._desk.db.read() as tx:
            helper = self._roster.get(await self._desk.whole(tx, person_id))
            if helper is None:
                return Reason(code=str(Gate.NOT_VOLUNTEER), args={})
            row = await self._desk.need_row(tx, need_id)
            if row.need.state in (NeedState.CLOSED, NeedState.REFERRED):
                return Reason(code="closed", args={})
            wanted = await self.wanted(tx, row)
        now = self._desk.now
        return explain(gate(helper, wanted, now), helper, wanted, now)

    async def must_not(self, tx: Tx, row: NeedRow, person_id: PersonId, *, asking: bool) -> Gate | None:
        """The gate that nobody may overrule. ``asking`` is False when she is on the need already.

        Call ``Roster.ready`` before the transaction.
        """
        helper = self._roster.get(person_id)
        if helper is None:
            return Gate.NOT_VOLUNTEER
        return must_not(helper, await self.wanted(tx, row, ignore_asked=not asking))

    async def misfits(self, actor: Actor, need_id: NeedId) -> dict[AssignmentId, Reason]:
        """Confirmed tasks that nobody could confirm now - what the kind of help asks was raised since, a check has run
        out, or it was put right since and takes more than she can manage - each with the reason. Nothing is
        taken back by itself. Raises ``Locked``, ``NotFound``."""
        require(actor, Permission.READ_BOARD)
        await self._roster.ready()
        async with self._desk.db.read() as tx:
            coming = [task for task in await assignments.of_need(tx, need_id) if task.state in COMING]
            ours = [
                (task, helper) for task in coming if (helper := self._roster.get(task.person_id)) is not None
            ]
            if not ours:
                return {}
            wanted = await self.wanted(tx, await self._desk.need_row(tx, need_id), ignore_asked=True)
            put_right = max(
                (each.at for each in await corrections.of_need(tx, need_id) if GATED & set(each.fields)),
                default=0,
            )
        found = {}
        for task, helper in ours:
            shut = must_not(helper, wanted)
            if shut not in (Gate.LACKS_CHECK, Gate.CHECK_OUT_OF_DATE):
                shut = cannot(helper, wanted) if put_right >= task.created_at else None
            if shut is not None:
                found[task.id] = explain(shut, helper, wanted, self._desk.now)
        return found

    async def new_and_alone(self, actor: Actor, need_id: NeedId) -> tuple[str, ...]:
        """The names of those who are confirmed, whom nobody of us has met, and who would go alone: whoever was to
        go with them gave it back. Raises ``Locked``, ``NotFound``.
        """
        require(actor, Permission.READ_BOARD)
        await self._roster.ready()
        async with self._desk.db.read() as tx:
            coming = [a.person_id for a in await assignments.of_need(tx, need_id) if a.state in COMING]
            helpers = [helper for helper in map(self._roster.get, coming) if helper is not None]
            if not any(helper.new_here for helper in helpers):
                return ()
            wanted = await self.wanted(tx, await self._desk.need_row(tx, need_id))
        return tuple(sorted(helper.name for helper in helpers if alone_and_new(helper, wanted)))

    async def wanted(self, tx: Tx, row: NeedRow, *, ignore_asked: bool = False) -> Wanted:
        """What this need asks of its helper. Raises ``Locked``."""
        need, beside = row.need, await read_beside(tx, self._desk, self._roster, [row])
        requester = beside.requesters.get(need.person_id) if need.person_id else None
        return replace(
            self.gated(row, beside, ignore_asked=ignore_asked),
            soft_languages=frozenset(self._desk.open_person(requester).languages if requester else ()),
            helped_before=await assignments.helpers_of_person(tx, need.person_id) if need.person_id else {},
            buddies=await self._first(tx, need, beside),
        )

    async def _first(self, tx: Tx, need: Need, beside: Beside) -> frozenset[PersonId]:
        """Her standing pairs, but for whoever was on this already and is no more: asked once they are like others."""
        if need.person_id is None:
            return frozenset()
        on_it = beside.on_it(need.id)
        over = (a.person_id for a in on_it if a.round == need.round and a.state not in LIVE)
        return (await buddies.helpers_of(tx, need.person_id)).difference(over)

    def gated(self, row: NeedRow, beside: Beside, *, ignore_asked: bool = False) -> Wanted:
        """As far as gates ask: not for ranking, which asks what she speaks, and who helped her before. Raises
        ``Locked``."""
        desk, need, on_it = self._desk, row.need, beside.on_it(row.need.id)
        details = desk.open_need(row)
        kind, unmet_may = beside.kinds.category(details.category), beside.unmet_may
        days = days_wanted(need.due_day, need.window, desk.today)
        return Wanted(
            category=details.category,
            check=kind.check,
            needs=(frozenset(details.tags) & DEMANDING_TAGS) | frozenset(details.requires),
            languages=frozenset(details.languages),
            soft_languages=frozenset(),
            point=details.point,
            remote=need.remote,
            day=days[0],
            days=days,
            part=need.part_of_day,
            slots=slots_wanted(days, need.part_of_day),
            contactless=unmet_may and (need.remote or kind.outside(details.tags)),
            paired=unmet_may and any(a.state in COMING and self._known_well(a.person_id) for a in on_it),
            requester=need.person_id,
            not_with=beside.not_with(row),
            unseen=beside.unseen,
            requester_barred=beside.barred(row),
            going=Going.ALONE if need.remote else kind.going,
            asked=frozenset() if ignore_asked else frozenset(a.person_id for a in on_it if a.state in LIVE),
            helped_before={},
            usual=self._roster.usual,
        )

    async def not_with(self, tx: Tx, requester: PersonId | None) -> frozenset[PersonId]:
        """Whom nobody who lives there must meet, nor whoever lives with those."""
        return await kept_from(tx, self._roster, requester)

    def _known_well(self, person_id: PersonId) -> bool:
        helper = self._roster.get(person_id)
        return helper is not None and not helper.new_here

    def candidate(self, helper: Helper, wanted: Wanted) -> Candidate:
        """How the page shows somebody who fits."""
        now = self._desk.now
        km = None if wanted.remote else honest_km(helper, wanted)
        return Candidate(
            person_id=helper.person_id,
            name=helper.name,
            score=round(score(helper, wanted, now), 1),
            parts=parts(helper, wanted, now),
            reasons=reasons(helper, wanted, now),
            distance_km=None if km is None else round(km, 1),
        )
