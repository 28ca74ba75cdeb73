"""Safety checks: noting them, reading them, and who needs a new one.

``volunteers.cleared``, which matching reads, changes nowhere but in ``note_check``, in the write that stores the
sealed record: the two cannot differ. Noting works for whoever may ``CHECK`` and while ``vetting`` is locked, since
sealing takes the public key alone; reading is for holders of that compartment.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from node.domain.actors import Actor
from node.domain.assignment_lifecycle import LIVE, AssignmentMove
from node.domain.catalogue import CheckLevel
from node.domain.ids import PersonId, new_id
from node.domain.matching.matching import holds
from node.domain.permissions import Permission, require
from node.domain.safety.vetting import (
    OVER,
    REMIND_DAYS,
    Check,
    Decision,
    Renewal,
    after,
    check_from,
    problems,
    record,
    reminder,
    renewals,
)
from node.domain.volunteer import Cleared, Volunteer
from node.errors import N_, Invalid, Locked, NotAllowed, NotFound
from node.services import links
from node.services.desk import Desk, person_object
from node.services.dispatch.call_about import check_over
from node.services.dispatch.moves import move_assignment
from node.services.matching.demands import asking
from node.services.matching.roster import Roster
from node.store import assignments, checks, compartments, volunteers
from node.store.db import Tx
from node.vault import Compartment

_VETTING = Compartment.VETTING
_LONGEST = timedelta(days=max(REMIND_DAYS))


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRow:
    """One record as a page shows it; ``by``: the handle."""

    check: Check
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What one volunteer holds, from the clear sum, and whether the reader may open the records."""

    person_id: PersonId
    name: str
    cleared: tuple[Cleared, ...]
    may_open: bool
    open: bool
    """Whether ``vetting`` is unlocked."""
    holders: tuple[str, ...]
    """Handles of whoever may read the records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalRow:
    """One line of "who needs a new check"."""

    renewal: Renewal
    name: str
    seen_to: bool | None = None
    """Whether somebody spoke to her since the last reminder; None: none has come yet."""


class Vetting:
    """The verbs of the pages about safety checks."""

    def __init__(self, desk: Desk, roster: Roster) -> None:
        self._desk = desk
        self._roster = roster

    async def held(self, actor: Actor, person_id: PersonId) -> Held:
        """What she holds now, without opening a record; a recorded look. Raises ``Locked``, ``NotFound``."""
        require(actor, Permission.CHECK)
        await self._roster.ready()
        async with self._desk.db.read() as tx:
            person_id = await self._desk.whole(tx, person_id)
            helper = self._roster.get(person_id)
            if helper is None:
                raise _no_volunteer()
            holders = (await compartments.holders(tx)).get(_VETTING, ())
            handles = await self._desk.handles(tx)
        await self._desk.look(actor, "look.person", person_object(person_id))
        return Held(
            person_id=person_id,
            name=helper.name,
            cleared=helper.volunteer.cleared,
            may_open=actor.id in holders,
            open=self._desk.vault.is_open(_VETTING),
            holders=tuple(handles[each] for each in holders if each in handles),
        )

    async def note(
        self,
        actor: Actor,
        person_id: PersonId,
        *,
        level: str,
        seen: date | None,
        decision: str,
        review: date | None = None,
    ) -> None:
        """Notes one check that the actor saw.

        Where it did not satisfy, confirmed tasks that take it are taken back in the same write. Raises
        ``Invalid``, ``Locked``, ``NotFound``.
        """
        require(actor, Permission.CHECK)
        desk = self._desk
        found = problems(level, seen, decision, review, desk.today)
        if found:
            raise Invalid("check", N_("Some answers need another look."), fields=found)
        assert seen is not None
        desk.must_be_unlocked()
        async with desk.db.write() as tx:
            person_id = await desk.whole(tx, person_id)
            volunteer = await note_check(
                tx,
                desk,
                actor,
                person_id,
                CheckLevel(level),
                seen=seen,
                decision=Decision(decision),
                review=review,
            )
            if decision == Decision.NOT_CLEARED:
                await _take_back(tx, desk, actor, volunteer)
        await self._roster.refresh(person_id)

    async def records(self, actor: Actor, person_id: PersonId) -> tuple[CheckRow, ...]:
        """Every record about one person, newest first; a recorded look.

        Raises ``NotAllowed`` unless the actor holds ``vetting``, ``Locked``, ``NotFound``.
        """
        require(actor, Permission.CHECK)
        desk = self._desk
        async with desk.db.write() as tx:
            await must_hold(tx, actor, _VETTING)
            person_id = (await desk.need_person(tx, person_id)).person.id
            found = [
                check_from(desk.vault.open(_VETTING, "checks", row_id, sealed))
                for row_id, sealed in await checks.of_person(tx, person_id)
            ]
            if not desk.vault.is_open(_VETTING):
                raise Locked
            await desk.record(tx, actor, "look.checks", person_object(person_id))
            handles = await desk.handles(tx)
        return tuple(CheckRow(check=each, by=handles.get(each.by, "?")) for each in reversed(found))

    async def to_renew(self, actor: Actor) -> Sequence[RenewalRow]:
        """Whose check ends soon or ended lately, or longer ago and nobody saw to it; the most overdue first. Raises
        ``Locked``."""
        require(actor, Permission.CHECK)
        await self._roster.ready()
        async with self._desk.db.read() as tx:
            ending, told = await self._ending(tx), await checks.reminders(tx)
        if ending:
            await self._desk.look(actor, "look.list", "volunteers")
        rows = [
            RenewalRow(renewal=each, name=helper.name, seen_to=told.get(_key(each)))
            for each in ending
            if not (each.long_over and told.get(_key(each)))
            if (helper := self._roster.get(each.person_id)) is not None
        ]
        return sorted(rows, key=lambda row: (row.renewal.days, row.name.casefold(), row.renewal.person_id))

    async def remind(self, actor: Actor) -> int:
        """The job: 60, 30 and 7 days before a check ends, and once it is over, somebody at the board is to see to it;
        once it is over, each confirmed task that takes it comes up to be rung about. Doing it again changes nothing.
        Works while locked. Returns how many are new."""
        require(actor, Permission.PUBLISH)
        desk, fresh = self._desk, 0
        async with desk.db.write() as tx:
            for each in await self._ending(tx):
                told = reminder(each)
                new = await checks.remind(tx, each.person_id, each.level, each.until, told, desk.now)
                if new and told == OVER:
                    await check_over(tx, desk, actor, each.person_id)
                fresh += new
        return fresh

    async def to_see_to(self, actor: Actor) -> int:
        """How many checks end so soon, or are over, that somebody should speak to the volunteer, and nobody has: a line
        on the board, until somebody does.
        Works while locked."""
        require(actor, Permission.CHECK)
        async with self._desk.db.read() as tx:
            told = await checks.reminders(tx)
            return sum(told.get(_key(each)) is False for each in await self._ending(tx))

    async def seen_to(self, actor: Actor, person_id: PersonId, level: str) -> None:
        """Somebody spoke to the volunteer about it; the next reminder comes when it is nearer. Raises ``NotFound``."""
        require(actor, Permission.CHECK)
        desk = self._desk
        async with desk.db.write() as tx:
            person_id = await desk.whole(tx, person_id)
            if not await checks.seen_to(tx, person_id, level, desk.now, actor.id):
                raise NotFound("no_such_reminder", N_("Somebody has seen to this already."))
            await desk.record(tx, actor, "check.spoke", person_object(person_id), level=level)

    async def hers(self, key: links.TaskKey, device: str | None) -> Renewal | None:
        """What a volunteer is told behind her private link: her check that ends first, in the last weeks before."""
        async with self._desk.db.read() as tx:
            task = await links.assignment_by(tx, key, self._desk.now)
            volunteer = await volunteers.get(tx, task.person_id)
        if volunteer is None or links.is_elsewhere(task.device_hash, device):
            return None
        found = renewals(task.person_id, volunteer.cleared, self._desk.today)
        ending = [each for each in found if not each.long_over]
        return min(ending, key=lambda each: each.days, default=None)

    async def _ending(self, tx: Tx) -> list[Renewal]:
        today = self._desk.today
        rows = await checks.ending(tx, date.min, today + _LONGEST)
        return [each for person_id, cleared in rows for each in renewals(person_id, cleared, today)]


def _key(each: Renewal) -> tuple[str, str, date, int]:
    return each.person_id, each.level, each.until, reminder(each)


async def note_check(
    tx: Tx,
    desk: Desk,
    actor: Actor,
    person_id: PersonId,
    level: CheckLevel,
    *,
    seen: date,
    decision: Decision = Decision.CLEARED,
    review: date | None = None,
) -> Volunteer:
    """The sealed record, and what matching reads of it, in the caller's write; gives the volunteer as she is then.

    The audit names the record and not what was decided: that lies sealed. Raises ``NotFound``.
    """
    volunteer = await volunteers.get(tx, person_id)
    if volunteer is None:
        raise _no_volunteer()
    check = Check(level=level, seen=seen, by=actor.id or "", decision=decision, review=review, at=desk.now)
    row_id = new_id(desk.random)
    await checks.insert(tx, row_id, person_id, desk.vault.seal(_VETTING, "checks", row_id, record(check)))
    volunteer = replace(volunteer, cleared=after(volunteer.cleared, check))
    await volunteers.put(tx, volunteer)
    await desk.record(tx, actor, "check.noted", person_object(person_id), check=row_id)
    return volunteer


async def note_seen(
    tx: Tx, desk: Desk, actor: Actor, person_id: PersonId, cleared: Sequence[Cleared]
) -> None:
    """Checks seen today: of somebody who is added, or was met. Anything beyond having met her takes ``CHECK``."""
    for each in cleared:
        if each.check == CheckLevel.NONE:
            continue
        if each.check != CheckLevel.MET:
            require(actor, Permission.CHECK)
        await note_check(
            tx, desk, actor, person_id, CheckLevel(each.check), seen=desk.today, review=each.until
        )


async def must_hold(tx: Tx, actor: Actor, compartment: Compartment) -> None:
    """Raises ``NotAllowed`` unless the actor is one of those to whom the compartment was given: that somebody else
    unlocked it is not enough."""
    held = await compartments.held_by(tx, actor.id) if actor.id else {}
    if compartment not in held:
        raise NotAllowed(
            "not_a_holder",
            N_("These records are closed to you. Whoever may read them can let you read them too."),
            hint=f"{actor.label} does not hold {compartment}",
            compartment=compartment.value,
        )


async def _take_back(tx: Tx, desk: Desk, actor: Actor, volunteer: Volunteer) -> None:
    for task in await assignments.of_person(tx, volunteer.person_id):
        if task.state not in LIVE:
            continue
        row = await desk.need_row(tx, task.need_id)
        level = (await asking(tx, desk)).category(desk.open_need(row).category).check
        if not holds(volunteer, level, desk.today):
            await move_assignment(tx, desk, actor, task, AssignmentMove.WITHDRAW)


def _no_volunteer() -> NotFound:
    return NotFound("no_such_person", N_("We know no volunteer by that number."))
