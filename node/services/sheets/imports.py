"""Bringing in a sheet that a group kept before: shown first, safe to run twice, and nothing of it lost.

A large sheet is not one write: the desk goes on working between two handfuls of rows. Each row is whole or not there,
and known again by its fingerprint; a run that was broken off goes on where it was (``sheet_runs``).
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol

from node.domain.actors import Actor
from node.domain.hours import Hours
from node.domain.ids import new_id
from node.domain.intake.intake import NewNeed
from node.domain.intake.intake_rules import merged_person
from node.domain.need import NeedState
from node.domain.permissions import Permission, require
from node.domain.sheets.mapping import SheetMapping, Sort, read_mapping
from node.domain.sheets.sheet_matches import MatchPlan, plan_matches
from node.domain.sheets.sheet_needs import NeedPlan, plan_needs
from node.domain.sheets.sheet_rows import Remark, SheetPlan
from node.domain.sheets.sheet_table import Table
from node.domain.sheets.sheet_volunteers import VolunteerPlan, plan_volunteers
from node.domain.sheets.sheets import Sheet, fixed, read_sheet
from node.errors import N_
from node.services.desk import Desk
from node.services.intake.fingerprints import fingerprints
from node.services.intake.intake import Intake
from node.services.intake.places import Places
from node.services.matching.roster import Roster
from node.services.sheets import old_numbers
from node.services.sheets.import_rows import AnyPlan, RowStore
from node.services.sheets.old_numbers import came_with
from node.store import imports
from node.store.db import Tx
from node.store.imports import ImportRow

AT_ONCE = 50
"""Rows in one transaction."""
ERASED = N_(
    "This person was erased here after you chose the sheet. If they ask again, take it as a new call."
)
LEFT_OUT = N_("You left this row out.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """How a sheet is to be read and brought in."""

    open_: bool = False
    """Recent requests arrive open for volunteers; volunteers are people whom the group knows."""
    consent: str | None = None
    """Who stated, for the record, that the owners agree to other groups seeing their needs; without it, and without
    a column for it, none of them leaves."""
    encoding: str = ""
    tab: str = ""
    fixes: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    """Row -> heading -> what was put right on screen."""
    any_hours: bool = False
    """Where it is not clear when a volunteer can, any time is taken, and the words are kept."""
    left_out: frozenset[int] = frozenset()
    """Rows that somebody does not want."""
    erased: frozenset[bytes] = frozenset()
    """Blind indexes of people who were erased since the sheet was chosen: their rows stay out."""

    @property
    def stated(self) -> str:
        """Who stated it, without blanks around."""
        return (self.consent or "").strip()


AS_IT_IS = Handling()


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRow:
    """What would become of one row. Nothing in it says who asked."""

    line: int
    categories: tuple[str, ...]
    unknown: tuple[str, ...]
    state: str
    to_check: bool
    keep_here: bool
    here_already: bool
    hours: Hours | None = None
    """When a volunteer can; None of anybody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPreview:
    """What an import would do. ``errors``: rows that cannot come in; ``remarks``: what to know of the
    others; ``unknown``: (field, word that nobody knows) -> in how many rows.
    """

    sort: Sort
    rows: tuple[PreviewRow, ...]
    errors: tuple[Remark, ...]
    remarks: tuple[Remark, ...]
    unknown: Mapping[tuple[str, str], int]

    @property
    def needs(self) -> int:
        """How many needs, volunteers or past tasks would be added."""
        if self.sort is Sort.VOLUNTEERS:
            return sum(not row.here_already for row in self.rows)
        return sum(len(row.categories) for row in self.rows if not row.here_already)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did. ``rows`` counts what could be read; ``skipped`` were here already."""

    import_id: str
    sort: Sort
    rows: int
    added: int
    """Needs, volunteers or past tasks added."""
    skipped: int
    to_check: int
    """Needs added that somebody must check."""
    closed: int
    """Needs added that were over already."""
    errors: tuple[Remark, ...]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A sheet that was read, and what its rows would become."""

    saved: SheetMapping
    sheet: Sheet
    """As it came, without what was put right."""
    how: Handling
    plan: SheetPlan[Any]


class Owner(Protocol):
    """Whoever a long run belongs to. Both verbs are asked inside the run's writes and wait for nothing but these."""

    async def goes_on(self, tx: Tx) -> bool:
        """Whether more rows are wanted."""
        ...

    async def has_ended(self, tx: Tx, report: ImportReport) -> None:
        """Writes, together with the last rows, that they are in."""
        ...


class Imports:
    """Imports sheets by a mapping."""

    def __init__(self, desk: Desk, intake: Intake, roster: Roster, places: Places) -> None:
        self._desk = desk
        self._intake = intake
        self._roster = roster
        self._places = places

    async def prepare(self, actor: Actor, data: bytes, mapping: str, how: Handling = AS_IT_IS) -> Prepared:
        """Reads a sheet; ``mapping`` is the text of a mapping file. Changes nothing.

        Raises ``Invalid`` (the sheet or mapping as a whole; ``which_list``), ``Locked``, ``NotAllowed``.
        """
        require(actor, Permission.IMPORT)
        self._desk.must_be_unlocked()
        saved = read_mapping(mapping, self._desk.catalogue)

        def read() -> Prepared:
            sheet = read_sheet(data, encoding=how.encoding, tab=how.tab)
            plan = plan_sheet(fixed(sheet, how.fixes, how.left_out), saved, self._desk, how)
            if how.erased:
                plan = without_erased(plan, self._desk, how.erased)
            return Prepared(saved=saved, sheet=sheet, how=how, plan=plan)

        # Seconds for a large sheet, and nothing of it is ours to change: the desk goes on working meanwhile.
        found = await asyncio.to_thread(read)
        return replace(found, plan=await old_numbers.resolved(self._desk, found.plan, found.sheet, saved))

    async def preview(
        self, actor: Actor, data: bytes, mapping: str, how: Handling = AS_IT_IS
    ) -> ImportPreview:
        """What ``run`` would do with the same arguments. Raises the same errors and changes nothing."""
        return await self.preview_of(await self.prepare(actor, data, mapping, how))

    async def preview_of(self, sheet: Prepared) -> ImportPreview:
        """The same of a sheet that was read. Raises ``Locked``."""
        plan = sheet.plan

        async def looked(tx: Tx) -> list[PreviewRow]:
            prints = await fingerprints(tx, self._desk)
            return [_preview(row, await came_with(tx, prints, row) is not None) for row in plan.rows]

        return ImportPreview(
            sort=sheet.saved.sort,
            rows=tuple(await self._desk.db.read_in_one_trip(looked)),
            errors=plan.errors,
            remarks=plan.remarks,
            unknown=plan.unknown,
        )

    async def run(self, actor: Actor, data: bytes, mapping: str, how: Handling = AS_IT_IS) -> ImportReport:
        """Adds every row that is not here yet. Raises as ``prepare``."""
        report = await self.bring(
            actor, await self.prepare(actor, data, mapping, how), new_id(self._desk.random)
        )
        assert report is not None, "without a bound every row comes in"
        return report

    async def bring(
        self,
        actor: Actor,
        sheet: Prepared,
        import_id: str,
        *,
        most: int | None = None,
        owner: Owner | None = None,
    ) -> ImportReport | None:
        """Adds the rows that are not here yet under that number; a run of that number that was broken off goes on.

        ``most``: stop after about so many rows. No report where there are more, or ``owner`` wants no more. Raises
        ``Locked`` if the vault is closed meanwhile: what came in stays.
        """
        desk, plan, how = self._desk, sheet.plan, sheet.how
        run = await self._run_row(actor, sheet, import_id)
        points = await self._places.locate_all([_place_of(row) for row in plan.rows])
        store = RowStore(desk, self._intake, run.id, how.stated)

        async def some(tx: Tx, start: int) -> ImportRow | None:
            if owner is not None and not await owner.goes_on(tx):
                return None
            now, prints = run, await fingerprints(tx, desk)
            end = start + AT_ONCE
            for row, point in zip(plan.rows[start:end], points[start:end], strict=True):
                before = await came_with(tx, prints, row)
                if before is None:
                    stored = await store.store(tx, actor, row, point, prints.new(row.identity))
                    now = replace(
                        now,
                        added=now.added + stored.added,
                        to_check=now.to_check + stored.to_check,
                        closed=now.closed + stored.closed,
                    )
                elif before != run.id:
                    now = replace(now, skipped=now.skipped + 1)
                await old_numbers.note(tx, prints, row)
            now = replace(now, done=min(end, len(plan.rows)))
            await imports.put(tx, now)
            if now.done == len(plan.rows):
                await self._end(tx, actor, sheet, now, owner)
            return now

        try:
            for start in range(0, max(1, len(plan.rows)), AT_ONCE):
                if most is not None and start >= most:
                    return None
                now = await desk.db.write_in_one_trip(partial(some, start=start))
                if now is None:
                    return None
                run = now
        finally:
            await self._roster.read_again()
        return _report(sheet, run)

    async def handed_back(self, actor: Actor, data: bytes, mapping: str, how: Handling = AS_IT_IS) -> Table:
        """The rows that cannot come in or were left out, as they stand in the sheet, each with the reasons.

        Raises as ``prepare``.
        """
        sheet = await self.prepare(actor, data, mapping, how)
        return back(sheet.sheet, sheet.plan.errors, how)

    async def _run_row(self, actor: Actor, sheet: Prepared, import_id: str) -> ImportRow:
        """A new run, or what one that was broken off had added; its rows are gone through again from the first."""
        async with self._desk.db.read() as tx:
            begun = await imports.get(tx, import_id)
        if begun is not None:
            return replace(begun, rows=len(sheet.plan.rows), done=0, skipped=0)
        return ImportRow(
            id=import_id,
            at=self._desk.now,
            by_actor=actor.label,
            mapping=sheet.saved.name,
            rows=len(sheet.plan.rows),
        )

    async def _end(self, tx: Tx, actor: Actor, sheet: Prepared, run: ImportRow, owner: Owner | None) -> None:
        how = sheet.how
        await self._desk.record(
            tx,
            actor,
            f"import.{sheet.saved.sort}",
            f"import:{run.id}",
            why=f"consent stated by: {how.stated}" if how.stated else "",
            rows=run.rows,
            added=run.added,
            skipped=run.skipped,
            errors=len(sheet.plan.errors),
            opened=how.open_,
            consent_stated=bool(how.stated),
        )
        if owner is not None:
            await owner.has_ended(tx, _report(sheet, run))


def plan_sheet(sheet: Sheet, saved: SheetMapping, desk: Desk, how: Handling) -> SheetPlan[Any]:
    """The plan of any sort of sheet. Raises ``Invalid``."""
    if saved.sort is Sort.VOLUNTEERS:
        return plan_volunteers(
            sheet, saved, desk.catalogue, today=desk.today, known=how.open_, any_hours=how.any_hours
        )
    if saved.sort is Sort.MATCHES:
        return plan_matches(sheet, saved, desk.catalogue, today=desk.today)
    return plan_needs(
        sheet, saved, desk.catalogue, today=desk.today, open_=how.open_, stated=bool(how.stated)
    )


def without_erased(plan: SheetPlan[Any], desk: Desk, erased: frozenset[bytes]) -> SheetPlan[Any]:
    """The plan without rows of people who have one of these indexes; each is an error that says so."""
    gone = {row.line for row in plan.rows if erased & _indexes(row, desk)}
    errors = [Remark(line=line, column="", message=ERASED) for line in gone]
    return replace(
        plan,
        rows=tuple(row for row in plan.rows if row.line not in gone),
        errors=tuple(sorted((*plan.errors, *errors), key=lambda each: each.line)),
    )


def _indexes(row: AnyPlan, desk: Desk) -> set[bytes]:
    people = (row.person, row.helper) if isinstance(row, MatchPlan) else (row.person,)
    found = set()
    for said in people:
        details = merged_person(None, NewNeed(person=said))
        found |= {desk.phone_index(details), desk.email_index(details), desk.twin_index(details)}
    return found


def back(sheet: Sheet, errors: tuple[Remark, ...], how: Handling) -> Table:
    """Rows of the sheet with what is wrong with each; the first column is the row, the last one the reason."""
    reasons: dict[int, list[str]] = {line: [LEFT_OUT] for line in how.left_out}
    for each in errors:
        said = f"{each.column}: {each.message}" if each.column else each.message
        reasons.setdefault(each.line, []).append(said)
    return Table(
        headings=(*sheet.headings, "Row", "Why not"),
        rows=[
            (
                *({**row.cells, **how.fixes.get(row.line, {})}[name] for name in sheet.headings),
                str(row.line),
                " ".join(reasons[row.line]),
            )
            for row in sheet.rows
            if row.line in reasons
        ],
    )


def _place_of(row: AnyPlan) -> str:
    """What the row says of where its person lives, or wants the help."""
    place = "" if isinstance(row, VolunteerPlan) else row.place_text
    return place or row.person.address


def _report(sheet: Prepared, run: ImportRow) -> ImportReport:
    return ImportReport(
        import_id=run.id,
        sort=sheet.saved.sort,
        rows=run.rows,
        added=run.added,
        skipped=run.skipped,
        to_check=run.to_check,
        closed=run.closed,
        errors=sheet.plan.errors,
        remarks=sheet.plan.remarks,
    )


def _preview(row: AnyPlan, here_already: bool) -> PreviewRow:
    return PreviewRow(
        line=row.line,
        categories=row.categories,
        unknown=row.unknown,
        state=row.standing
        if isinstance(row, VolunteerPlan)
        else str(NeedState.CLOSED if isinstance(row, MatchPlan) else row.state),
        to_check=isinstance(row, NeedPlan) and row.to_check,
        keep_here=not isinstance(row, NeedPlan) or row.keep_here,
        here_already=here_already,
        hours=row.hours if isinstance(row, VolunteerPlan) else None,
    )
