"""How long offers waited for a coordinator's answer, read from the audit: nothing is kept for it."""

from collections.abc import Sequence

from node.domain.own.answering import LATELY, Answered
from node.store.db import Tx

_ANSWERS = ("task.approve", "task.decline", "task.withdraw")
_OFFERS = ("task.interested", "task.interest")
_READ = 2000
"""Lines of the audit that are looked at: more than a busy group writes about tasks in some weeks."""


async def lately(tx: Tx, since: int) -> Sequence[Answered]:
    """Offers that volunteers made at ``since`` (Unix seconds) or later and a member of staff answered, the newest
    answer first, at most ``LATELY``."""
    async with tx.execute(
        "WITH lines AS ("
        " SELECT seq, at, actor, action, json_extract(codes, '$.task') AS task FROM audit"
        " WHERE object LIKE 'need:%' AND action IN (?,?,?,?,?) AND at >= ? ORDER BY seq DESC LIMIT ?)"
        " SELECT a.actor AS actor, a.at AS answered, max(o.at) AS offered FROM lines a JOIN lines o"
        " ON o.task = a.task AND o.seq < a.seq"
        " WHERE a.action IN (?,?,?) AND a.actor LIKE 'staff:%'"
        " AND o.action IN (?,?) AND o.actor LIKE 'volunteer:%'"
        " GROUP BY a.seq ORDER BY a.seq DESC LIMIT ?",
        (*_ANSWERS, *_OFFERS, since, _READ, *_ANSWERS, *_OFFERS, LATELY),
    ) as cursor:
        return [
            Answered(by=row["actor"].removeprefix("staff:"), seconds=max(0, row["answered"] - row["offered"]))
            for row in await cursor.fetchall()
        ]
