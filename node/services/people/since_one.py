"""What was decided about being kept while two records were one: it holds for both when they are parted, because nobody
knows which was meant."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from node.domain.actors import Actor
from node.domain.consents import Purpose
from node.domain.ids import HoldId, new_id
from node.services.desk import Desk, person_object
from node.store import consents, holds
from node.store.db import Tx
from node.store.merges import MergeRow


async def both_keep(tx: Tx, desk: Desk, actor: Actor, row: MergeRow, record: Mapping[str, Any]) -> None:
    """Inside the write that parts them, once each has their own rows again: a hold since is the other's too, and so is
    a no to being kept, where it is the last word. ``record``: what was sealed when they were made one. Raises
    ``Locked``."""
    known = record.get("known_holds")
    for held in await holds.of_person(tx, row.kept_id):
        # A record sealed by an earlier version says nothing of holds: then by the time.
        if held.id in known if known is not None else held.at < row.at:
            continue
        hold_id = HoldId(new_id(desk.random))
        sealed = desk.seal_note("holds", hold_id, desk.open_note("holds", held.id, held.sealed))
        await holds.insert(tx, replace(held, id=hold_id, person_id=row.gone_id, sealed=sealed or b""))
        until = held.review_day.isoformat()
        await desk.record(tx, actor, "person.held", person_object(row.gone_id), until=until)
    said = await consents.last_since(
        tx, row.kept_id, Purpose.KEEP_DETAILS, record.get("last_consent", 0), row.at
    )
    if said is not None and not said.answer and ("last_consent" in record or said.at >= row.at):
        await consents.add(tx, said, person_id=row.gone_id, need_id=None)
