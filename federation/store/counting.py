"""The per-cell counts and each origin's totals: changed only here, in the transaction that changes the
lines."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from federation.store.database import Tx
from federation.store.schema import SUMMARY, WITHDRAWAL

Tally = tuple[int, int, int, str, int]
"""(set, need, place, category, status): the key of one count."""

_ADD = "ON CONFLICT (cset, need, place, category, status) DO UPDATE SET n = n + excluded.n"


async def add(tx: Tx, tallies: Mapping[Tally, int]) -> None:
    """Adds these differences to the counts."""
    changes = [(*tally, n) for tally, n in tallies.items() if n]
    if changes:
        await tx.executemany(f"INSERT INTO cell_counts VALUES (?, ?, ?, ?, ?, ?) {_ADD}", changes)


async def add_totals(tx: Tx, totals: Mapping[tuple[int, str], int]) -> None:
    """Adds these differences to origins' totals: keys (origin's number, live | withdrawn | hidden)."""
    numbers = {number for (number, total), n in totals.items() if total and n}
    await tx.executemany(
        "UPDATE origins SET live = live + ?, withdrawn = withdrawn + ?, hidden = hidden + ? WHERE n = ?",
        [
            (totals.get((n, "live"), 0), totals.get((n, "withdrawn"), 0), totals.get((n, "hidden"), 0), n)
            for n in numbers
        ],
    )


async def show(tx: Tx, where: str, values: Sequence[Any]) -> None:
    """Shows the hidden lines that ``where`` names, and counts them."""
    await _count(tx, 1, f"shown = 0 AND kind = {SUMMARY} AND {where}", values)
    await tx.execute(f"UPDATE lines SET shown = 1 WHERE shown = 0 AND kind = {SUMMARY} AND {where}", values)


async def unshow(tx: Tx, where: str, values: Sequence[Any]) -> None:
    """Takes the shown lines that ``where`` names out of sight and out of the counts."""
    await _count(tx, -1, f"shown = 1 AND {where}", values)
    await tx.execute(f"UPDATE lines SET shown = 0 WHERE shown = 1 AND {where}", values)


async def _count(tx: Tx, sign: int, where: str, values: Sequence[Any]) -> None:
    await tx.execute(
        "INSERT INTO cell_counts SELECT cset, need, place, category, status, ? * count(*) FROM lines "
        f"WHERE {where} GROUP BY 1, 2, 3, 4, 5 {_ADD}",
        (sign, *values),
    )


async def recount_origins(tx: Tx, numbers: Iterable[int]) -> None:
    """Totals of these origins from their lines."""
    await tx.executemany(
        f"""UPDATE origins SET (live, withdrawn, hidden) = (
            SELECT count(*) FILTER (WHERE kind = {SUMMARY} AND hidden IS NULL),
                   count(*) FILTER (WHERE kind = {WITHDRAWAL} AND hidden IS NULL),
                   count(*) FILTER (WHERE hidden IS NOT NULL)
            FROM lines WHERE origin = n) WHERE n = ?""",
        [(number,) for number in numbers],
    )


async def faults(tx: Tx) -> list[tuple[Any, ...]]:
    """Every count that differs from its lines; empty unless something is broken. For tests and the health
    page."""
    return [
        tuple(row)
        for row in await tx.execute_fetchall(
            """SELECT cset, need, place, category, status, sum(n) FROM (
                SELECT cset, need, place, category, status, n FROM cell_counts
                UNION ALL
                SELECT cset, need, place, category, status, -count(*) FROM lines WHERE shown = 1
                GROUP BY 1, 2, 3, 4, 5)
            GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0"""
        )
    ]
