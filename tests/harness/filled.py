"""Made-up rows for every table of ``group.db`` that moves to another node, whatever its columns are."""

import itertools
import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from node.store import files, portable
from node.store.columns import COLUMNS, Protection
from node.vault import Compartment, Vault

ROWS = 3
"""A whole row, one with nothing where nothing may be, and one whose boxes were emptied by an erasure."""
CHOICES: Mapping[str, Mapping[str, tuple[Any, ...]]] = {
    "alert_choices": {"handle": tuple(f"alert_choices-{number}" for number in range(ROWS))},
}
"""Table -> column -> ``ROWS`` values, for rules that the table's SQL does not say in CHECK(... IN ...)."""


def fill(path: Path, vault: Vault) -> None:
    """Puts rows into every table that moves, straight into the file."""
    with closing(files.connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("BEGIN")
        for table in portable.MOVING:
            if table == "settings":
                continue
            for number in range(ROWS):
                row = _row(connection, table, number, vault)
                marks = ", ".join("?" * len(row))
                names = ", ".join(f'"{name}"' for name in row)
                connection.execute(f"INSERT INTO {table}({names}) VALUES({marks})", tuple(row.values()))
        connection.execute("COMMIT")
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        assert not broken, [tuple(each) for each in broken]


def held(path: Path, table: str, vault: Vault, *, left: frozenset[str] = frozenset()) -> list[dict[str, Any]]:
    """Every row of a table with its boxes opened, in no order of its own; without the columns ``left``."""
    sealed = portable.MOVING[table].sealed
    with closing(files.connect(path, read_only=True)) as connection:
        rows = [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]
    for row in rows:
        for column, how in sealed.items():
            if row[column]:
                row[column] = vault.open(
                    Compartment(how.compartment), how.table or table, str(row[how.row]), row[column]
                )
        for column in left:
            del row[column]
    return sorted(rows, key=repr)


def _row(connection: sqlite3.Connection, table: str, number: int, vault: Vault) -> dict[str, Any]:
    parents = {each["from"]: each for each in connection.execute(f"PRAGMA foreign_key_list({table})")}
    sql = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    allowed = {
        name: [each.strip().strip("'") for each in listed.split(",")]
        for name, listed in re.findall(r"CHECK\s*\((\w+) IN \(([^)]*)\)\)", sql)
    }
    row: dict[str, Any] = {}
    for column in connection.execute(f"PRAGMA table_info({table})"):
        name, must = column["name"], column["notnull"] or column["pk"]
        if number == 1 and not must:
            row[name] = None
        elif name in CHOICES.get(table, {}):
            row[name] = CHOICES[table][name][number]
        elif name in parents:
            row[name] = f"{parents[name]['table']}-{number}"
        elif name in allowed:
            row[name] = next(itertools.islice(itertools.cycle(allowed[name]), number, None))
        else:
            row[name] = _value(table, name, column["type"], number)
    for column, how in portable.MOVING[table].sealed.items():
        if row[column] is not None and number != ROWS - 1:
            words = {"said": f"{table}.{column} of row {number}", "more": [1, {"a": None}]}
            row[column] = vault.seal(
                Compartment(how.compartment), how.table or table, str(row[how.row]), words
            )
    return row


def _value(table: str, name: str, kind: str, number: int) -> Any:
    if COLUMNS[table][name].protection is Protection.SEALED:
        return b""
    if kind == "INTEGER":
        return 1_700_000_000 + number if name != "practice" else 0
    if kind == "REAL":
        return number + 0.5
    if kind == "BLOB":
        return f"{table}.{name}.{number}".encode()
    return f"{table}-{number}" if name == "id" or name.endswith("_id") else f"{name}-{number}"
