"""Public places, kept here so that nobody's address is ever asked over the network."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

from node.domain.place import Place, code_key, name_key
from node.store.db import Tx

_KM_PER_DEGREE = 111.195
_COLUMNS = "country, code, code_key, name, name_key, admin, lat, lon, accuracy_m, source"


async def add_all(tx: Tx, places: Iterable[Place], source: str) -> int:
    """Adds places under their source's name; returns how many."""
    rows = [
        (
            place.country,
            place.code,
            code_key(place.code),
            place.name,
            name_key(place.name),
            place.admin,
            place.lat,
            place.lon,
            place.accuracy_m,
            source,
        )
        for place in places
    ]
    marks = ", ".join("?" for _ in _COLUMNS.split(","))
    await tx.executemany(f"INSERT INTO places({_COLUMNS}) VALUES({marks})", rows)
    return len(rows)


async def remove_source(tx: Tx, source: str) -> None:
    """Forgets everything that came from one file."""
    await tx.execute("DELETE FROM places WHERE source = ?", (source,))


async def with_code(tx: Tx, key: str) -> Sequence[Place]:
    """All places of one comparable code, by name."""
    return await _select(tx, "code_key = ?", key)


async def with_name(tx: Tx, key: str, limit: int) -> Sequence[Place]:
    """Places of one comparable name."""
    return await _select(tx, "name_key = ?", key, limit)


async def count(tx: Tx) -> int:
    """How many places are known."""
    (row,) = await tx.execute_fetchall("SELECT COUNT(*) FROM places")
    return int(row[0])


async def any_at_all(tx: Tx) -> bool:
    """Whether there is a single one."""
    return bool(list(await tx.execute_fetchall("SELECT 1 FROM places LIMIT 1")))


async def nearest(tx: Tx, lat: float, lon: float, reach_km: float) -> Place | None:
    """The place nearest to a point, if one lies within some kilometres of it; of equals the first by name."""
    high = reach_km / _KM_PER_DEGREE
    squeeze = max(0.05, math.cos(math.radians(lat)))
    rows = await tx.execute_fetchall(
        "SELECT country, code, name, admin, lat, lon, accuracy_m FROM places"
        " WHERE lat BETWEEN :south AND :north AND lon BETWEEN :west AND :east"
        " ORDER BY (lat - :lat) * (lat - :lat) + (lon - :lon) * (lon - :lon) * :squeeze, name, code LIMIT 1",
        {
            "lat": lat,
            "lon": lon,
            "south": lat - high,
            "north": lat + high,
            "west": lon - high / squeeze,
            "east": lon + high / squeeze,
            "squeeze": squeeze * squeeze,
        },
    )
    return next(map(_place, rows), None)


async def _select(tx: Tx, condition: str, value: Any, limit: int = 500) -> Sequence[Place]:
    rows = await tx.execute_fetchall(
        "SELECT DISTINCT country, code, name, admin, lat, lon, accuracy_m FROM places"
        f" WHERE {condition} ORDER BY name, code, lat, lon LIMIT ?",
        (value, limit),
    )
    return [_place(row) for row in rows]


def _place(row: Any) -> Place:
    return Place(
        country=row["country"],
        code=row["code"],
        name=row["name"],
        admin=row["admin"],
        lat=row["lat"],
        lon=row["lon"],
        accuracy_m=row["accuracy_m"],
    )
