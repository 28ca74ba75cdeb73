"""Near her, all requests read at once: the same, for each, as one after the other by the plain statements."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from node.domain.actors import volunteer_actor
from node.domain.assignment_lifecycle import COMING, LIVE
from node.domain.catalogue import CheckLevel, Going, Klass
from node.domain.hours import ALL_HOURS, days_wanted, slots_wanted
from node.domain.ids import NeedId, PersonId
from node.domain.intake.intake import NewPerson
from node.domain.matching.matching import DEMANDING_TAGS, Gate, Helper, Wanted, gate
from node.domain.need import NeedState, PartOfDay, Urgency, Window
from node.domain.person import PersonState
from node.domain.volunteer import Cleared, Stage, paused_on
from node.errors import MutualAidError
from node.services.matching.demands import asking
from node.services.matching.roster import Roster
from node.store import assignments, households, needs, persons, settings
from node.store.db import Tx
from node.store.needs import NeedRow
from tests.harness.office import Office, point
from tests.harness.seeds import GIVEN, seeds

KINDS = ("groceries", "lift", "childcare", "medication", "phone_call", "repairs")
OPEN = (NeedState.OPEN, NeedState.OFFERED)


async def made_up(office: Office, chance: Random) -> tuple[list[NeedId], list[PersonId]]:
    """Forty requests and eight volunteers, with whatever may stand between them."""
    today = office.desk.today
    async with office.db.write() as tx:
        await settings.put(tx, settings.NEWCOMERS, chance.choice(("pairs", "met")))
    found, askers = list[NeedId](), list[PersonId]()
    for number in range(40):
        first = today + timedelta(days=chance.randint(0, 9))
        told = {
            "tags": tuple(chance.sample(("heavy", "stairs", "pets", "indoors"), chance.choice((0, 0, 1)))),
            "languages": chance.choice(((), (), ("en",), ("ar",))),
            "speaks": chance.choice(((), ("es",))),
            "remote": chance.random() < 0.1,
            "helpers": chance.choice((1, 1, 2)),
            "point": chance.choice((None, point(), point(chance.uniform(0, 9), 1), point(2, 2, 900))),
            "urgency": chance.choice(list(Urgency)),
            "window": chance.choice((None, Window(first=first, last=first + timedelta(days=number % 3)))),
            "part_of_day": chance.choice((None, PartOfDay.MORNING, PartOfDay.EVENING)),
            "start": chance.choice(("open", "open", "open", "open", "new")),
        }
        if askers and chance.random() < 0.3:
            told["known_person"] = chance.choice(askers)
        taken = await office.call(chance.choice(KINDS), **told)
        found.append(taken.need_id)
        if taken.person_id is not None:
            askers.append(taken.person_id)
    helpers = [await a_helper(office, chance, number) for number in range(8)]
    people = [*dict.fromkeys(askers), *helpers]
    for _ in range(30):
        need, helper = chance.choice(found), chance.choice(helpers)
        with suppress(MutualAidError):
            task = await office.dispatch.assign(office.ana, need, helper)
            if chance.random() < 0.3:
                await office.dispatch.release(office.ana, task)
    for need in chance.sample(found, 4):
        with suppress(MutualAidError):
            await office.dispatch.hold(office.ana, need, today + timedelta(days=3))
    for _ in range(10):
        with suppress(MutualAidError):
            await office.people.keep_apart(office.ana, *chance.sample(people, 2))
    for _ in range(6):
        with suppress(MutualAidError):
            await office.households.join(office.ana, *chance.sample(people, 2))
    for each in chance.sample(askers, 3):
        with suppress(MutualAidError):
            await office.people.bar(office.safety, each)
    with suppress(MutualAidError):
        await office.people.pause(office.ana, helpers[0], today + timedelta(days=chance.choice((0, 4))))
    with suppress(MutualAidError):
        await office.people.suspend(office.safety, helpers[1], "made up")
    return found, helpers


async def a_helper(office: Office, chance: Random, number: int) -> PersonId:
    some = chance.sample(sorted(ALL_HOURS), chance.choice((5, len(ALL_HOURS))))
    return await office.helper(
        f"Vera Pretend{number}",
        person=NewPerson(name=f"Vera Pretend{number}", phone=f"07700 901{number:03d}"),
        stage=chance.choice((Stage.ACTIVE, Stage.ACTIVE, Stage.APPLIED)),
        cleared=chance.choice(((), (Cleared(check=CheckLevel.CRIMINAL_RECORD),))),
        abilities=tuple(chance.sample(KINDS, chance.choice((3, len(KINDS))))),
        takes=tuple(chance.sample(("heavy", "stairs", "pets"), chance.randint(0, 3))),
        languages=chance.choice(((), ("en",), ("ar", "en"))),
        point=chance.choice((None, point(0.5), point(3))),
        hours=tuple(each for each in ALL_HOURS if each in some),
        days_off=((office.desk.today + timedelta(days=chance.randint(0, 3))).isoformat(),),
        max_per_week=chance.choice((None, 1, 3)),
    )


async def kept(tx: Tx, roster: Roster, person: PersonId | None) -> set[PersonId]:
    """Whom nobody who lives there must meet, and whoever lives with those: statement by statement."""
    if person is None:
        return set()
    found = set[PersonId]()
    for each in (person, *await households.living_with(tx, person)):
        for other in roster.apart_from(each):
            found |= {other, *await households.living_with(tx, other)}
    return found - {person}


async def asked_for(tx: Tx, office: Office, row: NeedRow, *, ignore_asked: bool = False) -> Wanted:
    """What a request asks of its helper, each thing by a statement of its own."""
    desk, need, roster = office.desk, row.need, office.roster
    details = desk.open_need(row)
    requester = await persons.get(tx, need.person_id) if need.person_id else None
    on_it = await assignments.of_need(tx, need.id)
    coming = [each.person_id for each in on_it if each.state in COMING]
    kind = (await asking(tx, desk)).category(details.category)
    pairs = await settings.get(tx, settings.NEWCOMERS) == "pairs"
    known = [helper for helper in map(roster.get, coming) if helper is not None and not helper.new_here]
    days = days_wanted(need.due_day, need.window, desk.today)
    apart = [await kept(tx, roster, each) for each in (need.person_id, *coming)]
    return Wanted(
        category=details.category,
        check=kind.check,
        needs=(frozenset(details.tags) & DEMANDING_TAGS) | frozenset(details.requires),
        languages=frozenset(details.languages),
        soft_languages=frozenset(desk.open_person(requester).languages if requester else ()),
        point=details.point,
        remote=need.remote,
        day=days[0],
        days=days,
        part=need.part_of_day,
        slots=slots_wanted(days, need.part_of_day),
        going=Going.ALONE if need.remote else kind.going,
        contactless=pairs and (need.remote or (kind.contactless and "indoors" not in details.tags)),
        paired=pairs and bool(known),
        requester=need.person_id,
        not_with=frozenset().union(*apart),
        requester_barred=requester is not None and requester.person.state is PersonState.BARRED,
        asked=frozenset() if ignore_asked else frozenset(a.person_id for a in on_it if a.state in LIVE),
        helped_before=await assignments.helpers_of_person(tx, need.person_id) if need.person_id else {},
        usual=roster.usual,
    )


async def one_by_one(tx: Tx, office: Office, helper: Helper, row: NeedRow) -> Wanted | None:
    desk, need = office.desk, row.need
    if need.practice or need.state not in OPEN or not row.sealed:
        return None
    if any(each.person_id == helper.person_id for each in await assignments.of_need(tx, need.id)):
        return None
    wanted = await asked_for(tx, office, row)
    if wanted.requester_barred or desk.catalogue.klass(wanted.category) is Klass.C:
        return None
    if paused_on(helper.volunteer, desk.today) or gate(helper, wanted, desk.now) is not None:
        return None
    return wanted


@pytest.mark.parametrize("seed", seeds(0, 1, 2, 3, 4, 5))
async def test_all_at_once_says_what_each_says_alone(office: Office, seed: int) -> None:
    chance, seen, shut = Random(seed), 0, set[Gate | None]()
    found, helpers = await made_up(office, chance)
    await office.roster.ready()
    async with office.db.read() as tx:
        rows = [row for each in found if (row := await needs.get(tx, each)) is not None]
        alone = {row.need.id: await asked_for(tx, office, row) for row in rows}
        for row in rows:
            assert await office.matching.wanted(tx, row) == alone[row.need.id]
            again = await office.matching.wanted(tx, row, ignore_asked=True)
            assert again == await asked_for(tx, office, row, ignore_asked=True)
        for person in helpers:
            helper = office.roster.get(person)
            assert helper is not None
            expected = [(row.need.id, await one_by_one(tx, office, helper, row)) for row in rows]
            at_once = [
                (row.need.id, wanted) for row, wanted in await office.own_page.fitting(tx, helper, rows)
            ]
            assert at_once == [
                (need, replace(wanted, soft_languages=frozenset(), helped_before={}))
                for need, wanted in expected
                if wanted is not None
            ]
            seen += len(at_once)
            shut |= {gate(helper, wanted, office.desk.now) for wanted in alone.values()}
    assert GIVEN or seen, "a world in which nobody may do anything proves nothing"
    assert GIVEN or {Gate.NOT_SUITABLE, Gate.TOO_FAR, Gate.NOT_THIS_KIND, Gate.OFF_TODAY} & shut


async def test_what_must_not_meet_is_not_on_her_map(office: Office) -> None:
    """Of one household, and of whoever is confirmed on it; nothing says why."""
    vera = await office.helper("Vera Pretend")
    taken = [await office.call("groceries", helpers=2) for _ in range(4)]
    asker, flatmate = taken[0].person_id, taken[1].person_id
    beside = await office.helper("Bruno Pretend")
    assert asker is not None
    assert flatmate is not None
    await office.households.join(office.ana, asker, flatmate)
    await office.people.keep_apart(office.ana, vera, flatmate)
    await office.people.keep_apart(office.ana, vera, beside)
    await office.confirmed(taken[2].need_id, beside)
    near = (await office.own_page.view(volunteer_actor(vera), None)).near
    assert near is not None
    assert [each.need_id for each in near] == [taken[3].need_id]
