"""Everything that changes what is held. Each function runs inside one write transaction of its caller."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar

from federation.store import counting, evidence
from federation.store.counting import Tally
from federation.store.database import Tx
from federation.store.rows import Allowance, Batch, HeldHead, NewLine
from federation.store.schema import ADVICE, CHECKED, KEYS, SETS, SUMMARY, UNCHECKED
from protocol.register import OriginState

T = TypeVar("T")

LONG_OVER_DAYS = 70
"""Expired lines go at the latest after this many days, whatever the head says."""
IDS_AT_ONCE = 500


async def apply(tx: Tx, batch: Batch, *, now: int, today: int) -> None:
    """One page's outcome."""
    numbers = await _numbers(tx, _named(batch))
    if batch.proofs:  # first: the held line of a pair may be about to be replaced
        await evidence.put_proofs(tx, batch.proofs, numbers, now)
    if batch.origins:
        await _put_origins(tx, batch.origins, now)
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
    if batch.allowances:
        await put_allowances(tx, batch.allowances)
    if batch.bad:
        await evidence.put_bad(tx, batch.bad, now)
    if batch.position:
        at = batch.position
        await tx.execute(
            "INSERT OR REPLACE INTO cursors (peer, cursor, allowed) VALUES (?, ?, ?)",
            (at.peer, at.cursor, at.allowed),
        )


async def put_allowances(tx: Tx, allowances: Iterable[Allowance]) -> None:
    """What these origins may still change."""
    await tx.executemany(
        "INSERT OR REPLACE INTO allowances SELECT n, ?, ?, ?, ? FROM origins WHERE origin = ?",
        [(SETS[each.set], each.day, each.room, each.whole_day, each.origin) for each in allowances],
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


async def _put_origins(tx: Tx, states: Iterable[OriginState], now: int) -> None:
    # Counted once for each epoch and rev in which an origin contradicted itself, for people to see.
    await tx.executemany(
        """UPDATE origins SET
            contradictions = contradictions + (?6 > forked_epoch) + (?7 > forked_rev),
            contradicted = CASE WHEN ?6 > forked_epoch OR ?7 > forked_rev THEN ?8 ELSE contradicted END,
            keys_rev = ?1, keys_sha = ?2, epoch_floor = ?3, op_key = ?4, epoch = ?5, forked_epoch = ?6,
            forked_rev = ?7
        WHERE origin = ?9""",
        [
            (
                s.keys_rev,
                s.keys_sha,
                s.epoch_floor,
                s.op_key,
                s.epoch,
                s.forked_epoch,
                s.forked_rev,
                now,
                s.origin,
            )
            for s in states
        ],
    )


async def _put_lines(
    tx: Tx, lines: Sequence[NewLine], numbers: dict[str, int], *, now: int, today: int
) -> None:
    """Arrival numbers are given here, inside the write transaction, so that no reader of the feed passes a
    gap."""
    tallies: defaultdict[Tally, int] = defaultdict(int)
    totals: defaultdict[tuple[int, int, str], int] = defaultdict(int)
    await _take_back(tx, [line for line in lines if line.replaces], numbers, tallies, totals)
    blocked = {row[0] for row in await tx.execute_fetchall("SELECT n FROM origins WHERE blocked = 1")}
    ((newest,),) = await tx.execute_fetchall("SELECT value FROM meta WHERE name = 'newest'")
    arrival = int(newest)
    rows = []
    for line in lines:
        arrival += 1
        # Taken apart at once: fifteen names looked up one by one take longer than the whole loop.
        (
            name,
            slot,
            kind,
            set_,
            epoch,
            seq,
            sha,
            raw,
            _,
            hidden,
            expires,
            need,
            place,
            category,
            status,
            checked,
        ) = line
        origin, cset = numbers[name], SETS.get(set_, 0)
        totals[(origin, cset, counting.total_of(kind, hidden))] += 1
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
                CHECKED if checked else UNCHECKED,
            )
        )
    await tx.executemany("INSERT OR REPLACE INTO lines VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", rows)
    await tx.execute("UPDATE meta SET value = ? WHERE name = 'newest'", (str(arrival),))
    await counting.add(tx, tallies)
    await counting.add_totals(tx, totals)


async def _take_back(
    tx: Tx,
    lines: Sequence[NewLine],
    numbers: dict[str, int],
    tallies: defaultdict[Tally, int],
    totals: defaultdict[tuple[int, int, str], int],
) -> None:
    """Subtracts what the lines about to be replaced had counted."""
    by_origin: dict[int, list[bytes]] = {}
    for line in lines:
        if SUMMARY <= line.kind <= ADVICE:  # what else can be replaced is counted nowhere
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
                cset, need, place, category, status = tally
                totals[(origin, cset, counting.total_of(kind, hidden))] -= 1
                if shown:
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
                held.sha if held.beyond_repair else None,
            )
            for held in heads
        ],
    )


async def judged(tx: Tx, found: Iterable[tuple[str, bytes | None, bytes, int, str]]) -> None:
    """What was found about sets, unless a newer head came in between: (state, head that nobody can repair, head, set,
    origin)."""
    await tx.executemany(
        "UPDATE heads SET state = ?, repaired = ? WHERE sha = ? AND cset = ? "
        "AND origin = (SELECT n FROM origins WHERE origin = ?)",
        found,
    )


def chunks(items: Sequence[T], size: int) -> Iterable[Sequence[T]]:
    """``items`` in pieces of at most ``size``."""
    return (items[start : start + size] for start in range(0, len(items), size))


def few_lengths(items: Sequence[T], size: int) -> Iterable[list[T]]:
    """The same in pieces whose lengths are powers of two, or ``size``, the last item standing there several times if
    need be: SQLite keeps compiled what it was asked before, and a list of any length is another statement each time."""
    for some in chunks(items, size):
        length = min(1 << (len(some) - 1).bit_length(), size)
        yield [*some, *[some[-1]] * (length - len(some))]
