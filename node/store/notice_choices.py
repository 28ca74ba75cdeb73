"""What people want to be told: one row a person, with the link by which she changes it and the address that failed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from node.domain.ids import PersonId
from node.domain.notices.choices import Choices
from node.domain.notices.notice import Way
from node.store.db import Tx

_OF_ALL = (
    # Of somebody who was held twice: her own row decides, but a no that she gave on either stays a no until she chooses
    # anew as one.
    "SELECT c.*, COALESCE(p.merged_into, p.id) AS stands, EXISTS("
    "SELECT 1 FROM notice_choices o WHERE o.out = 1 AND o.person_id <> c.person_id AND o.person_id IN ("
    "SELECT q.id FROM persons q WHERE q.id = COALESCE(p.merged_into, p.id) "
    "OR q.merged_into = COALESCE(p.merged_into, p.id)) "
    "AND c.changed_at <= COALESCE((SELECT MAX(m.at) FROM merges m WHERE m.state = 'merged' "
    "AND m.gone_id IN (o.person_id, c.person_id)), c.changed_at)) AS also_out, "
    # Where she is signed in goes along when two records become one.
    "EXISTS(SELECT 1 FROM push_devices d JOIN own_sessions s ON s.id = d.session_id "
    "WHERE s.person_id = COALESCE(p.merged_into, p.id)) AS pushes, "
    "EXISTS(SELECT 1 FROM chat_addresses a JOIN persons r ON r.id = a.person_id "
    "WHERE COALESCE(r.merged_into, r.id) = COALESCE(p.merged_into, p.id) "
    "AND a.confirmed_at IS NOT NULL AND a.bounced_at IS NULL) AS chats "
    "FROM notice_choices c JOIN persons p ON p.id = c.person_id"
)
_BOUNCED: Mapping[Way, str] = {Way.EMAIL: "bounced", Way.TEXT: "text_bounced"}
_OWN_FIRST = "ORDER BY p.merged_into IS NOT NULL, c.person_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoicesRow:
    """One row. ``choices`` are of the person as she stands now."""

    choices: Choices
    record: PersonId
    """Whose row it is, and what its box is bound to: the same person, or a record that became part of hers. It never
    moves to another, so that two people after all have each their own."""
    link_hash: bytes
    sealed: bytes
    """The secret of her link."""
    bounced_index: bytes | None = None
    """The address that did not work; with another one it counts no longer."""
    bounced_at: int | None = None
    text_bounced_index: bytes | None = None
    """The number that took no text; as with the address."""
    text_bounced_at: int | None = None
    pushes: bool = False
    """Whether she turned notifications on anywhere; read only."""
    chats: bool = False
    """Whether she has a confirmed address in the chat that works; read only."""
    changed_at: int


async def get(tx: Tx, person_id: str) -> ChoicesRow | None:
    """Hers, or None where she has none yet. Of two records that became one, of the one that stands."""
    async with tx.execute(
        f"WITH one(id) AS (SELECT COALESCE(merged_into, id) FROM persons WHERE id = ?) {_OF_ALL} "
        "WHERE c.person_id IN (SELECT id FROM persons WHERE id = (SELECT id FROM one) "
        f"OR merged_into = (SELECT id FROM one)) {_OWN_FIRST} LIMIT 1",
        (person_id,),
    ) as cursor:
        row = await cursor.fetchone()
    return None if row is None else _row(row)


async def all_of_them(tx: Tx) -> Mapping[PersonId, ChoicesRow]:
    """Everybody's who has some."""
    found: dict[PersonId, ChoicesRow] = {}
    async with tx.execute(f"{_OF_ALL} {_OWN_FIRST}") as cursor:
        for row in await cursor.fetchall():
            found.setdefault(PersonId(row["stands"]), _row(row))
    return found


async def with_link(tx: Tx, link_hash: bytes) -> ChoicesRow | None:
    """Of whoever has that link: of somebody held twice, of the record that stands. None for no link of ours."""
    async with tx.execute("SELECT person_id FROM notice_choices WHERE link_hash = ?", (link_hash,)) as cursor:
        row = await cursor.fetchone()
    return None if row is None else await get(tx, row["person_id"])


async def put(tx: Tx, row: ChoicesRow) -> None:
    """So from now on."""
    choices = row.choices
    await tx.execute(
        "INSERT INTO notice_choices(person_id, urgent, digest, way, quiet_from, quiet_until, out, link_hash, "
        "bounced_index, bounced_at, text_bounced_index, text_bounced_at, changed_at, sealed) "
        "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT(person_id) DO UPDATE SET urgent = excluded.urgent, digest = excluded.digest, "
        "way = excluded.way, quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until, "
        "out = excluded.out, bounced_index = excluded.bounced_index, bounced_at = excluded.bounced_at, "
        "text_bounced_index = excluded.text_bounced_index, text_bounced_at = excluded.text_bounced_at, "
        "changed_at = excluded.changed_at",
        (
            row.record,
            int(choices.urgent),
            int(choices.digest),
            choices.way,
            choices.quiet_from,
            choices.quiet_until,
            int(choices.out),
            row.link_hash,
            row.bounced_index,
            row.bounced_at,
            row.text_bounced_index,
            row.text_bounced_at,
            row.changed_at,
            row.sealed,
        ),
    )


async def bounced(tx: Tx, record: str, way: Way, index: bytes, at: int) -> None:
    """That address, or number, did not work; ``record`` as in ``ChoicesRow``."""
    columns = _BOUNCED[way]
    await tx.execute(
        f"UPDATE notice_choices SET {columns}_index = ?, {columns}_at = ? WHERE person_id = ?",
        (index, at, record),
    )


async def works(tx: Tx, record: str) -> None:
    """The address works after all; ``record`` as in ``ChoicesRow``."""
    await tx.execute(
        "UPDATE notice_choices SET bounced_index = NULL, bounced_at = NULL WHERE person_id = ?", (record,)
    )


async def all_bounced(tx: Tx) -> Collection[PersonId]:
    """Whose address or number did not work, the latest first."""
    async with tx.execute(
        "SELECT COALESCE(p.merged_into, p.id) AS stands FROM notice_choices c JOIN persons p ON p.id = c.person_id "
        "WHERE c.bounced_index IS NOT NULL OR c.text_bounced_index IS NOT NULL GROUP BY stands "
        "ORDER BY MAX(MAX(COALESCE(c.bounced_at, 0), COALESCE(c.text_bounced_at, 0))) DESC"
    ) as cursor:
        return [PersonId(row[0]) for row in await cursor.fetchall()]


def _row(row: Any) -> ChoicesRow:
    return ChoicesRow(
        choices=Choices(
            person_id=PersonId(row["stands"]),
            urgent=bool(row["urgent"]),
            digest=bool(row["digest"]),
            way=Way(row["way"]) if row["way"] else None,
            quiet_from=row["quiet_from"],
            quiet_until=row["quiet_until"],
            out=bool(row["out"] or row["also_out"]),
        ),
        record=PersonId(row["person_id"]),
        link_hash=row["link_hash"],
        sealed=row["sealed"],
        bounced_index=row["bounced_index"],
        bounced_at=row["bounced_at"],
        text_bounced_index=row["text_bounced_index"],
        text_bounced_at=row["text_bounced_at"],
        pushes=bool(row["pushes"]),
        chats=bool(row["chats"]),
        changed_at=row["changed_at"],
    )
