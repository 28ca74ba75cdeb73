"""Who learns what: the table knows every field, and covering a person or a need leaves nothing that is not seen."""

import dataclasses
from typing import get_type_hints

from hypothesis import given
from hypothesis import strategies as st

from node.domain.accounts.levels import (
    FROM_LEVEL,
    OF_NEED,
    OF_PERSON,
    Field,
    Level,
    TaskKind,
    covered_need,
    covered_person,
    helper_sees,
    kind_of,
    sees,
)
from node.domain.answers import Answer
from node.domain.catalogue import catalogue
from node.domain.money import Money
from node.domain.need import CallerDetails, Item, NeedDetails, Point
from node.domain.person import PersonDetails, Phone
from tests.unit.domain.test_handover import NEED

PERSON = PersonDetails(
    name="zqfirst zqlast",
    screen=Phone(number="zqscreen"),
    door=Phone(number="zqdoor"),
    email="zqemail",
    address="zqaddress",
    point=Point(lat=1, lon=2, accuracy_m=3),
    safe_to_ring="zqsafe",
    languages=("zqlang",),
    contact_by="zqcontactby",
    contact_name="zqcontactname",
    about="zqabout",
    notes="zqpersonnotes",
    answers=(Answer(question="q", asked="zqaskedher", code="", said="zqsaidher"),),
)
DETAILS = NeedDetails(
    category="groceries",
    notes="zqnotes",
    doorstep_word="zqdoorstep",
    place_text="zqplace",
    point=Point(lat=1, lon=2, accuracy_m=3),
    caller=CallerDetails(name="zqcaller", phone="zqcallerphone", tie="zqtie"),
    requires=("zqrequires",),
    languages=("zqneedlang",),
    tags=("zqtags",),
    items=(Item(quantity=2, what="zqitem"),),
    leftovers={"a": "zqleftover"},
    money=Money(asked=2000, most=1500),
    answers=(Answer(question="q", asked="zqasked", code="", said="zqsaid"),),
)


def test_the_table_knows_every_field_that_is_sealed() -> None:
    assert set(OF_NEED) == {field.name for field in dataclasses.fields(NeedDetails)}
    assert set(OF_PERSON) == {field.name for field in dataclasses.fields(PersonDetails)}
    assert set(FROM_LEVEL) == set(Field)
    assert get_type_hints(PersonDetails).keys() == OF_PERSON.keys()


def test_the_desk_after_a_look_sees_everything_and_the_map_only_codes() -> None:
    for kind in TaskKind:
        assert all(sees(Level.LOOK, field, kind) for field in Field)
        assert {field for field in Field if sees(Level.MAP, field, kind)} == {Field.AREA}
        assert {field for field in Field if sees(Level.ASKED, field, kind)} == {Field.AREA}


def test_a_helper_learns_no_more_than_the_desk_could() -> None:
    helper = {(field, kind) for field in Field for kind in TaskKind if sees(Level.TASK, field, kind)}
    never = {
        Field.FULL_NAME,
        Field.SECOND_PHONE,
        Field.EMAIL,
        Field.CALLER,
        Field.ANSWERS,
        Field.ASKED_BY_US,
        Field.ABOUT,
        Field.POINT,
    }
    assert not {field for field, _ in helper} & never
    assert not {(f, TaskKind.FROM_HOME) for f in (Field.ADDRESS, Field.DOORSTEP_WORD, Field.PLACE)} & helper


@given(st.sampled_from(Level), st.sampled_from(TaskKind))
def test_covering_leaves_exactly_what_is_seen(level: Level, kind: TaskKind) -> None:
    need, person = covered_need(DETAILS, level, kind), covered_person(PERSON, level, kind)
    left = repr(need) + repr(person)
    for whole, fields in ((DETAILS, OF_NEED), (PERSON, OF_PERSON)):
        covered = need if whole is DETAILS else person
        for name, field in fields.items():
            if name == "category":
                continue
            kept = getattr(covered, name) == getattr(whole, name)
            empty = getattr(covered, name) == getattr(type(whole)(**_least(whole)), name)
            first_name = name == "name" and not sees(level, field, kind)
            assert (
                kept
                if sees(level, field, kind)
                else empty or (first_name and covered.name in ("", "zqfirst"))
            )
    assert ("zqlast" in left) == sees(level, Field.FULL_NAME, kind)
    assert ("zqfirst" in left) == sees(level, Field.FIRST_NAME, kind)


def _least(whole: NeedDetails | PersonDetails) -> dict[str, str]:
    return {"category": "groceries"} if isinstance(whole, NeedDetails) else {}


def test_the_number_of_whoever_rang_in_stands_in_where_there_is_no_other() -> None:
    one = dataclasses.replace(PERSON, door=None)
    assert helper_sees(DETAILS, one, TaskKind.DOORSTEP).phone == "zqscreen"
    assert helper_sees(DETAILS, PERSON, TaskKind.DOORSTEP).phone == "zqdoor"


def test_a_task_from_home_tells_no_place() -> None:
    told = repr(helper_sees(DETAILS, PERSON, TaskKind.FROM_HOME))
    assert "zqdoor" in told
    for canary in ("zqaddress", "zqplace", "zqdoorstep"):
        assert canary not in told


def test_how_help_is_given_follows_from_the_need_and_its_kind() -> None:
    held = catalogue()
    assert kind_of(dataclasses.replace(NEED, remote=True), DETAILS, held) is TaskKind.FROM_HOME
    assert kind_of(NEED, DETAILS, held) is TaskKind.DOORSTEP
    assert kind_of(NEED, dataclasses.replace(DETAILS, category="visit"), held) is TaskKind.TOGETHER
    assert kind_of(NEED, dataclasses.replace(DETAILS, category="gone since"), held) is TaskKind.TOGETHER
