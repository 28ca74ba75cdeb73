"""What the call page shows of whoever is known by a number or an address: enough to choose by, no more, and never the
caller's number in the place of hers."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from node.domain.consents import Consents
from node.domain.ids import NeedId, PersonId
from node.domain.intake.intake import Caller, NewNeed, NewPerson
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import Street, Visitor, at_the_desk

HERS, CALLER, HOSPITAL = "0117 496 0001", "07700 900302", "0117 922 2000"
SAID = "zq(notes|word)qz"
"""What was said of somebody; shorter words stand in a seal by chance."""


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with Neighbourhood(tmp_path) as cast:
        street = Street.before(cast, await cast.add("north"))
        yield street
        await street.close()


@pytest.fixture
async def kim(street: Street) -> Visitor:
    return await at_the_desk(street, "kim")


async def rang(street: Street, name: str, number: str = CALLER, **more: Any) -> PersonId:
    said = NewNeed(
        for_self=False,
        caller=Caller(name="Ann Madeup", phone=number, tie="daughter"),
        person=NewPerson(name=name, phone=more.pop("phone", ""), address=more.pop("address", "2 Secret Row")),
        categories=("groceries",),
        notes="zqnotesqz",
        doorstep_word="zqwordqz",
        consents=Consents(help_you=True),
    )
    return (await street.north.services.intake.take(street.north.staff, said)).person_id


async def known(street: Street, kim: Visitor, **said: str) -> list[dict[str, Any]]:
    found = json.loads((await street.ask(kim, "POST", "/intake/known", said)).text)["known"]
    assert isinstance(found, list)
    return found


async def looks(street: Street, person: PersonId) -> list[str]:
    view = await street.north.services.people.person(street.north.staff, person)
    return [
        row.action
        for row in view.history
        if row.action in ("look.card", "look.found")
        for _ in range(row.times)
    ]


@pytest.mark.parametrize("field", ["phone", "screen"])
@pytest.mark.parametrize("picked", ["for_them", "known_person"])
async def test_the_callers_number_never_takes_the_place_of_hers(
    street: Street, kim: Visitor, field: str, picked: str
) -> None:
    mother = await rang(street, "Old Mother", phone=HERS)
    call = {"whose": "self", "known_person": mother, picked: mother, field: CALLER}
    saved = await street.ask(kim, "POST", "/intake", call | {"kinds": "lift", "help_you": "y"})
    need = NeedId(saved.location.partition("need=")[2].partition("&")[0])
    services, staff = street.north.services, street.north.staff
    view = await services.board.need(staff, need, reveal=True)
    assert view.person is not None
    assert view.details is not None
    assert (view.person.best_phone, view.person.screen) == (HERS, None)
    if picked == "for_them":
        assert view.details.caller is not None
        assert view.details.caller.phone == CALLER


async def test_among_several_only_names_are_shown_until_one_is_chosen(street: Street, kim: Visitor) -> None:
    people = [await rang(street, f"Patient {each} Invented", HOSPITAL) for each in "ABC"]
    found = await known(street, kim, phone=HOSPITAL)
    assert {each["id"] for each in found} == set(people)
    assert [(each["again"], each["asked"], each["line"]) for each in found] == [
        (None, True, "this number rang for them")
    ] * 3
    assert not re.search(SAID, json.dumps(found))
    assert "Secret Row" not in json.dumps(found)
    await known(street, kim, phone=HOSPITAL)
    assert await looks(street, people[0]) == ["look.found"] * 2, "as often as it was shown, and no card"
    chosen = {each["id"]: each for each in await known(street, kim, phone=HOSPITAL, chosen=people[1])}
    assert chosen[people[1]]["again"]["doorstep_word"] == "zqwordqz"
    assert "Secret Row" in chosen[people[1]]["line"]
    assert [chosen[each]["again"] for each in (people[0], people[2])] == [None, None]
    assert await looks(street, people[1]) == ["look.found", "look.found", "look.card"]
    assert "look.card" not in await looks(street, people[0])

    # The same without a script.
    page = await street.ask(kim, "POST", "/intake", {"screen": HOSPITAL, "look": "y"})
    assert "Patient A Invented" in page.text
    assert "Secret Row" not in page.text
    filled = (await street.ask(kim, "POST", "/intake", {"screen": HOSPITAL, "same": people[2]})).text
    assert re.search(r'name="doorstep_word"[^>]* value="zqwordqz"', filled)
    assert filled.count("Secret Row") == 1


async def test_two_of_one_name_are_told_apart_by_the_address(street: Street, kim: Visitor) -> None:
    await rang(street, "Pat Invented", HOSPITAL, address="1 Secret Row")
    await rang(street, "pat invented", HOSPITAL, address="3 Secret Row")
    lines = [each["line"] for each in await known(street, kim, phone=HOSPITAL)]
    assert sorted(line.rpartition(" · ")[2] for line in lines) == ["1 Secret Row", "3 Secret Row"]


@pytest.mark.parametrize("why", ["apart", "barred"])
async def test_who_must_not_meet_her_and_rings_finds_her_name_and_a_warning_alone(
    street: Street, kim: Visitor, why: str
) -> None:
    services, staff = street.north.services, street.north.staff
    mother = await rang(street, "Old Mother")
    own = NewNeed(
        person=NewPerson(name="Ann Madeup", phone=CALLER, address="9 Own Row"),
        categories=("lift",),
        consents=Consents(help_you=True),
    )
    daughter = (await services.intake.take(staff, own)).person_id
    if why == "apart":
        await services.people.keep_apart(staff, daughter, mother, "made up")
    else:
        await services.people.bar(staff, daughter, "made up")
    for chosen in ("", mother):
        card = next(
            each for each in await known(street, kim, phone=CALLER, chosen=chosen) if each["id"] == mother
        )
        assert card["careful"]
        assert card["again"] is None
        assert card["line"].startswith("Tell whoever rings nothing about them")
        assert "Secret Row" not in json.dumps(card)
    for key, value in (("look", "y"), ("same", mother)):
        page = (await street.ask(kim, "POST", "/intake", {"screen": CALLER, key: value})).text
        assert "Tell whoever rings nothing about them" in page
        assert f'href="/people/{mother}"' in page
        assert "Secret Row" not in page
        assert not re.search(SAID, page)
    assert "look.card" not in await looks(street, mother)


async def test_who_wrote_an_e_mail_is_known_by_its_address(street: Street, kim: Visitor) -> None:
    services, staff = street.north.services, street.north.staff
    wrote = NewNeed(
        person=NewPerson(name="Mail Invented", email="Mail.Only@example.org"),
        categories=("groceries",),
        consents=Consents(help_you=True),
    )
    writer = (await services.intake.take(staff, wrote)).person_id
    assert [each["id"] for each in await known(street, kim, email="mail.only@example.org")] == [writer]
    assert await known(street, kim, email="mail.only@") == []
    page = await street.ask(kim, "POST", "/intake", {"email": "mail.only@example.org", "look": "y"})
    assert "Mail Invented" in page.text
