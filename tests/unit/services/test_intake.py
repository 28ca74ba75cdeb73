"""Taking a call and the public form, unlocked and locked."""

import asyncio
import hashlib
import inspect
import itertools
from dataclasses import replace
from datetime import date

import pytest

from node.domain.consents import Consents, Purpose
from node.domain.ids import PersonId
from node.domain.intake.intake import Caller, LastTime, NewNeed, NewPerson
from node.domain.money import NOTHING, Money
from node.domain.need import Channel, Item, NeedState, Urgency, Window
from node.domain.person import PhoneKind
from node.errors import Invalid, Locked, NotAllowed
from node.services.intake.intake import Intake
from node.store import callers, consents, needs, persons, settings
from tests.harness.office import HOME, Office


async def test_one_call_with_three_kinds_becomes_three_needs_of_one_person(office: Office) -> None:
    taken = await office.call("groceries", "childcare", "medication", people="1", languages=("es", "xx"))
    assert len(taken.need_ids) == len(set(taken.references)) == 3
    assert all(len(reference) == 9 and reference.isdecimal() for reference in taken.references)
    async with office.db.read() as tx:
        shop, minding, pills = [(await office.desk.need_row(tx, i)) for i in taken.need_ids]
        said = await consents.of_need(tx, shop.need.id)
    assert shop.need.person_id == minding.need.person_id == pills.need.person_id == taken.person_id
    # class A: its own code and fine cell; B: its broad group and coarse cell; C: nothing but "private".
    assert (shop.need.category, shop.need.languages) == ("groceries", ("es",))
    assert minding.need.category == "family_support"
    assert shop.need.cell != minding.need.cell
    assert (pills.need.category, pills.need.cell, pills.need.people, pills.need.languages) == (
        "private",
        None,
        None,
        (),
    )
    assert [office.desk.open_need(row).category for row in (shop, minding, pills)] == [
        "groceries",
        "childcare",
        "medication",
    ]
    assert {(c.purpose, c.answer, c.wording) for c in said} == {
        (Purpose.HELP_YOU, True, "en-1"),
        (Purpose.GROUPS_SEE, True, "en-1"),
    }
    assert all(c.by_actor == office.ana.label and c.at == office.desk.now for c in said)


async def test_the_smallest_call_is_a_phone_or_an_address_and_one_kind(office: Office) -> None:
    for person in (NewPerson(phone="0117 496 0123"), NewPerson(address="3 Imaginary Row")):
        taken = await office.intake.take(office.triage, NewNeed(person=person, categories=("lift",)))
        view = await office.board.need(office.ana, taken.need_id)
        assert view.need.state is NeedState.NEW
        assert view.need.cell is None


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (NewNeed(categories=("lift",)), "phone"),
        (NewNeed(categories=("lift",), person=NewPerson(phone_kind=PhoneKind.NONE)), "phone"),
        (NewNeed(person=NewPerson(phone="0117 496 0123")), "categories"),
        (NewNeed(person=NewPerson(phone="0117 496 0123"), categories=("teleport",)), "categories"),
        (NewNeed(person=NewPerson(phone="12"), categories=("lift",)), "phone"),
        (NewNeed(person=NewPerson(address="x", email="nowhere"), categories=("lift",)), "email"),
        (NewNeed(person=NewPerson(address="x"), categories=("lift",), helpers=0), "helpers"),
        (
            NewNeed(
                person=NewPerson(address="x"),
                categories=("lift",),
                window=Window(first=date(2026, 11, 5), last=date(2026, 11, 4)),
            ),
            "window",
        ),
        (NewNeed(person=NewPerson(address="x"), categories=("lift",), notes="n" * 5000), "notes"),
        (
            NewNeed(person=NewPerson(address="x"), categories=("lift",), consents=Consents(help_you=False)),
            "help_you",
        ),
    ],
)
async def test_what_does_not_fit_is_said_in_words_for_each_field(
    office: Office, new: NewNeed, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await office.intake.take(office.ana, new)
    assert field in refused.value.fields
    async with office.db.read() as tx:
        assert await needs.counted_by_state(tx) == {}


async def test_a_withheld_number_needs_no_digits(office: Office) -> None:
    person = NewPerson(phone_kind=PhoneKind.NONE, screen_kind=PhoneKind.WITHHELD, address="3 Imaginary Row")
    taken = await office.intake.take(office.ana, NewNeed(person=person, categories=("lift",)))
    view = await office.people.person(office.ana, taken.person_id)
    assert view.details.door is not None
    assert view.details.screen is not None
    assert (view.details.door.kind, view.details.screen.kind) == (PhoneKind.NONE, PhoneKind.WITHHELD)


async def test_somebody_else_rang(office: Office) -> None:
    caller = Caller(name="Ursula Nobody", phone="07700 900999", tie="daughter", agrees=True)
    need_id = await office.need(for_self=False, caller=caller, phone="")
    covered = await office.board.need(office.ana, need_id)
    assert covered.details is not None
    assert covered.details.caller is None
    shown = await office.board.need(office.ana, need_id, reveal=True)
    assert shown.details is not None
    assert shown.details.caller == caller


async def test_due_day_follows_from_urgency_and_window(office: Office) -> None:
    today = office.desk.today
    window = Window(first=date(2026, 11, 9), last=date(2026, 11, 12))
    for changes, due in (
        ({"urgency": Urgency.TODAY}, today),
        ({"urgency": Urgency.THIS_WEEK}, date(2026, 11, 8)),
        ({"urgency": Urgency.WHENEVER}, None),
        ({"urgency": Urgency.TODAY, "window": window}, window.last),
    ):
        need_id = await office.need(**changes)
        assert (await office.board.need(office.ana, need_id)).need.due_day == due


async def test_a_known_number_shows_who_and_what_last_time_and_is_a_recorded_look(office: Office) -> None:
    first = await office.call("groceries", phone="0117 496 0555", name="Winifred Testcase")
    found = await office.intake.find_known(office.ana, "+44 117 496 0555")
    assert [(card.person_id, card.name, card.last.categories, card.open_needs) for card in found] == [
        (first.person_id, "Winifred Testcase", ("groceries",), ("groceries",))
    ]
    history = (await office.people.person(office.ana, first.person_id)).history
    assert "look.card" in [row.action for row in history]
    assert await office.intake.find_known(office.ana, "0117") == []
    assert await office.intake.find_known(office.ana, "0117 496 0999") == []


async def test_the_same_person_again_keeps_what_was_not_said_anew(office: Office) -> None:
    first = await office.call(phone="0117 496 0555", name="Winifred Testcase", address="1 Imaginary Row")
    again = NewNeed(
        known_person=first.person_id, person=NewPerson(address="2 Imaginary Row"), categories=("lift",)
    )
    second = await office.intake.take(office.ana, again)
    assert second.person_id == first.person_id
    held = (await office.people.person(office.ana, first.person_id)).details
    assert (held.name, held.address, held.point) == ("Winifred Testcase", "2 Imaginary Row", None)
    assert len(await office.intake.find_known(office.ana, "0117 496 0555")) == 1


async def test_a_daughter_who_rings_for_her_mother_does_not_become_her(office: Office) -> None:
    """Whoever is picked by the number that rings keeps her name, until somebody says that it changed."""
    daughter = await office.call(phone="0117 496 0555", name="Winifred Testcase")
    mother = NewNeed(
        known_person=daughter.person_id, person=NewPerson(name="Agatha Testcase"), categories=("lift",)
    )
    with pytest.raises(Invalid) as refused:
        await office.intake.take(office.ana, mother)
    assert list(refused.value.fields) == ["name"]
    assert (await office.people.person(office.ana, daughter.person_id)).details.name == "Winifred Testcase"
    await office.intake.take(office.ana, replace(mother, renamed=True))
    assert (await office.people.person(office.ana, daughter.person_id)).details.name == "Agatha Testcase"


async def test_whoever_rings_for_others_is_known_the_next_time(office: Office) -> None:
    """By the number that rang, also where the call was taken while locked; and no longer than the request is held."""
    number = "07700 900309"

    async def rang(name: str, caller: str = number) -> PersonId:
        who = Caller(name="Ann Madeup", phone=caller, tie="daughter")
        office.clock.advance(minutes=5)
        return (await office.call(name=name, phone="", for_self=False, caller=who)).person_id

    async def known() -> list[tuple[str, str]]:
        found = await office.intake.find_known(office.ana, number)
        return [(card.name, card.rung_for.tie if card.rung_for else "") for card in found]

    father = await rang("Old Father")
    await rang("Somebody Else", "07700 900310")
    await office.call(name="No Caller")
    assert await known() == [("Old Father", "daughter")]
    history = (await office.people.person(office.ana, father)).history
    assert "look.card" in [row.action for row in history]
    office.lock()
    await rang("Old Mother")
    await office.unlock()
    async with office.db.read() as tx:
        assert await callers.without_index(tx, 9) == [], "made with the others at unlocking"
    assert await known() == [("Old Mother", "daughter"), ("Old Father", "daughter")]
    await office.call(name="Ann Madeup", phone=number)
    assert await known() == [("Ann Madeup", ""), ("Old Mother", "daughter"), ("Old Father", "daughter")]
    await office.people.erase(office.ana, father)
    assert await known() == [("Ann Madeup", ""), ("Old Mother", "daughter")]
    assert await office.intake.find_known(office.ana, number, practice=True) == []


async def test_who_rings_every_week_says_her_address_once(office: Office) -> None:
    first = await office.call(phone="0117 496 0555", address="1 Imaginary Row")
    again = NewNeed(known_person=first.person_id, categories=("lift",))
    elsewhere = replace(again, place_text="the clinic")
    here, there = [await office.intake.take(office.ana, each) for each in (again, elsewhere)]
    points = []
    for taken in (here, there):
        async with office.db.read() as tx:
            row = await office.desk.need_row(tx, taken.need_id)
        points.append((office.desk.open_need(row).point, row.need.cell is None))
    assert points == [(HOME, False), (None, True)]


async def test_the_public_form_works_locked_and_is_completed_at_unlock(office: Office) -> None:
    office.lock()
    asked = NewNeed(
        person=NewPerson(name="Winifred Testcase", phone="0117 496 0555"), categories=("lift",), start="open"
    )
    taken = await office.intake.ask(asked)
    async with office.db.read() as tx:
        row = await persons.get(tx, taken.person_id)
        need = (await office.desk.need_row(tx, taken.need_id)).need
    assert row is not None
    assert row.phone_index is None
    assert (need.state, need.channel, need.by_staff) == (NeedState.NEW, Channel.PAGE, None)
    with pytest.raises(Locked):
        await office.intake.find_known(office.ana, "0117 496 0555")
    await office.unlock()
    assert [card.person_id for card in await office.intake.find_known(office.ana, "0117 496 0555")] == [
        taken.person_id
    ]
    assert await office.intake.complete_indexes() == 0


async def test_a_call_can_be_taken_locked_but_no_known_person_opened(office: Office) -> None:
    known = (await office.call()).person_id
    office.lock()
    new = NewNeed(person=NewPerson(phone="0117 496 0556"), categories=("lift",))
    taken = await office.intake.take(office.triage, new)
    with pytest.raises(Locked):
        await office.intake.take(office.ana, NewNeed(known_person=known, categories=("lift",)))
    async with office.db.read() as tx:
        assert (await needs.get(tx, taken.need_id)) is not None


async def test_only_those_who_may_take_calls_do(office: Office) -> None:
    new = NewNeed(person=NewPerson(phone="0117 496 0556"), categories=("lift",))
    for actor in (office.admin, office.safety):
        with pytest.raises(NotAllowed):
            await office.intake.take(actor, new)


async def test_money_is_asked_for_with_a_cap_beside_it(office: Office) -> None:
    async with office.db.write() as tx:
        await settings.put(tx, settings.REGION, "GB")
        await settings.put(tx, settings.MONEY_MOST, 50)
    asked = await office.call("money", "groceries", money=Money(asked=12_000))
    bill, shop = [await office.board.need(office.ana, each) for each in asked.need_ids]
    assert bill.details is not None
    assert bill.details.money == Money(asked=12_000, most=5_000, currency="GBP")
    assert bill.details.money.over
    assert shop.details is not None
    assert shop.details.money == NOTHING, "the money belongs to the kind that is money"
    async with office.db.read() as tx:
        row = await office.desk.need_row(tx, bill.need.id)
    assert b"12000" not in row.sealed
    assert row.need.category == "practical_support"
    shopping = await office.call("groceries", money=Money(asked=2_000, most=3_000))
    view = await office.board.need(office.ana, shopping.need_ids[0])
    assert view.details is not None
    assert view.details.told.startswith("GBP 20, max. 30")
    for wrong in (Money(most=5_001), Money(asked=-1)):
        with pytest.raises(Invalid):
            await office.call("groceries", money=wrong)
    async with office.db.write() as tx:
        await settings.put(tx, settings.MONEY_MOST, 0)
    free = await office.call("money", money=Money(asked=90_000))
    view = await office.board.need(office.ana, free.need_ids[0])
    assert view.details is not None
    assert (view.details.money.most, view.details.money.over) == (0, False)


async def test_last_time_brings_everything_but_when_and_money(office: Office) -> None:
    await office.call(
        "groceries", "lift", phone="0117 496 0556", notes="Bell is broken", items=(Item(quantity=2, what="milk"),),
        requires=("car",), place_text="the clinic", doorstep_word="marmalade", money=Money(asked=100),
        urgency=Urgency.TODAY,
    )  # fmt: skip
    [card] = await office.intake.find_known(office.ana, "0117 496 0556")
    assert card.last == LastTime(
        categories=("groceries", "lift"), place="the clinic", items=(Item(quantity=2, what="milk"),),
        notes="Bell is broken", takes=("car",), doorstep_word="marmalade",
    )  # fmt: skip


async def test_no_two_references_are_alike_whatever_the_dice(office: Office) -> None:
    """Dice that show the same few numbers again and again; and many at once."""
    thrown = itertools.count()

    def loaded(length: int) -> bytes:
        number = next(thrown)
        # Ids must differ, so only what a reference is made of repeats: each number three times.
        seed = number // 3 if _for_a_reference() else number + 10_000
        return hashlib.shake_128(seed.to_bytes(8, "big")).digest(length)

    desk = replace(office.desk, random=loaded)
    intake = Intake(desk, office.roster)
    calls = [
        NewNeed(person=NewPerson(phone="0117 496 0123"), categories=("groceries", "lift")) for _ in range(12)
    ]
    taken = await asyncio.gather(*(intake.take(office.ana, each) for each in calls))
    references = [reference for each in taken for reference in each.references]
    assert len(references) == len(set(references)) == 24


def _for_a_reference() -> bool:
    return any(frame.function == "new_reference" for frame in inspect.stack(0))
