"""A sheet that somebody brings in on the pages, step by step: what its columns mean, which words nobody knew, rows
put right one by one. What was said so far is kept, sealed, for two days: a lost sign-in loses nothing.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from node.domain.actors import Actor, ActorKind
from node.domain.permissions import Permission, require
from node.domain.sheets import sheet_guess
from node.domain.sheets.mapping import FIELDS, Sort, read_mapping
from node.domain.sheets.sheet_table import Table
from node.domain.sheets.sheet_volunteers import UNCLEAR_HOURS
from node.domain.sheets.sheets import Sheet, fixed, read_sheet
from node.errors import N_, Conflict, Invalid, NotFound
from node.services.desk import Desk
from node.services.sheets import old_numbers, saved_mappings, sheet_columns
from node.services.sheets.imports import ImportReport, Imports
from node.services.sheets.sheet_keeping import KeptSheet, SheetKeeping, State
from node.services.sheets.sheet_views import Begun, Described, Looked, Said, SavedMapping
from node.store import sheet_drafts

SHOWN_FAULTS = 25
"""Rows with faults that a page shows at once; the next ones come when these are done."""
SHOWN_WORDS = 30
MOST_FIXES = 2000
_ASK_AGAIN = frozenset({"not_utf8", "no_tab"})
"""Faults that somebody can answer on the page."""


class SheetDesk:
    """Sheets on their way in, each its owner's alone."""

    def __init__(self, desk: Desk, imports: Imports, keeping: SheetKeeping) -> None:
        self._desk = desk
        self._imports = imports
        self._kept = keeping

    async def begin(self, actor: Actor, data: bytes) -> str:
        """Takes a file. Raises ``Invalid`` for what is no sheet at all, ``Locked``, ``NotAllowed``."""
        require(actor, Permission.IMPORT)
        self._desk.must_be_unlocked()
        try:
            await asyncio.to_thread(read_sheet, data)
        except Invalid as error:
            if error.code not in _ASK_AGAIN:
                raise
        return await self._kept.put(actor, data)

    async def mine(self, actor: Actor) -> list[Begun]:
        """What this person has begun, the latest first. Raises ``NotAllowed``."""
        require(actor, Permission.IMPORT)
        if actor.kind is not ActorKind.STAFF or not self._desk.unlocked:
            return []
        async with self._desk.db.read() as tx:
            rows = await sheet_drafts.of_staff(tx, actor.id or "")
        found = []
        for row in rows:
            state = self._kept.state(row)
            mapping = state.get("mapping") or {}
            found.append(
                Begun(
                    id=row.id,
                    sort=mapping.get("sort", ""),
                    name=mapping.get("name", ""),
                    changed_at=row.changed_at,
                    done="report" in state,
                    going=row.import_id is not None,
                )
            )
        return found

    async def saved(self, actor: Actor) -> list[SavedMapping]:
        """The mappings that the group keeps."""
        require(actor, Permission.IMPORT)
        async with self._desk.db.read() as tx:
            rows = await sheet_drafts.mappings(tx)
        return [SavedMapping(name=row.name, sort=row.sort) for row in rows]

    async def forget_mapping(self, actor: Actor, name: str, sort: str) -> None:
        """A mapping is kept no more; what came in by it stays and is still known again."""
        require(actor, Permission.IMPORT)
        async with self._desk.db.write() as tx:
            await sheet_drafts.delete_mapping(tx, name, sort)
            await self._desk.record(tx, actor, "mapping.forgotten", "group", sort=sort)

    async def described(self, actor: Actor, draft_id: str, *, sort: Sort | None = None) -> Described:
        """The columns with what they mean so far, else with a guess; ``sort``: if it were a sheet of these.

        Raises ``NotFound``, ``Locked``.
        """
        kept = await self._kept.get(actor, draft_id)
        try:
            sheet = await asyncio.to_thread(kept.read)
        except Invalid as error:
            return Described(
                id=kept.id,
                problem=error.message,
                encoding=kept.state.get("encoding", ""),
                tab=kept.state.get("tab", ""),
            )
        return await self._described(kept, sheet, sort)

    async def read_as(self, actor: Actor, draft_id: str, *, encoding: str, tab: str) -> None:
        """How the file is to be read; what was said about its columns begins anew."""
        kept = await self._kept.to_change(actor, draft_id)
        _must_be_open(kept)
        await asyncio.to_thread(read_sheet, kept.data, encoding=encoding, tab=tab)
        await self._kept.keep(kept.id, {"encoding": encoding, "tab": tab})

    async def describe(self, actor: Actor, draft_id: str, said: Said) -> None:
        """Keeps what the columns mean. Raises ``Invalid`` with the fields ``name``, ``dates``, ``columns``."""
        kept = await self._kept.to_change(actor, draft_id)
        _must_be_open(kept)
        sheet = await asyncio.to_thread(kept.read)
        columns = {
            heading: field
            for heading, field in said.columns.items()
            if heading in sheet.headings and field in FIELDS[said.sort]
        }
        found = sheet_columns.problems(sheet, said, columns)
        if found:
            raise Invalid("columns", N_("Some answers need another look."), fields=found)
        mapping = sheet_guess.new_mapping(said.name.strip(), said.sort, said.dates or "ymd", columns)
        mapping["lists"] = {field: of for field, of in said.lists.items() if of and field in columns.values()}
        saved = None if kept.state.get("mapping") else await self._saved_for(sheet)
        before = kept.state.get("mapping") or saved or {}
        state = {**kept.state}
        if before.get("sort") == mapping["sort"]:
            answers = saved_mappings.taken(before, mapping["columns"])
            for field, words in answers["values"].items():
                mapping["values"][field] = {**mapping["values"].get(field, {}), **words}
            mapping["choices"] = answers["choices"]
            if saved:
                state["taken"] = answers
        read_mapping(sheet_guess.as_toml(mapping), self._desk.catalogue)
        consent = said.consent.strip()[:200]
        await self._kept.keep(kept.id, {**state, "mapping": mapping, "open": said.open_, "consent": consent})

    async def look(self, actor: Actor, draft_id: str) -> Looked:
        """What would come in. Raises ``Conflict`` (``no_columns``) before the columns were described."""
        kept = await self._kept.get(actor, draft_id)
        how, mapping = kept.how, kept.mapping
        read = await self._imports.prepare(actor, kept.data, mapping, how)
        preview = await self._imports.preview_of(read)
        faults = sheet_columns.faults(
            fixed(read.sheet, how.fixes, how.left_out), mapping, preview.errors, self._desk.catalogue
        )
        answers = kept.state.get("taken", {})
        taken = await asyncio.to_thread(
            saved_mappings.found_in,
            fixed(read.sheet, how.fixes, how.left_out),
            kept.meaning,
            answers,
            self._desk.catalogue,
        )
        # Whose hours alone are not clear waits for its text, which is asked once for all rows that have it.
        alone = [each for each in faults if any(message != UNCLEAR_HOURS for _, _, message in each.cells)]
        return Looked(
            sheet=await self._described(kept, read.sheet),
            preview=preview,
            faults=tuple(alone[:SHOWN_FAULTS]),
            more_faults=max(0, len(alone) - SHOWN_FAULTS),
            asked=len(faults) - len(alone),
            any_hours=how.any_hours,
            left_out=tuple(sorted(how.left_out)),
            words=tuple((field, word, rows) for (field, word), rows in preview.unknown.items())[:SHOWN_WORDS],
            taken_from=answers.get("of", ""),
            taken=taken[:SHOWN_WORDS],
            more_taken=max(0, len(taken) - SHOWN_WORDS),
            report=_report(kept.state),
        )

    async def words(self, actor: Actor, draft_id: str, meanings: Mapping[tuple[str, str], str]) -> None:
        """(field, text) -> what it means, a code; empty leaves it as it is, ``?`` asks again about what was taken over.
        Raises ``Invalid`` for a code that is none."""
        kept = await self._kept.to_change(actor, draft_id)
        mapping = kept.meaning
        mapping["values"] = {field: dict(words) for field, words in mapping["values"].items()}
        mapping["choices"] = dict(mapping["choices"])
        for (field, word), meaning in meanings.items():
            if not meaning:
                continue
            if meaning == saved_mappings.ASK:
                mapping["values"].get(field, {}).pop(word, None)
                mapping["choices"].pop(word if field == "categories" else "", None)
            elif field == "categories":
                mapping["choices"][word] = [meaning]
            else:
                mapping["values"].setdefault(field, {})[word] = meaning
        read_mapping(sheet_guess.as_toml(mapping), self._desk.catalogue)
        await self._kept.keep(kept.id, {**kept.state, "mapping": mapping})

    async def any_hours(self, actor: Actor, draft_id: str, *, any_time: bool) -> None:
        """Where it is not clear when somebody can, any time is taken, and the words are kept; or it is asked again.
        For this sheet only: the next one asks."""
        kept = await self._kept.to_change(actor, draft_id)
        await self._kept.keep(kept.id, {**kept.state, "any_hours": any_time})

    async def fix(self, actor: Actor, draft_id: str, line: int, cells: Mapping[str, str]) -> None:
        """One row put right: heading -> text. Raises ``NotFound`` for a row or column that there is not."""
        kept = await self._kept.to_change(actor, draft_id)
        sheet = await asyncio.to_thread(kept.read)
        known = next((each for each in sheet.rows if each.line == line), None)
        if known is None or not set(cells) <= set(sheet.headings):
            raise NotFound("no_such_row", N_("There is no such row in this sheet."))
        fixes = {**kept.state.get("fixes", {})}
        fixes[str(line)] = {**fixes.get(str(line), {}), **{key: text.strip() for key, text in cells.items()}}
        if len(fixes) > MOST_FIXES:
            raise Invalid(
                "too_many_fixes",
                N_("That is a lot to put right here. Mend the sheet itself, and bring it in again."),
            )
        await self._kept.keep(kept.id, {**kept.state, "fixes": fixes})

    async def leave_out(self, actor: Actor, draft_id: str, line: int, *, out: bool = True) -> None:
        """One row is not wanted, or is after all."""
        kept = await self._kept.to_change(actor, draft_id)
        lines = set(kept.state.get("left_out", []))
        lines = lines | {line} if out else lines - {line}
        await self._kept.keep(kept.id, {**kept.state, "left_out": sorted(lines)[:MOST_FIXES]})

    async def handed_back(self, actor: Actor, draft_id: str) -> Table:
        """The rows that stay out, each with the reason."""
        kept = await self._kept.get(actor, draft_id)
        return await self._imports.handed_back(actor, kept.data, kept.mapping, kept.how)

    async def drop(self, actor: Actor, draft_id: str) -> None:
        """The sheet is kept no more. One that is not there, or not theirs, is ``NotFound``."""
        kept = await self._kept.to_change(actor, draft_id)
        async with self._desk.db.write() as tx:
            await sheet_drafts.delete(tx, kept.id)

    async def sweep(self) -> int:
        """Throws away what nobody finished; to be called with a trusted clock. Returns how many."""
        async with self._desk.db.write() as tx:
            sealed = await saved_mappings.seal_old(tx, self._desk)
        if sealed:  # what stood in the clear is in no journal either
            await self._desk.db.fold()
        return await self._kept.sweep()

    async def _described(self, kept: KeptSheet, sheet: Sheet, wanted: Sort | None = None) -> Described:
        saved = None if kept.state.get("mapping") else await self._saved_for(sheet)
        found = await asyncio.to_thread(sheet_columns.described, kept, sheet, saved, wanted)
        if found.sort is not Sort.MATCHES:
            return found
        async with self._desk.db.read() as tx:
            return replace(found, lists=await old_numbers.earlier(tx))

    async def _saved_for(self, sheet: Sheet) -> State | None:
        async with self._desk.db.read() as tx:
            return await saved_mappings.for_sheet(tx, self._desk, sheet)


def _must_be_open(kept: KeptSheet) -> None:
    """Other columns would make other rows of it: what came in would not be known again."""
    if "report" in kept.state:
        raise Conflict(
            "brought_in",
            N_("Rows of this sheet have come in already. To read it otherwise, take the file anew."),
        )


def _report(state: State) -> ImportReport | None:
    told = state.get("report")
    if told is None:
        return None
    return ImportReport(sort=Sort(state["mapping"]["sort"]), errors=(), remarks=(), **told)
