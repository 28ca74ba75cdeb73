"""The changes feed: everything a peer may see, in the order in which it came to us, in pages.

A cursor is opaque to its holder: ``<incarnation>.<allow list>:<arrival>``. Arrival numbers mean something
only within one life of our store, and a peer that read while other origins were allowed would miss what is
allowed since; in both cases the cursor is lost and the peer begins again, which costs it bytes but no
signature checks.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from federation.checks import Checks, whole_in
from federation.policy import AllowList
from federation.store import NeighbourhoodStore
from federation.store.rows import FeedRow, FeedRows
from protocol import b64
from protocol.limits import MANIFEST_ITEMS, PAGE_BYTES, PAGE_ITEMS

_CURSOR = re.compile(r"([A-Za-z0-9_-]{11}\.[A-Za-z0-9_-]{8}):([0-9]{1,15})")


class CursorLost(Exception):
    """The cursor is not of this life of the store, or of this list of origins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: the lines in the order in which to read them, and where the next one begins."""

    lines: tuple[bytes, ...]
    cursor: str | None
    """None where the lines were asked for by their ids: nothing follows from those."""
    more: bool
    behind: tuple[str, ...] = ()
    """Origins in this page whose sets we do not hold whole ourselves."""

    def body(self) -> bytes:
        """NDJSON: a first line about the page itself, then the statements."""
        about: dict[str, Any] = {"cursor": self.cursor, "more": self.more, "type": "page", "v": 1}
        if self.behind:
            about["behind"] = self.behind
        return ndjson(about, self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """Where everything stands: keys, profiles and heads, and the place in the feed where that is so."""

    lines: tuple[bytes, ...]
    cursor: str
    behind: tuple[str, ...] = ()
    """As of a page."""

    def body(self) -> bytes:
        """NDJSON, as a page's."""
        about: dict[str, Any] = {"cursor": self.cursor, "type": "heads", "v": 1}
        if self.behind:
            about["behind"] = self.behind
        return ndjson(about, self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What one set consists of: ids, not lines."""

    head: bytes | None
    """SHA-256 of the head that counts it; None if none is held."""
    entries: tuple[tuple[str, int, str], ...]
    """(id, seq, SHA-256 of the line), sorted by the bytes of the id."""
    more: bool

    def body(self) -> bytes:
        """NDJSON: a first line about it, then an array for each register."""
        told = b64.encode(self.head) if self.head is not None else None
        about = {"head": told, "more": self.more, "type": "manifest", "v": 1}
        return ndjson(about, [orjson.dumps(entry) for entry in self.entries])


def ndjson(about: Mapping[str, Any], lines: Iterable[bytes]) -> bytes:
    """A first line about an answer, then its lines."""
    return b"".join(part + b"\n" for part in (orjson.dumps(about, option=orjson.OPT_SORT_KEYS), *lines))


class Feed:
    """What approved peers may see of what we hold: all of it as changes, or parts."""

    def __init__(self, store: NeighbourhoodStore) -> None:
        self._store = store
        self._checks = Checks(store)

    async def page(
        self,
        allow: AllowList,
        *,
        asker: str,
        cursor: str | None,
        limit: int = PAGE_ITEMS,
        origins: frozenset[str] | None = None,
        kind_set: str | None = None,
    ) -> Page:
        """At most ``limit`` (1 to 500) items and 1 MiB after ``cursor``; raises CursorLost.

        What the asker may see is said by ``allow``. Whatever keys, profiles and heads of the page's origins came
        later than its items travel at its beginning, from the same snapshot: so heads come before the items that
        they count.
        """
        life = self._life(allow, asker)
        after = _arrival(cursor, life) if cursor is not None else 0
        public_of, peers_of = _narrowed(allow, asker, origins)
        found = await self._store.feed(
            after=after,
            limit=min(max(limit, 1), PAGE_ITEMS),
            public_of=public_of,
            peers_of=peers_of,
            kind_set=kind_set,
            by_origin=origins is not None,
        )
        if after > found.newest:
            raise CursorLost
        kept, first, cut = _fit(found)
        at = kept[-1].arrival if kept else found.newest
        more = cut or found.more
        rows, false = await self._signed([*first, *kept])
        return Page(
            lines=tuple(row.line for row in rows),
            cursor=f"{life}:{at if more else max(at, found.newest)}",
            more=more,
            behind=tuple(sorted({*found.behind, *false})),
        )

    async def by_ids(
        self, allow: AllowList, *, asker: str, origin: str, ids: Collection[bytes], kind_set: str | None
    ) -> Page:
        """The registers of one origin under these ids (at most 500), as far as the asker may see them and 1 MiB
        goes; ``more``: not all that are held."""
        public_of, peers_of = _narrowed(allow, asker, frozenset({origin}))
        found = await self._store.by_ids(ids, public_of=public_of, peers_of=peers_of, kind_set=kind_set)
        kept: list[FeedRow] = []
        size = 0
        for row in found:
            size += len(row.line) + 1
            if size > PAGE_BYTES - 200:
                break
            kept.append(row)
        rows, false = await self._signed(kept)
        return Page(
            lines=tuple(row.line for row in rows),
            cursor=None,
            more=len(kept) < len(found),
            behind=tuple(sorted(false)),
        )

    async def heads(
        self,
        allow: AllowList,
        *,
        asker: str,
        origins: frozenset[str] | None = None,
        kind_set: str | None = None,
    ) -> Heads:
        """Keys, profiles and heads that a pull would bring, without the items."""
        public_of, peers_of = _narrowed(allow, asker, origins)
        found = await self._store.front_of(public_of=public_of, peers_of=peers_of, kind_set=kind_set)
        return Heads(
            lines=tuple(found.lines),
            cursor=f"{self._life(allow, asker)}:{found.newest}",
            behind=tuple(found.behind),
        )

    async def manifest(
        self, allow: AllowList, *, asker: str, origin: str, kind_set: str, after: bytes
    ) -> Manifest:
        """What one set consists of under the head held, as far as the asker may see it."""
        public_of, peers_of = allow.sets_for(asker)
        if origin not in (public_of if kind_set == "public" else peers_of):
            return Manifest(head=None, entries=(), more=False)
        sha, entries, more = await self._store.manifest(origin, kind_set, after=after, limit=MANIFEST_ITEMS)
        return Manifest(
            head=sha,
            entries=tuple((b64.encode(id), seq, b64.encode(line)) for id, seq, line in entries),
            more=more,
        )

    def _life(self, allow: AllowList, asker: str) -> str:
        return f"{b64.encode(bytes.fromhex(self._store.incarnation))}.{allow.fingerprint_for(asker)}"

    async def _signed(self, rows: Sequence[FeedRow]) -> tuple[list[FeedRow], set[str]]:
        """(what of these rows may go out, origins that lost one): signatures not looked at yet are, unless the
        whole set goes out."""
        whole = whole_in(rows) if any(row.unchecked for row in rows) else set()
        false = await self._checks.of(row for row in rows if (row.origin, row.set) not in whole)
        return (
            [row for row in rows if row.arrival not in false],
            {row.origin for row in rows if row.arrival in false},
        )


def _narrowed(
    allow: AllowList, asker: str, origins: frozenset[str] | None
) -> tuple[frozenset[str], frozenset[str]]:
    """Origins whose set ``public``, and whose set ``peers``, the asker gets of those that it names."""
    public_of, peers_of = allow.sets_for(asker)
    return (public_of, peers_of) if origins is None else (public_of & origins, peers_of & origins)


def _arrival(cursor: str, life: str) -> int:
    match = _CURSOR.fullmatch(cursor)
    if match is None or match[1] != life:
        raise CursorLost
    return int(match[2])


def _fit(found: FeedRows) -> tuple[list[FeedRow], list[FeedRow], bool]:
    """(rows of this page, what must stand before them, whether rows were left for the next page)."""
    later = {row.arrival: row for row in (*found.rows, *found.ahead) if not row.is_item}
    kept: list[FeedRow] = []
    told: set[str] = set()
    size = 0
    for row in found.rows:
        extra = [
            other for other in later.values() if other.origin == row.origin and other.arrival > row.arrival
        ]
        cost = len(row.line) + 1
        if row.origin not in told:
            cost += sum(len(other.line) + 1 for other in extra)
        if kept and size + cost > PAGE_BYTES - 200:
            break
        size += cost
        told.add(row.origin)
        kept.append(row)
    last = kept[-1].arrival if kept else 0
    first = [row for row in later.values() if row.arrival > last and row.origin in told]
    return kept, first, len(kept) < len(found.rows)
