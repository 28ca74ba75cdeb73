"""Places that help, a row each."""

import json
from collections.abc import Sequence
from datetime import date

from node.domain.settings.opening import Span
from node.domain.settings.resources import Resource
from node.store.db import Tx, kept

_COLUMNS = "id, name, what, kinds, address, area, hours, phone, link, languages, checked_on, week"


@kept
async def all_of(tx: Tx) -> Sequence[Resource]:
    """Every place, by name."""
    async with tx.execute(f"SELECT {_COLUMNS} FROM resources ORDER BY name COLLATE NOCASE, id") as cursor:
        return [
            Resource(
                **{
                    name: row[name]
                    for name in ("id", "name", "what", "address", "area", "hours", "phone", "link")
                },
                kinds=tuple(json.loads(row["kinds"])),
                languages=tuple(json.loads(row["languages"])),
                checked_on=date.fromisoformat(row["checked_on"]) if row["checked_on"] else None,
                week=tuple(
                    Span(weekday=weekday, opens=opens, closes=closes)
                    for weekday, opens, closes in json.loads(row["week"])
                ),
            )
            for row in await cursor.fetchall()
        ]


async def put(tx: Tx, place: Resource) -> None:
    """Writes it, new or changed."""
    names = _COLUMNS.split(", ")
    await tx.execute(
        f"INSERT OR REPLACE INTO resources({_COLUMNS}) VALUES({', '.join(f':{name}' for name in names)})",
        {
            **{name: getattr(place, name) for name in names},
            "kinds": json.dumps(place.kinds),
            "languages": json.dumps(place.languages),
            "checked_on": place.checked_on.isoformat() if place.checked_on else None,
            "week": json.dumps([(each.weekday, each.opens, each.closes) for each in place.week]),
        },
    )


async def take_out(tx: Tx, id: str) -> bool:
    """Whether there was such a place."""
    async with tx.execute("DELETE FROM resources WHERE id = ?", (id,)) as cursor:
        return cursor.rowcount > 0
