"""Households: several people at one address, and needs that are for all of them."""

from node.domain.actors import Actor
from node.domain.ids import NeedId, PersonId, new_id
from node.domain.people.portraits import HouseholdOf, Member
from node.domain.permissions import Permission, require
from node.errors import N_, Conflict, Invalid
from node.services.desk import Desk, need_object, person_object
from node.services.matching.roster import Roster
from node.services.people.kept_apart import bring_apart
from node.store import households
from node.store.db import Tx


class Households:
    """Who lives together. Only ids are written; joining needs the records open all the same, because whom one of them
    must not meet, nobody who lives there may."""

    def __init__(self, desk: Desk, roster: Roster) -> None:
        self._desk = desk
        self._roster = roster

    async def join(self, actor: Actor, person_id: PersonId, other: PersonId) -> None:
        """These two live together; whoever lives with either lives with both.

        What brings together people who must not meet by this ends. Raises ``Invalid`` (the same person; somebody made
        up for practice with somebody real, whose record would wait for a practice call), ``Locked``, ``NotFound``.
        """
        require(actor, Permission.TAKE_CALL)
        desk = self._desk
        desk.must_be_unlocked()
        async with desk.db.write() as tx:
            rows = [(await desk.need_person(tx, each)).person for each in (person_id, other)]
            person_id, other = (row.id for row in rows)
            if person_id == other:
                raise _cannot(N_("Choose two people."))
            if rows[0].practice is not rows[1].practice:
                raise _cannot(
                    N_("One of these two is made up for practice, and lives with nobody who is not.")
                )
            one, two = await households.of_person(tx, person_id), await households.of_person(tx, other)
            home = one or two
            if home is None:
                home = new_id(desk.random)
                await households.insert(tx, home, desk.today)
            coming = await households.members(tx, two) if one and two else (person_id, other)
            for each in coming:
                await households.join(tx, home, each)
            await households.sweep(tx)
            for each in (person_id, other):
                await desk.record(tx, actor, "person.household", person_object(each), household=home)
            touched = await bring_apart(tx, desk, actor, (person_id,))
        for helper in touched:
            await self._roster.refresh(helper)

    async def leave(self, actor: Actor, person_id: PersonId) -> None:
        """She lives on her own, or elsewhere. Raises ``NotFound``."""
        require(actor, Permission.TAKE_CALL)
        async with self._desk.db.write() as tx:
            person_id = (await self._desk.need_person(tx, person_id)).person.id
            await households.leave(tx, person_id)
            await households.sweep(tx)
            await self._desk.record(tx, actor, "person.household_left", person_object(person_id))

    async def for_all(self, actor: Actor, need_id: NeedId, for_all: bool) -> None:
        """Whether this need is for the whole household. Raises ``NotFound``, ``Conflict`` (no household known)."""
        require(actor, Permission.TRIAGE)
        async with self._desk.db.write() as tx:
            row = await self._desk.need_row(tx, need_id)
            known = row.need.person_id and await households.of_person(tx, row.need.person_id)
            if for_all and not known:
                raise Conflict("no_household", N_("We know nobody who lives there too."))
            await households.set_for_all(tx, need_id, for_all)
            await self._desk.record(
                tx, actor, "need.for_household", need_object(need_id), for_all=int(for_all)
            )

    async def of_need(self, actor: Actor, need_id: NeedId) -> HouseholdOf | None:
        """How many live in the household of whoever asked, and whether it is for all; None: lives alone, as far
        as we know. Raises ``NotFound``."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            row = await self._desk.need_row(tx, need_id)
            home = await households.of_person(tx, row.need.person_id) if row.need.person_id else None
            if home is None:
                return None
            return HouseholdOf(
                people=len(await households.members(tx, home)),
                for_all=await households.is_for_all(tx, need_id),
            )


def _cannot(text: str) -> Invalid:
    return Invalid("household", text, fields={"other": text})


async def household_of(tx: Tx, desk: Desk, person_id: PersonId) -> tuple[Member, ...]:
    """Who lives with her, by name. Raises ``Locked``."""
    return tuple(
        [
            Member(person_id=each, name=desk.open_person(await desk.need_person(tx, each)).name)
            for each in await households.living_with(tx, person_id)
        ]
    )
