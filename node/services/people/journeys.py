"""New volunteers: asking to help, the list of what comes next, and who answers for them."""

from collections.abc import Mapping
from dataclasses import replace

from node.domain.actors import ANONYMOUS, Actor
from node.domain.catalogue import Catalogue, CheckLevel
from node.domain.consents import Consent, Purpose
from node.domain.ids import PersonId, new_id
from node.domain.intake.intake import NewNeed
from node.domain.intake.intake_rules import merged_person
from node.domain.matching.matching import CHECK_ORDER, Helper
from node.domain.people.journey import ON_THE_WAY, allowed, standing
from node.domain.people.newcomer import NewVolunteer, problems, volunteer_of
from node.domain.people.portraits import NewcomerRow, VouchView
from node.domain.people.resemblance import Alike, alike
from node.domain.permissions import Permission, require
from node.domain.person import Person, PersonDetails, PersonState
from node.domain.volunteer import Stage, VolunteerState
from node.errors import N_, Invalid
from node.services.desk import Desk, person_object
from node.services.matching.demands import asking
from node.services.matching.roster import Roster
from node.store import consents, merges, persons, volunteers, vouches
from node.store.db import Tx
from node.store.persons import PersonRow
from node.store.vouches import VouchRow
from node.vault import Compartment


class Journeys:
    """The verbs of the public page "I can help" and of the list of newcomers; the moves are ``People.move``."""

    def __init__(self, desk: Desk, roster: Roster) -> None:
        self._desk = desk
        self._roster = roster

    async def apply(self, new: NewVolunteer, *, wording: str, messages: str = "") -> PersonId:
        """Somebody would like to help, on the public page, without an account; works while locked.

        Sealed like everything, and known to nobody: she begins as ``applied``, without any check, whatever the
        form said. ``wording``: the words to which she agreed that we keep this; ``messages``: those beside it about
        being written to, which count where she gave an e-mail address. Raises ``Invalid``.
        """
        require(ANONYMOUS, Permission.APPLY)
        desk = self._desk
        new = replace(new, known_person=None, stage=Stage.APPLIED, cleared=())
        found = problems(new, desk.catalogue)
        if found:
            raise Invalid("volunteer", N_("Some answers need another look."), fields=found)
        person = Person(
            id=PersonId(new_id(desk.random)),
            state=PersonState.ACTIVE,
            kind=new.kind,
            created_day=desk.today,
            updated_day=desk.today,
        )
        details = merged_person(None, NewNeed(person=new.person, point=new.point))
        details = replace(
            details, contact_name=new.contact_name.strip(), about=new.about.strip(), answers=new.answers
        )
        async with desk.db.write() as tx:
            await persons.insert(tx, desk.person_row(PersonRow(person=person, sealed=b""), details))
            await volunteers.put(tx, volunteer_of(new, person.id))
            said = {Purpose.KEEP_DETAILS: wording}
            if messages and details.email:
                said[Purpose.MESSAGES] = messages
            for purpose, words in said.items():
                agreed = Consent(
                    purpose=purpose, answer=True, wording=words, at=desk.now, by_actor=ANONYMOUS.label
                )
                await consents.add(tx, agreed, person_id=person.id, need_id=None)
            await desk.record(tx, ANONYMOUS, "volunteer.applied", person_object(person.id))
        await self._roster.refresh(person.id)
        return person.id

    async def newcomers(self, actor: Actor) -> list[NewcomerRow]:
        """Everybody on the way to us, who waits longest first. Raises ``Locked``."""
        require(actor, Permission.READ_BOARD)
        await self._roster.ready()
        on_the_way = [
            helper
            for helper in self._roster.all_of_them()
            if standing(helper.volunteer) in ON_THE_WAY and not helper.barred
        ]
        if not on_the_way:
            return []
        async with self._desk.db.read() as tx:
            counted = await vouches.counted(tx)
            doubled, unseen = await persons.sharing_a_number(tx), await merges.unseen(tx)
            kinds = await asking(tx, self._desk)
            kept_away = await self._kept_away(tx)
            found = {
                each.person_id: await self._resembles(tx, each.person_id, kept_away) for each in on_the_way
            }
            rows = [
                NewcomerRow(
                    person_id=helper.person_id,
                    name=helper.name,
                    standing=standing(helper.volunteer),
                    since=(await self._desk.need_person(tx, helper.person_id)).person.created_day,
                    volunteer=helper.volunteer,
                    vouched=counted.get(helper.person_id, 0),
                    lacks=lacks(helper, kinds),
                    known_number=helper.person_id in doubled,
                    unseen=helper.person_id in unseen,
                    looks_like=found[helper.person_id][0],
                    alike=found[helper.person_id][1],
                    moves=allowed(standing(helper.volunteer)),
                )
                for helper in on_the_way
            ]
        return sorted(rows, key=lambda row: (row.since, row.name.casefold(), row.person_id))

    async def _kept_away(self, tx: Tx) -> dict[PersonId, PersonDetails]:
        """Whom the group keeps away: barred for good, or stopped as a volunteer."""
        stopped = [
            each.person_id
            for each in self._roster.all_of_them()
            if each.volunteer.state is VolunteerState.SUSPENDED
        ]
        rows = [*await persons.barred(tx), *[await self._desk.need_person(tx, each) for each in stopped]]
        return {row.person.id: self._desk.open_person(row) for row in rows if row.sealed}

    async def _resembles(
        self, tx: Tx, person_id: PersonId, kept_away: Mapping[PersonId, PersonDetails]
    ) -> tuple[PersonId | None, Alike | None]:
        """Whom of them she looks like most, and by what."""
        if not kept_away:
            return None, None
        hers = self._desk.open_person(await self._desk.need_person(tx, person_id))
        found = [
            (how, each) for each, theirs in kept_away.items() if (how := alike(hers, theirs)) is not None
        ]
        if not found:
            return None, None
        how, who = min(found, key=lambda pair: (list(Alike).index(pair[0]), pair[1]))
        return who, how

    async def vouch(
        self, actor: Actor, person_id: PersonId, by_person: PersonId | None = None, note: str = ""
    ) -> None:
        """Notes that somebody answers for her: a volunteer whom we know, or (None) the actor herself.

        It is shown beside her and stands for no safety check. Raises ``Invalid`` (``by``: nobody who can),
        ``Locked``, ``NotFound``.
        """
        require(actor, Permission.MANAGE_VOLUNTEERS)
        desk = self._desk
        desk.must_be_unlocked()
        row_id = new_id(desk.random)
        async with desk.db.write() as tx:
            person_id = (await desk.need_person(tx, person_id)).person.id
            by_person = await desk.whole(tx, by_person) if by_person else None
            if by_person is not None and not await self._can_vouch(tx, by_person, person_id):
                text = N_("Only a volunteer who is one of us already can answer for somebody.")
                raise Invalid("vouch", text, fields={"by": text})
            sealed = desk.vault.seal(Compartment.PEOPLE, "vouches", row_id, {"note": note.strip()})
            await vouches.insert(
                tx,
                VouchRow(
                    id=row_id,
                    person_id=person_id,
                    by_person=by_person,
                    by_staff=actor.id if by_person is None else None,
                    at=desk.now,
                    sealed=sealed,
                ),
            )
            codes = {"by": by_person} if by_person else {}
            await desk.record(tx, actor, "volunteer.vouched", person_object(person_id), **codes)

    async def _can_vouch(self, tx: Tx, by_person: PersonId, person_id: PersonId) -> bool:
        held = await volunteers.get(tx, by_person)
        row = await persons.get(tx, by_person)
        return (
            held is not None
            and row is not None
            and by_person != person_id
            and row.person.state is PersonState.ACTIVE
            and held.stage is Stage.ACTIVE
            and held.state in (VolunteerState.ACTIVE, VolunteerState.PAUSED)
        )


def lacks(helper: Helper, catalogue: Catalogue) -> CheckLevel | None:
    """The strongest check that one of her kinds of help takes and that she has not shown; None if there is none."""
    wanted = [
        catalogue.category(code).check
        for code in helper.abilities
        if code in catalogue and catalogue.category(code).check not in helper.checks
    ]
    return max(wanted, key=CHECK_ORDER.index, default=None)


async def vouches_of(tx: Tx, desk: Desk, person_id: PersonId) -> tuple[VouchView, ...]:
    """Who answers for her, by name. Raises ``Locked``."""
    handles = await desk.handles(tx)
    found = []
    for row in await vouches.of_person(tx, person_id):
        if row.by_person:
            name = desk.open_person(await desk.need_person(tx, row.by_person)).name
        else:
            name = handles.get(row.by_staff or "", "?")
        note = desk.vault.open(Compartment.PEOPLE, "vouches", row.id, row.sealed)["note"]
        found.append(VouchView(by=name, at=row.at, note=str(note)))
    return tuple(found)
