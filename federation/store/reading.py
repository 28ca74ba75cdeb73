"""What pages, feeds and peers read. Each function runs inside one read snapshot of its caller."""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

import orjson

from federation.store.database import Tx
from federation.store.judging import heads_of
from federation.store.places import Range, cell_at
from federation.store.rows import CellCount, FeedRow, FeedRows, OriginView, PublishedNeed
from federation.store.schema import HEAD, KEYS, PROFILE, PROFILE_SLOT, SET_NAMES, SETS, STATUSES, SUMMARY
from protocol.statements import Profile, Summary

_WORST_FIRST = ("incomplete", "stale", "catching_up", "pending", "complete")
_STATUS_NAMES = {number: name for name, number in STATUSES.items()}


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
    kind: str = "need",
    limit: int = 1000,
) -> list[PublishedNeed]:
    """Shown summaries, in the order of ``ranges`` if given, else newest first."""
    values: list[Any] = []
    tables = "lines l"
    where = "l.shown = 1"
    order = "l.arrival DESC"
    if ranges is not None:
        # CROSS JOIN keeps the ranges outside: one short scan of the place index for each.
        tables = "json_each(?) r CROSS JOIN lines l"
        where += " AND l.place BETWEEN r.value ->> 0 AND r.value ->> 1"
        order = "r.key, l.arrival DESC"
        values.append(json.dumps(ranges))
    where += " AND l.cset IN (SELECT value FROM json_each(?)) AND l.need = ? AND l.expires > ?"
    values += [json.dumps([SETS[name] for name in sets]), int(kind == "need"), today.toordinal()]
    for column, wanted in (("l.category", categories), ("o.origin", origins)):
        if wanted is not None:
            where += f" AND {column} IN (SELECT value FROM json_each(?))"
            values.append(json.dumps(sorted(wanted)))
    rows = await tx.execute_fetchall(
        f"SELECT o.origin, l.cset, l.received, l.line FROM {tables} JOIN origins o ON o.n = l.origin "
        f"WHERE {where} ORDER BY {order} LIMIT ?",
        (*values, limit),
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
        """SELECT o.origin, o.forked, o.blocked, o.live, o.hidden, o.last_heard, p.line
        FROM origins o LEFT JOIN lines p ON p.origin = o.n AND p.slot = ? WHERE o.op_key IS NOT NULL""",
        (PROFILE_SLOT,),
    )
    views = []
    for origin, forked, blocked, live, hidden, last_heard, line in rows:
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
            )
        )
    return sorted(views, key=lambda view: (not view.own, view.name, view.origin))


async def feed(
    tx: Tx,
    *,
    after: int,
    limit: int,
    public_of: Collection[str],
    peers_of: str | None,
    kind_set: str | None,
    by_origin: bool,
) -> FeedRows:
    """Up to ``limit`` lines that arrived after ``after``, in the order of arrival.

    Keys, profiles, public heads and public registers of the origins ``public_of``; set ``peers`` of
    ``peers_of`` only. ``kind_set`` narrows to one set. ``by_origin`` goes by the index of origins instead of
    scanning all arrivals.
    """
    known = await tx.execute_fetchall(
        "SELECT n, origin FROM origins WHERE origin IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(public_of)),),
    )
    numbers: dict[int, str] = {row[0]: row[1] for row in known}
    allowed = json.dumps(list(numbers))
    own = next((n for n, origin in numbers.items() if origin == peers_of), 0)
    visible = f"(l.cset IN (0, {SETS['public']}) OR (l.cset = {SETS['peers']} AND l.origin = {own}))"
    if kind_set is not None:
        visible += f" AND l.cset IN (0, {SETS[kind_set]})"
    column = "+l.arrival" if by_origin else "l.arrival"
    source = f"FROM lines l WHERE l.origin IN (SELECT value FROM json_each(?)) AND {visible}"
    rows = list(
        await tx.execute_fetchall(
            f"SELECT l.arrival, l.origin, l.kind, l.line {source} AND {column} > ? ORDER BY {column} LIMIT ?",
            (allowed, after, limit + 1),
        )
    )
    more = len(rows) > limit
    rows = rows[:limit]
    ahead: Iterable[Any] = ()
    if more:
        ahead = await tx.execute_fetchall(
            f"SELECT l.arrival, l.origin, l.kind, l.line {source} "
            f"AND l.kind IN ({KEYS}, {PROFILE}, {HEAD}) AND +l.arrival > ? ORDER BY l.kind",
            (json.dumps(sorted({row[1] for row in rows})), rows[-1][0]),
        )
    behind = await tx.execute_fetchall(
        f"SELECT origin FROM heads WHERE cset = {SETS['public']} AND state IN ('catching_up', 'incomplete') "
        "AND origin <> ? AND origin IN (SELECT value FROM json_each(?)) ORDER BY origin",
        (own, json.dumps(sorted({row[1] for row in rows}))),
    )
    ((newest,),) = await tx.execute_fetchall("SELECT value FROM meta WHERE name = 'newest'")

    def made(row: Any) -> FeedRow:
        return FeedRow(arrival=row[0], origin=numbers[row[1]], is_item=row[2] >= SUMMARY, line=row[3])

    return FeedRows(
        rows=[made(row) for row in rows],
        ahead=[made(row) for row in ahead],
        more=more,
        newest=int(newest),
        behind=[numbers[row[0]] for row in behind],
    )


async def lines_of(tx: Tx, origins: Collection[str], sets: Collection[str]) -> list[bytes]:
    """Everything held of these origins and sets in the order of a bundle: keys, profile, heads, then the
    rest."""
    rows = await tx.execute_fetchall(
        """SELECT l.line FROM lines l JOIN origins o ON o.n = l.origin
        WHERE o.origin IN (SELECT value FROM json_each(?)) AND l.cset IN (SELECT value FROM json_each(?))
        ORDER BY min(l.kind, ?), l.arrival""",
        (json.dumps(sorted(origins)), json.dumps([0, *(SETS[name] for name in sets)]), SUMMARY),
    )
    return [row[0] for row in rows]


async def front_of(
    tx: Tx, origins: Collection[str], *, peers_of: str | None, kind_set: str | None
) -> list[bytes]:
    """Keys, profiles and heads, without the items."""
    sets = [0, *(number for name, number in SETS.items() if kind_set in (None, name))]
    rows = await tx.execute_fetchall(
        f"""SELECT l.line FROM lines l JOIN origins o ON o.n = l.origin
        WHERE o.origin IN (SELECT value FROM json_each(?)) AND l.kind < {SUMMARY}
        AND l.cset IN (SELECT value FROM json_each(?)) AND (l.cset <> {SETS["peers"]} OR o.origin = ?)
        ORDER BY l.kind, l.arrival""",
        (json.dumps(sorted(origins)), json.dumps(sets), peers_of),
    )
    return [row[0] for row in rows]
