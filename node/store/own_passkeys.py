"""A volunteer's passkeys: the public half of each, and how often it was used."""

from collections.abc import Sequence
from dataclasses import dataclass
from sqlite3 import Row

from node.domain.ids import PersonId
from node.store.db import Tx

_COLUMNS = "id, person_id, handle, public_key, used_count, device, made_at, last_used"


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyRow:
    """One passkey. Times are Unix seconds."""

    id: bytes
    """As her device names it; it lets nobody in."""
    person_id: PersonId
    handle: bytes
    """What her device calls her: random, the same for all of hers."""
    public_key: bytes
    """COSE."""
    used_count: int
    """As the device counts; 0 where it does not."""
    device: str
    """Browser and system as a code."""
    made_at: int
    last_used: int | None


async def add(tx: Tx, row: PasskeyRow) -> bool:
    """One more; False where there is one of that id already, whoever's it is."""
    async with tx.execute(
        f"INSERT INTO own_passkeys({_COLUMNS}) VALUES(?,?,?,?,?,?,?,?) ON CONFLICT(id) DO NOTHING",
        (
            row.id,
            row.person_id,
            row.handle,
            row.public_key,
            row.used_count,
            row.device,
            row.made_at,
            row.last_used,
        ),
    ) as cursor:
        return cursor.rowcount == 1


async def get(tx: Tx, id: bytes) -> PasskeyRow | None:
    """The one of that id."""
    async with tx.execute(f"SELECT {_COLUMNS} FROM own_passkeys WHERE id = ?", (id,)) as cursor:
        row = await cursor.fetchone()
    return _row(row) if row else None


async def of_person(tx: Tx, person_id: str) -> Sequence[PasskeyRow]:
    """All of hers, the newest first."""
    async with tx.execute(
        f"SELECT {_COLUMNS} FROM own_passkeys WHERE person_id = ? ORDER BY made_at DESC, id", (person_id,)
    ) as cursor:
        return [_row(row) for row in await cursor.fetchall()]


async def used(tx: Tx, id: bytes, *, count: int, at: int) -> None:
    """Somebody came in with it."""
    await tx.execute("UPDATE own_passkeys SET used_count = ?, last_used = ? WHERE id = ?", (count, at, id))


async def take_away(tx: Tx, id: bytes) -> None:
    """It opens nothing any more."""
    await tx.execute("DELETE FROM own_passkeys WHERE id = ?", (id,))


def _row(row: Row) -> PasskeyRow:
    return PasskeyRow(**{name: row[name] for name in _COLUMNS.split(", ")})
