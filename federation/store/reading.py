"""What pages, feeds and peers read. Each function runs inside one read snapshot of its caller."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import orjson

from federation.store.database import Tx
from federation.store.judging import heads_of
from federation.store.places import Range, cell_at
from federation.store.rows import CellCount, OriginView, PublishedNeed
from federation.store.schema import (
    PROFILE_SLOT,
    SET_NAMES,
    SETS,
    STATUSES,
)
from protocol.limits import SET_LIVE
from protocol.statements import Profile, Summary

_WORST_FIRST = ("incomplete", "stale", "catching_up", "pending", "complete")
_STATUS_NAMES = {number: name for name, number in STATUSES.items()}


LOOKED_AT = 16 * SET_LIVE
"""Lines among which a page is shared out: it takes eight groups that fill both sets to crowd anybody off it."""


async def needs(
    tx: Tx,
    *,
    sets: Collection[str],
    today: date,
    now: int,
    own_origin: str | None,
    ranges: Sequence[Range] | None = None,
    categories: Collection[str] | None = None,
    origins: Collection[str] | None = None,
    takes: Mapping[str, Collection[str]] | None = None,
    kind: str = "need",
    limit: int = 1000,
) -> list[PublishedNeed]:
    """Shown summaries, in the order of ``ranges`` if given, else newest first. ``takes``: of these origins only
    those categories. Where ``limit`` leaves some out of the first ``LOOKED_AT``, everybody's first come before
    anybody's second: who publishes a lot crowds nobody out, and a country's worth is not sorted for one page."""
    values: list[Any] = []
    tables = "lines l"
    where = "l.shown = 1"
    key = "0"
    if ranges is not None:
        # CROSS JOIN keeps the ranges outside: one short scan of the place index for each.
        tables = "json_each(?) r CROSS JOIN lines l"
        where += " AND l.place BETWEEN r.value ->> 0 AND r.value ->> 1"
        key = "r.key"
        values.append(json.dumps(ranges))
    # The kind stands in the words, or the index of offers alone would not be looked at.
    where += f" AND l.cset IN (SELECT value FROM json_each(?)) AND l.need = {int(kind == 'need')} AND l.expires > ?"
    values += [json.dumps([SETS[name] for name in sets]), today.toordinal()]
    for column, wanted in (("l.category", categories), ("o.origin", origins)):
        if wanted is not None:
            where += f" AND {column} IN (SELECT value FROM json_each(?))"
            values.append(json.dumps(sorted(wanted)))
    if takes:
        where += (
            " AND (o.origin NOT IN (SELECT key FROM json_each(?)) OR EXISTS (SELECT 1 FROM json_each(?) t, "
            "json_each(t.value) c WHERE t.key = o.origin AND c.value = l.category))"
        )
        values += [json.dumps({origin: sorted(codes) for origin, codes in takes.items()})] * 2
    rows = await tx.execute_fetchall(
        f"WITH found AS (SELECT l.arrival, l.origin, {key} AS key FROM {tables} JOIN origins o ON o.n = l.origin "
        f"WHERE {where} ORDER BY key, l.arrival DESC LIMIT ?), "
        "turns AS (SELECT arrival, key, row_number() OVER (PARTITION BY origin ORDER BY key, arrival DESC) AS turn "
        "FROM found), "
        "shared AS (SELECT arrival, key FROM turns ORDER BY turn, key, arrival DESC LIMIT ?) "
        "SELECT o.origin, l.cset, l.received, l.line FROM shared s JOIN lines l ON l.arrival = s.arrival "
        "JOIN origins o ON o.n = l.origin ORDER BY s.key, s.arrival DESC",
        (*values, limit + LOOKED_AT, limit),
    )
    told = {view.origin: view for view in await origin_views(tx, now=now, own_origin=own_origin)}
    found = []
    for origin, cset, received, line in rows:
        view = told[origin]
        summary = Summary.from_body(orjson.loads(line)["b"])
        found.append(
            PublishedNeed(
                origin=origin,
                origin_name=view.name,
                origin_state=view.state,
                last_heard=view.last_heard,
                id=summary.id,
                set=SET_NAMES[cset],
                summary=summary,
                received_at=received,
                own=view.own,
            )
        )
    return found


async def cell_counts(
    tx: Tx,
    *,
    sets: Collection[str],
    ranges: Iterable[Range] | None = None,
    categories: Collection[str] | None = None,
    kind: str = "need",
) -> list[CellCount]:
    """Counts per label, category and status, from the count table alone."""
    values: list[Any] = []
    tables = "cell_counts c"
    where = "c.n > 0"
    if ranges is not None:
        tables = "json_each(?) r CROSS JOIN cell_counts c"
        where += " AND c.place BETWEEN r.value ->> 0 AND r.value ->> 1"
        values.append(json.dumps(list(ranges)))
    where += " AND c.cset IN (SELECT value FROM json_each(?)) AND c.need = ?"
    values += [json.dumps([SETS[name] for name in sets]), int(kind == "need")]
    if categories is not None:
        where += " AND c.category IN (SELECT value FROM json_each(?))"
        values.append(json.dumps(sorted(categories)))
    rows = await tx.execute_fetchall(
        f"SELECT c.place, c.category, c.status, sum(c.n) FROM {tables} WHERE {where} GROUP BY 1, 2, 3", values
    )
    return [
        CellCount(cell=cell_at(place), category=category, status=_STATUS_NAMES[status], count=n)
        for place, category, status, n in rows
    ]


async def origin_views(tx: Tx, *, now: int, own_origin: str | None) -> list[OriginView]:
    """Every origin of which a keys line was ever accepted, ours first, then by name."""
    heads: dict[str, list[tuple[str, int, int]]] = {}
    for held in await heads_of(tx):
        state = held.state
        if state in ("complete", "pending", "catching_up") and now > held.head.next_by:
            state = "stale"
        heads.setdefault(held.origin, []).append((state, held.head.issued, held.head.next_by))
    rows = await tx.execute_fetchall(
        """SELECT o.origin, o.forked_epoch >= o.epoch OR o.forked_rev >= o.keys_rev, o.contradictions,
        o.contradicted, o.blocked, coalesce(sum(t.live), 0), coalesce(sum(t.hidden), 0), o.last_heard, p.line
        FROM origins o LEFT JOIN lines p ON p.origin = o.n AND p.slot = ?
        LEFT JOIN totals t ON t.origin = o.n WHERE o.op_key IS NOT NULL GROUP BY o.n""",
        (PROFILE_SLOT,),
    )
    views = []
    for origin, forked, contradictions, contradicted, blocked, live, hidden, last_heard, line in rows:
        known = heads.get(origin, [])
        state = next((word for word in _WORST_FIRST if any(word == held[0] for held in known)), "unknown")
        profile = Profile.from_body(orjson.loads(line)["b"]) if line else None
        views.append(
            OriginView(
                origin=origin,
                name=profile.name if profile else origin,
                state="forked" if forked else state,
                head_issued=max((held[1] for held in known), default=None),
                next_by=min((held[2] for held in known), default=None),
                last_heard=last_heard,
                live=live,
                hidden=hidden,
                profile=profile,
                blocked=bool(blocked),
                own=origin == own_origin,
                contradictions=contradictions,
                contradicted=contradicted,
            )
        )
    return sorted(views, key=lambda view: (not view.own, view.name, view.origin))
