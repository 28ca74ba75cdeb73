"""The verbs of the neighbourhood store that pages ask."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from federation.store import reading
from federation.store.base import StoreBase
from federation.store.places import Range
from federation.store.rows import CellCount, OriginView, PublishedNeed

MOST_ANSWERS = 4
"""Questions whose answers are remembered until the next write; an answer is at most some hundreds of needs."""


def _same(codes: Collection[str] | None) -> tuple[str, ...] | None:
    return None if codes is None else tuple(sorted(codes))


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
        first. ``takes``: of these origins only those categories.

        The same question about everywhere, within a minute and with nothing written since, is answered from memory:
        each look at a board asks how many neighbours show.
        """
        day, now = today or self._today(), self._now()
        until = (self.writes, now // 60, self.own_origin)
        told = tuple((origin, _same(codes)) for origin, codes in sorted((takes or {}).items()))
        asked = (day, kind, limit, _same(sets), _same(categories), _same(origins), told)
        if self._answers[0] != until:
            self._answers = (until, {})
        answers = self._answers[1]
        if ranges is None and (known := answers.get(asked)) is not None:
            return list(known)
        async with self._db.read() as tx:
            found = await reading.needs(
                tx,
                sets=sets,
                today=day,
                now=now,
                own_origin=self.own_origin,
                ranges=ranges,
                categories=categories,
                origins=origins,
                takes=takes,
                kind=kind,
                limit=limit,
            )
        if ranges is None and len(answers) < MOST_ANSWERS:
            answers[asked] = found
        return list(found)

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
