"""Volunteers: abilities and limits, one row for each person who helps."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from node.domain.ids import PersonId
from node.domain.volunteer import Cleared, Transport, Volunteer, VolunteerState
from node.store.db import Tx

_COLUMNS = (
    "person_id, state, paused_until, abilities, takes, languages, transport, radius_km, max_per_week, "
    "days_off, cleared"
)


async def put(tx: Tx, volunteer: Volunteer) -> None:
    """Writes the volunteer, new or changed."""
    await tx.execute(
        f"INSERT INTO volunteers({_COLUMNS}) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT(person_id) DO UPDATE SET state = excluded.state, paused_until = excluded.paused_until, "
        "abilities = excluded.abilities, takes = excluded.takes, languages = excluded.languages, "
        "transport = excluded.transport, radius_km = excluded.radius_km, "
        "max_per_week = excluded.max_per_week, days_off = excluded.days_off, cleared = excluded.cleared",
        (
            volunteer.person_id,
            volunteer.state,
            volunteer.paused_until.isoformat() if volunteer.paused_until else None,
            json.dumps(volunteer.abilities),
            json.dumps(volunteer.takes),
            json.dumps(volunteer.languages),
            volunteer.transport,
            float(volunteer.radius_km),
            volunteer.max_per_week,
            json.dumps(volunteer.days_off),
            json.dumps([[c.check, c.until.isoformat() if c.until else None] for c in volunteer.cleared]),
        ),
    )


async def get(tx: Tx, person_id: str) -> Volunteer | None:
    """One volunteer, or None."""
    async with tx.execute(f"SELECT {_COLUMNS} FROM volunteers WHERE person_id = ?", (person_id,)) as cursor:
        row = await cursor.fetchone()
    return None if row is None else _volunteer(row)


async def all_of_them(tx: Tx) -> Sequence[Volunteer]:
    """Every volunteer in every state, by id."""
    async with tx.execute(f"SELECT {_COLUMNS} FROM volunteers ORDER BY person_id") as cursor:
        return [_volunteer(row) for row in await cursor.fetchall()]


def _volunteer(row: Any) -> Volunteer:
    return Volunteer(
        person_id=PersonId(row["person_id"]),
        state=VolunteerState(row["state"]),
        paused_until=date.fromisoformat(row["paused_until"]) if row["paused_until"] else None,
        abilities=tuple(json.loads(row["abilities"])),
        takes=tuple(json.loads(row["takes"])),
        languages=tuple(json.loads(row["languages"])),
        transport=Transport(row["transport"]),
        radius_km=row["radius_km"],
        max_per_week=row["max_per_week"],
        days_off=tuple(json.loads(row["days_off"])),
        cleared=tuple(
            Cleared(check=check, until=date.fromisoformat(until) if until else None)
            for check, until in json.loads(row["cleared"])
        ),
    )
