"""That we write to somebody by ourselves: her choice of how is her answer, kept with the words that stood beside it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from node.domain.actors import volunteer_actor
from node.domain.consents import AS_CHOSEN, Purpose
from node.domain.ids import PersonId
from node.domain.intake.intake import NewPerson
from node.domain.notices.choices import Choices
from node.domain.notices.notice import Way
from node.domain.people.newcomer import NewVolunteer
from node.services.notices.choosing import TAKEN_BACK, Choosing
from node.services.people.copies import Copies
from node.services.settings.agreements import Agreements
from node.services.settings.texts import MESSAGES
from node.store import consents
from tests.harness.mailroom import Mailroom, mailroom
from ui.forms.notices import ChoicesForm

KEY = MESSAGES[Purpose.MESSAGES]


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Mailroom]:
    async with mailroom(tmp_path) as made:
        yield made


async def said(room: Mailroom, person: PersonId) -> list[tuple[bool, str, str]]:
    async with room.office.db.read() as tx:
        return [
            (each.answer, each.wording, each.by_actor)
            for each in await consents.of_person(tx, person)
            if each.purpose is Purpose.MESSAGES
        ]


async def test_each_choice_is_an_answer_with_its_words_and_none_is_asked_for_twice(room: Mailroom) -> None:
    office, kim = room.office, await room.helper("kim.pretend@example.net")
    hers, by = volunteer_actor(kim), f"volunteer:{kim}"
    assert await said(room, kim) == [], "nothing is said for her"
    words = (await office.texts.said(KEY, "es")).version
    mail = Choices(person_id=kim, way=Way.EMAIL)
    await room.notices.choose(hers, kim, mail, words)
    await room.notices.choose(hers, kim, mail, words)
    await room.notices.choose(hers, kim, replace(mail, quiet_from=21, quiet_until=8), words)
    assert await said(room, kim) == [(True, words, by)]
    choosing = Choosing(office.desk)
    async with office.db.write() as tx:
        token = choosing.token(await choosing.ensure(tx, kim))
    await room.notices.out_by_link(token)
    await room.notices.out_by_link(token)
    await room.notices.choose_by_link(token, mail, words)
    await room.notices.choose(hers, kim, replace(mail, way=Way.PHONE), words)
    await room.notices.choose(hers, kim, replace(mail, way=None, urgent=False), words)
    assert await said(room, kim) == [
        (True, words, by),
        (False, TAKEN_BACK, by),
        (True, words, by),
        (False, words, by),
    ]
    texts = office.texts
    listed = await Agreements(office.desk, texts).of_person(office.ana, kim)
    assert [each.words for each in listed if each.counts] == [await texts.get(KEY, "es")]
    made = await Copies(office.desk, texts).make(office.ana, kim)
    assert str(made).count("'messages'") >= 4, "they stand in the copy as all answers do"


async def test_who_signs_up_with_an_address_agreed_to_the_words_beside_it(room: Mailroom) -> None:
    office = room.office
    new = NewVolunteer(
        person=NewPerson(name="Nia Invented", phone="07700 900777", email="nia@example.org"),
        abilities=("groceries",),
    )
    words = (await office.texts.said(KEY, "en")).version
    with_mail = await office.journeys.apply(new, wording="en-1", messages=words)
    assert await said(room, with_mail) == [(True, words, "anonymous")]
    ring_me = replace(new, person=replace(new.person, name="Una Invented", email=""))
    assert await said(room, await office.journeys.apply(ring_me, wording="en-1", messages=words)) == []


async def test_what_an_older_export_brings_stands_as_it_was_chosen(room: Mailroom) -> None:
    office, kim = room.office, await room.helper("kim.pretend@example.net")
    never = await room.helper("never.pretend@example.net")
    await room.notices.choose(volunteer_actor(kim), kim, Choices(person_id=kim, way=Way.EMAIL), "v")
    async with office.db.write() as tx:
        assert await consents.stand_as_chosen(tx) == 0, "she has an answer"
        await tx.execute("DELETE FROM consents")
        assert await consents.stand_as_chosen(tx) == 1
    assert await said(room, kim) == [(True, AS_CHOSEN, f"volunteer:{kim}")]
    assert await said(room, never) == []


async def test_taken_back_at_the_desk_it_ends_the_messages(room: Mailroom) -> None:
    office, kim = room.office, await room.helper("kim.pretend@example.net")
    await room.notices.choose(volunteer_actor(kim), kim, Choices(person_id=kim, way=Way.EMAIL))
    agreements = Agreements(office.desk, office.texts, {Purpose.MESSAGES: room.notices.end_messages})
    await agreements.take_back(office.ana, kim, "messages", "spoken")
    assert (await room.notices.choices(kim)).choices.out
    assert [answer[:2] for answer in await said(room, kim)] == [
        (True, AS_CHOSEN),
        (False, "taken-back-spoken"),
    ]


async def test_what_stands_on_the_page_by_itself_is_no_answer_of_hers(room: Mailroom) -> None:
    kim = await room.helper("kim.pretend@example.net")
    hers = volunteer_actor(kim)
    await room.notices.choose(hers, kim, Choices(person_id=kim, out=True), "v")
    shown = ChoicesForm.showing(await room.notices.choices(kim))
    assert shown.way.data == "", "not: ring me"
    await room.notices.choose(hers, kim, shown.wanted(kim), "v")
    assert [answer for answer, _, _ in await said(room, kim)] == [False, True], "she has them again"
