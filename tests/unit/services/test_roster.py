"""The index in memory finds exactly whom a walk through everybody would find."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from node.domain.catalogue import CheckLevel
from node.domain.ids import PersonId
from node.domain.matching.matching import gate, helper_of
from node.domain.matching.week import Taken
from node.domain.need import Point
from node.domain.volunteer import Cleared, Volunteer
from node.services.matching.roster import Roster
from node.store import assignments
from node.store.db import Tx
from tests.harness.office import HOME, Office


def somewhere(chance: random.Random, around: Point, km: float) -> Point:
    degrees = km / 111
    return Point(
        lat=max(-89.9, min(89.9, around.lat + chance.uniform(-degrees, degrees))),
        lon=(around.lon + chance.uniform(-degrees, degrees) * 3 + 180) % 360 - 180,
        accuracy_m=chance.choice((20, 400, 3000)),
    )


@pytest.mark.parametrize(
    "around",
    [
        HOME,
        Point(lat=0.0, lon=0.0, accuracy_m=50),
        Point(lat=-33.9, lon=179.98, accuracy_m=50),
        Point(lat=78.2, lon=15.6, accuracy_m=50),
    ],
    ids=["town", "null island", "date line", "far north"],
)
async def test_whoever_is_near_enough_is_in_reach(office: Office, around: Point) -> None:
    chance = random.Random(7)
    need_id = await office.need(point=around)
    await office.roster.ready()
    for number in range(600):
        volunteer = Volunteer(
            person_id=f"p{number:04d}",  # type: ignore[arg-type]
            abilities=("groceries",),
            radius_km=chance.choice((0.5, 2.0, 5.0, 20.0, 45.0, 150.0)),
        )
        place = None if number % 50 == 0 else somewhere(chance, around, 60)
        office.roster._put(helper_of(volunteer, name="", barred=False, point=place, taken=()))
    for accuracy in (50, 2500):
        spot = Point(lat=around.lat, lon=around.lon, accuracy_m=accuracy)
        async with office.db.read() as tx:
            wanted = replace(
                await office.matching.wanted(tx, await office.desk.need_row(tx, need_id)), point=spot
            )
        walked = {
            helper.person_id
            for helper in office.roster.all_of_them()
            if gate(helper, wanted, office.desk.now) is None
        }
        ranked = [candidate.person_id for candidate in office.matching.rank(wanted, 10_000)]
        assert len(ranked) == len(set(ranked))
        assert set(ranked) == walked
        assert 12 < len(walked) < 600


async def test_a_fresh_roster_equals_one_kept_up_to_date(office: Office) -> None:
    chance = random.Random(3)
    people = [await office.helper(f"Pretend {number}") for number in range(6)]
    needs = [await office.need() for _ in range(6)]
    await office.roster.ready()
    for need_id in needs:
        person = chance.choice(people)
        await office.confirmed(need_id, person)
    await office.people.pause(office.ana, people[0])
    await office.people.bar(office.safety, people[1], "reasons")
    await office.people.keep_apart(office.safety, people[2], people[3])
    await office.people.erase(office.ana, people[4])
    fresh = Roster(office.desk)
    await fresh.ready()
    kept = {helper.person_id: helper for helper in office.roster.all_of_them()}
    assert kept == {helper.person_id: helper for helper in fresh.all_of_them()}
    assert all(fresh.apart_from(person) == office.roster.apart_from(person) for person in people)


def test_a_stronger_check_counts_for_a_weaker_one_and_the_longest_lasts() -> None:
    helper = helper_of(
        Volunteer(
            person_id="p",  # type: ignore[arg-type]
            cleared=(
                Cleared(check="criminal_record", until=date(2026, 1, 1)),
                Cleared(check="id", until=date(2027, 1, 1)),
            ),
        ),
        name="",
        barred=False,
        point=None,
        taken=(),
    )
    assert helper.checks == {
        CheckLevel.NONE: None,
        CheckLevel.MET: date(2027, 1, 1),
        CheckLevel.ID: date(2027, 1, 1),
        CheckLevel.CRIMINAL_RECORD: date(2026, 1, 1),
    }


async def test_who_joins_while_the_roster_is_read_in_is_in_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, read, told = asyncio.Event(), asyncio.Event(), asyncio.Event()
    taken_since, refresh = assignments.taken_since, office.roster.refresh

    async def slow(tx: Tx, since: int, person_id: str | None = None) -> Sequence[Taken]:
        reading.set()
        await read.wait()
        return await taken_since(tx, since, person_id)

    async def refreshed(person_id: PersonId) -> None:
        told.set()
        await refresh(person_id)

    monkeypatch.setattr(assignments, "taken_since", slow)
    monkeypatch.setattr(office.roster, "refresh", refreshed)
    office.roster.forget()
    loading = asyncio.ensure_future(office.roster.ready())
    await reading.wait()  # the list of volunteers has been looked at
    joining = asyncio.ensure_future(office.helper())
    await told.wait()
    read.set()
    await loading
    assert office.roster.get(await joining) is not None
