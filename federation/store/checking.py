"""Lines whose own signature was not looked at yet, and what becomes of them."""

import json
from collections.abc import Collection, Mapping

from federation.store import counting
from federation.store.database import Tx
from federation.store.evidence import add_proof
from federation.store.rows import FeedRow
from federation.store.schema import CHECKED, FALSE, HEAD, SET_NAMES, SETS, SUMMARY, UNCHECKED

FALSE_SIGNATURE = "false_signature"
"""Why such a line is hidden."""


async def op_keys(tx: Tx, origins: Collection[str]) -> dict[str, str]:
    """did:key of the op key held for each of these origins."""
    rows = await tx.execute_fetchall(
        "SELECT origin, op_key FROM origins WHERE op_key IS NOT NULL "
        "AND origin IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(origins)),),
    )
    return {row[0]: row[1] for row in rows}


async def unchecked(
    tx: Tx, pairs: Collection[tuple[str, str]], whole: Collection[tuple[str, str]]
) -> list[FeedRow]:
    """The unchecked lines of these (origin, set); of those in ``whole`` only what is over by their head's asof."""
    found = []
    for origin, name in sorted(pairs):
        of_head = "SELECT asof FROM heads h WHERE h.origin = l.origin AND h.cset = l.cset"
        over = f"AND l.expires <= ({of_head})" if (origin, name) in whole else ""
        rows = await tx.execute_fetchall(
            "SELECT l.arrival, l.line FROM lines l JOIN origins o ON o.n = l.origin "
            f"WHERE o.origin = ? AND l.cset = ? AND l.sig_checked = {UNCHECKED} {over}",
            (origin, SETS[name]),
        )
        found += [
            FeedRow(arrival=row[0], origin=origin, is_item=True, line=row[1], set=name, unchecked=True)
            for row in rows
        ]
    return found


async def mark(
    tx: Tx, good: Collection[int], bad: Collection[int], keys: Mapping[str, str], *, now: int
) -> None:
    """These arrivals were verified under these op keys. Whatever was replaced meanwhile is left alone, and so is
    whatever belongs to another op key now."""
    await tx.execute(
        f"UPDATE lines SET sig_checked = {CHECKED} WHERE sig_checked = {UNCHECKED} "
        "AND arrival IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(good)),),
    )
    for arrival in sorted(bad):
        rows = list(
            await tx.execute_fetchall(
                "SELECT o.n, o.origin, o.op_key, l.slot, l.cset, l.line FROM lines l "
                f"JOIN origins o ON o.n = l.origin WHERE l.arrival = ? AND l.sig_checked = {UNCHECKED}",
                (arrival,),
            )
        )
        if rows and keys.get(rows[0][1]) == rows[0][2]:
            number, origin, _, slot, cset, line = rows[0]
            await _contradiction(tx, arrival, number, origin, slot, cset, line, now)


async def _contradiction(
    tx: Tx, arrival: int, number: int, origin: str, slot: bytes, cset: int, line: bytes, now: int
) -> None:
    """A line that its origin counts under its signed head, and did not sign."""
    await counting.unshow(tx, "arrival = ?", (arrival,))
    await tx.execute(
        f"UPDATE lines SET sig_checked = {FALSE}, hidden = ? WHERE arrival = ?", (FALSE_SIGNATURE, arrival)
    )
    await counting.recount_origins(tx, [number])
    await tx.execute(
        "UPDATE origins SET contradictions = contradictions + (forked_epoch < epoch), contradicted = ?, "
        "forked_epoch = max(forked_epoch, epoch) WHERE n = ?",
        (now, number),
    )
    # It can be repaired by nobody, so nobody is asked.
    await tx.execute(
        "UPDATE heads SET state = 'incomplete', repaired = sha WHERE origin = ? AND cset = ?", (number, cset)
    )
    heads = list(
        await tx.execute_fetchall(
            f"SELECT line FROM lines WHERE origin = ? AND cset = ? AND kind = {HEAD}", (number, cset)
        )
    )
    head: bytes = heads[0][0] if heads else b""
    await add_proof(tx, origin, slot, head, line, now=now)


def row_of(row: tuple[int, str, int, int, bytes, int]) -> FeedRow:
    """From (arrival, origin, kind, cset, line, sig_checked)."""
    arrival, origin, kind, cset, line, checked = row
    return FeedRow(
        arrival=arrival,
        origin=origin,
        is_item=kind >= SUMMARY,
        line=line,
        set=SET_NAMES.get(cset, ""),
        unchecked=checked == UNCHECKED,
    )
