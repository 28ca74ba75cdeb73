"""Street teams: ids, captains and members clear; the name and the patch sealed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from node.domain.ids import PersonId
from node.store.db import Tx

_COLUMNS = "id, captain_person, captain_staff, created_day, sealed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """The private link of a team's captain. ``expires`` in Unix seconds."""

    team_id: str
    captain: PersonId
    expires: int
    device_hash: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRow:
    """One row."""

    id: str
    captain_person: PersonId | None
    captain_staff: str | None
    created_day: date
    sealed: bytes


async def put(tx: Tx, row: TeamRow) -> None:
    """New or changed; the day on which it was made stays, and the captain's link for as long as it is the same one."""
    await tx.execute(
        f"INSERT INTO teams({_COLUMNS}) VALUES(?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET "
        "link_hash = CASE WHEN captain_person IS excluded.captain_person THEN link_hash END, "
        "captain_person = excluded.captain_person, captain_staff = excluded.captain_staff, "
        "sealed = excluded.sealed",
        (row.id, row.captain_person, row.captain_staff, row.created_day.isoformat(), row.sealed),
    )


async def get(tx: Tx, team_id: str) -> TeamRow | None:
    """One team, or None."""
    async with tx.execute(f"SELECT {_COLUMNS} FROM teams WHERE id = ?", (team_id,)) as cursor:
        row = await cursor.fetchone()
    return None if row is None else _row(row)


async def all_of_them(tx: Tx) -> Sequence[TeamRow]:
    """Every team, by id."""
    async with tx.execute(f"SELECT {_COLUMNS} FROM teams ORDER BY id") as cursor:
        return [_row(row) for row in await cursor.fetchall()]


async def set_link(tx: Tx, team_id: str, link_hash: bytes, expires: int) -> None:
    """A fresh link in place of the one before, opened nowhere yet."""
    await tx.execute(
        "UPDATE teams SET link_hash = ?, link_expires = ?, device_hash = NULL WHERE id = ?",
        (link_hash, expires, team_id),
    )


async def tie(tx: Tx, team_id: str, device_hash: bytes) -> None:
    """The device on which it was opened."""
    await tx.execute("UPDATE teams SET device_hash = ? WHERE id = ?", (device_hash, team_id))


async def with_link(tx: Tx, link_hash: bytes) -> LinkRow | None:
    """The link with this hash, if the team still has a volunteer as its captain."""
    async with tx.execute(
        "SELECT id, captain_person, link_expires, device_hash FROM teams "
        "WHERE link_hash = ? AND captain_person IS NOT NULL",
        (link_hash,),
    ) as cursor:
        row = await cursor.fetchone()
    if row is None:
        return None
    return LinkRow(team_id=row[0], captain=PersonId(row[1]), expires=row[2], device_hash=row[3])


async def delete(tx: Tx, team_id: str) -> None:
    """The team is gone, its people stay."""
    await tx.execute("DELETE FROM teams WHERE id = ?", (team_id,))


async def members(tx: Tx, team_id: str) -> Sequence[PersonId]:
    """Who belongs to it, by id; a record that is part of another is nobody by itself."""
    async with tx.execute(
        "SELECT m.person_id FROM team_members m JOIN persons p ON p.id = m.person_id "
        "WHERE m.team_id = ? AND p.merged_into IS NULL ORDER BY m.person_id",
        (team_id,),
    ) as cursor:
        return [PersonId(row[0]) for row in await cursor.fetchall()]


async def set_members(tx: Tx, team_id: str, people: Iterable[PersonId]) -> None:
    """Exactly these belong to it from now on."""
    await tx.execute("DELETE FROM team_members WHERE team_id = ?", (team_id,))
    for person_id in dict.fromkeys(people):
        await tx.execute("INSERT INTO team_members(team_id, person_id) VALUES(?, ?)", (team_id, person_id))


async def take_out(tx: Tx, person_id: str) -> None:
    """She leads no team and belongs to none any more."""
    await tx.execute("DELETE FROM team_members WHERE person_id = ?", (person_id,))
    await tx.execute(
        "UPDATE teams SET captain_person = NULL, link_hash = NULL WHERE captain_person = ?", (person_id,)
    )


async def of_person(tx: Tx, person_id: str) -> Sequence[str]:
    """The teams she belongs to or leads, by id."""
    async with tx.execute(
        "SELECT team_id FROM team_members WHERE person_id = ? "
        "UNION SELECT id FROM teams WHERE captain_person = ? ORDER BY 1",
        (person_id, person_id),
    ) as cursor:
        return [row[0] for row in await cursor.fetchall()]


def _row(row: Any) -> TeamRow:
    return TeamRow(
        id=row["id"],
        captain_person=PersonId(row["captain_person"]) if row["captain_person"] else None,
        captain_staff=row["captain_staff"],
        created_day=date.fromisoformat(row["created_day"]),
        sealed=row["sealed"],
    )
