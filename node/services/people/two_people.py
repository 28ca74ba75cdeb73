"""Somebody says that two records are two people: they only share a number or a door, and are not offered again."""

from node.domain.actors import Actor
from node.domain.ids import MergeId, PersonId, new_id
from node.services.desk import Desk, person_object
from node.store import merges
from node.store.db import Tx
from node.store.merges import MergeRow


async def two_people(tx: Tx, desk: Desk, actor: Actor, one: PersonId, other: PersonId) -> None:
    """Notes it, with its record, inside a write. Both are whole records."""
    row = MergeRow(
        id=MergeId(new_id(desk.random)),
        kept_id=one,
        gone_id=other,
        state="two_people",
        sealed=None,
        by_staff=actor.id,
        at=desk.now,
    )
    await merges.insert(tx, row)
    await desk.record(tx, actor, "person.two_people", person_object(one), other=other)
