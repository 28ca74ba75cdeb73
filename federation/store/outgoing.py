"""The verbs of the neighbourhood store that answer peers."""

from collections.abc import Collection, Mapping

from federation.store import checking, pushing, serving
from federation.store.base import StoreBase
from federation.store.pushing import HeldCopy, Stock
from federation.store.rows import FeedRow, FeedRows, FrontRows


class Outgoing(StoreBase):
    """A part of ``NeighbourhoodStore``."""

    async def feed(
        self,
        *,
        after: int,
        limit: int,
        public_of: Collection[str],
        peers_of: Collection[str],
        kind_set: str | None = None,
        by_origin: bool = False,
    ) -> FeedRows:
        """A stretch of the changes feed; see ``serving.feed``."""
        async with self._db.read() as tx:
            return await serving.feed(
                tx,
                after=after,
                limit=limit,
                public_of=public_of,
                peers_of=peers_of,
                known=self._numbers,
                own=self.own_origin,
                kind_set=kind_set,
                by_origin=by_origin,
            )

    async def lines_of(self, origins: Collection[str], sets: Collection[str]) -> list[bytes]:
        """Everything held of these origins and sets, in the order of a bundle: for a file."""
        async with self._db.read() as tx:
            return await serving.lines_of(tx, origins, sets)

    async def front_of(
        self, *, public_of: Collection[str], peers_of: Collection[str], kind_set: str | None = None
    ) -> FrontRows:
        """Keys, profiles and heads as the feed would give them, and where it stands."""
        async with self._db.read() as tx:
            return await serving.front_of(
                tx,
                public_of=public_of,
                peers_of=peers_of,
                known=self._numbers,
                own=self.own_origin,
                kind_set=kind_set,
            )

    async def by_ids(
        self,
        ids: Collection[bytes],
        *,
        public_of: Collection[str],
        peers_of: Collection[str],
        kind_set: str | None = None,
    ) -> list[FeedRow]:
        """The registers under at most 500 ids, as the feed would give them, in the order of their ids."""
        async with self._db.read() as tx:
            return await serving.by_ids(
                tx, ids, public_of=public_of, peers_of=peers_of, known=self._numbers, kind_set=kind_set
            )

    async def manifest(
        self, origin: str, name: str, *, after: bytes, limit: int
    ) -> tuple[bytes | None, list[tuple[bytes, int, bytes]], bool]:
        """(SHA-256 of the head held, (id, seq, SHA-256) of what counts under it, whether there is more)."""
        async with self._db.read() as tx:
            return await serving.manifest(tx, origin, name, after=after, limit=limit)

    # Signatures not looked at yet

    async def op_keys(self, origins: Collection[str]) -> dict[str, str]:
        """did:key of the op key held for each of these origins."""
        async with self._db.read() as tx:
            return await checking.op_keys(tx, origins)

    async def unchecked(
        self, pairs: Collection[tuple[str, str]], whole: Collection[tuple[str, str]] = ()
    ) -> list[FeedRow]:
        """The lines of these (origin, set) whose own signature was not looked at yet; of those that are ``whole``
        only what their head does not count."""
        async with self._db.read() as tx:
            return await checking.unchecked(tx, pairs, whole)

    async def checked(self, good: Collection[int], bad: Collection[int], keys: Mapping[str, str]) -> None:
        """These arrivals were verified under these op keys; what is bad is hidden, and its origin forked."""
        async with self._db.write() as tx:
            await checking.mark(tx, good, bad, keys, now=self._now())

    # What a push is decided by

    async def held_of(self, origin: str) -> HeldCopy:
        """How much is held of this origin; see ``pushing``."""
        async with self._db.read() as tx:
            return await pushing.held_of(tx, origin)

    async def stock_of(self, origin: str) -> Stock:
        """The same with its keys, profile and heads."""
        async with self._db.read() as tx:
            return await pushing.stock_of(tx, origin)

    async def registers_after(
        self, origin: str, kind_set: str, after: int, *, limit: int
    ) -> list[tuple[int, bytes]]:
        """(seq, line) of its registers above ``after``, lowest first."""
        async with self._db.read() as tx:
            return await pushing.registers_after(tx, origin, kind_set, after, limit=limit)
