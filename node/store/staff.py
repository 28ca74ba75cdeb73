"""The members of staff, their roles and their wrapped keys."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from sqlite3 import Row
from typing import Literal

from node.domain.actors import Role
from node.domain.ids import StaffId
from node.store import shifts
from node.store.db import Tx, kept

State = Literal["active", "suspended"]
_COLUMNS = "id, handle, roles, state, public_key, wrapped_key, kdf, created_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRow:
    """One account. ``wrapped_key`` is the private half of ``public_key`` under the password at the cost
    ``kdf``."""

    id: StaffId
    handle: str
    roles: frozenset[Role]
    state: State
    public_key: bytes
    wrapped_key: bytes
    kdf: str
    created_at: int


async def insert(tx: Tx, row: StaffRow) -> bool:
    """A new account; False, and nothing stored, if the handle is taken (in any case). Whose name stands in a rota that
    moved here is on from now on."""
    cursor = await tx.execute(
        f"INSERT INTO staff({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?) ON CONFLICT(handle) DO NOTHING",
        (
            row.id,
            row.handle,
            _roles(row.roles),
            row.state,
            row.public_key,
            row.wrapped_key,
            row.kdf,
            row.created_at,
        ),
    )
    if cursor.rowcount != 1:
        return False
    await shifts.take_up(tx)
    return True


async def get(tx: Tx, id: str) -> StaffRow | None:
    """One account by id."""
    rows = list(await tx.execute_fetchall(f"SELECT {_COLUMNS} FROM staff WHERE id = ?", (id,)))
    return _row(rows[0]) if rows else None


async def by_handle(tx: Tx, handle: str) -> StaffRow | None:
    """One account by sign-in name, upper or lower case alike (ASCII)."""
    rows = list(await tx.execute_fetchall(f"SELECT {_COLUMNS} FROM staff WHERE handle = ?", (handle,)))
    return _row(rows[0]) if rows else None


@kept
async def all_of(tx: Tx) -> Sequence[StaffRow]:
    """Every account, by sign-in name."""
    return [_row(row) for row in await tx.execute_fetchall(f"SELECT {_COLUMNS} FROM staff ORDER BY handle")]


@kept
async def handles(tx: Tx) -> dict[str, str]:
    """Every account's sign-in name, by id."""
    rows = await tx.execute_fetchall("SELECT id, handle FROM staff")
    return {row[0]: row[1] for row in rows}


@kept
async def active_ids(tx: Tx) -> frozenset[str]:
    """Of everybody who may sign in."""
    rows = await tx.execute_fetchall("SELECT id FROM staff WHERE state = 'active'")
    return frozenset(row[0] for row in rows)


async def set_state(tx: Tx, id: str, state: State) -> None:
    """Suspends, or takes up again."""
    await tx.execute("UPDATE staff SET state = ? WHERE id = ?", (state, id))


async def set_key(tx: Tx, id: str, *, public_key: bytes, wrapped_key: bytes, kdf: str) -> None:
    """A new password, with a new key pair or the same one."""
    await tx.execute(
        "UPDATE staff SET public_key = ?, wrapped_key = ?, kdf = ? WHERE id = ?",
        (public_key, wrapped_key, kdf, id),
    )


def _roles(roles: frozenset[Role]) -> str:
    return json.dumps(sorted(roles))


def _row(row: Row) -> StaffRow:
    return StaffRow(
        id=StaffId(row["id"]),
        handle=row["handle"],
        roles=frozenset(Role(role) for role in json.loads(row["roles"])),
        state=row["state"],
        public_key=row["public_key"],
        wrapped_key=row["wrapped_key"],
        kdf=row["kdf"],
        created_at=row["created_at"],
    )
