"""The sealed file of a full export: lines of JSON that another node can read.

First the header, then for each table one line with its name and columns, then a list for each row, and at the end
the count of every table. In a row ``{"hex": ...}`` stands for bytes, ``{"open": ...}`` for what a sealed box holds.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from node.errors import N_, Invalid
from node.services.sheets import sealed_file
from node.services.sheets.sealed_file import Stream

FORMAT = 1
KIND = sealed_file.Kind(
    magic=b"mutual-aid-connect export 1\n",
    code="export",
    other=N_("This file is not a full export of this program."),
    shut=N_("The passphrase does not open this file, or its beginning was changed."),
    damaged=N_("This file is damaged or cut off. Nothing was brought in."),
)

Row = Mapping[str, Any]
"""Column -> value; a box as ``Opened``."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a sealed box held."""

    value: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Which export it is. ``made_at``: Unix seconds; ``origin``: the id of the node that wrote it."""

    id: str
    made_at: int
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of this table follow."""

    name: str
    columns: tuple[str, ...]


def header_line(header: Header) -> bytes:
    """The first line."""
    return _line({"format": FORMAT, "id": header.id, "made_at": header.made_at, "origin": header.origin})


def table_line(table: Table) -> bytes:
    """Before a table's rows."""
    return _line({"table": table.name, "columns": table.columns})


def row_line(row: Row) -> bytes:
    """One row, in the order of its table's columns."""
    return _line([_written(value) for value in row.values()])


def end_line(counts: Mapping[str, int]) -> bytes:
    """The last line: how many rows each table has."""
    return _line({"end": dict(counts)})


def read(file: Path, passphrase: str) -> Iterator[Header | Table | Row]:
    """The header, then each table followed by its rows; blocks, so call it in a thread.

    Raises ``Invalid``: another file, ``wrong_passphrase``, damaged, written by a newer version.
    """
    try:
        with file.open("rb") as sealed:
            stream = Stream(sealed_file.blocks(sealed, KIND, passphrase), KIND)
            yield _header(orjson.loads(stream.line()))
            yield from _tables(stream)
            stream.end()
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise sealed_file.damaged(KIND) from error


def _tables(stream: Stream) -> Iterator[Table | Row]:
    counts: dict[str, int] = {}
    table: Table | None = None
    while True:
        found = orjson.loads(stream.line())
        if isinstance(found, list) and table is not None:
            counts[table.name] += 1
            yield dict(zip(table.columns, map(_read, found), strict=True))
        elif "table" in found:
            table = Table(name=found["table"], columns=tuple(found["columns"]))
            counts[table.name] = 0
            yield table
        elif found["end"] == counts:
            return
        else:
            raise ValueError("rows are missing")


def _header(found: Mapping[str, Any]) -> Header:
    if found["format"] != FORMAT:
        raise Invalid(
            "export_newer",
            N_("A newer version of the program wrote this file. Upgrade this node first, then try again."),
        )
    return Header(id=str(found["id"]), made_at=int(found["made_at"]), origin=str(found["origin"]))


def _line(value: Sequence[Any] | Mapping[str, Any]) -> bytes:
    return orjson.dumps(value) + b"\n"


def _written(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    return {"open": value.value} if isinstance(value, Opened) else value


def _read(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return Opened(value["open"]) if "open" in value else bytes.fromhex(value["hex"])
