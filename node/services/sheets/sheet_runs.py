"""A sheet comes in: some rows while its owner waits, the rest by itself, and on from there after whatever stopped it.

What is under way stands on the rows: the kept sheet names its run until the write that brings its last rows in. A node
that was killed goes on when somebody has signed in; nobody has to know, and nothing stays half in.
"""

import asyncio
from dataclasses import dataclass, replace

from node.domain.actors import Actor
from node.domain.ids import new_id
from node.domain.permissions import Permission, require
from node.errors import DiskFull, Invalid, NotAllowed
from node.logs import logger
from node.services.accounts.access import actor_of
from node.services.desk import Desk
from node.services.sheets import saved_mappings
from node.services.sheets.imports import ImportReport, Imports
from node.services.sheets.sheet_keeping import KeptSheet, SheetKeeping
from node.services.sheets.sheet_views import Going
from node.store import compartments, imports, sheet_drafts, staff
from node.store.db import Tx

AT_FIRST = 500
"""Rows that come in while whoever asked for it waits: one to ten seconds."""
log = logger("sheets")


class SheetRuns:
    """Brings kept sheets in."""

    def __init__(self, desk: Desk, bringing: Imports, keeping: SheetKeeping) -> None:
        self._desk = desk
        self._imports = bringing
        self._kept = keeping
        self._one = asyncio.Lock()
        self._full: dict[str, int] = {}
        """Kept sheets that found the disk full, after so many rows. In memory: there is no room to write it down, and
        the next pass finds it out again."""

    async def start(self, actor: Actor, draft_id: str) -> None:
        """Brings it in, or begins to, and keeps its mapping; of one that is under way, nothing. Raises as
        ``Imports.prepare``, and ``NotFound``, ``Conflict`` (``no_columns``)."""
        kept = await self._kept.get(actor, draft_id)
        if kept.import_id is not None:
            return
        sheet = await self._imports.prepare(actor, kept.data, kept.mapping, kept.how)
        desk, mapping, import_id = self._desk, kept.meaning, new_id(self._desk.random)
        async with desk.db.write() as tx:
            if not await sheet_drafts.begin_run(tx, kept.id, import_id):
                return  # two taps on the button
            await saved_mappings.put(tx, desk, mapping)
            await desk.record(tx, actor, "import.begun", f"import:{import_id}", rows=len(sheet.plan.rows))
        if not self._one.locked():
            async with self._one:
                try:
                    await self._imports.bring(
                        actor, sheet, import_id, most=AT_FIRST, owner=_Owner(self._kept, kept, import_id)
                    )
                except DiskFull:  # it is begun, so the next pass goes on with it
                    await self._found_full(kept.id, import_id)

    async def stop(self, actor: Actor, draft_id: str) -> None:
        """No more of it comes in; what did stays, and it can be begun again. Raises as ``SheetKeeping.get``."""
        kept = await self._kept.get(actor, draft_id)
        if kept.import_id is not None:
            await self._stop(actor, kept.id, kept.import_id, "by_hand")

    async def going(self, actor: Actor, draft_id: str) -> Going | None:
        """How far it has come in, None unless it is coming in now. Raises as ``SheetKeeping.get``."""
        kept = await self._kept.get(actor, draft_id)
        if kept.import_id is None:
            return None
        async with self._desk.db.read() as tx:
            run = await imports.get(tx, kept.import_id)
        done, rows = (run.done, run.rows) if run else (0, 0)
        return Going(done=done, rows=rows, full=self._full.get(kept.id) == done)

    async def without_room(self, actor: Actor) -> dict[str, bool]:
        """Sheets that wait for room on the disk, and whether each is the actor's own."""
        require(actor, Permission.IMPORT)
        found = {}
        if self._full:
            async with self._desk.db.read() as tx:
                for draft_id in await sheet_drafts.under_way(tx):
                    row = await sheet_drafts.get(tx, draft_id)
                    run = await imports.get(tx, row.import_id) if row and row.import_id else None
                    if row and self._full.get(draft_id) == (run.done if run else 0):
                        found[draft_id] = row.staff_id == actor.id
        return found

    async def go_on(self) -> int:
        """Everything that is under way comes in; a job. Returns how many sheets that were. Raises ``Locked``."""
        if self._one.locked():
            return 0
        async with self._one:
            async with self._desk.db.read() as tx:
                waiting = await sheet_drafts.under_way(tx)
            for draft_id in waiting:
                await self._go_on(draft_id)
            self._full = {draft_id: done for draft_id, done in self._full.items() if draft_id in waiting}
        return len(waiting)

    async def _found_full(self, draft_id: str, import_id: str) -> None:
        async with self._desk.db.read() as tx:
            run = await imports.get(tx, import_id)
        self._full[draft_id] = run.done if run else 0
        log.warning("sheet_waits_for_room", rows=self._full[draft_id])

    async def _go_on(self, draft_id: str) -> None:
        self._desk.must_be_unlocked()
        async with self._desk.db.read() as tx:
            row = await sheet_drafts.get(tx, draft_id)
            account = await staff.get(tx, row.staff_id) if row else None
            held = await compartments.held_by(tx, row.staff_id) if row else {}
        if row is None or row.import_id is None or account is None:
            return
        actor, kept = actor_of(account, held), await self._kept.opened(row)
        if account.state != "active":
            actor = replace(
                actor, roles=frozenset()
            )  # whoever was suspended meanwhile brings nothing in any more
        try:
            sheet = await self._imports.prepare(actor, kept.data, kept.mapping, kept.how)
            await self._imports.bring(
                actor, sheet, row.import_id, owner=_Owner(self._kept, kept, row.import_id)
            )
            self._full.pop(draft_id, None)
        except DiskFull:  # that changes by waiting: the next pass tries again
            await self._found_full(draft_id, row.import_id)
        except (Invalid, NotAllowed) as error:  # that does not change by waiting
            log.warning("sheet_stopped", code=error.code)
            await self._stop(actor, draft_id, row.import_id, error.code)

    async def _stop(self, actor: Actor, draft_id: str, import_id: str, code: str) -> None:
        async with self._desk.db.write() as tx:
            await sheet_drafts.end_run(tx, draft_id)
            run = await imports.get(tx, import_id)
            await self._desk.record(
                tx, actor, "import.stopped", f"import:{import_id}", code=code, rows=run.done if run else 0
            )


@dataclass(frozen=True, slots=True)
class _Owner:
    """A kept sheet, to the run that brings it in."""

    keeping: SheetKeeping
    kept: KeptSheet
    import_id: str

    async def goes_on(self, tx: Tx) -> bool:
        """Unless somebody stopped it, or was erased: then the next pass leaves her row out. And unless it is somebody
        else's by now, in whose name the next pass goes on."""
        kept = self.kept
        return await sheet_drafts.is_run(tx, kept.id, self.import_id, kept.state_sealed, kept.staff_id)

    async def has_ended(self, tx: Tx, report: ImportReport) -> None:
        """The page shows what became of it."""
        counts = {
            "import_id": report.import_id,
            "rows": report.rows,
            "added": report.added,
            "skipped": report.skipped,
            "to_check": report.to_check,
            "closed": report.closed,
        }
        await self.keeping.keep_in(tx, self.kept.id, {**self.kept.state, "report": counts})
        await sheet_drafts.end_run(tx, self.kept.id)
