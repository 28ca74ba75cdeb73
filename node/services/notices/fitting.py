"""Which request fits whom, as matching says it: the same gates for what is found and for what is sent."""

from collections.abc import Iterable

from node.domain.ids import NeedId, PersonId
from node.domain.matching.matching import Helper, Wanted, gate
from node.domain.need import PRIVATE_CATEGORY, Need, NeedState
from node.domain.volunteer import paused_on
from node.services.desk import Desk
from node.services.matching.matching import Matching
from node.services.matching.roster import Roster
from node.store import assignments, needs
from node.store.db import Tx
from node.store.needs import NeedRow

OPEN = (NeedState.OPEN, NeedState.OFFERED)
"""A request that waits for somebody. One that nobody has sorted yet is told to nobody."""


class Fitting:
    """Looks while one read lasts: every request is opened once. Call ``Roster.ready`` before.

    Whoever was ever on a request - said no, gave it back, was thanked - is not told of it again.
    """

    def __init__(self, desk: Desk, roster: Roster, matching: Matching, tx: Tx) -> None:
        self._desk, self._roster, self._matching, self._tx = desk, roster, matching, tx
        self._known: dict[NeedId, tuple[NeedRow, Wanted, frozenset[PersonId]] | None] = {}

    async def open_needs(self) -> list[NeedRow]:
        """Everything that anybody could be told of, the oldest first."""
        return [row for row in await needs.in_states(self._tx, OPEN) if _is_told(row.need)]

    async def best(self, row: NeedRow, most: int, but: Iterable[PersonId] = ()) -> list[tuple[float, Helper]]:
        """With points, best first; not those of ``but``."""
        known = await self._look(row.need.id, row)
        if known is None:
            return []
        _, wanted, before = known
        leave = before.union(but, self._on_a_break())
        found = self._matching.fitting(wanted, most + len(leave))
        return [each for each in found if each[1].person_id not in leave][:most]

    async def still(self, need_id: NeedId, round: int, person_id: PersonId) -> NeedRow | None:
        """The request, if it still waits in that round and fits her; None if she is not to be told."""
        known, helper = await self._look(need_id), self._roster.get(person_id)
        if known is None or helper is None:
            return None
        row, wanted, before = known
        if row.need.round != round or person_id in before or wanted.requester_barred:
            return None
        if paused_on(helper.volunteer, self._desk.today):
            return None
        fits = wanted.category in helper.abilities and gate(helper, wanted, self._desk.now) is None
        return row if fits else None

    def _on_a_break(self) -> list[PersonId]:
        """Whoever is on a break is told nothing, whenever it is for."""
        today = self._desk.today
        return [each.person_id for each in self._roster.all_of_them() if paused_on(each.volunteer, today)]

    async def _look(
        self, need_id: NeedId, row: NeedRow | None = None
    ) -> tuple[NeedRow, Wanted, frozenset[PersonId]] | None:
        if need_id not in self._known:
            row = row or await needs.get(self._tx, need_id)
            self._known[need_id] = None
            if row is not None and row.need.state in OPEN and not row.need.practice and _is_told(row.need):
                on_it = await assignments.of_need(self._tx, need_id)
                before = frozenset(each.person_id for each in on_it)
                self._known[need_id] = row, await self._matching.wanted(self._tx, row), before
        return self._known[need_id]


def _is_told(need: Need) -> bool:
    """Not what has to be checked first, nor the most sensitive kinds: no page shows those to volunteers."""
    return not need.to_check and need.category != PRIVATE_CATEGORY
