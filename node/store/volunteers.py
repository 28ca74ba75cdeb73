"""Volunteers: abilities and limits, one row for each person who helps."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from node.domain.ids import PersonId
from node.domain.volunteer import Cleared, Stage, Transport, Volunteer, VolunteerState
from node.store.db import Tx

_COLUMNS = (
    "person_id, state, stage, paused_until, abilities, takes, languages, transport, radius_km, max_per_week, "
    "hours, days_off, rest_days, cleared"
)


async def any_at_all(tx: Tx) -> bool:
    """Whether anybody ever came to help."""
    async with tx.execute("SELECT EXISTS(SELECT 1 FROM volunteers)") as cursor:
        row = await cursor.fetchone()
    return bool(row and row[0])


async def put(tx: Tx, volunteer: Volunteer) -> None:
    """Writes the volunteer, new or changed."""
    names = _COLUMNS.split(", ")
    marks = ", ".join(f":{name}" for name in names)
    pairs = ", ".join(f"{name} = excluded.{name}" for name in names[1:])
    await tx.execute(
        f"INSERT INTO volunteers({_COLUMNS}) VALUES({marks}) ON CONFLICT(person_id) DO UPDATE SET {pairs}",
        {
            "person_id": volunteer.person_id,
            "state": volunteer.state,
            "stage": volunteer.stage,
            "paused_until": volunteer.paused_until.isoformat() if volunteer.paused_until else None,
            "abilities": json.dumps(volunteer.abilities),
            "takes": json.dumps(volunteer.takes),
            "languages": json.dumps(volunteer.languages),
            "transport": volunteer.transport,
            "radius_km": float(volunteer.radius_km),
            "max_per_week": volunteer.max_per_week,
            "hours": json.dumps(volunteer.hours),
            "days_off": json.dumps(volunteer.days_off),
            "rest_days": volunteer.rest_days,
            "cleared": json.dumps(
                [[c.check, c.until.isoformat() if c.until else None] for c in volunteer.cleared]
            ),
        },
    )


async def get(tx: Tx, person_id: str) -> Volunteer | None:
    """One volunteer, or None."""
    async with tx.execute(f"SELECT {_COLUMNS} FROM volunteers WHERE person_id = ?", (person_id,)) as cursor:
        row = await cursor.fetchone()
    return None if row is None else _volunteer(row)


async def all_of_them(tx: Tx) -> Sequence[Volunteer]:
    """Every volunteer in every state, by id."""
    async with tx.execute(
        f"SELECT {_COLUMNS} FROM volunteers WHERE person_id NOT IN "
        "(SELECT id FROM persons WHERE merged_into IS NOT NULL) ORDER BY person_id"
    ) as cursor:
        return [_volunteer(row) for row in await cursor.fetchall()]


def _volunteer(row: Any) -> Volunteer:
    return Volunteer(
        person_id=PersonId(row["person_id"]),
        state=VolunteerState(row["state"]),
        stage=Stage(row["stage"]),
        paused_until=date.fromisoformat(row["paused_until"]) if row["paused_until"] else None,
        abilities=tuple(json.loads(row["abilities"])),
        takes=tuple(json.loads(row["takes"])),
        languages=tuple(json.loads(row["languages"])),
        transport=Transport(row["transport"]),
        radius_km=row["radius_km"],
        max_per_week=row["max_per_week"],
        hours=tuple(json.loads(row["hours"])),
        rest_days=row["rest_days"],
        days_off=tuple(json.loads(row["days_off"])),
        cleared=tuple(
            Cleared(check=check, until=date.fromisoformat(until) if until else None)
            for check, until in json.loads(row["cleared"])
        ),
    )
