"""Where we stand with each peer, and what was refused: cursors, peer states, quarantine, proofs."""

from federation.store.database import Tx
from federation.store.rows import PeerTalk, Proof, Quarantined

_TALK = (
    "peer, last_try, last_success, error_code, last_error, tries, next_try, interval, behind, rollbacks, "
    "last_rollback, omissions, last_omission"
)


async def cursor(tx: Tx, peer: str, allowed: str) -> str | None:
    """How far we read this peer's feed; None if never, or if other origins were allowed then."""
    rows = list(await tx.execute_fetchall("SELECT cursor, allowed FROM cursors WHERE peer = ?", (peer,)))
    return rows[0][0] if rows and rows[0][1] == allowed else None


async def forget_cursor(tx: Tx, peer: str) -> None:
    """The next round begins at the beginning."""
    await tx.execute("DELETE FROM cursors WHERE peer = ?", (peer,))


async def states(tx: Tx, peer: str | None = None) -> list[PeerTalk]:
    """One for each peer we ever tried, or for this one."""
    rows = await tx.execute_fetchall(
        f"SELECT {_TALK} FROM peer_states {'WHERE peer = ?' if peer else ''} ORDER BY peer",
        (peer,) if peer else (),
    )
    return [
        PeerTalk(
            peer=row[0],
            last_try=row[1],
            last_success=row[2],
            error_code=row[3],
            last_error=row[4],
            tries=row[5],
            next_try=row[6],
            interval=row[7],
            behind=bool(row[8]),
            rollbacks=row[9],
            last_rollback=row[10],
            omissions=row[11],
            last_omission=row[12],
        )
        for row in rows
    ]


async def put_state(tx: Tx, talk: PeerTalk) -> None:
    """Replaces what was known."""
    await tx.execute(
        f"INSERT OR REPLACE INTO peer_states ({_TALK}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            talk.peer,
            talk.last_try,
            talk.last_success,
            talk.error_code,
            talk.last_error,
            talk.tries,
            talk.next_try,
            talk.interval,
            int(talk.behind),
            talk.rollbacks,
            talk.last_rollback,
            talk.omissions,
            talk.last_omission,
        ),
    )


async def quarantined(tx: Tx, limit: int) -> list[Quarantined]:
    """The newest refused lines."""
    rows = await tx.execute_fetchall(
        "SELECT sha, raw, code, detail, via, times, last_seen FROM quarantine "
        "ORDER BY last_seen DESC, sha LIMIT ?",
        (limit,),
    )
    return [
        Quarantined(
            sha=row[0], raw=row[1], code=row[2], detail=row[3], via=row[4], times=row[5], last_seen=row[6]
        )
        for row in rows
    ]


async def proofs(tx: Tx, origin: str | None) -> list[Proof]:
    """Pairs of contradicting lines, of one origin or all."""
    rows = await tx.execute_fetchall(
        "SELECT origin, slot, first, second, seen FROM proofs WHERE ?1 IS NULL OR origin = ?1 ORDER BY seen",
        (origin,),
    )
    return [Proof(origin=row[0], slot=row[1], first=row[2], second=row[3], seen=row[4]) for row in rows]
