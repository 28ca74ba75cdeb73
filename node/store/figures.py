"""Counts of a group's work, from the rows that are there anyway. Practice is in none of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from node.domain.board.figures import LATE_SECONDS, Period, Waited
from node.store.db import Tx

_CAME = "n.practice = 0 AND n.posted_day BETWEEN :first AND :last"
_HELPS = (
    "FROM volunteers v JOIN persons p ON p.id = v.person_id "
    "WHERE p.practice = 0 AND p.kind = 'person' AND p.merged_into IS NULL"
)
_RANG = (
    "FROM (SELECT MAX(w.word <> 'no_answer') AS answered FROM call_words w JOIN call_entries e ON e.id = w.entry_id "
    "JOIN persons p ON p.id = e.person_id WHERE p.practice = 0 AND w.taken_back = 0 "
    "AND w.day BETWEEN :first AND :last GROUP BY w.entry_id, w.day)"
)
_COUNTS: Mapping[str, str] = {
    "came_in": f"FROM needs n WHERE {_CAME}",
    "by_phone": f"FROM needs n WHERE {_CAME} AND n.channel = 'phone'",
    "open_now": "FROM needs WHERE practice = 0 AND state NOT IN ('closed','referred')",
    "unmet": "FROM needs WHERE practice = 0 AND state IN ('new','open','offered') AND created_at <= :late",
    "active": f"{_HELPS} AND p.state = 'active' AND v.state = 'active' AND v.stage = 'active'",
    "resting": f"{_HELPS} AND p.state = 'active' AND v.state = 'paused'",
    "newcomers": f"{_HELPS} AND v.state <> 'left' AND p.created_day BETWEEN :first AND :last",
    "calls_answered": f"{_RANG} WHERE answered",
    "calls_missed": f"{_RANG} WHERE NOT answered",
    "rounds": "FROM runs WHERE state = 'over' AND day BETWEEN :first AND :last",
    "doors": "FROM run_stops s JOIN runs r ON r.id = s.run_id WHERE s.said = 'done' AND r.state = 'over' "
    "AND r.day BETWEEN :first AND :last",
}
"""What is counted, by its code; ``ui.words.figure_words`` says each in words."""
_ANSWERED = (
    "SELECT MIN(a.created_at) - n.created_at AS s FROM needs n JOIN assignments a ON a.need_id = n.id "
    f"WHERE {_CAME} AND n.import_key IS NULL GROUP BY n.id"
)
_DONE = (
    "SELECT MAX(a.changed_at) - n.created_at AS s FROM needs n JOIN assignments a ON a.need_id = n.id "
    f"WHERE {_CAME} AND n.import_key IS NULL AND a.state = 'done' GROUP BY n.id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Everything that can be counted without opening a record."""

    counts: Mapping[str, int]
    kinds: Mapping[str, int]
    ended: Mapping[str, int]
    first_answer: Waited
    done: Waited


async def counted(tx: Tx, period: Period, now: int) -> Counted:
    """The figures of these days. ``now`` in Unix seconds, for what is open at present."""
    bound = {
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "late": now - LATE_SECONDS,
    }
    sums = ", ".join(f"(SELECT COUNT(*) {rows})" for rows in _COUNTS.values())
    [numbers] = await tx.execute_fetchall(f"SELECT {sums}", bound)
    return Counted(
        counts=dict(zip(_COUNTS, numbers, strict=True)),
        kinds=await _listed(tx, f"SELECT category, COUNT(*) AS many FROM needs n WHERE {_CAME}", bound),
        ended=await _listed(
            tx,
            "SELECT close_reason, COUNT(*) AS many FROM needs WHERE practice = 0 AND state = 'closed' "
            "AND close_reason IS NOT NULL AND closed_day BETWEEN :first AND :last",
            bound,
        ),
        first_answer=await _waited(tx, _ANSWERED, bound),
        done=await _waited(tx, _DONE, bound),
    )


async def _listed(tx: Tx, sql: str, bound: Mapping[str, Any]) -> dict[str, int]:
    rows = await tx.execute_fetchall(f"{sql} GROUP BY 1 ORDER BY many DESC, 1", bound)
    return {row[0]: row[1] for row in rows}


async def _waited(tx: Tx, sql: str, bound: Mapping[str, Any]) -> Waited:
    """By the nearest rank: the smallest wait that so many of them did not exceed."""
    rows = await tx.execute_fetchall(
        f"WITH w AS ({sql}), "
        "ranked AS (SELECT s, ROW_NUMBER() OVER (ORDER BY s) AS nth, COUNT(*) OVER () AS many FROM w) "
        "SELECT MAX(many), MIN(CASE WHEN nth * 2 >= many THEN s END), MIN(CASE WHEN nth * 10 >= many * 9 THEN s END) "
        "FROM ranked",
        bound,
    )
    [(many, half, most)] = rows
    return Waited(of=many or 0, half=half, most=most)
