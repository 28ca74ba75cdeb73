"""Whom somebody must not be brought together with: a pair holds for whoever lives with either."""

from collections.abc import Collection, Iterable, Mapping

from node.domain.ids import PersonId
from node.services.matching.roster import Roster
from node.store import households
from node.store.db import Tx


async def kept_from(tx: Tx, roster: Roster, person_id: PersonId | None) -> frozenset[PersonId]:
    """Whom nobody who lives there must meet, and whoever lives with those; never herself. For gates only.

    Call ``Roster.ready`` first. Without a single pair nothing is read from disk.
    """
    if person_id is None:
        return frozenset()
    return (await kept_from_each(tx, roster, [person_id])).get(person_id, frozenset())


async def kept_from_each(
    tx: Tx, roster: Roster, people: Collection[PersonId]
) -> Mapping[PersonId, frozenset[PersonId]]:
    """The same of each of them, in two statements; who has nobody to be kept from is not among the keys."""
    if not people or not roster.keeps_apart:
        return {}
    homes = await _circles(tx, people)
    others = {each: _others(roster, home) for each, home in homes.items()}
    theirs = await _circles(tx, frozenset().union(*others.values()))
    kept = {
        each: frozenset().union(*(theirs[other] for other in met)) - {each}
        for each, met in others.items()
        if met
    }
    return {each: who for each, who in kept.items() if who}


def _others(roster: Roster, home: Iterable[PersonId]) -> frozenset[PersonId]:
    return frozenset().union(*(roster.apart_from(each) for each in home))


async def _circles(tx: Tx, people: Collection[PersonId]) -> Mapping[PersonId, frozenset[PersonId]]:
    """``circle`` of each."""
    if not people:
        return {}
    found = {each: {each} for each in people}
    for each, other in await households.living_with_these(tx, people):
        found[each].add(other)
    return {each: frozenset(home) for each, home in found.items()}


async def circle(tx: Tx, person_id: PersonId) -> frozenset[PersonId]:
    """Herself and whoever lives with her."""
    return frozenset((person_id, *await households.living_with(tx, person_id)))
