"""What goes out to peers. Each function runs inside one read snapshot of its caller; a line whose signature turned
out to be nobody's goes nowhere."""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from federation.store.checking import row_of
from federation.store.database import Tx
from federation.store.rows import FeedRow, FeedRows, FrontRows
from federation.store.schema import (
    FALSE,
    FAREWELL_SLOT,
    HEAD_SLOTS,
    KEYS_SLOT,
    PROFILE_SLOT,
    SETS,
    SUMMARY,
)

Numbers = dict[str, int]
"""Numbers of origins as they were found before: each is given once, and for ever."""
_FRONT = (KEYS_SLOT, PROFILE_SLOT, *HEAD_SLOTS.values())
"""Slots of what stands before the items: found by the index, where the kinds would be looked for in every line."""


async def feed(
    tx: Tx,
    *,
    after: int,
    limit: int,
    public_of: Collection[str],
    peers_of: Collection[str],
    known: Numbers,
    own: str | None = None,
    kind_set: str | None = None,
    by_origin: bool = False,
) -> FeedRows:
    """Up to ``limit`` lines that arrived after ``after``, in the order of arrival.

    Keys, profiles, public heads and public registers of the origins ``public_of``; set ``peers`` of ``peers_of``,
    with keys and profiles. ``kind_set`` narrows to one set. ``by_origin`` goes by the index of origins, which looks at
    all that is held of them; else it goes by the arrivals. ``known``: see ``Numbers``. ``own``: with our own sets we
    may be behind in both.
    """
    numbers, shown = await _shown(tx, public_of, peers_of, kind_set, known)
    origin, arrival = ("l.origin", "+l.arrival") if by_origin else ("+l.origin", "l.arrival")
    what = "l.arrival, l.origin, l.kind, l.cset, l.line, l.sig_checked FROM lines l"
    rows = list(
        await tx.execute_fetchall(
            f"SELECT {what} WHERE {origin} IN (SELECT value FROM json_each(?)) AND {shown} "
            f"AND {arrival} > ? ORDER BY {arrival} LIMIT ?",
            (json.dumps(list(numbers)), after, limit + 1),
        )
    )
    more = len(rows) > limit
    rows = rows[:limit]
    named = json.dumps(sorted({row[1] for row in rows}))
    ahead: Iterable[Any] = ()
    if more:
        ahead = await tx.execute_fetchall(
            f"SELECT {what} WHERE l.origin IN (SELECT value FROM json_each(?)) AND {shown} "
            f"AND l.slot IN ({_marks(_FRONT)}) AND +l.arrival > ? ORDER BY l.kind",
            (named, *_FRONT, rows[-1][0]),
        )

    def made(row: Any) -> FeedRow:
        return row_of((row[0], numbers[row[1]], *row[2:]))

    return FeedRows(
        rows=[made(row) for row in rows],
        ahead=[made(row) for row in ahead],
        more=more,
        newest=await newest(tx),
        behind=await _behind(tx, numbers, {row[1] for row in rows}, own),
    )


async def _behind(tx: Tx, numbers: Mapping[int, str], shown: Collection[int], own: str | None) -> list[str]:
    """Those of the origins ``shown`` whose sets we do not hold whole. Of our own both count: after a restore we hold of
    them what others told us, until we begin anew."""
    ourselves = next((n for n, origin in numbers.items() if origin == own), 0)
    rows = await tx.execute_fetchall(
        "SELECT DISTINCT origin FROM heads WHERE state IN ('catching_up', 'incomplete') "
        f"AND (cset = {SETS['public']} OR origin = ?) AND origin IN (SELECT value FROM json_each(?)) ORDER BY origin",
        (ourselves, json.dumps(sorted(shown))),
    )
    return [numbers[row[0]] for row in rows]


async def newest(tx: Tx) -> int:
    """The highest arrival number given so far."""
    ((value,),) = await tx.execute_fetchall("SELECT value FROM meta WHERE name = 'newest'")
    return int(value)


async def _shown(
    tx: Tx, public_of: Collection[str], peers_of: Collection[str], kind_set: str | None, known: Numbers
) -> tuple[dict[int, str], str]:
    """(origins by number, the condition on lines ``l`` that an asker may see)."""
    wanted = {*public_of, *peers_of}
    if new := wanted - known.keys():
        found = await tx.execute_fetchall(
            "SELECT origin, n FROM origins WHERE origin IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(new)),),
        )
        known.update((row[0], row[1]) for row in found)
    numbers = {known[origin]: origin for origin in wanted if origin in known}
    sets = []
    if kind_set in (None, "public"):
        without = [n for n, origin in numbers.items() if origin not in public_of]
        sets.append(f"(l.cset = {SETS['public']} {_none_of(without)})")
    if kind_set in (None, "peers"):
        chosen = ", ".join(str(n) for n, origin in numbers.items() if origin in peers_of)
        sets.append(f"(l.cset = {SETS['peers']} AND l.origin IN ({chosen}))")
    return numbers, f"l.sig_checked <> {FALSE} AND ({' OR '.join(('l.cset = 0', *sets))})"


def _marks(values: Collection[bytes]) -> str:
    return ", ".join("?" * len(values))


def _none_of(numbers: Collection[int]) -> str:
    return f"AND l.origin NOT IN ({', '.join(map(str, numbers))})" if numbers else ""


async def lines_of(tx: Tx, origins: Collection[str], sets: Collection[str]) -> list[bytes]:
    """Everything held of these origins and sets in the order of a bundle: keys, profile, heads, then the
    rest, an origin's together."""
    rows = await tx.execute_fetchall(
        f"""SELECT l.line FROM lines l JOIN origins o ON o.n = l.origin
        WHERE o.origin IN (SELECT value FROM json_each(?)) AND l.cset IN (SELECT value FROM json_each(?))
        AND l.sig_checked <> {FALSE}
        ORDER BY min(l.kind, ?), CASE WHEN l.kind < {SUMMARY} THEN 0 ELSE l.origin END, l.arrival""",
        (json.dumps(sorted(origins)), json.dumps([0, *(SETS[name] for name in sets)]), SUMMARY),
    )
    return [row[0] for row in rows]


async def front_of(
    tx: Tx,
    *,
    public_of: Collection[str],
    peers_of: Collection[str],
    known: Numbers,
    own: str | None = None,
    kind_set: str | None = None,
) -> FrontRows:
    """Keys, profiles and heads as :func:`feed` would give them, without the items."""
    numbers, shown = await _shown(tx, public_of, peers_of, kind_set, known)
    rows = await tx.execute_fetchall(
        f"SELECT l.line FROM lines l WHERE l.origin IN (SELECT value FROM json_each(?)) AND {shown} "
        f"AND l.slot IN ({_marks(_FRONT)}, ?) ORDER BY l.kind, l.arrival",
        (json.dumps(list(numbers)), *_FRONT, FAREWELL_SLOT),
    )
    return FrontRows(
        lines=[row[0] for row in rows],
        newest=await newest(tx),
        behind=await _behind(tx, numbers, numbers.keys(), own),
    )


async def by_ids(
    tx: Tx,
    ids: Collection[bytes],
    *,
    public_of: Collection[str],
    peers_of: Collection[str],
    known: Numbers,
    kind_set: str | None = None,
) -> list[FeedRow]:
    """The registers under these ids, as :func:`feed` would give them, in the order of their ids."""
    numbers, shown = await _shown(tx, public_of, peers_of, kind_set, known)
    rows = await tx.execute_fetchall(
        "SELECT l.arrival, l.origin, l.kind, l.cset, l.line, l.sig_checked FROM lines l "
        f"WHERE l.origin IN (SELECT value FROM json_each(?)) AND l.slot IN ({_marks(ids)}) "
        f"AND l.kind >= {SUMMARY} AND {shown} ORDER BY l.slot",
        (json.dumps(list(numbers)), *ids),
    )
    return [row_of((row[0], numbers[row[1]], row[2], row[3], row[4], row[5])) for row in rows]


async def manifest(
    tx: Tx, origin: str, name: str, *, after: bytes, limit: int
) -> tuple[bytes | None, list[tuple[bytes, int, bytes]], bool]:
    """(SHA-256 of the head held, (id, seq, SHA-256) of what counts under it, whether there is more): sorted by
    id, beginning after one."""
    heads = list(
        await tx.execute_fetchall(
            "SELECT h.origin, h.asof, h.sha FROM heads h JOIN origins o ON o.n = h.origin "
            "WHERE o.origin = ? AND h.cset = ?",
            (origin, SETS[name]),
        )
    )
    if not heads:
        return None, [], False
    number, asof, sha = heads[0]
    rows = list(
        await tx.execute_fetchall(
            f"SELECT slot, seq, sha FROM lines WHERE origin = ? AND cset = ? AND kind >= {SUMMARY} "
            f"AND sig_checked <> {FALSE} AND expires > ? AND slot > ? ORDER BY slot LIMIT ?",
            (number, SETS[name], asof, after, limit + 1),
        )
    )
    return sha, [(row[0], row[1], row[2]) for row in rows[:limit]], len(rows) > limit
