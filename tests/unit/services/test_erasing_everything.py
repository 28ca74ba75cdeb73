"""Erased means erased, in every table that there is: each decided about, each filled, and looked at afterwards."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from node.domain.ids import PersonId
from node.store import files
from node.store.columns import COLUMNS, Protection
from node.store.person_links import LINKS, Fate
from node.vault import Compartment
from tests.harness.office import Office

OF_PEOPLE = ("persons", "needs", "assignments")
CANARY = "zqcanary"


def linked(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """Every foreign key to a person, a need or a task, and every sealed column."""
    found = {
        (table, name)
        for table, columns in COLUMNS.items()
        for name, column in columns.items()
        if column.protection is Protection.SEALED
    }
    for table in COLUMNS:
        for key in connection.execute(f"PRAGMA foreign_key_list({table})"):
            if key[2] in OF_PEOPLE:
                found.add((table, key[3]))
    return found


def test_somebody_decided_about_every_column_that_points_to_a_person(tmp_path: Path) -> None:
    files.prepare(tmp_path / "group.db", create=True)
    with closing(sqlite3.connect(tmp_path / "group.db")) as connection:
        found = linked(connection)
    assert found - set(LINKS) == set(), (
        "node/store/person_links.py: what becomes of these when a person is erased?"
    )
    assert set(LINKS) - found == set(), "columns that there are no more"
    for (table, column), link in LINKS.items():
        assert (link.fate is Fate.STAYS) == bool(link.why), (table, column)


# --- filled, erased, looked at

BY_ITSELF = {
    "persons",
    "needs",
    "assignments",
    "merges",
    "apart",
    "audit",
    "past_audit",
    "outbox",
    "box_keys",
    "holds",
}
"""Filled by the services, or not by person."""


def fill(office: Office, ids: dict[str, str]) -> dict[str, int]:
    """A row in every other table that points to the person, her need or the task on it, boxes and all: table to row."""
    tables: dict[str, int] = {}
    path = office.folder / "group.db"
    with closing(files.connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        for table in {table for table, _ in LINKS} - BY_ITSELF:
            keys = {key[3]: key[2] for key in connection.execute(f"PRAGMA foreign_key_list({table})")}
            if not set(keys.values()) & set(OF_PEOPLE):
                continue
            row = _row(connection, office, table, keys, ids)
            cursor = connection.execute(
                f"INSERT OR REPLACE INTO {table}({', '.join(row)}) VALUES({', '.join('?' * len(row))})",
                tuple(row.values()),
            )
            tables[table] = cursor.lastrowid or 0
    return tables


def _row(
    connection: sqlite3.Connection, office: Office, table: str, keys: dict[str, str], ids: dict[str, str]
) -> dict[str, Any]:
    sql = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    choices = dict(re.findall(r"CHECK\s*\((\w+) IN \(([^)]*)\)\)", sql))
    row: dict[str, Any] = {}
    for _, name, kind, must, _, is_key in connection.execute(f"PRAGMA table_info({table})"):
        if keys.get(name) in OF_PEOPLE:
            row[name] = ids[keys[name]]
        elif name in choices:
            row[name] = choices[name].split(",")[0].strip().strip("'")
        elif COLUMNS[table][name].protection is Protection.SEALED:
            row[name] = office.vault.seal(Compartment.PEOPLE, table, "x", {"x": CANARY})
        elif must or is_key:
            row[name] = {"INTEGER": 1, "TEXT": f"x-{table}-{name}", "BLOB": b"x"}.get(kind, 1)
    return row


@pytest.mark.parametrize("who", ["asker", "helper"])
async def test_what_was_decided_is_done(office: Office, who: str) -> None:
    need_id = await office.need()
    helper = await office.helper()
    task = await office.dispatch.propose(office.ana, need_id, helper)
    async with office.db.read() as tx:
        asker = (await office.desk.need_row(tx, need_id)).need.person_id
    assert asker
    person = asker if who == "asker" else helper
    filled = fill(office, {"persons": person, "needs": need_id, "assignments": task})
    assert len(filled) > 20
    await office.people.erase(office.ana, PersonId(person))
    with closing(sqlite3.connect(office.folder / "group.db")) as connection:
        for table, number in filled.items():
            columns = {column: link for (name, column), link in LINKS.items() if name == table}
            keys = {key[3]: key[2] for key in connection.execute(f"PRAGMA foreign_key_list({table})")}
            for column, link in columns.items():
                of_person = keys.get(column) == "persons"
                (left,) = connection.execute(
                    f"SELECT COUNT(*) FROM {table} WHERE length({column}) > 0"
                    + (f" AND {column} = '{person}'" if of_person else f" AND rowid = {number}")
                ).fetchone()
                if of_person:
                    assert left == 0, f"{table}.{column} still points to whom was erased"
                elif link.fate is not Fate.STAYS and who == "asker":
                    assert left == 0, f"{table}.{column} still holds something ({link.fate})"
