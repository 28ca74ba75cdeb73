"""What was corrected of a need, by whom and when."""

import json
from collections.abc import Sequence

from node.domain.dispatch.follow_up import Correction
from node.domain.ids import NeedId
from node.store.db import Tx, kept


async def insert(tx: Tx, correction: Correction) -> None:
    """One correction; none is ever changed."""
    await tx.execute(
        "INSERT INTO corrections(id, need_id, at, by_staff, fields, sealed) VALUES(?, ?, ?, ?, ?, ?)",
        (
            correction.id,
            correction.need_id,
            correction.at,
            correction.by_staff,
            json.dumps(correction.fields),
            correction.sealed,
        ),
    )


@kept
async def of_need(tx: Tx, need_id: str) -> Sequence[Correction]:
    """All of one need's, newest first."""
    async with tx.execute(
        "SELECT id, need_id, at, by_staff, fields, sealed FROM corrections WHERE need_id = ? "
        "ORDER BY at DESC, rowid DESC",
        (need_id,),
    ) as cursor:
        return [
            Correction(
                id=row[0],
                need_id=NeedId(row[1]),
                at=row[2],
                by_staff=row[3],
                fields=tuple(json.loads(row[4])),
                sealed=row[5],
            )
            for row in await cursor.fetchall()
        ]


async def delete_of_need(tx: Tx, need_id: str) -> None:
    """All of a need's, for erasure."""
    await tx.execute("DELETE FROM corrections WHERE need_id = ?", (need_id,))
