"""A full export of another node comes into an empty one: all of it, or nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from node.domain.actors import Actor
from node.domain.permissions import Permission, require
from node.errors import N_, Conflict, Invalid, NotAllowed
from node.services.desk import Desk
from node.services.sheets import whole_file
from node.services.sheets.moving_incidents import NewReader
from node.services.sheets.whole_file import Header, Opened, Row, Table
from node.store import audit, compartments, consents, incidents, needs, persons, portable, shifts, staff
from node.store.db import Tx
from node.vault import Compartment

_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a file holds, read from its first byte to its last."""

    header: Header
    rows: dict[str, int]
    compartments: frozenset[Compartment]
    """Whose records are in it."""
    settings: Mapping[str, Any]
    """What the group decided there: key -> value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtIn:
    """What came. ``already``: this very file came before, and nothing was changed."""

    made_at: int
    rows: dict[str, int]
    already: bool


class BringingIn:
    """Brings full exports in. ``on_done``: awaited afterwards, for what looks at the data only at start."""

    def __init__(self, desk: Desk, *, on_done: Sequence[Callable[[], Awaitable[Any]]] = ()) -> None:
        self._desk = desk
        self._on_done = on_done

    async def run(self, actor: Actor, file: Path, passphrase: str) -> BroughtIn:
        """Stores every row of the file, sealed under this node's own keys, in one write.

        Raises ``NotAllowed``, ``Locked``, ``Invalid`` (not such a file, passphrase, damaged, newer), ``Conflict``
        (``not_empty``: this node has people or requests; ``no_compartment``).
        """
        require(actor, Permission.IMPORT)
        require(actor, Permission.SETTINGS)
        desk = self._desk
        desk.must_be_unlocked()
        # Once through it before anything is touched: most faults are told without a write.
        found = await asyncio.to_thread(look, file, passphrase)
        named = f"export:{found.header.id}"
        async with desk.db.write() as tx:
            if any(entry.action == "import.all" for entry in await audit.of_object(tx, named)):
                return BroughtIn(made_at=found.header.made_at, rows=found.rows, already=True)
            await _must_be_empty(tx)
            await _must_have(tx, found.compartments)
            await needs.delete_practice(tx)
            await persons.delete_practice(tx)
            reader = await _reader(tx, actor)
            await self._store(tx, file, passphrase, reader)
            if not reader.begun:
                await incidents.brought_by(tx, reader.id)
            await shifts.take_up(tx)
            if "import_numbers" not in found.rows:  # older than the step that made choices answers (0117)
                await consents.stand_as_chosen(tx)
            await desk.record(tx, actor, "import.all", named, rows=sum(found.rows.values()))
        for each in self._on_done:
            await each()
        return BroughtIn(made_at=found.header.made_at, rows=found.rows, already=False)

    async def _store(self, tx: Tx, file: Path, passphrase: str, reader: NewReader) -> None:
        await portable.any_order(tx)
        parts = whole_file.read(file, passphrase)
        name = ""
        while some := await asyncio.to_thread(self._sealed, parts, name, reader):
            for part in some:
                if isinstance(part, Table):
                    name = part.name
                    await portable.replace(tx, name)
                elif not isinstance(part, Header):
                    await portable.put(tx, name, part)

    def _sealed(
        self, parts: Iterator[Header | Table | Row], name: str, reader: NewReader
    ) -> list[Header | Table | Row]:
        """The next rows with this node's boxes in them; sealing works in any thread."""
        some: list[Header | Table | Row] = []
        for part in islice(parts, _AT_ONCE):
            if isinstance(part, Table):
                name = part.name
            some.append(part if isinstance(part, Header | Table) else self._boxed(name, part, reader))
        return some

    def _boxed(self, name: str, row: Row, reader: NewReader) -> Row:
        moving = portable.MOVING[name]
        boxed = dict(row)
        for column, value in row.items():
            if not isinstance(value, Opened):
                continue
            how = moving.sealed[column]
            if how.named:
                boxed[column] = reader.box(self._desk, str(row[how.row]), value.value)
                continue
            boxed[column] = self._desk.vault.seal(
                Compartment(how.compartment), how.table or name, str(row[how.row]), value.value
            )
        return boxed


def look(file: Path, passphrase: str) -> Looked:
    """Reads the whole file and checks that every table and box in it is known here; blocks.

    Raises ``Invalid``.
    """
    parts = whole_file.read(file, passphrase)
    header = next(parts)
    assert isinstance(header, Header)
    rows: dict[str, int] = {}
    wanted: set[Compartment] = set()
    said: dict[str, Any] = {}
    name = ""
    for part in parts:
        if isinstance(part, Table):
            name = part.name
            rows[name] = 0
            if name not in portable.MOVING:
                raise _newer(name)
            continue
        assert not isinstance(part, Header)
        rows[name] += 1
        if name == "settings":
            said[part["key"]] = orjson.loads(part["value"])
        for column, value in part.items():
            if isinstance(value, Opened):
                if column not in portable.MOVING[name].sealed:
                    raise _newer(f"{name}.{column}")
                if not portable.MOVING[name].sealed[column].named:
                    wanted.add(Compartment(portable.MOVING[name].sealed[column].compartment))
    return Looked(header=header, rows=rows, compartments=frozenset(wanted), settings=said)


def _newer(what: str) -> Invalid:
    return Invalid(
        "export_newer",
        N_("A newer version of the program wrote this file. Upgrade this node first, then try again."),
        hint=f"{what} is not known here",
    )


async def _reader(tx: Tx, actor: Actor) -> NewReader:
    """Raises ``NotAllowed`` for who has no account: what was told in confidence would be sealed to nobody."""
    row = await staff.get(tx, actor.id or "")
    if row is None:
        raise NotAllowed("not_allowed", N_("Only somebody who works here can do this."))
    begun = Compartment.SAFEGUARDING in {Compartment(each.name) for each in await compartments.all_of(tx)}
    return NewReader(row.id, row.public_key, begun)


async def _must_be_empty(tx: Tx) -> None:
    for name in portable.MOVING:
        if await portable.count_real(tx, name):
            raise Conflict(
                "not_empty",
                N_(
                    "There are people or requests in this node already. A full export comes into an empty node only."
                    " Make a new one, in another folder."
                ),
                hint=f"the table {name} has rows",
            )


async def _must_have(tx: Tx, wanted: frozenset[Compartment]) -> None:
    there = {Compartment(row.name) for row in await compartments.all_of(tx)}
    if wanted - there:
        raise Conflict(
            "no_compartment",
            N_(
                "The file holds safety notes. Begin them here first, on the page “Who works here”; then bring it in"
                " again."
            ),
            hint=f"missing: {', '.join(sorted(wanted - there))}",
        )
