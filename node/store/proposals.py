"""What waits for a second person's yes before everybody can read it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from sqlite3 import Row
from typing import Any, Literal

from node.store.db import Tx, kept

Kind = Literal[
    "share",
    "text",
    "name",
    "kit",
    "rule",
    "card",
    "question",
    "place",
    "places",
    "poll",
    "poll_words",
    "residents",
    "offers",
]
State = Literal["waiting", "alone", "yes", "no", "replaced"]
"""``alone``: done, since there was nobody else to ask; somebody else still looks at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRow:
    """One thing. ``subject``: a kind's code in summaries, a text's or kind's key and language, a poll's id
    and language (``poll_words``), a rule's key, a
    question's or a place's id, the codes of what would be offered joined by ``+``, else empty; ``value``: JSON.
    ``by_staff``: None for the command line. ``at``: Unix seconds."""

    id: str
    kind: Kind
    subject: str
    value: Any
    by_staff: str | None
    at: int
    alone: bool = False
    """Done already (state ``alone``)."""


async def put(tx: Tx, row: ProposalRow) -> None:
    """A new one, in place of whatever waited (or was done alone) for the same subject."""
    await tx.execute(
        "UPDATE proposals SET state = 'replaced' WHERE kind = ? AND subject = ? AND state IN ('waiting', 'alone')",
        (row.kind, row.subject),
    )
    await tx.execute(
        "INSERT INTO proposals(id, kind, subject, value, by_staff, at, state) VALUES(?, ?, ?, ?, ?, ?, ?)",
        (
            row.id,
            row.kind,
            row.subject,
            json.dumps(row.value),
            row.by_staff,
            row.at,
            "alone" if row.alone else "waiting",
        ),
    )


async def replace(tx: Tx, proposal_id: str) -> None:
    """It waits no more: something else was decided since."""
    await tx.execute(
        "UPDATE proposals SET state = 'replaced' WHERE id = ? AND state IN ('waiting', 'alone')",
        (proposal_id,),
    )


async def amend(tx: Tx, proposal_id: str, value: Any) -> None:
    """Less of it waits (or was done alone) than before."""
    await tx.execute(
        "UPDATE proposals SET value = ? WHERE id = ? AND state IN ('waiting', 'alone')",
        (json.dumps(value), proposal_id),
    )


@kept
async def waiting(tx: Tx) -> Sequence[ProposalRow]:
    """What nobody has decided, the oldest first; what was done alone stands among it."""
    async with tx.execute(
        "SELECT * FROM proposals WHERE state IN ('waiting', 'alone') ORDER BY at, id"
    ) as cursor:
        return [_row(row) for row in await cursor.fetchall()]


async def decide(tx: Tx, proposal_id: str, state: State, by_staff: str, at: int) -> ProposalRow | None:
    """Decides one that waits, and gives it back; None if there is none (any more)."""
    async with tx.execute(
        "SELECT * FROM proposals WHERE id = ? AND state IN ('waiting', 'alone')", (proposal_id,)
    ) as cursor:
        row = await cursor.fetchone()
    if row is None:
        return None
    await tx.execute(
        "UPDATE proposals SET state = ?, decided_by = ?, decided_at = ? WHERE id = ?",
        (state, by_staff, at, proposal_id),
    )
    return _row(row)


def _row(row: Row) -> ProposalRow:
    return ProposalRow(
        id=row["id"],
        kind=row["kind"],
        subject=row["subject"],
        value=json.loads(row["value"]),
        by_staff=row["by_staff"],
        at=row["at"],
        alone=row["state"] == "alone",
    )
