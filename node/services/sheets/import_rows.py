"""What one row of a sheet becomes, inside a write: requests, a volunteer, or help that happened.

A sheet is older than what was said on the phone since: it fills gaps and replaces nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from node.domain.actors import Actor
from node.domain.assignment import Assignment, AssignmentState
from node.domain.consents import Consents
from node.domain.ids import AssignmentId, NeedId, PersonId, new_id
from node.domain.intake.intake import NewNeed, NewPerson
from node.domain.intake.intake_rules import merged_person
from node.domain.need import Channel, CloseReason, NeedState, Point
from node.domain.need_lifecycle import NeedMove
from node.domain.person import Person, PersonDetails, PersonState
from node.domain.place import name_key
from node.domain.sheets.sheet_matches import MatchPlan
from node.domain.sheets.sheet_needs import NeedPlan
from node.domain.sheets.sheet_volunteers import VolunteerPlan
from node.domain.volunteer import Stage, Volunteer
from node.services.desk import Desk, need_object, person_object
from node.services.dispatch import moves
from node.services.intake.intake import Arrival, Intake
from node.services.sheets.old_numbers import untouched
from node.store import assignments, imports, needs, persons, volunteers
from node.store.db import Tx
from node.store.persons import PersonRow

AnyPlan = NeedPlan | VolunteerPlan | MatchPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What a row became: how many needs, volunteers or past tasks; of needs, how many were over already and how many
    somebody must check."""

    added: int
    closed: int = 0
    to_check: int = 0


class RowStore:
    """Stores the rows of one run. ``stated``: who vouches for the owners' consent, for the record."""

    def __init__(self, desk: Desk, intake: Intake, import_id: str, stated: str) -> None:
        self._desk = desk
        self._intake = intake
        self._import_id = import_id
        self._stated = stated

    async def store(self, tx: Tx, actor: Actor, plan: AnyPlan, point: Point | None, key: bytes) -> Stored:
        """Everything of one row; ``key`` is its fingerprint, ``point`` where its person lives."""
        if isinstance(plan, NeedPlan):
            return await self._need(tx, actor, plan, point, key)
        if isinstance(plan, VolunteerPlan):
            return await self._volunteer(tx, actor, plan, point, key)
        return await self._match(tx, actor, plan, point, key)

    async def _need(self, tx: Tx, actor: Actor, plan: NeedPlan, point: Point | None, key: bytes) -> Stored:
        new = replace(
            await self._call(tx, plan.person, plan.categories, plan.place_text, point),
            urgency=plan.urgency,
            people=plan.people,
            repeats=plan.repeats,
            notes=plan.notes,
            consents=Consents(
                groups_see=plan.groups_see,
                wording="import-stated" if self._stated else "import-column",
                note=self._stated if plan.groups_see else "",
            ),
            keep_here=plan.keep_here,
        )
        arrival = Arrival(
            posted_day=plan.posted,
            state=plan.state,
            close_reason=plan.close_reason,
            closed_day=plan.closed,
            to_check=plan.to_check,
            leftovers=plan.leftovers,
            import_key=key,
            action="need.imported",
        )
        taken = await self._intake.store(tx, actor, new, arrival)
        for part, need_id in zip(plan.categories, taken.need_ids, strict=True):
            await imports.add_row(tx, row_key=key, part=part, need_id=need_id, import_id=self._import_id)
        many = len(taken.need_ids)
        return Stored(
            added=many,
            closed=many if plan.state is NeedState.CLOSED else 0,
            to_check=many if plan.to_check else 0,
        )

    async def _volunteer(
        self, tx: Tx, actor: Actor, plan: VolunteerPlan, point: Point | None, key: bytes
    ) -> Stored:
        desk = self._desk
        known = await self._known(tx, plan.person)
        said = replace(plan.person if known is None else known[1], notes=plan.notes)
        # Whoever is kept away under another spelling of her name does not come in as met: a coordinator looks first.
        alike = known is None and await self._reached_alike(tx, plan.person)
        if known is None:
            person_id = await self._person(tx, said, point)
        else:
            person_id = known[0]
            held = await desk.need_person(tx, person_id)
            details = desk.open_person(held)
            if details.notes:
                said = replace(said, notes=_both(details.notes, said.notes))
            here = None if details.point or details.address else point
            changed = replace(held, person=replace(held.person, updated_day=desk.today))
            merged = merged_person(details, NewNeed(person=said, point=here))
            await persons.update(tx, desk.person_row(changed, merged))
        if await volunteers.get(tx, person_id) is None:
            await volunteers.put(
                tx,
                Volunteer(
                    person_id=person_id,
                    state=plan.state,
                    stage=Stage.APPLIED if alike else plan.stage,
                    abilities=plan.categories,
                    languages=plan.person.languages,
                    transport=plan.transport,
                    radius_km=plan.radius_km,
                    max_per_week=plan.max_per_week,
                    hours=plan.hours,
                ),
            )
        await self._remember(tx, key, "volunteer", person_id)
        await desk.record(tx, actor, "volunteer.imported", person_object(person_id), state=str(plan.state))
        return Stored(added=1)

    async def _match(self, tx: Tx, actor: Actor, plan: MatchPlan, point: Point | None, key: bytes) -> Stored:
        desk = self._desk
        gone = plan.helper_id is not None and await persons.get(tx, plan.helper_id) is None
        numbered = None if gone or not plan.request else await self._numbered(tx, actor, plan)
        if gone or (plan.request and numbered is None):
            return Stored(
                added=0
            )  # since the sheet was read: looked at again, it is handed back with the reason
        asked = None if plan.request else await self._known(tx, plan.person)
        helper = None if plan.helper_id else await self._known(tx, plan.helper)
        if plan.helper_id is not None:
            helper_id = await desk.whole(tx, plan.helper_id)
        else:
            helper_id = helper[0] if helper else await self._person(tx, plan.helper, None)
        need_ids = (
            numbered
            if numbered is not None
            else []
            if asked is None
            else await self._same(tx, asked[0], plan)
        )
        missing = (
            () if plan.request else tuple(each for each in plan.categories if each not in dict(need_ids))
        )
        if missing:
            new = replace(
                await self._call(tx, plan.person, missing, plan.place_text, point), notes=plan.notes
            )
            arrival = Arrival(
                posted_day=plan.posted,
                state=NeedState.CLOSED,
                close_reason=plan.reason,
                closed_day=plan.done,
                leftovers=plan.leftovers,
                import_key=key,
                action="need.imported",
            )
            taken = await self._intake.store(tx, actor, new, arrival)
            need_ids += zip(missing, taken.need_ids, strict=True)
        helped = plan.reason in (CloseReason.COMPLETED, CloseReason.PARTLY_COMPLETED)
        for _, need_id in need_ids:
            row = Assignment(
                id=AssignmentId(new_id(desk.random)),
                need_id=need_id,
                person_id=helper_id,
                state=AssignmentState.DONE if helped else AssignmentState.RELEASED,
                created_at=_noon(desk, plan.posted or plan.done),
                changed_at=_noon(desk, plan.done),
            )
            if plan.request and await _told_already(tx, desk, row):
                continue
            await assignments.insert(tx, row)
            await desk.record(tx, actor, "match.imported", need_object(need_id), person=helper_id)
        await self._remember(tx, key, "match", need_ids[0][1])
        return Stored(added=len(need_ids))

    async def _numbered(self, tx: Tx, actor: Actor, plan: MatchPlan) -> list[tuple[str, NeedId]] | None:
        """The requests that its number stands for, over by now as the sheet says; None where one is gone, or somebody
        has dealt with it meanwhile."""
        rows = [await needs.get(tx, need_id) for need_id in plan.need_ids]
        found = [row for row in rows if row is not None]
        still = [row for row in found if row.need.state is not NeedState.CLOSED]
        if not rows or len(found) < len(rows) or not all([await untouched(tx, row) for row in still]):
            return None
        for row in still:
            await moves.move_need(tx, self._desk, actor, row, NeedMove.CLOSE, reason=plan.reason)
            over = await self._desk.need_row(tx, row.need.id)
            need = replace(over.need, closed_day=plan.done, to_check=False)
            await needs.update(tx, replace(over, need=need))
        return list(zip(plan.categories, plan.need_ids, strict=True))

    async def _same(self, tx: Tx, person_id: PersonId, plan: MatchPlan) -> list[tuple[str, NeedId]]:
        """Her requests of these kinds and that day that came in over already, without a helper (a sheet of requests
        and a sheet of matches often tell of the same help)."""
        found: dict[str, NeedId] = {}
        for row in await needs.of_person(tx, person_id):
            need = row.need
            if need.state is not NeedState.CLOSED or need.channel is not Channel.IMPORT:
                continue
            kind = self._desk.open_need(row).category
            same_day = need.closed_day == plan.done or need.posted_day == plan.posted
            fits = kind in plan.categories and kind not in found and same_day
            if fits and not await assignments.of_need(tx, need.id):
                found[kind] = need.id
        return list(found.items())

    async def _call(
        self, tx: Tx, person: NewPerson, kinds: Sequence[str], place_text: str, point: Point | None
    ) -> NewNeed:
        known = await self._known(tx, person)
        return NewNeed(
            channel=Channel.IMPORT,
            person=person if known is None else known[1],
            known_person=None if known is None else known[0],
            categories=tuple(kinds),
            # A place of its own, so that an old sheet does not move somebody we know better.
            place_text=place_text or (person.address if known else ""),
            point=point,
        )

    async def _person(self, tx: Tx, said: NewPerson, point: Point | None) -> PersonId:
        desk = self._desk
        person = Person(
            id=PersonId(new_id(desk.random)),
            state=PersonState.ACTIVE,
            created_day=desk.today,
            updated_day=desk.today,
        )
        details = merged_person(None, NewNeed(person=said, point=point))
        await persons.insert(tx, desk.person_row(PersonRow(person=person, sealed=b""), details))
        return person.id

    async def _remember(self, tx: Tx, key: bytes, kind: str, thing_id: str) -> None:
        await imports.add_other(tx, row_key=key, kind=kind, thing_id=thing_id, import_id=self._import_id)

    async def _known(self, tx: Tx, person: NewPerson) -> tuple[PersonId, NewPerson] | None:
        """Somebody held with the same phone or e-mail *and* the same name, and what the row adds to her."""
        desk = self._desk
        if not person.name:
            return None
        for row in await self._reached(tx, person):
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

    async def _reached(self, tx: Tx, person: NewPerson) -> list[PersonRow]:
        """Everybody held with the same phone or e-mail."""
        rows, blind = list[PersonRow](), self._desk.vault.blind
        if person.phone:
            rows += await persons.with_phone(tx, blind("phone", person.phone))
        if person.email:
            rows += await persons.with_email(tx, blind("email", person.email))
        return rows

    async def _reached_alike(self, tx: Tx, person: NewPerson) -> bool:
        """Whether we know somebody by that phone or e-mail, or by name and address, beside those of this very sheet:
        a household shares a number."""
        rows = await self._reached(tx, person)
        twin = self._desk.twin_index(PersonDetails(name=person.name, address=person.address))
        if twin != persons.NO_INDEX:
            rows += await persons.with_twin(tx, twin)
        return not all(
            [await imports.brought(tx, self._import_id, "volunteer", row.person.id) for row in rows]
        )


async def _told_already(tx: Tx, desk: Desk, task: Assignment) -> bool:
    """Whether the same help by the same person on the same day stands there: from a sheet that named them, or done
    here."""
    day = desk.zone.day
    return any(
        (each.person_id, each.state, day(each.changed_at))
        == (task.person_id, task.state, day(task.changed_at))
        for each in await assignments.of_need(tx, task.need_id)
    )


def _noon(desk: Desk, day: date) -> int:
    return desk.zone.at(day, 12)


def _both(held: str, new: str) -> str:
    return held if new in held else f"{held}\n{new}".strip()
