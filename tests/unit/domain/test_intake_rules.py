"""What stands clear on disk is what a summary could carry, for every kind of help."""

from dataclasses import replace
from datetime import date

import pytest

from node.domain.catalogue import Klass, catalogue
from node.domain.ids import NeedId, new_id, new_reference, spoken_reference
from node.domain.intake.intake import Caller, NewNeed, NewPerson
from node.domain.intake.intake_rules import details_of, merged_person, problems, same_name, show_clear
from node.domain.need import Channel, Need, NeedState, People, Point, Urgency
from node.domain.person import PersonDetails
from node.domain.reach import is_email, is_phone

KINDS = catalogue()
EVERYTHING = NewNeed(
    person=NewPerson(name="Winifred Testcase", phone="07700 900123"),
    caller=Caller(name="Ursula Nobody"),
    people=People.ONE,
    requires=tuple(entry.code for entry in KINDS.requires),
    tags=tuple(entry.code for entry in KINDS.tags),
    languages=("es", "qu"),
    point=Point(lat=51.44, lon=-2.59, accuracy_m=50),
)
BARE = Need(
    id=NeedId("x"),
    person_id=None,
    reference="123456789",
    state=NeedState.NEW,
    category="",
    cell=None,
    urgency=Urgency.TODAY,
    channel=Channel.PHONE,
    posted_day=date(2026, 11, 2),
    created_at=0,
    changed_at=0,
)


@pytest.mark.parametrize("code", [kind.code for kind in KINDS.categories])
def test_clear_part_of_every_kind(code: str) -> None:
    kind = KINDS.category(code)
    details = details_of(EVERYTHING, code, KINDS, {})
    clear = show_clear(BARE, details, KINDS, "85abc")
    assert details.category == code
    assert set(details.tags) == set(kind.tags)
    assert set(details.requires) == set(kind.requires)
    assert details.caller is None, "she rang herself"
    match kind.klass:
        case Klass.A:
            assert (clear.category, clear.cell) == (code, "85abc")
            assert (clear.tags, clear.requires, clear.languages) == (details.tags, details.requires, ("es",))
        case Klass.B:
            assert clear.category == kind.wire != code
            assert (clear.cell, clear.tags, clear.requires) == ("85abc", (), ())
        case Klass.C:
            assert clear == replace(BARE, category="private")


def test_nothing_is_wrong_with_the_smallest_call() -> None:
    assert problems(NewNeed(person=NewPerson(address="x"), categories=("lift",)), KINDS) == {}


def test_a_place_of_its_own_does_not_move_the_person() -> None:
    held = PersonDetails(point=Point(lat=1.0, lon=2.0, accuracy_m=10), address="home")
    assert merged_person(held, replace(EVERYTHING, place_text="the clinic")).point == held.point
    assert merged_person(held, EVERYTHING).point == EVERYTHING.point


def test_numbers_and_addresses() -> None:
    assert is_phone("(0117) 496-0123")
    assert is_phone("٠٧٧٠٠٩٠٠١٢٣")
    assert not is_phone("1234")
    assert not is_phone("1" * 16)
    assert is_email(" a@example.org ")
    assert not any(is_email(text) for text in ("a@b", "@example.org", "a b@example.org", "example.org"))


def test_ids_and_references() -> None:
    assert new_id(bytes) == "A" * 22
    assert new_reference(bytes) == "100000000"
    assert new_reference(lambda n: b"\xff" * n).isdecimal()
    assert spoken_reference("123456789") == "123 456 789"


@pytest.mark.parametrize(
    ("held", "said", "same"),
    [
        ("Ana", "ana INVENTED", True),
        ("Invented, Ána", "Ana", True),
        ("", "Ana", True),
        ("Ana", " ", True),
        ("Ana Invented", "Rosa Invented", False),
        ("Ana Invented", "Ana Invnted", False),
        ("آنا مخترعة", "روزا مخترعة", False),
    ],
)
def test_a_plainly_other_name_is_somebody_else(held: str, said: str, same: bool) -> None:
    assert same_name(held, said) is same_name(said, held) is same
