"""The changes feed: everything a peer may see, in the order in which it came to us, in pages.

A cursor is opaque to its holder: ``<incarnation>-<allow list>:<arrival>``. Arrival numbers mean something
only within one life of our store, and a peer that read while other origins were allowed would miss what is
allowed since; in both cases the cursor is lost and the peer begins again, which costs it bytes but no
signature checks.
"""

import re
from dataclasses import dataclass

import orjson

from federation.policy import AllowList
from federation.store import NeighbourhoodStore
from federation.store.rows import FeedRow, FeedRows
from protocol.limits import PAGE_BYTES, PAGE_ITEMS

_CURSOR = re.compile(r"([0-9a-f]{16}-[0-9a-f]{12}):([0-9]{1,15})")


class CursorLost(Exception):
    """The cursor is not of this life of the store, or of this list of origins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: the lines in the order in which to read them, and where the next one begins."""

    lines: tuple[bytes, ...]
    cursor: str
    more: bool
    behind: tuple[str, ...] = ()
    """Origins in this page whose sets we do not hold whole ourselves."""

    def body(self) -> bytes:
        """NDJSON: a first line about the page itself, then the statements."""
        about = {"cursor": self.cursor, "more": self.more, "type": "page", "v": 1}
        if self.behind:
            about["behind"] = self.behind
        return b"".join(part + b"\n" for part in (orjson.dumps(about), *self.lines))


class Feed:
    """Pages for approved peers."""

    def __init__(self, store: NeighbourhoodStore) -> None:
        self._store = store

    async def page(
        self,
        allow: AllowList,
        *,
        cursor: str | None,
        limit: int = PAGE_ITEMS,
        origins: frozenset[str] | None = None,
        kind_set: str | None = None,
    ) -> Page:
        """At most ``limit`` (1 to 500) items and 1 MiB after ``cursor``; raises CursorLost.

        Set ``public`` of every origin allowed here, set ``peers`` of ourselves. Whatever keys, profiles and
        heads of the page's origins came later than its items travel at its beginning, from the same snapshot:
        so heads come before the items that they count.
        """
        life = f"{self._store.incarnation}-{allow.fingerprint}"
        after = _arrival(cursor, life) if cursor is not None else 0
        served = allow.served if origins is None else allow.served & origins
        found = await self._store.feed(
            after=after,
            limit=min(max(limit, 1), PAGE_ITEMS),
            public_of=served,
            peers_of=allow.own,
            kind_set=kind_set,
            by_origin=origins is not None,
        )
        if after > found.newest:
            raise CursorLost
        kept, first, cut = _fit(found)
        at = kept[-1].arrival if kept else found.newest
        more = cut or found.more
        lines = tuple(row.line for row in (*first, *kept))
        return Page(
            lines=lines,
            cursor=f"{life}:{at if more else max(at, found.newest)}",
            more=more,
            behind=tuple(found.behind),
        )


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
