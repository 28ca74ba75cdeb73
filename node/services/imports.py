"""Bringing in a sheet that a group kept before: shown first, safe to run twice, and nothing of it lost."""

import asyncio
from dataclasses import dataclass, replace

from node.domain.actors import Actor
from node.domain.consents import Consents
from node.domain.ids import PersonId, new_id
from node.domain.intake import NewNeed, NewPerson
from node.domain.mapping import SheetMapping, read_mapping
from node.domain.need import Channel, NeedState, Point
from node.domain.permissions import Permission, require
from node.domain.place import name_key
from node.domain.sheet_needs import Remark, RowPlan, SheetPlan, plan_sheet
from node.domain.sheets import read_sheet
from node.errors import Locked
from node.services.desk import Desk
from node.services.intake import Arrival, Intake
from node.services.places import Places
from node.services.roster import Roster
from node.store import imports, persons
from node.store.db import Tx
from node.store.imports import ImportRow
from node.store.persons import PersonRow

_AT_ONCE = 50
"""Rows in one transaction: the desk goes on working between two of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRow:
    """What would become of one row. Nothing in it says who asked."""

    line: int
    categories: tuple[str, ...]
    unknown: tuple[str, ...]
    state: NeedState
    to_check: bool
    keep_here: bool
    here_already: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPreview:
    """What an import would do. ``errors``: rows that cannot come in; ``remarks``: what to know of the
    others.
    """

    rows: tuple[PreviewRow, ...]
    errors: tuple[Remark, ...]
    remarks: tuple[Remark, ...]

    @property
    def needs(self) -> int:
        """How many needs would be added."""
        return sum(len(row.categories) for row in self.rows if not row.here_already)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did. ``rows`` counts what could be read; ``skipped`` were here already."""

    import_id: str
    rows: int
    added: int
    """Needs added."""
    skipped: int
    to_check: int
    """Needs added that somebody must check."""
    closed: int
    """Needs added that were over already."""
    errors: tuple[Remark, ...]
    remarks: tuple[Remark, ...]


class Imports:
    """Imports sheets of needs by a saved mapping."""

    def __init__(self, desk: Desk, intake: Intake, roster: Roster, places: Places) -> None:
        self._desk = desk
        self._intake = intake
        self._roster = roster
        self._places = places

    async def preview(
        self, actor: Actor, data: bytes, mapping: str, *, open_: bool = False, consent: str | None = None
    ) -> ImportPreview:
        """What ``run`` would do with the same arguments. Raises the same errors and changes nothing."""
        _, plan = await self._plan(actor, data, mapping, open_, consent)
        rows = []
        async with self._desk.db.read() as tx:
            for row in plan.rows:
                rows.append(
                    PreviewRow(
                        line=row.line,
                        categories=row.categories,
                        unknown=row.unknown,
                        state=row.state,
                        to_check=row.to_check,
                        keep_here=row.keep_here,
                        here_already=await imports.is_here(tx, self._key(row)),
                    )
                )
        return ImportPreview(rows=tuple(rows), errors=plan.errors, remarks=plan.remarks)

    async def run(
        self, actor: Actor, data: bytes, mapping: str, *, open_: bool = False, consent: str | None = None
    ) -> ImportReport:
        """Adds every row that is not here yet, one need for each kind it asks for.

        ``mapping`` is the text of a mapping file. ``open_``: recent rows arrive open for volunteers.
        ``consent``: who stated, for the record, that the owners agree to other groups seeing their needs;
        without it, and without a column for it, none of them leaves. Stopped half-way it can simply be run
        again.

        Raises ``Invalid`` (the sheet or mapping as a whole), ``Locked``, ``NotAllowed``.
        """
        saved, plan = await self._plan(actor, data, mapping, open_, consent)
        desk = self._desk
        run = ImportRow(
            id=new_id(desk.random),
            at=desk.now,
            by_actor=actor.label,
            mapping=saved.name,
            rows=len(plan.rows),
            added=0,
            skipped=0,
        )
        to_check = closed = 0
        stated = (consent or "").strip()
        for start in range(0, max(1, len(plan.rows)), _AT_ONCE):
            some = plan.rows[start : start + _AT_ONCE]
            points = [await self._point(row) for row in some]
            touched: list[PersonId] = []
            async with desk.db.write() as tx:
                for row, point in zip(some, points, strict=True):
                    if await imports.is_here(tx, self._key(row)):
                        run = replace(run, skipped=run.skipped + 1)
                        continue
                    touched.append(await self._add(tx, actor, row, point, run.id, stated))
                    run = replace(run, added=run.added + len(row.categories))
                    to_check += len(row.categories) if row.to_check else 0
                    closed += len(row.categories) if row.state is NeedState.CLOSED else 0
                await imports.put(tx, run)
                if start + _AT_ONCE >= len(plan.rows):
                    await desk.record(
                        tx,
                        actor,
                        "import.needs",
                        f"import:{run.id}",
                        why=f"consent stated by: {stated}" if stated else "",
                        rows=run.rows,
                        added=run.added,
                        skipped=run.skipped,
                        errors=len(plan.errors),
                        opened=open_,
                        consent_stated=bool(stated),
                    )
            for person_id in touched:
                await self._roster.refresh(person_id)
        return ImportReport(
            import_id=run.id,
            rows=run.rows,
            added=run.added,
            skipped=run.skipped,
            to_check=to_check,
            closed=closed,
            errors=plan.errors,
            remarks=plan.remarks,
        )

    async def _plan(
        self, actor: Actor, data: bytes, mapping: str, open_: bool, consent: str | None
    ) -> tuple[SheetMapping, SheetPlan]:
        require(actor, Permission.IMPORT)
        desk = self._desk
        if not desk.unlocked:
            raise Locked
        saved = read_mapping(mapping, desk.catalogue)
        sheet = await asyncio.to_thread(read_sheet, data)
        # Seconds for a large sheet, and nothing of it is ours to change: the desk goes on working meanwhile.
        return saved, await asyncio.to_thread(
            plan_sheet,
            sheet,
            saved,
            desk.catalogue,
            today=desk.today,
            open_=open_,
            stated=bool((consent or "").strip()),
        )

    def _key(self, row: RowPlan) -> bytes:
        return self._desk.vault.blind("row", row.identity)

    async def _point(self, row: RowPlan) -> Point | None:
        said = row.place_text or row.person.address
        return await self._places.locate(said) if said else None

    async def _add(
        self, tx: Tx, actor: Actor, row: RowPlan, point: Point | None, import_id: str, stated: str
    ) -> PersonId:
        known = await self._known(tx, row.person)
        new = NewNeed(
            channel=Channel.IMPORT,
            person=row.person if known is None else known[1],
            known_person=None if known is None else known[0],
            categories=row.categories,
            urgency=row.urgency,
            people=row.people,
            repeats=row.repeats,
            # A place of its own, so that an old sheet does not move somebody we know better.
            place_text=row.place_text or (row.person.address if known else ""),
            point=point,
            notes=row.notes,
            consents=Consents(
                groups_see=row.groups_see,
                wording="import-stated" if stated else "import-column",
                note=stated if row.groups_see else "",
            ),
            keep_here=row.keep_here,
        )
        key = self._key(row)
        taken = await self._intake.store(
            tx,
            actor,
            new,
            Arrival(
                posted_day=row.posted,
                state=row.state,
                close_reason=row.close_reason,
                closed_day=row.closed,
                to_check=row.to_check,
                leftovers=row.leftovers,
                import_key=key,
                action="need.imported",
            ),
        )
        for part, need_id in zip(row.categories, taken.need_ids, strict=True):
            await imports.add_row(tx, row_key=key, part=part, need_id=need_id, import_id=import_id)
        return taken.person_id

    async def _known(self, tx: Tx, person: NewPerson) -> tuple[PersonId, NewPerson] | None:
        """Somebody held with the same phone or e-mail *and* the same name, and what the row adds to her.

        A sheet is older than what was said on the phone since: it fills gaps and replaces nothing.
        """
        desk = self._desk
        if not person.name:
            return None
        rows: list[PersonRow] = []
        if person.phone:
            rows += await persons.with_phone(tx, desk.vault.blind("phone", person.phone))
        if person.email:
            rows += await persons.with_email(tx, desk.vault.blind("email", person.email))
        for row in rows:
            held = desk.open_person(row)
            if name_key(held.name) == name_key(person.name):
                return row.person.id, NewPerson(
                    phone="" if held.door else person.phone,
                    email="" if held.email else person.email,
                    address="" if held.address else person.address,
                    safe_to_ring="" if held.safe_to_ring else person.safe_to_ring,
                    languages=() if held.languages else person.languages,
                )
        return None
