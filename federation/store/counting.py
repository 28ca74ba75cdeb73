"""The per-cell counts and each origin's totals: changed only here, in the transaction that changes the
lines."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from federation.store.database import Tx
from federation.store.rows import Totals
from federation.store.schema import ADVICE, SUMMARY

Tally = tuple[int, int, int, str, int]
"""(set, need, place, category, status): the key of one count."""

_ADD = "ON CONFLICT (cset, need, place, category, status) DO UPDATE SET n = n + excluded.n"


async def add(tx: Tx, tallies: Mapping[Tally, int]) -> None:
    """Adds these differences to the counts."""
    changes = [(*tally, n) for tally, n in tallies.items() if n]
    if changes:
        await tx.executemany(f"INSERT INTO cell_counts VALUES (?, ?, ?, ?, ?, ?) {_ADD}", changes)


def total_of(kind: int, hidden: str | None) -> str:
    """Which of an origin's totals a line counts in; none for what is no register."""
    if not SUMMARY <= kind <= ADVICE:
        return ""
    if hidden is not None:
        return "hidden"
    return "live" if kind == SUMMARY else "withdrawn"


async def add_totals(tx: Tx, totals: Mapping[tuple[int, int, str], int]) -> None:
    """Adds these differences to origins' totals: keys (origin's number, set, live | withdrawn | hidden)."""
    await tx.executemany(
        "INSERT INTO totals VALUES (?, ?, ?, ?, ?) ON CONFLICT (origin, cset) DO UPDATE SET live = live + "
        "excluded.live, withdrawn = withdrawn + excluded.withdrawn, hidden = hidden + excluded.hidden",
        [
            (*pair, *(totals.get((*pair, name), 0) for name in Totals._fields))
            for pair in {(number, cset) for number, cset, total in totals if total}
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


_TOTALS = f"""count(*) FILTER (WHERE kind = {SUMMARY} AND hidden IS NULL) AS live,
    count(*) FILTER (WHERE kind > {SUMMARY} AND hidden IS NULL) AS withdrawn,
    count(*) FILTER (WHERE hidden IS NOT NULL) AS hidden
    FROM lines WHERE kind BETWEEN {SUMMARY} AND {ADVICE}"""


async def recount_origins(tx: Tx, numbers: Iterable[int]) -> None:
    """Totals of these origins from their lines."""
    each = [(number,) for number in numbers]
    await tx.executemany("DELETE FROM totals WHERE origin = ?", each)
    await tx.executemany(
        f"INSERT INTO totals SELECT origin, cset, {_TOTALS} AND origin = ? GROUP BY origin, cset", each
    )


async def faults(tx: Tx) -> list[tuple[Any, ...]]:
    """Every count that differs from its lines; empty unless something is broken. For tests and the health
    page."""
    found = [
        *await tx.execute_fetchall(
            """SELECT cset, need, place, category, status, sum(n) FROM (
                SELECT cset, need, place, category, status, n FROM cell_counts
                UNION ALL
                SELECT cset, need, place, category, status, -count(*) FROM lines WHERE shown = 1
                GROUP BY 1, 2, 3, 4, 5)
            GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0"""
        ),
        *await tx.execute_fetchall(
            f"""SELECT origin, cset, sum(live), sum(withdrawn), sum(hidden) FROM (
                SELECT origin, cset, live, withdrawn, hidden FROM totals
                UNION ALL
                SELECT origin, cset, -live, -withdrawn, -hidden FROM (
                    SELECT origin, cset, {_TOTALS} GROUP BY origin, cset))
            GROUP BY 1, 2 HAVING sum(live) <> 0 OR sum(withdrawn) <> 0 OR sum(hidden) <> 0"""
        ),
    ]
    return [tuple(row) for row in found]
