"""Chats: the service by which people are written to, and their own addresses on it, sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from node.domain.ids import PersonId
from node.store.db import Tx

ROW = "chat"
_NAMES = (
    "person_id", "confirmed_at", "code_hash", "code_until", "code_tries", "bounced_at", "changed_at", "sealed",
)  # fmt: skip
_OF_ALL = (
    # As with what somebody chose: a record that became part of another keeps its row, which is read through that.
    f"SELECT {', '.join(f'a.{name}' for name in _NAMES)}, COALESCE(p.merged_into, p.id) AS stands "
    "FROM chat_addresses a JOIN persons p ON p.id = a.person_id"
)
_OWN_FIRST = "ORDER BY p.merged_into IS NOT NULL, a.changed_at DESC, a.person_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRow:
    """The one service."""

    name: str
    hint: str
    sealed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatAddress:
    """One person's. Times are Unix seconds."""

    person_id: PersonId
    """As she stands now."""
    record: PersonId
    """Whose row it is, and what its box is bound to."""
    confirmed_at: int | None = None
    """When digits that were sent there came back; nothing else goes there before."""
    code_hash: bytes | None = None
    code_until: int | None = None
    code_tries: int = 0
    bounced_at: int | None = None
    """When the service knew no such address."""
    changed_at: int
    sealed: bytes

    @property
    def takes(self) -> bool:
        """Whether messages may go there."""
        return self.confirmed_at is not None and self.bounced_at is None


async def service(tx: Tx) -> ServiceRow | None:
    """None where none is set."""
    async with tx.execute("SELECT name, hint, sealed FROM chat_service WHERE id = ?", (ROW,)) as cursor:
        row = await cursor.fetchone()
    return None if row is None else ServiceRow(name=row["name"], hint=row["hint"], sealed=row["sealed"])


async def put_service(tx: Tx, row: ServiceRow) -> None:
    """In place of the one before. Marks of addresses that did not work go: it may have been the service."""
    await tx.execute(
        "INSERT OR REPLACE INTO chat_service(id, name, hint, sealed) VALUES(?, ?, ?, ?)",
        (ROW, row.name, row.hint, row.sealed),
    )
    await tx.execute("UPDATE chat_addresses SET bounced_at = NULL")


async def take_out_service(tx: Tx) -> bool:
    """No chats any more, and no addresses. Whether one was set."""
    await drop_all(tx)
    return (await tx.execute("DELETE FROM chat_service")).rowcount == 1


async def drop_all(tx: Tx) -> None:
    """Everybody's address goes."""
    await tx.execute("DELETE FROM chat_addresses")


async def get(tx: Tx, person_id: str) -> ChatAddress | None:
    """Hers; of two records that became one, of the one that stands."""
    async with tx.execute(
        f"WITH one(id) AS (SELECT COALESCE(merged_into, id) FROM persons WHERE id = ?) {_OF_ALL} "
        "WHERE a.person_id IN (SELECT id FROM persons WHERE id = (SELECT id FROM one) "
        f"OR merged_into = (SELECT id FROM one)) {_OWN_FIRST} LIMIT 1",
        (person_id,),
    ) as cursor:
        row = await cursor.fetchone()
    return None if row is None else _row(row)


async def all_of_them(tx: Tx) -> Sequence[ChatAddress]:
    """One of each person, by who she is now."""
    found: dict[PersonId, ChatAddress] = {}
    async with tx.execute(f"{_OF_ALL} {_OWN_FIRST}") as cursor:
        for row in await cursor.fetchall():
            found.setdefault(PersonId(row["stands"]), _row(row))
    return list(found.values())


async def put(tx: Tx, row: ChatAddress) -> None:
    """So from now on."""
    pairs = ", ".join(f"{name} = excluded.{name}" for name in _NAMES if name != "person_id")
    await tx.execute(
        f"INSERT INTO chat_addresses({', '.join(_NAMES)}) VALUES(?, ?, ?, ?, ?, ?, ?, ?) "
        f"ON CONFLICT(person_id) DO UPDATE SET {pairs}",
        (
            row.record,
            row.confirmed_at,
            row.code_hash,
            row.code_until,
            row.code_tries,
            row.bounced_at,
            row.changed_at,
            row.sealed,
        ),
    )


async def bounced(tx: Tx, record: str, changed_at: int, at: int) -> None:
    """The service knows no such address; nothing where another one was given meanwhile."""
    await tx.execute(
        "UPDATE chat_addresses SET bounced_at = ? WHERE person_id = ? AND changed_at = ?",
        (at, record, changed_at),
    )


async def delete(tx: Tx, person_id: str) -> bool:
    """Hers goes, whichever record it stood with. Whether there was one."""
    cursor = await tx.execute(
        "DELETE FROM chat_addresses WHERE person_id IN "
        "(SELECT id FROM persons WHERE id = :id OR merged_into = :id)",
        {"id": person_id},
    )
    return cursor.rowcount > 0


def _row(row: Any) -> ChatAddress:
    return ChatAddress(
        person_id=PersonId(row["stands"]),
        record=PersonId(row["person_id"]),
        confirmed_at=row["confirmed_at"],
        code_hash=row["code_hash"],
        code_until=row["code_until"],
        code_tries=row["code_tries"],
        bounced_at=row["bounced_at"],
        changed_at=row["changed_at"],
        sealed=row["sealed"],
    )
