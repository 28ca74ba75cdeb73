"""Two records of one person: which were made one, and the moving of every row that points to a person.

What points to a person is read from the schema itself (its foreign keys), so that a table of a later step moves too.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from node.domain.ids import MergeId, NeedId, PersonId
from node.store.db import Tx, kept

_COLUMNS = "id, kept_id, gone_id, state, sealed, by_staff, at"
_OURS = "merged_into IS NULL AND practice = 0 AND peer IS NULL"

_STAYS = frozenset({"merges", "notice_choices", "chat_addresses"})
"""What stays with the record that it was written for. What somebody wants to be told, and where, is read through
``merged_into``:
their boxes are bound to the record, and a no of the one must not go to the other for good."""

Moved = list[Any]
"""``[table, column, {key column: value}]``: one row that moved. Keys are those beside the column itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeRow:
    """One decision about two records; ``sealed`` is None for ``two_people``. ``at`` in Unix seconds."""

    id: MergeId
    kept_id: PersonId
    gone_id: PersonId
    state: Literal["merged", "two_people"]
    sealed: bytes | None
    by_staff: str | None
    at: int


async def insert(tx: Tx, row: MergeRow) -> None:
    """A new decision."""
    await tx.execute(
        f"INSERT INTO merges({_COLUMNS}) VALUES(?, ?, ?, ?, ?, ?, ?)",
        (row.id, row.kept_id, row.gone_id, row.state, row.sealed, row.by_staff, row.at),
    )


async def get(tx: Tx, merge_id: str) -> MergeRow | None:
    """One, or None."""
    rows = list(await tx.execute_fetchall(f"SELECT {_COLUMNS} FROM merges WHERE id = ?", (merge_id,)))
    return _row(rows[0]) if rows else None


async def of_kept(tx: Tx, person_id: str) -> Sequence[MergeRow]:
    """What was made one with that record, the latest first."""
    rows = await tx.execute_fetchall(
        f"SELECT {_COLUMNS} FROM merges WHERE kept_id = ? AND state = 'merged' ORDER BY at DESC, rowid DESC",
        (person_id,),
    )
    return [_row(row) for row in rows]


async def are_two(tx: Tx, merge_id: str) -> None:
    """They are two people after all: what was sealed about it goes, and they are not offered again."""
    await tx.execute("UPDATE merges SET state = 'two_people', sealed = NULL WHERE id = ?", (merge_id,))


async def set_merged(tx: Tx, person_id: str, into: str | None) -> None:
    """The record is part of that one from now on, or (None) by itself again."""
    await tx.execute("UPDATE persons SET merged_into = ? WHERE id = ?", (into, person_id))


async def inside(tx: Tx, person_id: str) -> Sequence[PersonId]:
    """The records that are part of that one."""
    rows = await tx.execute_fetchall("SELECT id FROM persons WHERE merged_into = ? ORDER BY id", (person_id,))
    return [PersonId(row["id"]) for row in rows]


_TOLD_TWO = (
    "NOT EXISTS(SELECT 1 FROM merges m WHERE m.state = 'two_people' AND ((m.kept_id = a.id AND m.gone_id = b.id) "
    "OR (m.kept_id = b.id AND m.gone_id = a.id)))"
)
_ASKED_FOR = (
    "NOT EXISTS(SELECT 1 FROM asking_links l JOIN needs n ON n.id = l.need_id WHERE l.for_other = 1 AND "
    "((l.told_person = a.id AND n.person_id = b.id) OR (l.told_person = b.id AND n.person_id = a.id)))"
)
"""Whoever asked for another said herself that they are two, also where one number reaches both."""


async def doubles(
    tx: Tx, limit: int, of: Collection[str] | None = None
) -> Sequence[tuple[PersonId, PersonId, tuple[str, ...]]]:
    """Pairs of records with the same ``phone``, ``email`` or ``twin`` (name and address), and which of these; not
    those that somebody said are two people. ``of``: only pairs with one of these in them."""
    found: dict[tuple[PersonId, PersonId], list[str]] = {}
    which = "a.id < b.id" if of is None else f"a.id IN ({', '.join('?' * len(of))}) AND a.id <> b.id"
    for what in ("phone", "email", "twin"):
        index = f"{what}_index"
        rows = await tx.execute_fetchall(
            f"SELECT DISTINCT min(a.id, b.id) AS one, max(a.id, b.id) AS other "
            f"FROM persons a JOIN persons b ON a.{index} = b.{index} "
            f"WHERE {which} AND a.{index} <> x'' AND a.{_OURS.replace(' AND ', ' AND a.')} "
            f"AND b.{_OURS.replace(' AND ', ' AND b.')} AND {_TOLD_TWO} AND {_ASKED_FOR} "
            "ORDER BY 1, 2 LIMIT ?",
            (*(of or ()), limit),
        )
        for row in rows:
            found.setdefault((PersonId(row["one"]), PersonId(row["other"])), []).append(what)
    return [(one, other, tuple(why)) for (one, other), why in found.items()][:limit]


@kept
async def unseen(tx: Tx) -> frozenset[PersonId]:
    """Whoever signed up, was not met yet, and may be somebody we know: half of a pair of ``doubles`` of which nobody
    said what it is, or not yet looked up at all, because she came while the records were closed."""
    ours = [f"{each}.{_OURS.replace(' AND ', f' AND {each}.')}" for each in "ab"]
    alike = [
        f"EXISTS(SELECT 1 FROM persons b WHERE b.{index} = a.{index} AND a.{index} <> x'' AND b.id <> a.id "
        f"AND {ours[1]} AND {_TOLD_TWO} AND {_ASKED_FOR})"
        for index in ("phone_index", "email_index", "twin_index")
    ]
    rows = await tx.execute_fetchall(
        "SELECT a.id FROM volunteers v JOIN persons a ON a.id = v.person_id "
        f"WHERE v.stage = 'applied' AND {ours[0]} AND (a.phone_index IS NULL OR a.email_index IS NULL "
        f"OR a.twin_index IS NULL OR {' OR '.join(alike)})"
    )
    return frozenset(PersonId(row["id"]) for row in rows)


async def asked_for_others(tx: Tx) -> Sequence[tuple[NeedId, PersonId]]:
    """(request, for whom) of everything that somebody asked on the page for another, whose record is none's part."""
    rows = await tx.execute_fetchall(
        "SELECT n.id, n.person_id FROM asking_links l JOIN needs n ON n.id = l.need_id "
        f"JOIN persons p ON p.id = n.person_id AND p.{_OURS.replace(' AND ', ' AND p.')} "
        "WHERE l.for_other = 1 AND n.practice = 0 ORDER BY n.rowid"
    )
    return [(NeedId(row[0]), PersonId(row[1])) for row in rows]


async def told_two(tx: Tx, one: str, other: str) -> bool:
    """Whether somebody said that these are two people."""
    rows = await tx.execute_fetchall(
        "SELECT 1 FROM merges WHERE state = 'two_people' AND ((kept_id = :one AND gone_id = :other) "
        "OR (kept_id = :other AND gone_id = :one))",
        {"one": one, "other": other},
    )
    return bool(list(rows))


async def move_all(tx: Tx, frm: str, to: str) -> list[Moved]:
    """Every row that points to ``frm`` points to ``to``. What cannot (``to`` has one of its own where there is one
    a person) stays where it is. Returns what moved, as JSON can say it."""
    moved: list[Moved] = []
    for table, column, keys in await _references(tx):
        if keys:
            names = ", ".join(keys)
            held = await tx.execute_fetchall(f"SELECT {names} FROM {table} WHERE {column} = ?", (frm,))
            rows = [dict(zip(keys, tuple(row), strict=True)) for row in held]
        else:
            rows = [{}]
        for key in rows:
            if await _move(tx, table, column, key, frm, to):
                moved.append([table, column, {name: _written(value) for name, value in key.items()}])
    return moved


async def move_back(tx: Tx, frm: str, to: str, moved: Sequence[Moved]) -> None:
    """The rows of ``move_all`` that are still there and still point to ``frm``."""
    known = {(table, column) for table, column, _ in await _references(tx)}
    for table, column, key in moved:
        if (table, column) in known:
            await _move(tx, table, column, {name: _read(value) for name, value in key.items()}, frm, to)


async def _move(tx: Tx, table: str, column: str, key: dict[str, Any], frm: str, to: str) -> bool:
    where = "".join(f" AND {name} = :key_{name}" for name in key)
    bound = {f"key_{name}": value for name, value in key.items()} | {"frm": frm, "to": to}
    cursor = await tx.execute(
        f"UPDATE OR IGNORE {table} SET {column} = :to WHERE {column} = :frm{where}", bound
    )
    return cursor.rowcount > 0


def _written(value: Any) -> Any:
    return {"hex": value.hex()} if isinstance(value, bytes) else value


def _read(value: Any) -> Any:
    return bytes.fromhex(value["hex"]) if isinstance(value, dict) else value


async def _references(tx: Tx) -> list[tuple[str, str, tuple[str, ...]]]:
    """(table, column, key beside that column) of everything that points to a person, but for this table."""
    found = []
    tables = await tx.execute_fetchall("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    for (table,) in [tuple(row) for row in tables]:
        if table in _STAYS:
            continue
        columns = [
            row["from"]
            for row in await tx.execute_fetchall(f"PRAGMA foreign_key_list({table})")
            if row["table"] == "persons"
        ]
        info = list(await tx.execute_fetchall(f"PRAGMA table_info({table})")) if columns else []
        keys = [row["name"] for row in info if row["pk"]]
        found += [(table, column, tuple(k for k in keys if k != column)) for column in sorted(columns)]
    return found


def _row(row: Any) -> MergeRow:
    return MergeRow(
        id=MergeId(row["id"]),
        kept_id=PersonId(row["kept_id"]),
        gone_id=PersonId(row["gone_id"]),
        state=row["state"],
        sealed=row["sealed"],
        by_staff=row["by_staff"],
        at=row["at"],
    )
