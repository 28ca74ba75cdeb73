"""Incidents: an id and a state, and sealed parts. Nothing here tells whom they are about or who may read them."""

from collections.abc import Sequence

from node.store.db import Tx


async def insert(tx: Tx, incident_id: str) -> None:
    """A new one."""
    await tx.execute("INSERT INTO incidents(id, state) VALUES(?, 'open')", (incident_id,))


async def add_part(tx: Tx, row_id: str, incident_id: str, sealed: bytes) -> None:
    """One sealed part."""
    await tx.execute(
        "INSERT INTO incident_parts(id, incident_id, sealed) VALUES(?, ?, ?)", (row_id, incident_id, sealed)
    )


async def set_state(tx: Tx, incident_id: str, state: str) -> None:
    """``open`` or ``closed``."""
    await tx.execute("UPDATE incidents SET state = ? WHERE id = ?", (state, incident_id))


async def all_of_them(tx: Tx) -> Sequence[tuple[str, str]]:
    """(id, state) of every one."""
    rows = await tx.execute_fetchall("SELECT id, state FROM incidents ORDER BY rowid")
    return [(row["id"], row["state"]) for row in rows]


async def unsettled(tx: Tx) -> Sequence[tuple[str, bool]]:
    """(id, whether anybody has opened it) of every one that is still looked into."""
    rows = await tx.execute_fetchall(
        "SELECT i.id, EXISTS(SELECT 1 FROM audit a WHERE a.object = 'incident:' || i.id "
        "AND a.action = 'look.incident') AS seen FROM incidents i WHERE i.state = 'open' ORDER BY i.rowid"
    )
    return [(row["id"], bool(row["seen"])) for row in rows]


async def newest(tx: Tx) -> int:
    """Grows with every part that is added, also with one sealed anew for another reader."""
    [row] = await tx.execute_fetchall("SELECT coalesce(max(rowid), 0) FROM incident_parts")
    return int(row[0])


async def parts(tx: Tx, incident_id: str) -> Sequence[tuple[str, bytes]]:
    """(row id, sealed part) of one, as they came."""
    rows = await tx.execute_fetchall(
        "SELECT id, sealed FROM incident_parts WHERE incident_id = ? ORDER BY rowid", (incident_id,)
    )
    return [(row["id"], row["sealed"]) for row in rows]
