"""Sheets on their way in, as they are kept: sealed, each its owner's alone, with what was said about them so far."""

import asyncio
import base64
import zlib
from dataclasses import dataclass
from typing import Any

from node.domain.actors import Actor
from node.domain.ids import new_id
from node.domain.permissions import Permission, require
from node.domain.sheets import sheet_guess
from node.domain.sheets.sheets import Sheet, read_sheet
from node.errors import N_, Conflict, NotFound
from node.services.desk import Desk
from node.services.sheets.imports import Handling
from node.store import sheet_drafts
from node.store.db import Tx
from node.store.sheet_drafts import SheetDraftRow
from node.vault import Compartment

KEPT_SECONDS = 2 * 86400
"""So long after the last word about it a sheet that was not finished is thrown away."""
UNDER_WAY_SECONDS = 14 * 86400
"""The same for one that was coming in when the node stopped, and that nobody opened the records for since."""
MOST = 10
"""Sheets that one person may have begun at once; the oldest goes."""

State = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSheet:
    """One sheet. ``state``: ``encoding``, ``tab``, ``mapping``, ``open``, ``consent``, ``fixes``, ``left_out``,
    ``erased`` (hashes of people who were erased meanwhile), ``report`` once it came in; each only if there is any."""

    id: str
    staff_id: str
    data: bytes
    state: State
    state_sealed: bytes
    """The same as it lies there: other bytes once anything was said."""
    import_id: str | None
    """The run that brings it in just now."""

    def read(self) -> Sheet:
        """Raises ``Invalid``. Slow for a large one: not on the event loop."""
        return read_sheet(self.data, encoding=self.state.get("encoding", ""), tab=self.state.get("tab", ""))

    @property
    def how(self) -> Handling:
        """How it is to be brought in."""
        state = self.state
        return Handling(
            open_=bool(state.get("open")),
            consent=state.get("consent") or None,
            encoding=state.get("encoding", ""),
            tab=state.get("tab", ""),
            fixes={int(line): cells for line, cells in state.get("fixes", {}).items()},
            any_hours=bool(state.get("any_hours")),
            left_out=frozenset(state.get("left_out", [])),
            erased=frozenset(map(bytes.fromhex, state.get("erased", []))),
        )

    @property
    def meaning(self) -> State:
        """What its columns mean. Raises ``Conflict`` (``no_columns``) before that was said."""
        if not self.state.get("mapping"):
            raise Conflict("no_columns", N_("First say what the columns of this sheet mean."))
        return dict(self.state["mapping"])

    @property
    def mapping(self) -> str:
        """The same as a mapping file."""
        return sheet_guess.as_toml(self.meaning)


class SheetKeeping:
    """Puts sheets away and takes them out again."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def put(self, actor: Actor, data: bytes) -> str:
        """A new one; the owner's oldest may have to go. Returns its id."""
        desk = self._desk
        draft_id = new_id(desk.random)
        packed = await asyncio.to_thread(zlib.compress, data)
        sheet = {"data": base64.b64encode(packed).decode()}
        row = SheetDraftRow(
            id=draft_id,
            staff_id=actor.id or "",
            sheet_sealed=desk.vault.seal(Compartment.PEOPLE, "sheet_drafts", f"{draft_id}/sheet", sheet),
            state_sealed=self._sealed(draft_id, {}),
            created_at=desk.now,
            changed_at=desk.now,
        )
        async with desk.db.write() as tx:
            await sheet_drafts.insert(tx, row)
            for old in (await sheet_drafts.of_staff(tx, row.staff_id))[MOST:]:
                if old.import_id is None:
                    await sheet_drafts.delete(tx, old.id)
        return draft_id

    async def get(self, actor: Actor, draft_id: str) -> KeptSheet:
        """The actor's own. Raises ``NotFound``, ``Locked``, ``NotAllowed``."""
        require(actor, Permission.IMPORT)
        desk = self._desk
        desk.must_be_unlocked()
        async with desk.db.read() as tx:
            row = await sheet_drafts.get(tx, draft_id)
        kept = row is not None and (row.import_id is not None or row.changed_at >= desk.now - KEPT_SECONDS)
        if row is None or row.staff_id != actor.id or not kept:
            raise NotFound(
                "no_such_sheet",
                N_("This sheet is not kept any more. It was thrown away, or two days are over."),
            )
        return await self.opened(row)

    async def to_change(self, actor: Actor, draft_id: str) -> KeptSheet:
        """The same, for a change to it. Raises ``Conflict`` while it is coming in."""
        kept = await self.get(actor, draft_id)
        if kept.import_id is not None:
            raise Conflict("coming_in", N_("This sheet is coming in just now. Wait until it has."))
        return kept

    async def opened(self, row: SheetDraftRow) -> KeptSheet:
        """Raises ``Locked``."""
        held = self._desk.vault.open(Compartment.PEOPLE, "sheet_drafts", f"{row.id}/sheet", row.sheet_sealed)
        return KeptSheet(
            id=row.id,
            staff_id=row.staff_id,
            data=await asyncio.to_thread(zlib.decompress, base64.b64decode(held["data"])),
            state=self.state(row),
            state_sealed=row.state_sealed,
            import_id=row.import_id,
        )

    def state(self, row: SheetDraftRow) -> State:
        """What was said about it. Raises ``Locked``."""
        return self._desk.vault.open(Compartment.PEOPLE, "sheet_drafts", row.id, row.state_sealed)

    async def keep(self, draft_id: str, state: State) -> None:
        """What was said about it by now."""
        async with self._desk.db.write() as tx:
            await self.keep_in(tx, draft_id, state)

    async def keep_in(self, tx: Tx, draft_id: str, state: State) -> None:
        """The same inside the caller's write. Who was erased meanwhile stays noted, whoever speaks last."""
        before = await sheet_drafts.state_of(tx, draft_id)
        if before is None:
            return
        erased = self._desk.vault.open(Compartment.PEOPLE, "sheet_drafts", draft_id, before).get("erased")
        state = {**state, **({"erased": erased} if erased else {})}
        await sheet_drafts.set_state(tx, draft_id, self._sealed(draft_id, state), self._desk.now)

    async def sweep(self) -> int:
        """Throws away what nobody finished; to be called with a trusted clock. Returns how many."""
        now = self._desk.now
        async with self._desk.db.write() as tx:
            return await sheet_drafts.delete_older(tx, now - KEPT_SECONDS, under_way=now - UNDER_WAY_SECONDS)

    def _sealed(self, draft_id: str, state: State) -> bytes:
        return self._desk.vault.seal(Compartment.PEOPLE, "sheet_drafts", draft_id, state)
