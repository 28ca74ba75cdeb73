"""What waits for a member of staff: read from the clear columns alone, so also while the records are closed.

Practice calls are in none of these.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from node.domain.actors import ANONYMOUS
from node.domain.notices.alerts import PROMISE_AHEAD, Thing, What
from node.store.db import Tx

_HELD = "('new','open','offered','assigned','in_progress','reported','on_hold')"
_PROMISED = "('new','open','offered','assigned','in_progress','reported','on_hold','referred')"
_LIVE = "('proposed','interested','approved','contacted')"


async def waiting_today(tx: Tx, first: date, last: date) -> Sequence[tuple[str, What, int]]:
    """(need, why it waits, since when in Unix seconds) of what is wanted between those days or "today", and for which
    a coordinator would have to do something. Whether that is urgent the rules say."""
    wanted = "n.practice = 0 AND (n.urgency = 'today' OR n.due_day BETWEEN :first AND :last)"
    return [
        (row[0], What(row[1]), int(row[2]))
        for row in await _rows(
            tx,
            f"SELECT n.id, 'first_look', n.created_at FROM needs n WHERE n.state = 'new' AND {wanted} UNION ALL "
            f"SELECT n.id, 'nobody_asked', n.changed_at FROM needs n WHERE n.state = 'open' AND {wanted} "
            "AND NOT EXISTS(SELECT 1 FROM assignments a WHERE a.need_id = n.id AND a.round = n.round "
            f"AND a.state IN {_LIVE}) UNION ALL "
            "SELECT n.id, 'yes', MIN(a.changed_at) FROM needs n JOIN assignments a ON a.need_id = n.id "
            "AND a.round = n.round WHERE a.state = 'interested' AND n.state = 'offered' AND "
            f"{wanted} GROUP BY n.id",
            first=first.isoformat(),
            last=last.isoformat(),
        )
    ]


async def calls(tx: Tx, today: date, now: int) -> Sequence[Thing]:
    """Whom somebody should ring: the day of a call-back, an hour we promised that is near or past, a hold that is
    over; and after a friendly call."""
    rows = await _rows(
        tx,
        "SELECT 'call_back' AS what, n.id || ':' || c.day, NULLIF(c.by_staff, ''), 0 FROM call_backs c "
        f"JOIN needs n ON n.id = c.need_id WHERE n.practice = 0 AND n.state IN {_PROMISED} AND c.day <= :today "
        "UNION ALL "
        "SELECT 'promise', n.id || ':' || n.promised_at, n.by_staff, MAX(0, (:now - n.promised_at) / 60) FROM needs n "
        f"WHERE n.practice = 0 AND n.state IN {_PROMISED} AND n.promised_at <= :until UNION ALL "
        "SELECT 'hold_over', n.id || ':' || n.hold_until, n.by_staff, 0 FROM needs n "
        "WHERE n.practice = 0 AND n.state = 'on_hold' AND n.hold_until <= :today UNION ALL "
        "SELECT 'ring', id, taken_by, 0 FROM call_tasks WHERE ended IS NULL",
        today=today.isoformat(),
        now=now,
        until=now + PROMISE_AHEAD,
    )
    return [Thing(what=What(row[0]), id=row[1], by=row[2], late=row[3]) for row in rows]


async def yeses(tx: Tx, now: int) -> Sequence[Thing]:
    """What a second person has to say yes to, and money that somebody laid out and has no answer for. ``now``: Unix
    seconds; an ask to take data out lasts a day. ``by``: who asked for a second yes."""
    rows = await _rows(
        tx,
        "SELECT 'second_yes', id, by_staff FROM proposals WHERE state = 'waiting' UNION ALL "
        "SELECT 'export_yes', id, by_staff FROM export_asks WHERE state = 'asked' AND at >= :now - 86400 UNION ALL "
        "SELECT 'receipt', r.id, NULL FROM receipts r WHERE r.state = 'claimed' "
        "AND NOT EXISTS(SELECT 1 FROM needs n WHERE n.id = r.need_id AND n.practice = 1)",
        now=now,
    )
    return [Thing(what=What(row[0]), id=row[1], by=row[2]) for row in rows]


async def neighbours(tx: Tx) -> Sequence[Thing]:
    """What a neighbouring group waits for: a yes to its volunteer, whole requests, being let in."""
    rows = await _rows(
        tx,
        "SELECT 'offer', n.id || ':' || n.round || ':' || o.id FROM peer_offers o "
        "JOIN assignments a ON a.id = o.assignment_id JOIN needs n ON n.id = a.need_id AND n.round = a.round "
        f"WHERE a.state = 'interested' AND n.practice = 0 AND n.state IN {_HELD} UNION ALL "
        "SELECT 'handed_over', id FROM referrals WHERE way = 'in' AND state = 'asked' AND doubted = 0 UNION ALL "
        "SELECT 'door', p.origin || ':' || i.at FROM peers p JOIN introductions i ON i.origin = p.origin "
        "WHERE p.state = 'asked'",
    )
    return [Thing(what=What(row[0]), id=row[1]) for row in rows]


async def bells(tx: Tx, now: int) -> Sequence[Thing]:
    """Who rang within a day, may still ring, and nobody at the desk has looked. ``now``: Unix seconds."""
    rows = await _rows(
        tx,
        "SELECT r.id, (:now - r.at) / 60 FROM rings r JOIN peers p ON p.origin = r.peer "
        "WHERE r.way = 'in' AND r.seen_at IS NULL AND r.at >= :now - 86400 AND p.state = 'active' AND p.ask_now = 1",
        now=now,
    )
    return [Thing(what=What.BELL, id=row[0], late=row[1]) for row in rows]


async def visits_overdue(tx: Tx, now: int) -> Sequence[Thing]:
    """Who went alone, should be back, and has not been rung yet."""
    rows = await _rows(
        tx,
        "SELECT v.id || ':' || v.expected_at, (:now - v.expected_at) / 60 FROM visits v "
        "JOIN needs n ON n.id = v.need_id "
        "WHERE v.ended_at IS NULL AND v.expected_at < :now AND v.rung = 0 AND n.practice = 0",
        now=now,
    )
    return [Thing(what=What.VISIT, id=row[0], late=row[1]) for row in rows]


async def unsafe(tx: Tx) -> Sequence[Thing]:
    """Where "I feel unsafe" was pressed on a private link, and nobody has opened it since. What a colleague wrote down
    is none of these: it may be about whoever would be told."""
    rows = await _rows(
        tx,
        "SELECT i.id, i.state FROM incidents i WHERE i.state = 'open' AND EXISTS(SELECT 1 FROM audit a "
        "WHERE a.object = 'incident:' || i.id AND a.action = 'incident.told' AND a.actor = :who) "
        "AND NOT EXISTS(SELECT 1 FROM audit a WHERE a.object = 'incident:' || i.id AND a.action = 'look.incident')",
        who=ANONYMOUS.label,
    )
    return [Thing(what=What.UNSAFE, id=row[0]) for row in rows]


async def _rows(tx: Tx, statement: str, **bound: Any) -> Sequence[Any]:
    async with tx.execute(f"SELECT * FROM ({statement}) ORDER BY 1, 2", bound) as cursor:
        return list(await cursor.fetchall())
