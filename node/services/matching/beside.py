"""What gates read of the database beside the rows of requests: for one or for hundreds, in as many statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from node.domain.assignment import Assignment
from node.domain.assignment_lifecycle import COMING
from node.domain.catalogue import Catalogue
from node.domain.ids import NeedId, PersonId
from node.domain.person import PersonState
from node.services.desk import Desk
from node.services.matching.apart import kept_from_each
from node.services.matching.demands import asking
from node.services.matching.roster import Roster
from node.store import assignments, merges, persons, settings
from node.store.db import Tx
from node.store.needs import NeedRow
from node.store.persons import PersonRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """As it stood when it was read."""

    kinds: Catalogue
    """With all that this group asks."""
    unmet_may: bool
    """Whether the group lets newcomers go in pairs, or alone where nobody meets."""
    requesters: Mapping[PersonId, PersonRow]
    tasks: Mapping[NeedId, Sequence[Assignment]]
    """Of each request, every round and state."""
    kept: Mapping[PersonId, frozenset[PersonId]]
    """Whom each requester, and each who is confirmed, must not meet (``apart.kept_from``)."""
    unseen: frozenset[PersonId]
    """Who signed up and may be somebody we know (``merges.unseen``)."""

    def on_it(self, need_id: NeedId) -> Sequence[Assignment]:
        """All tasks of one request."""
        return self.tasks.get(need_id, ())

    def not_with(self, row: NeedRow) -> frozenset[PersonId]:
        """Whom the requester, and those who are confirmed on it, must not meet."""
        coming = (each.person_id for each in self.on_it(row.need.id) if each.state in COMING)
        people = (row.need.person_id, *coming)
        return frozenset().union(*(self.kept.get(each, ()) for each in people if each is not None))

    def barred(self, row: NeedRow) -> bool:
        """Whether whoever asks is kept away."""
        held = self.requesters.get(row.need.person_id) if row.need.person_id else None
        return held is not None and held.person.state is PersonState.BARRED


async def read_beside(tx: Tx, desk: Desk, roster: Roster, rows: Iterable[NeedRow]) -> Beside:
    """What stands beside these rows. Call ``Roster.ready`` first."""
    rows = list(rows)
    asking_people = {row.need.person_id for row in rows if row.need.person_id is not None}
    tasks: dict[NeedId, list[Assignment]] = {}
    for task in await assignments.of_needs(tx, [row.need.id for row in rows]):
        tasks.setdefault(task.need_id, []).append(task)
    coming = {each.person_id for held in tasks.values() for each in held if each.state in COMING}
    return Beside(
        kinds=await asking(tx, desk),
        unmet_may=await settings.get(tx, settings.NEWCOMERS) == "pairs",
        requesters={held.person.id: held for held in await persons.of_these(tx, sorted(asking_people))},
        tasks=tasks,
        kept=await kept_from_each(tx, roster, asking_people | coming),
        unseen=await merges.unseen(tx),
    )
