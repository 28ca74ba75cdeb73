"""What goes to another group for one task: what it needs, in one line each, and nothing else."""

from dataclasses import replace
from datetime import date

import pytest

from node.domain.answers import Answer
from node.domain.exchange.handover import MAX_LINE, MAX_NOTES, HandOver, handover_of, plain
from node.domain.ids import NeedId
from node.domain.need import CallerDetails, Channel, Need, NeedDetails, NeedState, Urgency
from node.domain.person import PersonDetails, Phone, PhoneKind


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("", ""),
        ("the blue door", "the blue door"),
        ("the blue door\nknock twice", "the blue door / knock twice"),
        ("  one \r\n\r\n  two\t three  ", "one / two three"),
        ("a\u2028b\x0bc", "a / b / c"),
        ("e\u0301", "\u00e9"),
        ("bell\x00\x07 out", "bell out"),
        ("\u202egnihton\u202c \u2066x\u2069", "gnihton x"),
        ("\ud800lone", "lone"),
        ("\n\n", ""),
    ],
)
def test_text_is_one_plain_line(typed: str, sent: str) -> None:
    assert plain(typed) == sent
    assert plain(sent) == sent, "once more changes nothing"


NEED = Need(
    id=NeedId("n"),
    person_id=None,
    reference="123",
    state=NeedState.OPEN,
    category="groceries",
    cell=None,
    urgency=Urgency.TODAY,
    channel=Channel.PHONE,
    posted_day=date(2026, 11, 1),
    created_at=1,
    changed_at=1,
)
DETAILS = NeedDetails(
    category="groceries",
    notes="two bags\nno nuts",
    doorstep_word="marmalade",
    caller=CallerDetails(name="Nora Caller", phone="07700 900300", tie="daughter"),
    leftovers={"column": "left over"},
    answers=(Answer(question="q", asked="Is there a lift?", code="", said="an answer of ours"),),
    tags=("heavy",),
)
PERSON = PersonDetails(
    name="Wilhelmina Madeup",
    screen=Phone(number="07700 900301"),
    door=Phone(number="07700 900302", kind=PhoneKind.NEIGHBOUR),
    email="made-up@example.org",
    address="77 Nowhere Crescent",
    safe_to_ring="after six",
    languages=("so",),
    notes="ours alone",
)


def test_a_visit_takes_what_is_needed_at_the_door() -> None:
    assert handover_of(NEED, DETAILS, PERSON).content() == {
        "category": "groceries",
        "first_name": "Wilhelmina",
        "safe_to_ring": "after six",
        "phone": "07700 900302",
        "phone_kind": "neighbour",
        "address": "77 Nowhere Crescent",
        "doorstep_word": "marmalade",
        "notes": "two bags / no nuts",
        "languages": ["so"],
        "tags": ["heavy"],
    }


def test_from_home_no_address_goes_and_no_doorstep_word() -> None:
    content = handover_of(replace(NEED, remote=True), DETAILS, PERSON).content()
    assert not {"address", "doorstep_word"} & set(content)
    assert content["phone"] == "07700 900302"


@pytest.mark.parametrize(
    ("person", "number", "kind"),
    [
        (PERSON, "07700 900302", "neighbour"),
        (replace(PERSON, door=None), "07700 900301", "own"),
        (replace(PERSON, door=Phone(kind=PhoneKind.NONE)), "07700 900301", "own"),
        (replace(PERSON, door=None, screen=Phone(kind=PhoneKind.WITHHELD)), "", "withheld"),
        (replace(PERSON, door=None, screen=None), "", "none"),
    ],
)
def test_whose_number_goes(person: PersonDetails, number: str, kind: str) -> None:
    found = handover_of(NEED, DETAILS, person)
    assert (found.phone, found.phone_kind) == (number, kind)


def test_the_needs_own_place_and_languages_stand_before_the_persons() -> None:
    elsewhere = replace(DETAILS, place_text="at the chemist's", languages=("en",))
    found = handover_of(NEED, elsewhere, PERSON)
    assert (found.address, found.languages) == ("at the chemist's", ("en",))


def test_long_text_is_cut_to_what_a_letter_takes() -> None:
    found = handover_of(NEED, replace(DETAILS, notes="n" * 5000, place_text="p" * 500), PERSON)
    assert (len(found.notes), len(found.address)) == (MAX_NOTES, MAX_LINE)


def test_it_comes_back_as_it_went() -> None:
    found = handover_of(NEED, DETAILS, PERSON)
    assert HandOver.of(found.content()) == found
