"""What is kept of what went wrong: refused lines, and pairs by which an origin contradicts itself. Each function runs
inside one write transaction of its caller.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from federation.store.database import Tx
from federation.store.rows import BadLine, Proof

QUARANTINE_ROWS = 5_000
"""The newest refused lines are kept, so that nonsense cannot fill the disk."""
PROOF_ROWS = 1_000
PROOFS_OF_ONE = 20
"""Of one origin: the newest, so that none keeps those of others (or of ourselves) from being seen."""


async def put_bad(tx: Tx, lines: Iterable[BadLine], now: int) -> None:
    """Refused lines: one that comes again is counted."""
    await tx.executemany(
        """INSERT INTO quarantine VALUES (?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (sha) DO UPDATE SET times =
        times + 1, last_seen = excluded.last_seen, via = excluded.via""",
        [(bad.sha, bad.raw, bad.code, bad.detail, bad.via, now, now) for bad in lines],
    )
    await tx.execute(
        "DELETE FROM quarantine WHERE rowid <= (SELECT max(rowid) FROM quarantine) - ?", (QUARANTINE_ROWS,)
    )


async def put_proofs(tx: Tx, proofs: Sequence[Proof], numbers: Mapping[str, int], now: int) -> None:
    """Contradictions found in a page; the first line of a pair is looked up where it was held before. ``numbers``: of
    the origins."""
    told: Counter[str] = Counter()
    for proof in proofs:
        told[proof.origin] += 1
        if told[proof.origin] > PROOFS_OF_ONE:
            continue
        first = proof.first
        if not first:
            rows = await tx.execute_fetchall(
                "SELECT line FROM lines WHERE origin = ? AND slot = ?", (numbers[proof.origin], proof.slot)
            )
            first = next((row[0] for row in rows), b"")
        await add_proof(tx, proof.origin, proof.slot, first, proof.second, now=now)


async def add_proof(tx: Tx, origin: str, slot: bytes, first: bytes, second: bytes, *, now: int) -> None:
    """Two lines by which an origin contradicts itself; the oldest make room."""
    await tx.execute(
        "INSERT OR IGNORE INTO proofs VALUES (?, ?, ?, ?, ?, ?, ?)",
        (origin, slot, _sha(first), _sha(second), first, second, now),
    )
    for where, room in (("origin = ?1", PROOFS_OF_ONE), ("TRUE", PROOF_ROWS)):
        await tx.execute(
            f"""DELETE FROM proofs WHERE (origin, slot, first_sha, second_sha) IN (
            SELECT origin, slot, first_sha, second_sha FROM proofs WHERE {where} ORDER BY seen DESC
            LIMIT -1 OFFSET ?2)""",
            (origin, room),
        )


def _sha(line: bytes) -> bytes:
    return hashlib.sha256(line).digest()
