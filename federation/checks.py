"""Signatures that were not looked at when their set came whole under its head: looked at before a line leaves it.

Whoever gets a part of a set cannot hold it against the head, and would refuse a line that nobody signed as a
fault of ours. So such lines are verified once, when they are first to go out alone, and marked.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from federation.store import NeighbourhoodStore
from federation.store.rows import FeedRow
from protocol import codec, head, identity
from protocol.errors import RemoteProtocolError
from protocol.head import Entry
from protocol.statements import Head

AT_ONCE = 2_000
"""Lines verified in one go of the worker thread."""


class Checks:
    """Verifies what is UNCHECKED and tells the store."""

    def __init__(self, store: NeighbourhoodStore) -> None:
        self._store = store

    async def of(self, rows: Iterable[FeedRow]) -> frozenset[int]:
        """Verifies those of these rows that were not yet; gives the arrival numbers of those that nobody signed.

        An origin that has such a line under its signed head contradicts itself: it is marked forked, head and line
        are kept as proof, and the line is hidden.
        """
        waiting = [row for row in rows if row.unchecked]
        false: set[int] = set()
        for start in range(0, len(waiting), AT_ONCE):
            some = waiting[start : start + AT_ONCE]
            keys = await self._store.op_keys({row.origin for row in some})
            bad = await asyncio.to_thread(_unsigned, some, keys)
            await self._store.checked([row.arrival for row in some if row.arrival not in bad], bad, keys)
            false |= bad
        return frozenset(false)

    async def of_parts(self, pairs: Collection[tuple[str, str]]) -> None:
        """The same for everything held of these (origin, set) that is not whole under its head, and for what that head
        counts no more."""
        whole = {
            (one.origin, one.head.set)
            for one in await self._store.heads_held({origin for origin, _ in pairs})
            if one.state == "complete"
        }
        await self.of(await self._store.unchecked(pairs, whole))


def whole_in(rows: Sequence[FeedRow]) -> set[tuple[str, str]]:
    """The (origin, set) with unchecked lines that stand in these rows to the last one, head included: they may go
    out as they came. What the head counts no more is not whole under it."""
    open_ones = {(row.origin, row.set) for row in rows if row.unchecked}
    heads: dict[tuple[str, str], Head] = {}
    entries: dict[tuple[str, str], list[Entry]] = {pair: [] for pair in open_ones}
    soonest: dict[tuple[str, str], date] = {}
    for row in rows:
        pair = (row.origin, row.set)
        if pair in open_ones:
            signed = codec.read_line(row.line)
            if isinstance(signed.statement, Head):
                heads[pair] = signed.statement
            else:
                entry = head.entry_of(signed)
                entries[pair].append(entry)
                if row.unchecked:
                    soonest[pair] = min(entry.expires, soonest.get(pair, entry.expires))
    return {
        pair
        for pair, told in heads.items()
        if head.digest(entries[pair], told.asof) == (told.count, told.digest) and soonest[pair] > told.asof
    }


def _unsigned(rows: Sequence[FeedRow], keys: Mapping[str, str]) -> set[int]:
    bad = set()
    for row in rows:
        try:
            codec.verify(codec.read_line(row.line), identity.public_of(keys[row.origin]))
        except (RemoteProtocolError, KeyError):
            bad.add(row.arrival)
    return bad
