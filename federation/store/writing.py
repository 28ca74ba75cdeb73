"""Everything that changes what is held. Each function runs inside one write transaction of its caller."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar

from federation.store import counting
from federation.store.counting import Tally
from federation.store.database import Tx
from federation.store.rows import BadLine, Batch, HeldHead, NewLine, Proof
from federation.store.schema import KEYS, SETS, SUMMARY, WITHDRAWAL
from protocol.register import OriginState

T = TypeVar("T")

QUARANTINE_ROWS = 5_000
"""The newest refused lines are kept, so that nonsense cannot fill the disk."""
PROOF_ROWS = 1_000
LONG_OVER_DAYS = 70
"""Expired lines go at the latest after this many days, whatever the head says."""
IDS_AT_ONCE = 500


async def apply(tx: Tx, batch: Batch, *, now: int, today: int) -> None:
    """One page's outcome."""
    numbers = await _numbers(tx, _named(batch))
    if batch.proofs:  # first: the held line of a pair may be about to be replaced
        await _put_proofs(tx, batch.proofs, numbers, now)
    if batch.origins:
        await _put_origins(tx, batch.origins)
    for origin, epoch in batch.drop_below.items():
        await drop_below(tx, numbers[origin], epoch)
    if batch.lines:
        await _put_lines(tx, batch.lines, numbers, now=now, today=today)
    if batch.heads:
        await _put_heads(tx, batch.heads, numbers)
    if batch.heard:
        await tx.executemany(
            "UPDATE origins SET last_heard = ? WHERE n = ?",
            [(now, numbers[origin]) for origin in batch.heard],
        )
    if batch.bad:
        await _put_bad(tx, batch.bad, now)
    if batch.position:
        at = batch.position
        await tx.execute(
            "INSERT OR REPLACE INTO cursors (peer, cursor, allowed) VALUES (?, ?, ?)",
            (at.peer, at.cursor, at.allowed),
        )


async def drop_below(tx: Tx, origin: int, epoch: int) -> None:
    """A higher epoch began: all registers, heads and the profile of lower ones go for good."""
    await counting.unshow(tx, "origin = ? AND epoch < ?", (origin, epoch))
    await tx.execute("DELETE FROM lines WHERE origin = ? AND epoch < ? AND kind <> ?", (origin, epoch, KEYS))
    await tx.execute("DELETE FROM heads WHERE origin = ? AND epoch < ?", (origin, epoch))
    await counting.recount_origins(tx, [origin])


async def block(tx: Tx, origins: Collection[str], *, today: int) -> None:
    """Hides everything of these origins and shows everything of all others again."""
    wanted = set(origins)
    rows = await tx.execute_fetchall("SELECT n, origin, blocked FROM origins")
    for n, origin, blocked in rows:
        if blocked == (origin in wanted):
            continue
        await tx.execute("UPDATE origins SET blocked = ? WHERE n = ?", (int(not blocked), n))
        if blocked:
            await counting.show(tx, "origin = ? AND hidden IS NULL AND expires > ?", (n, today))
        else:
            await counting.unshow(tx, "origin = ?", (n,))


async def expire(tx: Tx, *, today: int) -> int:
    """Takes what is over out of sight, shows what waited for its day, deletes what no head counts any more.

    Returns how many lines were deleted.
    """
    await counting.unshow(tx, "expires <= ?", (today,))
    cursor = await tx.execute(
        f"""DELETE FROM lines WHERE kind >= {SUMMARY} AND expires <= ? AND (expires <= ? OR expires <=
        coalesce(
            (SELECT asof FROM heads WHERE heads.origin = lines.origin AND heads.cset = lines.cset), ?))""",
        (today, today - LONG_OVER_DAYS, today),
    )
    await tx.execute("DELETE FROM cell_counts WHERE n = 0")
    rows = await tx.execute_fetchall("SELECT n FROM origins")
    await counting.recount_origins(tx, [row[0] for row in rows])
    return cursor.rowcount


async def unhide(tx: Tx, arrivals: Sequence[int], *, today: int) -> None:
    """These hidden lines may be shown from now on."""
    for arrival in arrivals:
        await tx.execute("UPDATE lines SET hidden = NULL WHERE arrival = ?", (arrival,))
        await counting.show(
            tx,
            "arrival = ? AND expires > ? AND (SELECT blocked FROM origins WHERE n = lines.origin) = 0",
            (arrival, today),
        )
    if arrivals:
        marks = ",".join("?" * len(arrivals))
        rows = await tx.execute_fetchall(
            f"SELECT DISTINCT origin FROM lines WHERE arrival IN ({marks})", arrivals
        )
        await counting.recount_origins(tx, [row[0] for row in rows])


def _named(batch: Batch) -> set[str]:
    return (
        {state.origin for state in batch.origins}
        | {line.origin for line in batch.lines}
        | {head.origin for head in batch.heads}
        | {proof.origin for proof in batch.proofs}
        | set(batch.drop_below)
        | batch.heard
    )


async def _numbers(tx: Tx, origins: Collection[str]) -> dict[str, int]:
    """The small integers of these origins, given out where missing."""
    if not origins:
        return {}
    await tx.executemany(
        "INSERT OR IGNORE INTO origins (origin) VALUES (?)", [(origin,) for origin in sorted(origins)]
    )
    found: dict[str, int] = {}
    for some in chunks(sorted(origins), IDS_AT_ONCE):
        marks = ",".join("?" * len(some))
        rows = await tx.execute_fetchall(f"SELECT origin, n FROM origins WHERE origin IN ({marks})", some)
        found.update((row[0], row[1]) for row in rows)
    return found


async def _put_origins(tx: Tx, states: Iterable[OriginState]) -> None:
    await tx.executemany(
        """UPDATE origins SET keys_rev = ?, keys_sha = ?, epoch_floor = ?, op_key = ?, epoch = ?, forked = ?
        WHERE origin = ?""",
        [(s.keys_rev, s.keys_sha, s.epoch_floor, s.op_key, s.epoch, int(s.forked), s.origin) for s in states],
    )


async def _put_lines(
    tx: Tx, lines: Sequence[NewLine], numbers: dict[str, int], *, now: int, today: int
) -> None:
    """Arrival numbers are given here, inside the write transaction, so that no reader of the feed passes a
    gap."""
    tallies: defaultdict[Tally, int] = defaultdict(int)
    totals: defaultdict[tuple[int, str], int] = defaultdict(int)
    await _take_back(tx, [line for line in lines if line.replaces], numbers, tallies, totals)
    blocked = {row[0] for row in await tx.execute_fetchall("SELECT n FROM origins WHERE blocked = 1")}
    ((newest,),) = await tx.execute_fetchall("SELECT value FROM meta WHERE name = 'newest'")
    arrival = int(newest)
    rows = []
    for line in lines:
        arrival += 1
        # Taken apart at once: fifteen names looked up one by one take longer than the whole loop.
        name, slot, kind, set_, epoch, seq, sha, raw, _, hidden, expires, need, place, category, status = line
        origin, cset = numbers[name], SETS.get(set_, 0)
        totals[(origin, _total_of(kind, hidden))] += 1
        shown = (
            kind == SUMMARY
            and hidden is None
            and expires is not None
            and expires > today
            and origin not in blocked
        )
        if shown:
            tallies[(cset, int(bool(need)), place or 0, category or "", status or 0)] += 1
        rows.append(
            (
                arrival,
                origin,
                slot,
                kind,
                cset,
                epoch,
                seq,
                sha,
                raw,
                expires,
                need,
                place,
                category,
                status,
                hidden,
                int(shown),
                now,
            )
        )
    await tx.executemany("INSERT OR REPLACE INTO lines VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", rows)
    await tx.execute("UPDATE meta SET value = ? WHERE name = 'newest'", (str(arrival),))
    await counting.add(tx, tallies)
    await counting.add_totals(tx, totals)


def _total_of(kind: int, hidden: str | None) -> str:
    if kind < SUMMARY:
        return ""
    if hidden is not None:
        return "hidden"
    return "live" if kind == SUMMARY else "withdrawn"


async def _take_back(
    tx: Tx,
    lines: Sequence[NewLine],
    numbers: dict[str, int],
    tallies: defaultdict[Tally, int],
    totals: defaultdict[tuple[int, str], int],
) -> None:
    """Subtracts what the lines about to be replaced had counted."""
    by_origin: dict[int, list[bytes]] = {}
    for line in lines:
        if line.kind in (SUMMARY, WITHDRAWAL):  # what else can be replaced is counted nowhere
            by_origin.setdefault(numbers[line.origin], []).append(line.slot)
    for origin, slots in by_origin.items():
        for some in chunks(slots, IDS_AT_ONCE):
            marks = ",".join("?" * len(some))
            for row in await tx.execute_fetchall(
                "SELECT kind, hidden, shown, cset, need, place, category, status FROM lines "
                f"WHERE origin = ? AND slot IN ({marks})",
                (origin, *some),
            ):
                kind, hidden, shown, *tally = row
                totals[(origin, _total_of(kind, hidden))] -= 1
                if shown:
                    cset, need, place, category, status = tally
                    tallies[(cset, need, place, category, status)] -= 1


async def _put_heads(tx: Tx, heads: Iterable[HeldHead], numbers: dict[str, int]) -> None:
    await tx.executemany(
        "INSERT OR REPLACE INTO heads VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                numbers[held.origin],
                SETS[held.head.set],
                held.head.epoch,
                held.head.seq,
                held.sha,
                held.head.count,
                held.head.digest,
                held.head.asof.toordinal(),
                held.head.issued,
                held.head.next_by,
                held.head.keys_rev,
                held.state,
                held.sha if held.repaired else None,
            )
            for held in heads
        ],
    )


async def _put_bad(tx: Tx, lines: Iterable[BadLine], now: int) -> None:
    await tx.executemany(
        """INSERT INTO quarantine VALUES (?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (sha) DO UPDATE SET times =
        times + 1, last_seen = excluded.last_seen, via = excluded.via""",
        [(bad.sha, bad.raw, bad.code, bad.detail, bad.via, now, now) for bad in lines],
    )
    await tx.execute(
        "DELETE FROM quarantine WHERE rowid <= (SELECT max(rowid) FROM quarantine) - ?", (QUARANTINE_ROWS,)
    )


async def _put_proofs(tx: Tx, proofs: Sequence[Proof], numbers: dict[str, int], now: int) -> None:
    ((held,),) = await tx.execute_fetchall("SELECT count(*) FROM proofs")
    for proof in proofs[: max(0, PROOF_ROWS - held)]:
        first = proof.first
        if not first:
            rows = await tx.execute_fetchall(
                "SELECT line FROM lines WHERE origin = ? AND slot = ?", (numbers[proof.origin], proof.slot)
            )
            first = next((row[0] for row in rows), b"")
        await tx.execute(
            "INSERT OR IGNORE INTO proofs VALUES (?, ?, ?, ?, ?, ?, ?)",
            (proof.origin, proof.slot, _sha(first), _sha(proof.second), first, proof.second, now),
        )


def _sha(line: bytes) -> bytes:
    return hashlib.sha256(line).digest()


def chunks(items: Sequence[T], size: int) -> Iterable[Sequence[T]]:
    """``items`` in pieces of at most ``size``."""
    return (items[start : start + size] for start in range(0, len(items), size))
