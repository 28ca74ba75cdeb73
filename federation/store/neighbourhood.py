"""The neighbourhood store: one interface over ``neighbourhood.db``. Its verbs are all that the other rooms
see.

Ingest is ``held(keys)`` -> pure verdicts -> ``apply(batch)``; a very large aggregator can put another
database behind the same verbs. Nothing in here is precious: a lost file, or lost last commits, are made good
by the next rounds.
"""

import secrets
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from pathlib import Path

from federation.ports import Clock
from federation.store import counting, judging, reading, talks, writing
from federation.store.database import Database
from federation.store.places import Range
from federation.store.rows import (
    Batch,
    CellCount,
    FeedRows,
    HeldHead,
    HeldOrigin,
    HeldPage,
    Key,
    OriginView,
    PeerTalk,
    Proof,
    PublishedNeed,
    Quarantined,
    SetHeld,
)
from federation.store.schema import SETS


class NeighbourhoodStore:
    """Made by :meth:`open`. ``own_origin``: who we are, once the node has been set up; marks what is ours."""

    def __init__(self, db: Database, clock: Clock, own_origin: str | None, incarnation: str) -> None:
        self._db = db
        self._clock = clock
        self.own_origin = own_origin
        self.incarnation = incarnation
        """Names this life of the file; arrival numbers mean something only within it."""

    @classmethod
    async def open(
        cls,
        path: Path,
        *,
        clock: Clock,
        own_origin: str | None = None,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> "NeighbourhoodStore":
        """Opens or creates the file.

        A new incarnation is drawn unless the file was closed cleanly: after a power cut the last arrival
        numbers may be handed out a second time, and a peer that holds such a cursor must be told that it is
        lost.
        """
        db = await Database.open(path)
        async with db.write(durable=True) as tx:
            found = await tx.execute_fetchall("SELECT name, value FROM meta")
            meta: dict[str, str] = {row[0]: row[1] for row in found}
            incarnation = meta.get("incarnation") if meta.get("clean") == "1" else None
            incarnation = incarnation or random(8).hex()
            rows = {"incarnation": incarnation, "clean": "0", "newest": meta.get("newest", "0")}
            await tx.executemany("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", rows.items())
        return cls(db, clock, own_origin, incarnation)

    async def close(self) -> None:
        """Marks the file as cleanly closed and closes it."""
        async with self._db.write(durable=True) as tx:
            await tx.execute("UPDATE meta SET value = '1' WHERE name = 'clean'")
        await self._db.close()

    @property
    def started_anew(self) -> bool:
        """True if a broken or outdated file was thrown away at :meth:`open`."""
        return self._db.started_anew

    # What comes in

    async def held(self, keys: Collection[Key]) -> HeldPage:
        """Everything that judging these (origin, slot) needs, from one snapshot."""
        async with self._db.read() as tx:
            return await judging.held(tx, keys)

    async def apply(self, batch: Batch) -> None:
        """One page's outcome, all of it or nothing; counts and arrival numbers change only here."""
        if not batch:
            return
        async with self._db.write() as tx:
            await writing.apply(tx, batch, now=self._now(), today=self._today().toordinal())

    async def unjudged(self) -> set[tuple[str, str]]:
        """Every (origin, set) that was not held against its head yet."""
        async with self._db.read() as tx:
            heads = await judging.heads_of(tx)
        return {(held.origin, held.head.set) for held in heads if held.state == "catching_up"}

    async def sets_held(self, wanted: Collection[tuple[str, str]]) -> list[SetHeld]:
        """Heads and digest entries of these (origin, set)."""
        async with self._db.read() as tx:
            origins = sorted({origin for origin, _ in wanted})
            heads = [
                head
                for origin in origins
                for head in await judging.heads_of(tx, origin)
                if (origin, head.head.set) in wanted
            ]
            return await judging.entries(tx, heads)

    async def judged(self, heads: Iterable[HeldHead]) -> None:
        """Stores what was found about these sets, unless a newer head came in between."""
        async with self._db.write() as tx:
            for held in heads:
                await tx.execute(
                    "UPDATE heads SET state = ?, repaired = ? WHERE sha = ? AND cset = ? "
                    "AND origin = (SELECT n FROM origins WHERE origin = ?)",
                    (
                        held.state,
                        held.sha if held.repaired else None,
                        held.sha,
                        SETS[held.head.set],
                        held.origin,
                    ),
                )

    async def hidden(
        self, reason: str, *, origin: str | None = None, limit: int = 500
    ) -> list[tuple[int, bytes]]:
        """(arrival number, line) of registers hidden for this reason, oldest first."""
        async with self._db.read() as tx:
            rows = await tx.execute_fetchall(
                "SELECT arrival, line FROM lines WHERE hidden = ?1 AND (?2 IS NULL OR origin = "
                "(SELECT n FROM origins WHERE origin = ?2)) ORDER BY arrival LIMIT ?3",
                (reason, origin, limit),
            )
            return [(row[0], row[1]) for row in rows]

    async def unhide(self, arrivals: Sequence[int]) -> None:
        """These hidden registers may be shown from now on."""
        async with self._db.write() as tx:
            await writing.unhide(tx, arrivals, today=self._today().toordinal())

    async def block(self, origins: Collection[str]) -> None:
        """Hides everything of exactly these origins, at once, and shows all others."""
        async with self._db.write() as tx:
            await writing.block(tx, origins, today=self._today().toordinal())

    async def expire(self) -> int:
        """Takes out of sight what is over by today; returns how many lines were deleted. Run daily, and at
        start."""
        async with self._db.write() as tx:
            return await writing.expire(tx, today=self._today().toordinal())

    # What goes out

    async def feed(
        self,
        *,
        after: int,
        limit: int,
        public_of: Collection[str],
        peers_of: str | None,
        kind_set: str | None = None,
        by_origin: bool = False,
    ) -> FeedRows:
        """A stretch of the changes feed; see ``reading.feed``."""
        async with self._db.read() as tx:
            return await reading.feed(
                tx,
                after=after,
                limit=limit,
                public_of=public_of,
                peers_of=peers_of,
                kind_set=kind_set,
                by_origin=by_origin,
            )

    async def lines_of(self, origins: Collection[str], sets: Collection[str]) -> list[bytes]:
        """Everything held of these origins and sets, in the order of a bundle: for a file, and for POST
        heads."""
        async with self._db.read() as tx:
            return await reading.lines_of(tx, origins, sets)

    async def front_of(
        self, origins: Collection[str], *, peers_of: str | None, kind_set: str | None = None
    ) -> list[bytes]:
        """Keys, profiles and heads of these origins; heads of set ``peers`` of ``peers_of`` only."""
        async with self._db.read() as tx:
            return await reading.front_of(tx, origins, peers_of=peers_of, kind_set=kind_set)

    # What pages read

    async def needs(
        self,
        *,
        sets: Collection[str],
        ranges: Sequence[Range] | None = None,
        categories: Collection[str] | None = None,
        origins: Collection[str] | None = None,
        kind: str = "need",
        today: date | None = None,
        limit: int = 1000,
    ) -> list[PublishedNeed]:
        """Shown summaries of these sets, in the order of ``ranges`` (see ``federation.near``) or newest
        first."""
        async with self._db.read() as tx:
            return await reading.needs(
                tx,
                sets=sets,
                today=today or self._today(),
                now=self._now(),
                own_origin=self.own_origin,
                ranges=ranges,
                categories=categories,
                origins=origins,
                kind=kind,
                limit=limit,
            )

    async def cell_counts(
        self,
        *,
        sets: Collection[str],
        ranges: Iterable[Range] | None = None,
        categories: Collection[str] | None = None,
        kind: str = "need",
    ) -> list[CellCount]:
        """Counts per label, without touching a single line."""
        async with self._db.read() as tx:
            return await reading.cell_counts(tx, sets=sets, ranges=ranges, categories=categories, kind=kind)

    async def origins(self) -> list[OriginView]:
        """Every origin we hold keys of, ours first."""
        async with self._db.read() as tx:
            return await reading.origin_views(tx, now=self._now(), own_origin=self.own_origin)

    async def origin(self, origin: str) -> HeldOrigin:
        """What is known of one origin: its op key, epoch, totals."""
        async with self._db.read() as tx:
            return (await judging.held(tx, [(origin, b"")])).origins[origin]

    async def own_position(self, origin: str) -> tuple[int, int] | None:
        """The highest (epoch, seq) held of that origin; None if nothing is."""
        async with self._db.read() as tx:
            rows = list(
                await tx.execute_fetchall(
                    "SELECT l.epoch, max(l.seq) FROM lines l JOIN origins o ON o.n = l.origin "
                    "WHERE o.origin = ? AND l.kind > 0 GROUP BY 1 ORDER BY 1 DESC LIMIT 1",
                    (origin,),
                )
            )
            return (rows[0][0], rows[0][1]) if rows else None

    # Talks

    async def cursor(self, peer: str, allowed: str) -> str | None:
        """How far we read this peer's feed with this list of allowed origins."""
        async with self._db.read() as tx:
            return await talks.cursor(tx, peer, allowed)

    async def forget_cursor(self, peer: str) -> None:
        """The next round with this peer begins at the beginning."""
        async with self._db.write() as tx:
            await talks.forget_cursor(tx, peer)

    async def peer_states(self) -> list[PeerTalk]:
        """What became of the talks with each peer."""
        async with self._db.read() as tx:
            return await talks.states(tx)

    async def put_peer_state(self, talk: PeerTalk) -> None:
        """Remembers how a talk went."""
        async with self._db.write() as tx:
            await talks.put_state(tx, talk)

    async def quarantined(self, limit: int = 100) -> list[Quarantined]:
        """The newest refused lines, each with its reason."""
        async with self._db.read() as tx:
            return await talks.quarantined(tx, limit)

    async def proofs(self, origin: str | None = None) -> list[Proof]:
        """Pairs of lines by which an origin contradicts itself."""
        async with self._db.read() as tx:
            return await talks.proofs(tx, origin)

    async def count_faults(self) -> list[tuple[object, ...]]:
        """Counts that differ from their lines; empty unless something is broken."""
        async with self._db.read() as tx:
            return await counting.faults(tx)

    def _now(self) -> int:
        return int(self._clock.now().timestamp())

    def _today(self) -> date:
        return self._clock.now().date()
