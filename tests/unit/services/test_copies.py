"""The copy of one person's data shows everything that is sealed about her, or somebody has said why not."""

import json
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from node.domain.answers import Answer
from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.consents import Consents, Purpose
from node.domain.dispatch.follow_up import Answer as WentAnswer
from node.domain.dispatch.follow_up import ContactKind
from node.domain.money import Money
from node.domain.need import CallerDetails, Effort, Item, NeedDetails, People, Point
from node.domain.person import PersonDetails, Phone
from node.domain.rounds.receipt import Receipt
from node.errors import Conflict
from node.services.people.copied import IN_COPY, NOT_IN_COPY
from node.services.people.copies import Copies
from node.services.people.merging import Merging
from node.services.settings.texts import Texts
from node.store import needs, persons, receipts
from node.store.columns import COLUMNS, Protection
from node.store.receipts import ReceiptRow
from node.vault import Compartment
from tests.harness.office import Office
from ui.words.rights_words import SECTION


def copies(office: Office) -> Copies:
    return Copies(office.desk, Texts(office.db, office.clock))


def test_it_is_decided_of_everything_sealed_whether_a_copy_shows_it() -> None:
    sealed = {
        (table, name)
        for table, columns in COLUMNS.items()
        for name, column in columns.items()
        if column.protection is Protection.SEALED
    }
    assert IN_COPY.keys() | NOT_IN_COPY.keys() == sealed
    assert not IN_COPY.keys() & NOT_IN_COPY.keys()
    assert set(IN_COPY.values()) <= SECTION.keys(), "what is in the copy is also on the page"


ASKED = Answer(question="q", asked="Stairs?", code="", said="zqstairs")
PERSON_FIELDS: dict[str, Any] = {
    "name": "zqname",
    "screen": Phone(number="07700 900701"),
    "door": Phone(number="07700 900702"),
    "email": "zq@example.org",
    "address": "zqaddress",
    "point": Point(lat=51.4, lon=-2.6, accuracy_m=10),
    "safe_to_ring": "zqsafe",
    "languages": ("cy",),
    "contact_by": "letter",
    "contact_name": "zqcontact",
    "about": "zqabout",
    "notes": "zqnotes",
    "answers": (ASKED,),
}
NEED_FIELDS: dict[str, Any] = {
    "category": "groceries",
    "notes": "zqneed",
    "doorstep_word": "zqword",
    "place_text": "zqplace",
    "point": Point(lat=51.4, lon=-2.6, accuracy_m=10),
    "caller": CallerDetails(name="zqother", phone="07700 900703", tie="", agrees=True),
    "effort": Effort.ONE_HOUR,
    "people": People.TWO_TO_FOUR,
    "requires": ("car",),
    "languages": ("cy",),
    "tags": ("heavy",),
    "items": (Item(what="zqitem", quantity=3),),
    "money": Money(asked=1234, currency="GBP"),
    "leftovers": {"Colour": "zqblue"},
    "answers": (ASKED,),
}
OTHERS = {"point", "caller"}


async def test_a_copy_shows_every_field_that_is_sealed_of_her_and_of_her_requests(office: Office) -> None:
    given = (PERSON_FIELDS, PersonDetails), (NEED_FIELDS, NeedDetails)
    for held, of in given:
        assert held.keys() == {field.name for field in fields(of)}, (
            "a new field: in the copy, or not, and why"
        )
    taken = await office.call()
    async with office.db.write() as tx:
        need = await office.desk.need_row(tx, taken.need_id)
        await needs.update(
            tx, replace(need, sealed=office.desk.seal_need(taken.need_id, NeedDetails(**NEED_FIELDS)))
        )
        person = await office.desk.need_person(tx, taken.person_id)
        await persons.update(tx, office.desk.person_row(person, PersonDetails(**PERSON_FIELDS)))
    copy = await copies(office).make(office.safety, taken.person_id)
    assert PERSON_FIELDS.keys() - OTHERS <= copy["person"].keys()
    assert NEED_FIELDS.keys() - OTHERS <= copy["requests"][0].keys()
    told = json.dumps(copy)
    words = ("zqname", "900701", "900702", "zq@example.org", "zqaddress", "zqsafe", "zqcontact", "zqabout")
    words += ("zqnotes", "zqneed", "zqword", "zqplace", "zqitem", "1234", "zqblue")
    assert not [word for word in words if word not in told]
    for each in (copy["person"], copy["requests"][0]):
        assert each["answers"] == [{"asked": "Stairs?", "answer": "zqstairs"}]
    assert "zqother" not in told


async def test_a_copy_shows_what_was_noted_beside_her_requests(office: Office) -> None:
    taken = await office.call()
    desk = office.desk
    tomorrow = desk.today + timedelta(days=1)
    await office.follow_up.ring_on(office.ana, taken.need_id, tomorrow, "zqpromise")
    async with office.db.write() as tx:
        receipt = Receipt(
            id="r",
            person_id=taken.person_id,
            need_id=None,
            day=desk.today,
            by_actor=office.ana.label,
            at=desk.now,
        )
        slip = desk.vault.seal(Compartment.PEOPLE, "receipts", "r", {"amount": 1250, "number": "zqslip"})
        await receipts.insert(tx, ReceiptRow(receipt, slip, desk.seal_note("receipts", "r", "zqreceipt")))
    copy = await copies(office).make(office.safety, taken.person_id)
    assert copy["requests"][0]["call_back"][0]["note"] == "zqpromise"
    (told,) = copy["receipts"]
    assert (told["amount"], told["number"], told["note"]) == ("12.50", "zqslip", "zqreceipt")


async def test_a_receipt_of_somebody_erased_keeps_no_words_though_the_request_is_another_s(
    office: Office,
) -> None:
    taken, helper = await office.call(), await office.helper()
    desk = office.desk
    receipt = Receipt(
        id="r",
        person_id=helper,
        need_id=taken.need_id,
        day=desk.today,
        by_actor=office.ana.label,
        at=desk.now,
    )
    async with office.db.write() as tx:
        note = desk.seal_note("receipts", "r", "zqreceipt")
        await receipts.insert(tx, ReceiptRow(receipt, b"", note))
    await office.people.erase(office.ana, helper)
    async with office.db.read() as tx:
        (held,) = await receipts.of_need(tx, taken.need_id)
    assert (held.receipt.person_id, held.note_sealed) == (None, None)


async def test_an_answer_keeps_the_version_of_its_own_question(office: Office) -> None:
    said = Consents(
        help_you=True, groups_see=False, wording="the-same", wordings={Purpose.GROUPS_SEE: "another"}
    )
    taken = await office.call(consents=said)
    copy = await copies(office).make(office.safety, taken.person_id)
    assert {each["purpose"]: each["wording"] for each in copy["answers"]} == {
        "help_you": "the-same",
        "groups_see": "another",
    }


async def test_each_has_their_own_words_on_how_it_went_and_what_they_do_for_longer(office: Office) -> None:
    need, helper = await office.need("groceries"), await office.helper()
    asker = (await office.board.need(office.ana, need)).need.person_id
    assert asker is not None
    await office.buddies.begin(office.ana, asker, helper, person_said=True, helper_said=True)
    task = await office.dispatch.assign(office.ana, need, helper)
    token = await office.dispatch.task_link(office.ana, task)
    await office.tasks.confirm(token, "dev")
    for move in (AssignmentMove.CONTACT, AssignmentMove.DONE):
        await office.tasks.answer(token, "dev", move)
    await office.outcome.by_helper(token, "dev", WentAnswer.WELL, "zqherwords")
    await office.runs.plan(
        office.ana,
        day=office.desk.today + timedelta(days=1),
        driver=helper,
        needs=[await office.need("groceries")],
    )
    hers, askers = await copies(office).make(office.ana, helper), await copies(office).make(office.ana, asker)
    assert "zqherwords" in json.dumps(hers["tasks"])
    assert "zqherwords" not in json.dumps(askers)
    assert [(each["state"], each["you_help"]) for each in hers["buddies"]] == [("agreed", True)]
    assert [each["you_help"] for each in askers["buddies"]] == [False]
    assert [(each["sort"], each["state"]) for each in hers["standing_in"]] == [("round", "planned")]


async def test_a_note_that_names_somebody_else_is_read_first_and_left_out(office: Office) -> None:
    need = await office.need("groceries")
    asker = (await office.board.need(office.ana, need)).need.person_id
    assert asker is not None
    for note in ("zqdaughter says the neighbour steals", "zqrang, all is well"):
        await office.follow_up.log(office.ana, need, ContactKind.SPOKE, note)
    first, second = await copies(office).notes(office.ana, asker)
    bad = next(each for each in (first, second) if "zqdaughter" in each.text)
    told = await copies(office).make(office.ana, asker, without=(bad.id, "nobody's"))
    assert "zqdaughter" not in json.dumps(told)
    assert "zqrang" in json.dumps(told)
    assert told["notes_left_out"] == 1


async def test_the_copy_of_a_record_that_is_part_of_another_is_made_there(office: Office) -> None:
    one, two = await office.call(phone="07700 900811"), await office.call(phone="07700 900811")
    await Merging(office.desk, office.roster).merge(office.ana, one.person_id, two.person_id)
    with pytest.raises(Conflict, match="part of another"):
        await copies(office).make(office.ana, two.person_id)
    assert len((await copies(office).make(office.ana, one.person_id))["requests"]) == 2
