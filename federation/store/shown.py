"""The verbs of the neighbourhood store that pages ask."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from federation.store import reading
from federation.store.base import StoreBase
from federation.store.places import Range
from federation.store.rows import CellCount, OriginView, PublishedNeed


class Shown(StoreBase):
    """A part of ``NeighbourhoodStore``."""

    async def needs(
        self,
        *,
        sets: Collection[str],
        ranges: Sequence[Range] | None = None,
        categories: Collection[str] | None = None,
        origins: Collection[str] | None = None,
        takes: Mapping[str, Collection[str]] | None = None,
        kind: str = "need",
        today: date | None = None,
        limit: int = 1000,
    ) -> list[PublishedNeed]:
        """Shown summaries of these sets, in the order of ``ranges`` (see ``federation.near``) or newest
        first. ``takes``: of these origins only those categories."""
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
                takes=takes,
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
