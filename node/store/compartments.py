"""The compartments' public keys, and their private keys sealed to each holder and to the rescue cards.

Compartments are named by plain text here; ``node.vault.Compartment`` is their type.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from node.store.db import Tx, kept


@dataclass(frozen=True, slots=True, kw_only=True)
class CompartmentRow:
    """One compartment; ``rescue_sealed`` is its private key sealed to the rescue cards, or None."""

    name: str
    public_key: bytes
    rescue_sealed: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """One holder of one compartment. ``granted_by`` is an actor's label; times are Unix seconds."""

    compartment: str
    staff_id: str
    sealed_key: bytes
    granted_by: str | None
    granted_at: int


async def insert(tx: Tx, row: CompartmentRow) -> None:
    """A new compartment."""
    await tx.execute(
        "INSERT INTO compartments(name, public_key, rescue_sealed) VALUES (?,?,?)",
        (row.name, row.public_key, row.rescue_sealed),
    )


async def all_of(tx: Tx) -> Sequence[CompartmentRow]:
    """Every compartment."""
    rows = await tx.execute_fetchall("SELECT name, public_key, rescue_sealed FROM compartments ORDER BY name")
    return [
        CompartmentRow(name=row["name"], public_key=row["public_key"], rescue_sealed=row["rescue_sealed"])
        for row in rows
    ]


async def grant(tx: Tx, row: MemberRow) -> None:
    """Makes somebody a holder, or gives a holder a freshly sealed key."""
    await tx.execute(
        "INSERT INTO compartment_members(compartment, staff_id, sealed_key, granted_by, granted_at)"
        " VALUES (?,?,?,?,?) ON CONFLICT(compartment, staff_id) DO UPDATE SET"
        " sealed_key = excluded.sealed_key, granted_by = excluded.granted_by,"
        " granted_at = excluded.granted_at",
        (row.compartment, row.staff_id, row.sealed_key, row.granted_by, row.granted_at),
    )


async def take_away(tx: Tx, staff_id: str, compartment: str | None = None) -> None:
    """Somebody holds this compartment no more, or none at all."""
    await tx.execute(
        "DELETE FROM compartment_members WHERE staff_id = ? AND compartment = coalesce(?, compartment)",
        (staff_id, compartment),
    )


async def replace_key(tx: Tx, row: CompartmentRow, members: Mapping[str, bytes]) -> None:
    """A new pair for a compartment: its public half, the private one for the rescue cards and for each holder."""
    await tx.execute(
        "UPDATE compartments SET public_key = ?, rescue_sealed = ? WHERE name = ?",
        (row.public_key, row.rescue_sealed, row.name),
    )
    for staff_id, sealed_key in members.items():
        await tx.execute(
            "UPDATE compartment_members SET sealed_key = ? WHERE compartment = ? AND staff_id = ?",
            (sealed_key, row.name, staff_id),
        )


async def keep_former(tx: Tx, compartment: str, former: Mapping[bytes, bytes], now: int) -> None:
    """Every pair of before (public half -> private half sealed to the present key); what is new among them has records
    to be sealed anew."""
    for public_key, private_sealed in former.items():
        await tx.execute(
            "INSERT INTO former_keys(compartment, public_key, private_sealed, retired_at) VALUES(?, ?, ?, ?) "
            "ON CONFLICT(compartment, public_key) DO UPDATE SET private_sealed = excluded.private_sealed",
            (compartment, public_key, private_sealed, now),
        )


async def former(tx: Tx, compartment: str) -> Sequence[bytes]:
    """The private halves of before, each sealed to the present key, the oldest first."""
    async with tx.execute(
        "SELECT private_sealed FROM former_keys WHERE compartment = ? ORDER BY retired_at, rowid",
        (compartment,),
    ) as cursor:
        return [row[0] for row in await cursor.fetchall()]


async def to_reseal(tx: Tx) -> Sequence[str]:
    """Compartments of which records may still lie under a former key."""
    async with tx.execute(
        "SELECT DISTINCT compartment FROM former_keys WHERE done_at IS NULL ORDER BY compartment"
    ) as cursor:
        return [row[0] for row in await cursor.fetchall()]


async def resealed(tx: Tx, compartment: str, now: int) -> None:
    """All of them lie under the present key."""
    await tx.execute(
        "UPDATE former_keys SET done_at = ? WHERE compartment = ? AND done_at IS NULL",
        (now, compartment),
    )


async def members(tx: Tx, compartment: str) -> Mapping[str, bytes]:
    """Its holders and their public keys."""
    async with tx.execute(
        "SELECT m.staff_id, s.public_key FROM compartment_members m JOIN staff s ON s.id = m.staff_id "
        "WHERE m.compartment = ?",
        (compartment,),
    ) as cursor:
        return {row[0]: row[1] for row in await cursor.fetchall()}


@kept
async def held_by(tx: Tx, staff_id: str) -> Mapping[str, bytes]:
    """The compartments somebody holds, each with its private key sealed to them."""
    rows = await tx.execute_fetchall(
        "SELECT compartment, sealed_key FROM compartment_members WHERE staff_id = ?", (staff_id,)
    )
    return {row["compartment"]: row["sealed_key"] for row in rows}


@kept
async def holders(tx: Tx) -> Mapping[str, Sequence[str]]:
    """The active holders' staff ids for each compartment, none too."""
    rows = await tx.execute_fetchall(
        "SELECT c.name, m.staff_id FROM compartments c LEFT JOIN (SELECT compartment, staff_id"
        " FROM compartment_members JOIN staff ON staff.id = staff_id WHERE staff.state = 'active') m"
        " ON m.compartment = c.name ORDER BY c.name, m.staff_id"
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["name"], []).extend([row["staff_id"]] if row["staff_id"] else [])
    return found
