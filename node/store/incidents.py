"""Incidents: an id and a state, and sealed parts. Nothing here tells whom they are about or who may read them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from node.store.db import Tx


@dataclass(frozen=True, slots=True)
class Ended:
    """A copy of hers that is gone. ``by``: the staff id of who took it in; ``at``: Unix seconds."""

    incident_id: str
    by: str
    at: int


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


async def delete(tx: Tx, incident_id: str) -> bool:
    """With all its parts and readers; whether there was one."""
    cursor = await tx.execute("DELETE FROM incidents WHERE id = ?", (incident_id,))
    return cursor.rowcount > 0


async def last_word(tx: Tx, incident_id: str) -> int:
    """When something was last written about it, whoever can read that (Unix seconds); 0 if the audit does not say."""
    written = "object = ? AND action IN ('incident.told', 'incident.noted')"
    [row] = await tx.execute_fetchall(
        f"SELECT max(coalesce((SELECT max(at) FROM audit WHERE {written}), 0), "
        f"coalesce((SELECT max(at) FROM past_audit WHERE {written}), 0))",
        (f"incident:{incident_id}",) * 2,
    )
    return int(row[0])


async def all_of_them(tx: Tx) -> Sequence[tuple[str, str]]:
    """(id, state) of every one."""
    rows = await tx.execute_fetchall("SELECT id, state FROM incidents ORDER BY rowid")
    return [(row["id"], row["state"]) for row in rows]


async def unsettled(tx: Tx) -> Sequence[tuple[str, bool]]:
    """(id, whether anybody has opened it) of every one that is still looked into."""
    rows = await tx.execute_fetchall(
        "SELECT i.id, EXISTS(SELECT 1 FROM audit a WHERE a.object = 'incident:' || i.id "
        "AND a.action = 'look.incident') OR EXISTS(SELECT 1 FROM past_audit b WHERE b.object = 'incident:' || i.id "
        "AND b.action = 'look.incident') AS seen FROM incidents i WHERE i.state = 'open' ORDER BY i.rowid"
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


async def remove_parts(tx: Tx, row_ids: Collection[str]) -> None:
    """Boxes that others have taken the place of."""
    await tx.executemany("DELETE FROM incident_parts WHERE id = ?", [(row_id,) for row_id in row_ids])


async def notes_written(tx: Tx, incident_id: str) -> int:
    """How many notes were ever added, as the record of what everybody did has them: also those that some reader lacks,
    because she was stopped on that day. Two of one account in one second count once."""
    [row] = await tx.execute_fetchall(
        "SELECT count(*) FROM (SELECT at, actor FROM audit WHERE object = :object AND action = 'incident.noted' "
        "UNION SELECT at, actor FROM past_audit WHERE object = :object AND action = 'incident.noted')",
        {"object": f"incident:{incident_id}"},
    )
    return int(row[0])


async def end_copies(tx: Tx, incident_id: str, staff_ids: Iterable[str], *, by: str, at: int) -> None:
    """These could read it and can no more; kept until they have read that."""
    await tx.executemany(
        "INSERT OR REPLACE INTO incident_ended(incident_id, staff_id, ended_by, ended_at) VALUES(?, ?, ?, ?)",
        [(incident_id, each, by, at) for each in staff_ids],
    )


async def ended_of(tx: Tx, staff_id: str) -> Sequence[Ended]:
    """Copies of hers that are gone, the latest first."""
    rows = await tx.execute_fetchall(
        "SELECT incident_id, ended_by, ended_at FROM incident_ended WHERE staff_id = ? ORDER BY ended_at DESC, rowid",
        (staff_id,),
    )
    return [Ended(row["incident_id"], row["ended_by"], row["ended_at"]) for row in rows]


async def read_of_ended(tx: Tx, staff_id: str) -> None:
    """She knows."""
    await tx.execute("DELETE FROM incident_ended WHERE staff_id = ?", (staff_id,))


async def put_readers(tx: Tx, incident_id: str, staff_ids: Iterable[str]) -> None:
    """Who looked after safety when it was told, where there were no closed records; whomever it is about."""
    await tx.executemany(
        "INSERT OR IGNORE INTO incident_readers(incident_id, staff_id) VALUES(?, ?)",
        [(incident_id, each) for each in staff_ids],
    )


async def add_readers(tx: Tx, incident_id: str, staff_ids: Iterable[str]) -> None:
    """These can open it as well; noted only of one that was told before there were closed records."""
    rows = await tx.execute_fetchall("SELECT 1 FROM incident_readers WHERE incident_id = ?", (incident_id,))
    if list(rows):
        await put_readers(tx, incident_id, staff_ids)


async def brought_by(tx: Tx, staff_id: str) -> None:
    """Whoever brought all of them in reads them, where there are no closed records."""
    await tx.execute("INSERT OR IGNORE INTO incident_readers SELECT id, ? FROM incidents", (staff_id,))


async def drop_readers(tx: Tx, *, incident_id: str | None = None, staff_id: str | None = None) -> None:
    """Of one that is in the closed records now, or of somebody who has another key."""
    await tx.execute(
        "DELETE FROM incident_readers WHERE incident_id = ? OR staff_id = ?", (incident_id, staff_id)
    )


async def only_for(tx: Tx, staff_id: str) -> int:
    """How many nobody else who works here looked after when they were told."""
    [row] = await tx.execute_fetchall(
        "SELECT count(*) FROM incident_readers r WHERE r.staff_id = :staff AND NOT EXISTS("
        "SELECT 1 FROM incident_readers o JOIN staff s ON s.id = o.staff_id AND s.state = 'active' "
        "WHERE o.incident_id = r.incident_id AND o.staff_id <> :staff)",
        {"staff": staff_id},
    )
    return int(row[0])
