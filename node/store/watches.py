"""What may wait too long: live tasks with their last word, and decisions that are due."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from node.domain.assignment import AssignmentState
from node.domain.board.watch import Decision, Task, Waits
from node.domain.exchange.referral import UNANSWERED
from node.domain.ids import AssignmentId, NeedId
from node.domain.need import Urgency
from node.domain.notices.notice import DIGEST_HOUR, HOUR
from node.store.db import Tx, kept

_PROMISED = "('new','open','offered','assigned','in_progress','reported','on_hold','referred')"
"""We ring whom we promised it, also where a neighbouring group does the rest."""


_LIVE = (
    "SELECT a.id, a.need_id, a.state, "
    "CASE WHEN r.state IN ('planned','under_way') THEN r.day ELSE n.due_day END, "
    "MAX(a.changed_at, COALESCE(r.changed_at, 0), COALESCE((SELECT MAX(m.at) FROM messages m "
    "WHERE m.assignment_id = a.id AND m.by_staff IS NULL), 0)) "
    "FROM assignments a JOIN needs n ON n.id = a.need_id "
    "LEFT JOIN run_stops s ON s.assignment_id = a.id "
    "LEFT JOIN runs r ON r.id = s.run_id AND r.driver_id = a.person_id "
    "WHERE n.practice = 0 AND a.state IN ('proposed','interested','approved','contacted')"
)


@kept
async def tasks(tx: Tx) -> Sequence[Task]:
    """Every live task but of practice calls, oldest first. What is on a round is due on the day of the round
    (``runs.day_of``). A volunteer's message counts as a word, and so does every move, that of her round too."""
    return await _tasks(tx, f"{_LIVE} ORDER BY a.created_at, a.id")


async def task(tx: Tx, assignment_id: str) -> Task | None:
    """That one of them; None where it is none of them."""
    found = await _tasks(tx, f"{_LIVE} AND a.id = :id", id=assignment_id)
    return found[0] if found else None


@kept
async def decisions(tx: Tx, today: date, midnight: int) -> Sequence[Decision]:
    """Needs in the sorting tray, volunteers who wait for our yes, and needs for today with nobody on them since the
    last that was done, oldest first; practice is none. For today is what is wanted "today", and what is wanted by today
    or yesterday, from the morning of that day: what is overdue for longer hides nothing newer. ``midnight``: when today
    began (Unix seconds). What came home from another group is ``handed_on``'s."""
    return await _of_needs(
        tx,
        "SELECT id, reference, 'first_look', created_at AS since, urgency, by_staff FROM needs "
        "WHERE state = 'new' AND practice = 0 UNION ALL "
        "SELECT n.id, n.reference, 'yes', MIN(a.changed_at), n.urgency, COALESCE(a.by_staff, n.by_staff) "
        "FROM needs n JOIN assignments a ON a.need_id = n.id AND a.round = n.round "
        "WHERE a.state = 'interested' AND n.state = 'offered' AND n.practice = 0 GROUP BY n.id UNION ALL "
        "SELECT n.id, n.reference, 'nobody_asked', CASE n.urgency WHEN 'today' THEN n.changed_at ELSE "
        "MAX(n.changed_at, :morning - 86400 * (julianday(:today) - julianday(n.due_day))) END, "
        "'today', NULL FROM needs n "
        "WHERE n.state = 'open' AND n.practice = 0 "
        "AND (n.urgency = 'today' OR n.due_day BETWEEN date(:today, '-1 day') AND :today) "
        "AND NOT EXISTS(SELECT 1 FROM assignments a WHERE a.need_id = n.id AND a.round = n.round "
        "AND a.state IN ('proposed','interested','approved','contacted')) "
        "AND NOT EXISTS(SELECT 1 FROM referrals r WHERE r.need_id = n.id AND r.way = 'out' "
        "AND r.changed_at >= n.changed_at) ORDER BY since",
        today=today.isoformat(),
        morning=midnight + DIGEST_HOUR * HOUR,
    )


@kept
async def handed_on(tx: Tx) -> Sequence[Decision]:
    """Whole requests between groups: ours without an answer there, theirs without one here, and ours that came home
    and with which nothing has been done since."""
    return await _of_needs(
        tx,
        "SELECT n.id, n.reference, 'handed_on', r.created_at, n.urgency, NULL FROM referrals r "
        "JOIN needs n ON n.id = r.need_id "
        "WHERE r.way = 'out' AND r.state = 'asked' AND n.state = 'referred' AND n.practice = 0 UNION ALL "
        "SELECT id, '', 'take_over', created_at, COALESCE(urgency, 'whenever'), NULL FROM referrals "
        "WHERE way = 'in' AND state = 'asked' AND doubted = 0 UNION ALL "
        "SELECT n.id, n.reference, 'came_home', MAX(r.changed_at), n.urgency, NULL FROM referrals r "
        "JOIN needs n ON n.id = r.need_id WHERE r.way = 'out' AND n.state = 'open' AND n.practice = 0 "
        "AND (r.state IN ('declined','ended') OR (r.state = 'taken_back' AND r.reason = :unanswered)) "
        "AND n.changed_at <= r.changed_at GROUP BY n.id ORDER BY 4, 1",
        unanswered=UNANSWERED,
    )


@kept
async def promises(tx: Tx, today: date, midnight: int, until: int) -> Sequence[Decision]:
    """Call-backs whose day has come, hours we named up to ``until``, and whom to ring after a friendly call.
    ``midnight``: when today began; both in Unix seconds."""
    return [
        *await _of_needs(
            tx,
            "SELECT n.id, n.reference, 'call_back', :midnight - 86400 * (julianday(:today) - julianday(c.day)), "
            "n.urgency, NULLIF(c.by_staff, '') FROM call_backs c JOIN needs n ON n.id = c.need_id "
            f"WHERE n.practice = 0 AND n.state IN {_PROMISED} AND c.day <= :today UNION ALL "
            "SELECT id, reference, 'promise', promised_at, urgency, by_staff FROM needs "
            f"WHERE practice = 0 AND state IN {_PROMISED} AND promised_at <= :until ORDER BY 4, 1",
            today=today.isoformat(),
            midnight=midnight,
            until=until,
        ),
        *await _of_needs(
            tx,
            "SELECT id, '', 'ring', raised_at, CASE kind WHEN 'worried' THEN 'today' ELSE 'this_week' END, taken_by "
            "FROM call_tasks WHERE ended IS NULL ORDER BY raised_at, id",
        ),
    ]


async def yeses(tx: Tx, asked_since: int) -> Sequence[Decision]:
    """What waits for anybody else's yes, one line a kind: what everybody could read, data to be taken out (asked at
    that moment or later, in Unix seconds), money laid out."""
    found = await _rows(
        tx,
        "SELECT 'second_yes', MIN(at), COUNT(*) FROM proposals WHERE state = 'waiting' UNION ALL "
        "SELECT 'export_yes', MIN(at), COUNT(*) FROM export_asks WHERE state = 'asked' AND at >= :since UNION ALL "
        "SELECT 'receipt', MIN(r.at), COUNT(*) FROM receipts r WHERE r.state = 'claimed' "
        "AND NOT EXISTS(SELECT 1 FROM needs n WHERE n.id = r.need_id AND n.practice = 1)",
        since=asked_since,
    )
    return [
        Decision(
            id="",
            reference="",
            waits=Waits(row[0]),
            since=int(row[1]),
            urgency=Urgency.WHENEVER,
            decider=None,
            many=row[2],
        )
        for row in found
        if row[2]
    ]


async def _tasks(tx: Tx, statement: str, **bound: Any) -> Sequence[Task]:
    return [
        Task(
            id=AssignmentId(row[0]),
            need_id=NeedId(row[1]),
            state=AssignmentState(row[2]),
            due=date.fromisoformat(row[3]) if row[3] else None,
            heard_at=int(row[4]),
        )
        for row in await _rows(tx, statement, **bound)
    ]


async def _of_needs(tx: Tx, statement: str, **bound: Any) -> Sequence[Decision]:
    return [
        Decision(
            id=row[0],
            reference=row[1],
            waits=Waits(row[2]),
            since=int(row[3]),
            urgency=Urgency(row[4]),
            decider=row[5],
        )
        for row in await _rows(tx, statement, **bound)
    ]


async def _rows(tx: Tx, statement: str, **bound: Any) -> Sequence[Any]:
    async with tx.execute(statement, bound) as cursor:
        return list(await cursor.fetchall())
