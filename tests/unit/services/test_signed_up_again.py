"""Who signs up on the page and may be somebody we know is asked for nothing until a coordinator has said which."""

from dataclasses import replace
from pathlib import Path

import pytest

from node.domain.board.views import Candidate
from node.domain.ids import NeedId, PersonId
from node.domain.intake.intake import NewPerson
from node.domain.need import Urgency
from node.domain.people.journey import JourneyMove
from node.domain.people.newcomer import NewVolunteer
from node.errors import Conflict, Invalid
from node.services.people.merging import Merging
from tests.harness.mailroom import mailroom
from tests.harness.office import Office

NUMBER, MAIL = "0117 496 0555", "rey@example.net"


async def applies(
    office: Office, *, name: str = "Rey Pretend", phone: str = NUMBER, email: str = "", address: str = ""
) -> PersonId:
    person = NewPerson(name=name, phone=phone, email=email, address=address)
    new = NewVolunteer(person=person, abilities=("groceries",))
    return await office.journeys.apply(new, wording="en-1")


async def fits(office: Office, need_id: NeedId) -> list[PersonId]:
    found: tuple[Candidate, ...] = await office.matching.candidates(office.ana, need_id, 25)
    return [each.person_id for each in found]


@pytest.mark.parametrize(
    ("how", "same"),
    [(how, "phone") for how in ("barred", "apart", "own", "suspended")] + [("own", "email"), ("own", "twin")],
)
async def test_who_looks_like_somebody_known_is_not_asked_nor_confirmed(
    office: Office, how: str, same: str
) -> None:
    known = NewPerson(name="Rey Pretend", phone=NUMBER, email=MAIL, address="5 Made Up Row")
    if how == "suspended":
        held = await office.helper("Rey Pretend", person=known)
        await office.people.suspend(office.safety, held, "made up")
        own = NeedId("")
    else:
        asked = await office.intake.take(office.ana, replace(office.told(), person=known))
        held, own = asked.person_id, asked.need_id
    yan = await office.call("groceries", name="Yan Invented")
    if how == "barred":
        await office.people.bar(office.safety, held, "made up")
    if how == "apart":
        await office.people.keep_apart(office.ana, held, yan.person_id, "made up")
    said = {"phone": "", "name": "R. Pretend"} | {
        "phone": {"phone": "+44 117 4960555"},
        "email": {"email": MAIL.upper()},
        "twin": {"name": "rey pretend", "address": "5, made-up row", "phone": "07700 900123"},
    }[same]
    twin = await applies(office, **said)
    for need_id in filter(None, (own, yan.need_id)):
        assert twin not in await fits(office, need_id)
        assert (await office.matching.why_not(office.ana, need_id, twin)).code in ("looks_known", "closed")
    with pytest.raises(Conflict) as refused:
        await office.confirmed(yan.need_id, twin)
    assert refused.value.values["gate"] == "looks_known"
    with pytest.raises(Invalid):
        await office.waves.start(office.ana, yan.need_id)  # there is nobody else, and she is not asked
    with pytest.raises(Conflict) as refused:
        await office.people.move(office.ana, twin, JourneyMove.MEET)
    assert refused.value.code == "looks_known"
    rows = {row.person_id: row for row in await office.journeys.newcomers(office.ana)}
    assert rows[twin].unseen
    # Somebody said that it is somebody else: then she is like anybody who signed up.
    await Merging(office.desk, office.roster).are_two(office.ana, held, twin)
    assert twin in await fits(office, yan.need_id)
    await office.people.move(office.ana, twin, JourneyMove.MEET)


async def test_joined_what_holds_for_the_record_holds(office: Office) -> None:
    own = await office.call(name="Rey Pretend", phone=NUMBER)
    yan = await office.call("groceries", name="Yan Invented")
    other = await office.call("groceries", name="Zoe Invented")
    await office.people.keep_apart(office.ana, own.person_id, yan.person_id, "made up")
    twin = await applies(office)
    await Merging(office.desk, office.roster).merge(office.ana, own.person_id, twin)
    found = [own.person_id in await fits(office, each.need_id) for each in (own, yan, other)]
    assert found == [False, False, True]


async def test_she_is_mailed_nothing_before_somebody_looked(tmp_path: Path) -> None:
    async with mailroom(tmp_path) as room:
        office = room.office
        own = await office.call(phone=NUMBER, name="Rey Pretend")
        twin = await applies(office, email=MAIL)
        await office.need("groceries", urgency=Urgency.TODAY)
        office.clock.advance(minutes=5)
        await room.turn()
        assert room.post.mails == []
        await Merging(office.desk, office.roster).are_two(office.ana, own.person_id, twin)
        await room.turn()
        assert [mail.to for mail in room.post.mails] == [(MAIL,)]


async def test_she_came_while_the_records_were_closed(office: Office) -> None:
    await office.call(phone=NUMBER, name="Rey Pretend")
    need_id = await office.need("groceries")
    office.lock()
    twin = await applies(office)
    alone = await applies(office, name="New Invented", phone="07700 900124")
    await office.unlock()
    await office.roster.ready()
    assert twin not in await fits(office, need_id)
    await office.intake.complete_indexes()
    found = await fits(office, need_id)
    assert alone in found
    assert twin not in found


async def test_an_older_volunteer_is_not_stopped_by_who_comes_later(office: Office) -> None:
    sam = await office.helper("Sam Invented", person=NewPerson(name="Sam Invented", phone=NUMBER))
    need_id = await office.need("groceries")
    twin = await applies(office)
    found = await fits(office, need_id)
    assert sam in found
    assert twin not in found


async def test_nor_does_she_ring_on_a_list_or_drive(office: Office) -> None:
    await office.call(phone=NUMBER, name="Rey Pretend")
    twin = await applies(office)
    drivers = await office.run_book.drivers(office.ana, office.desk.today)
    assert twin not in [each.person_id for each in drivers]
