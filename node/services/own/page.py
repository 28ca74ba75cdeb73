"""`/my`: what is next for a volunteer, what she could do near her, and what she has done.

Near her stand the needs of her own group that every gate lets her through, but for the most sensitive kinds, which a
coordinator asks for; of each no more than anybody reads on the map. Who must not meet whom is never told: such a need
is not on the list, and nothing says that something is missing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from node.domain.actors import ANONYMOUS, Actor
from node.domain.assignment import Assignment, AssignmentState
from node.domain.assignment_lifecycle import LIVE
from node.domain.catalogue import Klass
from node.domain.dispatch.follow_up import Answer
from node.domain.ids import PersonId
from node.domain.matching.matching import Helper, Wanted, gate, km_between
from node.domain.need import Urgency
from node.domain.own.answering import LATELY_DAYS, Usually, usually
from node.domain.own.views import Around, NearRow, OwnTaskRow, OwnView
from node.domain.volunteer import Volunteer, paused_on
from node.errors import N_, NotFound
from node.services import links
from node.services.desk import Desk
from node.services.dispatch.doors import held_up
from node.services.dispatch.its_day import on_its_round
from node.services.dispatch.others import others_go
from node.services.dispatch.picking import OPEN, near_row
from node.services.matching.beside import read_beside
from node.services.matching.matching import Matching
from node.services.matching.roster import Roster
from node.services.own.came_to_nothing import to_tell
from node.services.own.door import hers
from node.store import answering, assignments, feedback, needs, persons, published, volunteers
from node.store.db import Tx
from node.store.needs import NeedRow

MOST_NEAR = 30
MOST_DONE = 200
MAX_KM = 50.0
"""For other groups' needs: whoever goes further still finds them on the map."""
_FAR = 1e6
_ORDER = (
    AssignmentState.CONTACTED,
    AssignmentState.APPROVED,
    AssignmentState.PROPOSED,
    AssignmentState.INTERESTED,
)
"""What comes first on her page: what she is on, what she is to do, what she is asked, what she waits for."""


class OwnPage:
    """The reading side. ``device``: the value of the device's cookie."""

    def __init__(self, desk: Desk, roster: Roster, matching: Matching) -> None:
        self._desk = desk
        self._roster = roster
        self.matching = matching

    async def view(self, actor: Actor, device: str | None) -> OwnView:
        """Everything on the first page. While locked: states, days and codes alone."""
        desk, person = self._desk, hers(actor)
        if desk.unlocked:
            await self._roster.ready()
        async with desk.db.read() as tx:
            volunteer = await self._volunteer(tx, person)
            mine = await assignments.of_person(tx, person)
            tasks = [await own_row(tx, desk, each, device) for each in mine if each.state in LIVE]
            over = [
                replace(await own_row(tx, desk, each, device), elsewhere=False, over=how)
                for each, how in await to_tell(tx, mine, desk.now)
            ]
            helper = self._roster.get(person) if desk.unlocked else None
            held = await persons.get(tx, person)
            name = desk.open_person(held).first_name if held and desk.unlocked else ""
            near = None if helper is None else await self._near(tx, helper)
        tasks.sort(key=lambda each: (_ORDER.index(each.state), str(each.due_day or "~"), each.changed_at))
        return OwnView(
            name=name,
            locked=not desk.unlocked,
            volunteer=volunteer,
            tasks=tasks,
            near=near,
            paused=paused_on(volunteer, desk.today),
            done=sum(each.state is AssignmentState.DONE for each in mine),
            over=over,
        )

    async def one(self, actor: Actor, need_id: str) -> NearRow:
        """One of those near her, before she says yes. Raises ``Locked``, ``NotFound`` for all others."""
        desk, person = self._desk, hers(actor)
        await self._roster.ready()
        async with desk.db.read() as tx:
            helper, row = self._roster.get(person), await needs.get(tx, need_id)
            found = None if helper is None or row is None else await self.fits(tx, helper, row)
        if helper is None or row is None or found is None:
            raise gone()
        return near_row(row, helper, found)

    async def on_the_map(self, actor: Actor, public_ids: Collection[str]) -> Mapping[str, str]:
        """Of our own needs with these public ids, those that she may offer for: public id to need. Nothing while
        locked, and while she is on a break."""
        desk, person = self._desk, hers(actor)
        if not desk.unlocked:
            return {}
        await self._roster.ready()
        helper = self._roster.get(person)
        async with desk.db.read() as tx:
            if helper is None or paused_on(helper.volunteer, desk.today):
                return {}
            out = await published.needs_of(tx, list(public_ids))
            rows = await needs.of_these(tx, list(dict.fromkeys(out.values())))
            fitting = {row.need.id for row, _ in await self.fitting(tx, helper, rows)}
        return {public_id: out[public_id] for public_id in public_ids if out.get(public_id) in fitting}

    async def fits(self, tx: Tx, helper: Helper, row: NeedRow) -> Wanted | None:
        """What the need asks, if she may see it and offer for it now. Call ``Roster.ready`` first."""
        found = await self.fitting(tx, helper, [row])
        return found[0][1] if found else None

    async def fitting(
        self, tx: Tx, helper: Helper, rows: Iterable[NeedRow]
    ) -> Sequence[tuple[NeedRow, Wanted]]:
        """Those of the needs that she may see and offer for now, in their order, each with what gates ask of it; all
        that is to be read of the database in one go. Call ``Roster.ready`` first."""
        desk = self._desk
        if paused_on(helper.volunteer, desk.today):
            return []  # on a break nobody is shown anything, whenever it is for
        rows = [row for row in rows if self._may_be(helper, row)]
        if not rows:
            return []
        beside, found = await read_beside(tx, desk, self._roster, rows), []
        for row in rows:
            if any(each.person_id == helper.person_id for each in beside.on_it(row.need.id)):
                continue  # whoever gave something back is not offered it again
            wanted = self.matching.gated(row, beside)
            shown = not wanted.requester_barred and desk.catalogue.klass(wanted.category) is not Klass.C
            if shown and gate(helper, wanted, desk.now) is None:
                found.append((row, wanted))
        return found

    def _may_be(self, helper: Helper, row: NeedRow) -> bool:
        """By what is clear of it alone."""
        need = row.need
        if need.practice or need.state not in OPEN or not row.sealed:
            return False
        # a plain kind of help, told as it is: no record has to be opened
        return need.category not in self._desk.catalogue or need.category in helper.abilities

    async def around(self, actor: Actor) -> Around | None:
        """Where she looks for what other groups want: her place, her reach, and the shared codes of what she does. For
        the server alone. None while locked, on a break, and where her place is not known."""
        desk, person = self._desk, hers(actor)
        if not desk.unlocked:
            return None
        await self._roster.ready()
        helper = self._roster.get(person)
        if helper is None or helper.point is None or paused_on(helper.volunteer, desk.today):
            return None
        known = (code for code in helper.abilities if code in desk.catalogue)
        wire = {code for each in known if (code := desk.catalogue.wire_category(each)) is not None}
        return Around(
            lat=helper.point.lat,
            lon=helper.point.lon,
            km=min(helper.volunteer.radius_km, MAX_KM),
            categories=frozenset(wire),
        )

    async def done(self, actor: Actor) -> Sequence[OwnTaskRow]:
        """What she has done, the newest first."""
        async with self._desk.db.read() as tx:
            mine = [
                each
                for each in await assignments.of_person(tx, hers(actor))
                if each.state is AssignmentState.DONE
            ]
            mine.sort(key=lambda each: -each.changed_at)
            rows = [(each, await own_row(tx, self._desk, each, None)) for each in mine[:MOST_DONE]]
            return [replace(row, thanked=await self._thanked(tx, each)) for each, row in rows]

    async def _thanked(self, tx: Tx, task: Assignment) -> bool:
        """Whether whoever asked pressed "Yes, well": beside that button stands that the helper reads it."""
        said = await feedback.of_need(tx, task.need_id)
        return any(
            each.assignment_id is None and each.answer is Answer.WELL and each.by_actor == ANONYMOUS.label
            for each in said
        )

    async def usually(self) -> tuple[int, str] | None:
        """Within how many hours offers were answered lately, and whose answers those were: a handle, or empty for the
        group as a whole. None where too few were answered, or slowly."""
        desk = self._desk
        async with desk.db.read() as tx:
            found: Usually | None = usually(await answering.lately(tx, desk.now - LATELY_DAYS * links.DAY))
            if found is None:
                return None
            return found.hours, (await desk.handles(tx)).get(found.by or "", "")

    async def _volunteer(self, tx: Tx, person: PersonId) -> Volunteer:
        volunteer = await volunteers.get(tx, person)
        if volunteer is None:
            raise NotFound("no_such_person", N_("We know nobody by that number."))
        return volunteer

    async def _near(self, tx: Tx, helper: Helper) -> list[NearRow]:
        found: list[tuple[bool, float, str, NearRow]] = []
        for row, wanted in await self.fitting(tx, helper, await needs.in_states(tx, OPEN)):
            later = row.need.urgency is not Urgency.TODAY
            found.append((later, _far(helper, wanted), row.need.id, near_row(row, helper, wanted)))
        found.sort(key=lambda each: each[:3])
        return [each[-1] for each in found[:MOST_NEAR]]


async def own_row(tx: Tx, desk: Desk, task: Assignment, device: str | None) -> OwnTaskRow:
    """One task as her page tells it: what anybody may read of it on the map."""
    need, changed_at = await on_its_round(tx, (await desk.need_row(tx, task.need_id)).need, task)
    return OwnTaskRow(
        id=task.id,
        state=task.state,
        category=need.category,
        cell=need.cell,
        urgency=need.urgency,
        window=need.window,
        part_of_day=need.part_of_day,
        due_day=need.due_day,
        posted_day=need.posted_day,
        remote=need.remote,
        changed_at=changed_at,
        elsewhere=links.is_elsewhere(task.device_hash, device),
        others_go=await others_go(tx, need, task),
        held=await held_up(tx, desk, task),
    )


def gone() -> NotFound:
    """For a need that is not, or not any more, on her list; why is not said."""
    return NotFound("not_near", N_("This is taken care of, or not free any more. Thank you for looking!"))


def _far(helper: Helper, wanted: Wanted) -> float:
    if wanted.remote:
        return 0.0
    if helper.point is None or wanted.point is None:
        return _FAR
    return km_between(helper.point, wanted.point)
