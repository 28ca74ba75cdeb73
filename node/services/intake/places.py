"""Where somebody lives, from what was said: postcodes and place names out of public files, without the
network.
"""

import asyncio
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from node.clock import Clock
from node.domain.actors import SYSTEM, Actor
from node.domain.need import Point
from node.domain.permissions import Permission, require
from node.domain.place import MAX_TEXT, Place, codes_in, middle, names_in, read_places
from node.errors import N_, Invalid, NotFound
from node.store import audit, places, settings
from node.store.db import Database, Tx
from protocol import cells

_MANY = 500
_BATCH = 5_000
_NEAR_KM = 50.0
_MOST_NAMES = 5_000
_REACH = 1.5
"""How far a place may lie from an area's centre and still name it, in radii of the area."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesImported:
    """What one file brought."""

    source: str
    places: int
    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaName:
    """An area in words: a place, and how far from it the farthest corner of the area lies (whole km)."""

    place: str
    within_km: int


class Places:
    """Imports public place files and finds places in them."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._names: dict[str, AreaName | None] = {}

    async def import_file(self, path: Path, *, actor: Actor = SYSTEM) -> PlacesImported:
        """Reads a GeoNames postal code file; what the same file name brought before is replaced.

        Raises ``Invalid`` (not such a file), ``NotFound`` (no file there).
        """
        require(actor, Permission.PLACES)
        countries: set[str] = set()
        added = 0
        try:
            with path.open(encoding="utf-8", newline="") as file:
                found = read_places(file)
                async with self._db.write() as tx:
                    await places.remove_source(tx, path.name)
                    while batch := await asyncio.to_thread(_batch, found):
                        added += await places.add_all(tx, batch, path.name)
                        countries.update(place.country for place in batch)
                    if not added:
                        raise Invalid("no_places", N_("There is no place with a code in that file."))
                    codes: Mapping[str, str | int] = {
                        "places": added,
                        "countries": " ".join(sorted(countries)),
                    }
                    await audit.append(tx, self._clock, actor, "places.import", "places", codes=codes)
        except OSError as error:
            raise NotFound("no_file", N_("That file cannot be read."), hint=str(error)) from error
        self._names.clear()
        return PlacesImported(source=path.name, places=added, countries=tuple(sorted(countries)))

    async def find(self, text: str, limit: int = 8) -> list[Place]:
        """Places that the text may mean, the best first: by a code in it, else by name.

        A code that is several places gives their middle first, with how far they spread, then each of them.
        Of namesakes the one nearest to the group comes first.
        """
        async with self._db.read() as tx:
            return (await _find(tx, text, await _here(tx), limit))[0]

    async def locate(self, text: str) -> Point | None:
        """The one point to store for a place as it was said, or None where the text leaves it open.

        A code decides by itself. A name decides if it means one place within 50 km of the group, or is the
        only one of its kind.
        """
        return (await self.locate_all([text]))[0]

    async def locate_all(self, texts: Sequence[str]) -> list[Point | None]:
        """``locate`` for each of many; what is said twice is looked up once."""
        found: dict[str, Point | None] = {"": None}
        async with self._db.read() as tx:
            if not await places.any_at_all(tx):
                return [None] * len(texts)
            here = await _here(tx)
            for text in dict.fromkeys(texts):
                if text:
                    found[text] = await _locate(tx, text, here)
        return [found[text] for text in texts]

    async def area_names(self, areas: Iterable[str]) -> dict[str, AreaName]:
        """Words for areas (cells), where the place files have a place in reach of the area's centre.

        The name follows from the area alone, never from who lives or asks there. Remembered until the next
        import.
        """
        wanted = set(areas)
        if len(self._names) > _MOST_NAMES:
            self._names.clear()
        new = wanted - self._names.keys()
        if new:
            async with self._db.read() as tx:
                if await places.any_at_all(tx):
                    for area in new:
                        self._names[area] = await _named(tx, area)
        return {area: name for area in wanted if (name := self._names.get(area))}

    async def known(self) -> int:
        """How many places are held."""
        async with self._db.read() as tx:
            return await places.count(tx)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Here:
    home: tuple[float, float] | None
    region: str | None


async def _here(tx: Tx) -> _Here:
    return _Here(home=await settings.get(tx, settings.PLACE), region=await settings.get(tx, settings.REGION))


async def _find(tx: Tx, text: str, here: _Here, limit: int) -> tuple[list[Place], bool]:
    """The places, and whether a code in the text named them."""
    text = text.strip()[:MAX_TEXT]
    for code in codes_in(text):
        if found := await places.with_code(tx, code):
            return _of_code(found, here.home, here.region, limit), True
    for name in names_in(text):
        if found := await places.with_name(tx, name, _MANY):
            return _nearest_first(found, here.home)[:limit], False
    return [], False


async def _locate(tx: Tx, text: str, here: _Here) -> Point | None:
    found, by_code = await _find(tx, text, here, _MANY)
    if not found:
        return None
    best = found[0]
    if not by_code:
        home = here.home
        near = [place for place in found if home and _km(home, place) <= _NEAR_KM] or found
        best = middle(near)
        if best.accuracy_m / 1000 > _NEAR_KM:
            return None
    return Point(lat=best.lat, lon=best.lon, accuracy_m=best.accuracy_m)


async def _named(tx: Tx, area: str) -> AreaName | None:
    centre = cells.centre(area)
    radius = max(cells.distance_km(centre, (lat, lon)) for lon, lat in cells.boundary(area))
    place = await places.nearest(tx, *centre, reach_km=_REACH * radius)
    if place is None:
        return None
    farthest = radius + cells.distance_km(centre, (place.lat, place.lon))
    # "Bristol (PO Boxes)" is Bristol to people.
    return AreaName(place=place.name.partition(" (")[0], within_km=math.ceil(farthest))


def _batch(found: Iterator[Place]) -> list[Place]:
    return list(itertools.islice(found, _BATCH))


def _of_code(
    found: Sequence[Place], home: tuple[float, float] | None, region: str | None, limit: int
) -> list[Place]:
    countries = {place.country for place in found}
    if len(countries) > 1:
        nearest = _nearest_first(found, home)[0].country
        country = region if region in countries else nearest
        found = [place for place in found if place.country == country]
    if len(found) == 1:
        return list(found)
    return [middle(found), *_nearest_first(found, home)][:limit]


def _nearest_first(found: Sequence[Place], home: tuple[float, float] | None) -> list[Place]:
    return sorted(found, key=lambda place: _km(home, place)) if home else list(found)


def _km(home: tuple[float, float], place: Place) -> float:
    return cells.distance_km(home, (place.lat, place.lon))
