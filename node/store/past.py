"""What came from the node before this one: who worked there, what was recorded, how its sheets were hashed."""

import json
from collections.abc import Mapping, Sequence

from node.store.audit import Entry
from node.store.db import Tx, kept


@kept
async def handles(tx: Tx) -> Mapping[str, str]:
    """Staff ids of those nodes to the sign-in names there."""
    rows = await tx.execute_fetchall("SELECT id, handle FROM past_staff")
    return {row["id"]: row["handle"] for row in rows}


async def of_object(tx: Tx, object: str) -> Sequence[Entry]:
    """Everything recorded there about one object, oldest first."""
    rows = await tx.execute_fetchall(
        "SELECT seq, at, actor, action, object, codes, note_sealed, note_hash, hash FROM past_audit"
        " WHERE object = ? ORDER BY at, origin, seq",
        (object,),
    )
    return [
        Entry(
            seq=row["seq"],
            at=row["at"],
            actor=row["actor"],
            action=row["action"],
            object=row["object"],
            codes=json.loads(row["codes"]),
            note_sealed=row["note_sealed"],
            had_note=row["note_hash"] is not None,
            hash=row["hash"],
        )
        for row in rows
    ]


async def erase_notes(tx: Tx, object: str) -> None:
    """Removes the sealed notes about one object."""
    await tx.execute(
        "UPDATE past_audit SET note_sealed = NULL WHERE object = ? AND note_sealed IS NOT NULL", (object,)
    )


async def row_keys(tx: Tx) -> Mapping[str, bytes]:
    """The sealed keys by which those nodes hashed the rows of sheets, by their ids."""
    rows = await tx.execute_fetchall("SELECT id, sealed FROM past_row_keys ORDER BY id")
    return {row["id"]: row["sealed"] for row in rows}
