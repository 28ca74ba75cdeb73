"""Putting right what does not agree, without fetching what is held: by heads after a lost cursor, by a manifest
where a set differs from its head.

A manifest is proved by the head that it goes under, whoever tells it: its entries give that head's digest, or it is
worth nothing. So whoever holds the set can mend it.
"""

from collections.abc import Callable, Iterable, Sequence

import orjson

from federation.client import HeadsPage, PeerClient
from federation.errors import PeerError
from federation.ingest import Ingest, IngestReport
from federation.pieces import sha_of
from federation.policy import AllowList
from federation.store import NeighbourhoodStore
from federation.store.rows import HeldHead
from federation.transport import Endpoint
from protocol import head
from protocol.bundle import BadLine
from protocol.codec import read_line
from protocol.errors import RemoteProtocolError
from protocol.limits import PAGE_ITEMS
from protocol.statements import Head

Pair = tuple[str, str]
"""(origin, set)."""
Taken = Callable[[int, IngestReport], None]
"""Told how many lines came and what became of them, after each answer; may raise PeerError to break off."""

ORIGINS_AT_ONCE = 100
MOST_ENTRIES = 20_000
"""Entries of a set up to which it is mended: several times what is held of one origin. A head may claim any number."""


class Repair:
    """Talks with one peer at a time. Raises PeerError for what a peer does."""

    def __init__(self, store: NeighbourhoodStore, ingest: Ingest, client: PeerClient) -> None:
        self._store = store
        self._ingest = ingest
        self._client = client

    async def by_heads(self, endpoint: Endpoint, allow: AllowList, taken: Taken) -> str | None:
        """After a lost cursor: fetches what differs from the peer's heads, and gives the cursor that goes on from
        there. None if most differs, or it cannot be told: then all is read from the beginning."""
        if not await self._store.holds_others():
            return None
        try:
            page = await self._client.heads(endpoint)
        except PeerError as error:
            if error.code in ("too_large", "failed", "nonsense", "not_offered"):
                return None
            raise
        told = {pair: one for pair, one in _told(page).items() if allow.refusal(pair[0]) is None}
        held = {
            (one.origin, one.head.set): one
            for one in await self._store.heads_held({origin for origin, _ in told})
        }
        other = {pair for pair, (at, sha) in told.items() if _differs(at, sha, held.get(pair))}
        if not held or 2 * len(other) > len(told):
            return None
        taken(
            len(page.lines),
            await self._ingest.lines(page.lines, via=endpoint.origin, end_of_round=False, behind=page.behind),
        )
        # What the peer lacks something of has no manifest that proves itself: all that it does have is fetched.
        new = sorted(
            {origin for origin, name in other if (origin, name) not in held or origin in page.behind}
        )
        for start in range(0, len(new), ORIGINS_AT_ONCE):
            await self._whole(endpoint, new[start : start + ORIGINS_AT_ONCE], taken)
        for pair in sorted(pair for pair in other if pair[0] not in new):
            await self.by_manifest(endpoint, pair, taken)
        return page.cursor

    async def _whole(self, endpoint: Endpoint, origins: Sequence[str], taken: Taken) -> None:
        """Everything of these origins."""
        cursor: str | None = None
        seen = {cursor}
        while True:
            page = await self._client.pull(endpoint, cursor=cursor, origins=origins)
            report = await self._ingest.lines(
                page.lines,
                via=endpoint.origin,
                end_of_round=False,
                behind=page.behind,
            )
            taken(len(page.lines), report)
            if not page.more or page.cursor in seen:
                return
            cursor = page.cursor
            seen.add(cursor)

    async def by_manifest(self, endpoint: Endpoint, pair: Pair, taken: Taken) -> bool:
        """Compares one set with what the peer says that it consists of, and fetches what is missing; whether it
        agrees with its head now. A manifest of another head than ours, or one that does not prove itself, is passed
        over."""
        held = await self._store.sets_held({pair})
        if not held:
            return False
        (ours,) = held
        wanted = await self._manifest(endpoint, ours.head, taken)
        if wanted is None:
            return False
        have = {entry.id: entry for entry in ours.entries}
        missing = {
            sha: id
            for id, seq, sha in wanted
            if (mine := have.get(id)) is None or mine.seq < seq or (mine.seq == seq and mine.sha != sha)
        }
        while missing:
            some = [id for _, id in sorted(missing.items(), key=lambda each: each[1])[:PAGE_ITEMS]]
            page = await self._client.pull(
                endpoint, cursor=None, origins=[pair[0]], kind_set=pair[1], ids=some
            )
            report = await self._ingest.lines(page.lines, via=endpoint.origin, end_of_round=False)
            taken(len(page.lines), report)
            came = {sha_of(line) for line in page.lines if isinstance(line, bytes)}
            if not came & missing.keys():
                break  # it counts them, and does not give them
            missing = {sha: id for sha, id in missing.items() if sha not in came}
        return (await self._ingest.judge(pair)) in ("complete", "pending")

    async def _manifest(
        self, endpoint: Endpoint, ours: HeldHead, taken: Taken
    ) -> list[tuple[bytes, int, bytes]] | None:
        """The entries under our head, if the peer tells exactly those."""
        entries: list[tuple[bytes, int, bytes]] = []
        after: bytes | None = None
        if ours.head.count > MOST_ENTRIES:
            return None
        while len(entries) <= ours.head.count:
            page = await self._client.manifest(
                endpoint, origin=ours.origin, kind_set=ours.head.set, after=after
            )
            taken(0, IngestReport())
            if page.head != ours.sha:
                return None
            if after is not None and page.entries and page.entries[0][0] <= after:
                return None  # it goes in a circle
            entries += page.entries
            if not page.more or not page.entries:
                break
            after = page.entries[-1][0]
        told = (len(entries), head.digest_of(entries))
        return entries if told == (ours.head.count, ours.head.digest) else None


def _told(page: HeadsPage) -> dict[Pair, tuple[tuple[int, int], bytes]]:
    """((epoch, seq), SHA-256) of each head, as claimed: what is worth asking about, and no more."""
    told = {}
    for line in _readable(page.lines):
        try:
            signed = read_line(line)
        except (RemoteProtocolError, orjson.JSONDecodeError):
            continue
        if isinstance(signed.statement, Head):
            one = signed.statement
            told[(one.origin, one.set)] = ((one.epoch, one.seq), signed.sha)
    return told


def _readable(lines: Iterable[bytes | BadLine]) -> Iterable[bytes]:
    return (line for line in lines if isinstance(line, bytes))


def _differs(at: tuple[int, int], sha: bytes, held: HeldHead | None) -> bool:
    """Whether a peer that tells this head has something for us."""
    if held is None or at > (held.head.epoch, held.head.seq):
        return True
    # Under the same head we may lack something that this peer has, whoever was asked in vain before.
    return sha == held.sha and held.state in ("catching_up", "incomplete") and not held.beyond_repair
