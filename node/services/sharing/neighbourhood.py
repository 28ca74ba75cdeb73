"""What all groups published, as anybody may see it: needs around a place, with origin and freshness."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from node.clock import Clock, today
from node.domain.catalogue import Catalogue
from node.errors import N_, Invalid
from node.ports import NeighbourhoodReader, SeenNeed, SeenOrigin
from protocol import cells

MIN_KM = 0.001
MAX_KM = 200.0
PUBLIC = frozenset({"public"})
_NUMBER = re.compile(r"[0-9]{1,4}(\.[0-9]{1,20})?(e-?[0-9]{1,2})?", re.ASCII)
_DEGREES = re.compile(
    r"\s*(-?[0-9]{1,2}(?:\.[0-9]{1,20})?)\s*,\s*(-?[0-9]{1,3}(?:\.[0-9]{1,20})?)\s*", re.ASCII
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A circle on the map: WGS 84 degrees and kilometres."""

    lat: float
    lon: float
    km: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NearNeed:
    """One need near a place: the summary as held, and how far its area lies from there."""

    seen: SeenNeed
    span_km: tuple[float, float] | None
    """Nearest and farthest point of its area, or None when no place was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What an address asks for: needs around a place, or all; of these kinds, or all."""

    area: Area | None
    categories: Sequence[str]


class Neighbourhood:
    """Reads the neighbourhood for pages, the map and feeds."""

    def __init__(self, reader: NeighbourhoodReader, catalogue: Catalogue, clock: Clock) -> None:
        self._reader = reader
        self._catalogue = catalogue
        self._clock = clock

    async def near(
        self,
        area: Area | None,
        *,
        categories: Collection[str] = (),
        sets: Collection[str] = PUBLIC,
        origins: Collection[str] | None = None,
        kind: str = "need",
        limit: int = 500,
    ) -> Sequence[NearNeed]:
        """Live needs (``kind`` offer: standing offers of groups) whose area touches ``area`` (all of them without
        one), nearest first.

        ``sets`` stays ``{"public"}`` for whoever is not staff; ``origins`` narrows to these groups.
        """
        found = await self._reader.needs(
            sets=sets,
            today=today(self._clock),
            near=(area.lat, area.lon) if area else None,
            km=area.km if area else None,
            categories=categories or None,
            origins=origins,
            kind=kind,
            limit=limit,
        )
        needs = [
            NearNeed(seen=seen, span_km=_span(area, seen.summary.cell) if area else None) for seen in found
        ]
        return sorted(needs, key=lambda need: need.span_km or (0.0, 0.0)) if area else needs

    async def groups(self) -> Sequence[SeenOrigin]:
        """Every group that anything is known of, ours first."""
        return await self._reader.origins()

    async def geojson(self, area: Area | None, *, categories: Collection[str] = ()) -> dict[str, Any]:
        """A GeoJSON FeatureCollection (RFC 7946) of set ``public``: one polygon feature a need, ``[lon, lat]``
        (a MultiPolygon where the area crosses the 180th meridian).

        Each feature's ``properties``: origin, origin_name, id, kind, category, cell, urgency, status, posted, expires,
        origin_state (complete, catching_up, pending, stale, incomplete, forked) and origin_last_heard (Unix seconds).
        """
        needs = await self.near(area, categories=categories, limit=5000)
        return {"type": "FeatureCollection", "features": [_feature(need.seen) for need in needs]}

    def sought(self, near: str | None, km: str | None, categories: Sequence[str]) -> Sought:
        """The query of ``/api/v1/needs.*``. Raises :class:`Invalid` (``bad_near``, ``bad_category``) in words."""
        for code in categories:
            if not self._catalogue.is_wire_code(code):
                raise Invalid("bad_category", N_("There is no such kind of help: %(kind)s"), kind=code[:40])
        return Sought(area=parse_area(near, km), categories=tuple(categories))

    @property
    def day(self) -> date:
        """The day by which needs are live, UTC."""
        return today(self._clock)


def parse_area(near: str | None, km: str | None) -> Area | None:
    """``LAT,LON`` and a number of kilometres (default 10, 0.001 to 200) as typed in an address.

    Raises :class:`Invalid` in words; None when no place is given.
    """
    reach = float(km) if km and _NUMBER.fullmatch(km) else 0.0 if km is not None else 10.0
    if not MIN_KM <= reach <= MAX_KM:
        raise Invalid("bad_near", N_("How far is a number of kilometres up to 200: km=10"))
    if near is None:
        return None
    degrees = _DEGREES.fullmatch(near)
    if degrees is None:
        raise Invalid("bad_near", N_("A place is written as latitude, comma, longitude: 51.44,-2.58"))
    lat, lon = float(degrees[1]), float(degrees[2])
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise Invalid("bad_near", N_("That place is not on our map."))
    return Area(lat=lat, lon=lon, km=reach)


def _span(area: Area, cell: str) -> tuple[float, float]:
    return cells.span_from_point(area.lat, area.lon, cell)


def _feature(seen: SeenNeed) -> dict[str, Any]:
    summary = seen.summary
    rings = [[list(point) for point in ring] for ring in cells.pieces(summary.cell)]
    return {
        "type": "Feature",
        "id": f"{seen.origin}/{summary.id}",
        "geometry": {"type": "Polygon", "coordinates": rings}
        if len(rings) == 1
        else {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]},
        "properties": {
            "origin": seen.origin,
            "origin_name": seen.origin_name,
            "id": summary.id,
            "kind": summary.kind,
            "category": summary.category,
            "cell": summary.cell,
            "urgency": summary.urgency,
            "status": summary.status,
            "posted": summary.posted.isoformat(),
            "expires": summary.expires.isoformat(),
            "origin_state": seen.origin_state,
            "origin_last_heard": seen.last_heard,
        },
    }
