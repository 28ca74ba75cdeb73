"""The best volunteers for a need, each with reasons; and why not the one in mind."""

import heapq

from node.domain.actors import Actor
from node.domain.assignment_lifecycle import LIVE
from node.domain.ids import NeedId, PersonId
from node.domain.matching import (
    DEMANDING_TAGS,
    Gate,
    Helper,
    Wanted,
    explain,
    gate,
    honest_km,
    must_not,
    reasons,
    score,
)
from node.domain.need import NeedState
from node.domain.permissions import Permission, require
from node.domain.person import PersonState
from node.domain.views import Candidate, Reason
from node.services.desk import Desk
from node.services.roster import Roster
from node.store import assignments, persons
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
        """The best ``limit`` that pass every gate, best first; none for a closed or referred need.

        Raises ``Locked``, ``NotFound``, ``NotAllowed``.
        """
        require(actor, Permission.READ_BOARD)
        await self._roster.ready()
        async with self._desk.db.read() as tx:
            row = await self._desk.need_row(tx, need_id)
            if row.need.state in (NeedState.CLOSED, NeedState.REFERRED):
                return ()
            wanted = await self.wanted(tx, row)
        return self.rank(wanted, limit)

    def rank(self, wanted: Wanted, limit: int) -> tuple[Candidate, ...]:
        """The ranking itself, without I/O. Call ``Roster.ready`` first."""
        now = self._desk.now
        if wanted.requester_barred:
            return ()
        fitting = (
            (score(helper, wanted, now), helper.person_id, helper)
            for helper in self._roster.in_reach(None if wanted.remote else wanted.point)
            if wanted.category in helper.abilities and gate(helper, wanted, now) is None
        )
        best = heapq.nsmallest(limit, fitting, key=lambda entry: (-entry[0], entry[1]))
        return tuple(self._candidate(helper, wanted, points, now) for points, _, helper in best)

    async def why_not(self, actor: Actor, need_id: NeedId, person_id: PersonId) -> Reason:
        """What stands against one volunteer for this need; ``fits`` if nothing does.

        Raises ``Locked``, ``NotFound``, ``NotAllowed``.
        """
        require(actor, Permission.READ_BOARD)
        await self._roster.ready()
        helper = self._roster.get(person_id)
        if helper is None:
            return Reason(code=str(Gate.NOT_VOLUNTEER), args={})
        async with self._desk.db.read() as tx:
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

    async def wanted(self, tx: Tx, row: NeedRow, *, ignore_asked: bool = False) -> Wanted:
        """What this need asks of its helper. Raises ``Locked``."""
        desk, need = self._desk, row.need
        details = desk.open_need(row)
        requester = await persons.get(tx, need.person_id) if need.person_id else None
        spoken = desk.open_person(requester).languages if requester else ()
        live = [a.person_id for a in await assignments.of_need(tx, need.id) if a.state in LIVE]
        today = desk.today
        return Wanted(
            category=details.category,
            check=desk.catalogue.category(details.category).check,
            needs=(frozenset(details.tags) & DEMANDING_TAGS) | frozenset(details.requires),
            languages=frozenset(details.languages),
            soft_languages=frozenset(spoken),
            point=details.point,
            remote=need.remote,
            day=max(today, need.window.first) if need.window else today,
            requester=need.person_id,
            not_with=self._roster.apart_from(need.person_id),
            requester_barred=requester is not None and requester.person.state is PersonState.BARRED,
            asked=frozenset() if ignore_asked else frozenset(live),
            helped_before=await assignments.helpers_of_person(tx, need.person_id) if need.person_id else {},
        )

    def _candidate(self, helper: Helper, wanted: Wanted, points: float, now: int) -> Candidate:
        km = None if wanted.remote else honest_km(helper, wanted)
        return Candidate(
            person_id=helper.person_id,
            name=helper.name,
            score=round(points, 1),
            reasons=reasons(helper, wanted, now),
            distance_km=None if km is None else round(km, 1),
        )
