"""Whom somebody must not be brought together with: a pair holds for whoever lives with either."""

from node.domain.ids import PersonId
from node.services.matching.roster import Roster
from node.store import households
from node.store.db import Tx


async def kept_from(tx: Tx, roster: Roster, person_id: PersonId | None) -> frozenset[PersonId]:
    """Whom nobody who lives there must meet, and whoever lives with those; never herself. For gates only.

    Call ``Roster.ready`` first. Without a single pair nothing is read from disk.
    """
    if person_id is None or not roster.keeps_apart:
        return frozenset()
    kept: set[PersonId] = set()
    for each in await circle(tx, person_id):
        for other in roster.apart_from(each):
            kept |= await circle(tx, other)
    return frozenset(kept - {person_id})


async def circle(tx: Tx, person_id: PersonId) -> frozenset[PersonId]:
    """Herself and whoever lives with her."""
    return frozenset((person_id, *await households.living_with(tx, person_id)))
