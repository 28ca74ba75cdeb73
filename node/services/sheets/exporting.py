"""Everything that can move, in one sealed file that an empty node reads: people, requests, who helped, the record.

What moves and what stays is ``node.store.portable``. It is a look at everybody, and recorded as one.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from node import durable
from node.domain.actors import Actor
from node.domain.ids import new_id
from node.domain.permissions import Permission, require
from node.errors import N_, Conflict, Invalid, Locked, NotAllowed
from node.services.accounts.passwords import Passwords
from node.services.desk import Desk
from node.services.intake.fingerprints import PAST_KEYS
from node.services.sheets import moving_incidents, taking_out, whole_file
from node.services.sheets.backup import MIN_PASSPHRASE
from node.services.sheets.moving_incidents import TABLES, Readable
from node.services.sheets.sealed_file import Writer
from node.services.sheets.whole_file import Header, Opened, Row, Table
from node.store import compartments, portable, settings
from node.store.db import Tx
from node.vault import Compartment
from node.vault.keys import KeyPair


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A file that was written and read back. ``size`` in bytes; ``rows``: of every table that moved."""

    file: Path
    size: int
    rows: dict[str, int]
    left: dict[str, str]
    """Table with rows that stay here -> why."""
    incidents_left: int | None = 0
    """How many incidents stay, sealed for others; None: not told to holders of safety notes (``moving_incidents``)."""


class Export:
    """Writes full exports; ``passwords`` know what a passphrase may cost here."""

    def __init__(self, desk: Desk, passwords: Passwords) -> None:
        self._desk = desk
        self._passwords = passwords

    async def run(self, actor: Actor, target: Path, passphrase: str, key: KeyPair | None = None) -> Exported:
        """Writes ``target`` (which must not exist), reads it back whole, and only then gives it its name.

        ``key``: the actor's own, for incidents that are sealed to it. The actor must hold every compartment that has
        records. Raises ``NotAllowed``, ``Locked``, ``Conflict`` (``file_exists``), ``Invalid``
        (``passphrase_short``), ``MutualAidError`` (cannot write).
        """
        require(actor, Permission.EXPORT)
        if len(passphrase) < MIN_PASSPHRASE:
            message = N_("Please use a passphrase of at least 8 characters.")
            raise Invalid("passphrase_short", message, fields={"passphrase": message})
        if target.exists():
            raise Conflict(
                "file_exists", N_("There is a file %(file)s already; it was left as it is."), file=str(target)
            )
        await self._must_hold(actor)
        # Recorded before the first byte is written: a look that was broken off was a look.
        export_id = new_id(self._desk.random)
        async with self._desk.db.write() as tx:
            await taking_out.use(tx, self._desk, actor, "everything")
            await self._desk.record(tx, actor, "look.everybody", f"export:{export_id}")
        failed = N_("The file could not be written: %(reason)s.")
        with durable.told("export_failed", failed, target), durable.whole_or_not(target) as partial:
            counts, others = await self._write(partial, passphrase, export_id, actor, key)
            await asyncio.to_thread(_read_back, partial, passphrase)
            size = partial.stat().st_size
        async with self._desk.db.write() as tx:
            await self._desk.record(
                tx, actor, "export.made", f"export:{export_id}", bytes=size, rows=sum(counts.values())
            )
        return Exported(file=target, size=size, rows=counts, left=await self._left(), incidents_left=others)

    async def incidents_left(self, actor: Actor, key: KeyPair | None) -> int | None:
        """How many incidents would stay, for the page; None: not told. Raises ``NotAllowed``."""
        require(actor, Permission.EXPORT)
        async with self._desk.db.read() as tx:
            return (await moving_incidents.readable(tx, self._desk, actor, key)).others

    async def _must_hold(self, actor: Actor) -> None:
        """Other compartments may be open in this process because somebody else opened them."""
        async with self._desk.db.read() as tx:
            held = {Compartment(name) for name in await compartments.held_by(tx, actor.id or "")}
            for name, moving in portable.MOVING.items():
                wanted = {Compartment(each.compartment) for each in moving.sealed.values() if not each.named}
                if wanted <= held or not await portable.count(tx, name):
                    continue
                raise NotAllowed(
                    "not_all_compartments",
                    N_(
                        "You cannot open everything that is here: safety checks or safety notes have other holders."
                    ),
                    hint=f"{actor.label} does not hold {', '.join(sorted(wanted - held))} ({name})",
                )
        if not all(self._desk.vault.is_open(each) for each in held):
            raise Locked

    async def _write(
        self, partial: Path, passphrase: str, export_id: str, actor: Actor, key: KeyPair | None
    ) -> tuple[dict[str, int], int | None]:
        counts: dict[str, int] = {}
        kdf = await self._passwords.cost()
        writer = await asyncio.to_thread(Writer, partial, whole_file.KIND, passphrase, kdf)
        try:
            # One unchanging view of the data, while the desk goes on working.
            async with self._desk.db.read() as tx:
                origin = await settings.get(tx, settings.ORIGIN)
                told = await moving_incidents.readable(tx, self._desk, actor, key)
                writer.add(
                    whole_file.header_line(Header(id=export_id, made_at=self._desk.now, origin=origin))
                )
                for name in portable.MOVING:
                    writer.add(
                        whole_file.table_line(Table(name=name, columns=await portable.columns(tx, name)))
                    )
                    counts[name] = 0
                    async for row in self._told(tx, name, told) if name in TABLES else self._rows(tx, name):
                        writer.add(whole_file.row_line(row))
                        counts[name] += 1
            writer.add(whole_file.end_line(counts))
            await asyncio.to_thread(writer.finish)
        finally:
            writer.close()
        return counts, told.others

    async def _told(self, tx: Tx, name: str, told: Readable) -> AsyncIterator[Row]:
        async for row in portable.rows(tx, name):
            if name == "incidents" and row["id"] in told.incidents:
                yield row
            elif row["id"] in told.parts:
                yield {**row, "sealed": Opened(told.parts[str(row["id"])])}

    async def _rows(self, tx: Tx, name: str) -> AsyncIterator[Row]:
        sealed = portable.MOVING[name].sealed
        async for row in portable.rows(tx, name):
            opened = dict[str, object](row)
            for column, how in sealed.items():
                box = row[column]
                # An erased record is an empty box: there is nothing to open.
                if isinstance(box, bytes) and box:
                    opened[column] = Opened(
                        self._desk.vault.open(
                            Compartment(how.compartment), how.table or name, str(row[how.row]), box
                        )
                    )
            yield opened
        if name == PAST_KEYS:
            for key in self._desk.vault.row_keys():
                yield {"id": sha256(key).hexdigest()[:32], "sealed": Opened({"key": key.hex()})}

    async def _left(self) -> dict[str, str]:
        async with self._desk.db.read() as tx:
            return {name: why for name, why in portable.LEFT.items() if await portable.count(tx, name)}


def _read_back(file: Path, passphrase: str) -> None:
    for _ in whole_file.read(file, passphrase):
        pass
