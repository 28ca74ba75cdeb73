"""Sealed parts survive being written and read, and an older or newer record is read as far as it goes."""

import json

from node.domain.answers import Answer
from node.domain.need import CallerDetails, Effort, NeedDetails, People, Point
from node.domain.people.records import need_from, need_record, person_from, person_record
from node.domain.person import PersonDetails, Phone, PhoneKind

ANSWER = Answer(question="q1", asked="Is there a lift?", code="no", said="")
PERSON = PersonDetails(
    name="Winifred Testcase",
    screen=Phone(number="07700 900123", kind=PhoneKind.NEIGHBOUR),
    door=Phone(kind=PhoneKind.WITHHELD),
    email="winifred@example.org",
    address="1 Imaginary Row",
    point=Point(lat=51.440001, lon=-2.59, accuracy_m=50),
    safe_to_ring="before noon",
    languages=("es",),
    contact_by="phone",
    notes="hard of hearing",
    answers=(ANSWER,),
)
NEED = NeedDetails(
    category="medication",
    notes="knock",
    doorstep_word="marmalade",
    place_text="the blue door",
    point=Point(lat=-33.9, lon=179.98, accuracy_m=1200),
    caller=CallerDetails(name="Ursula Nobody", phone="07700 900124", tie="daughter", agrees=True),
    effort=Effort.ONE_HOUR,
    people=People.ONE,
    requires=("car",),
    languages=("es", "qu"),
    tags=("heavy",),
    leftovers={"Anything else?": "no"},
    answers=(ANSWER,),
)


def test_full_and_empty_records_come_back_the_same() -> None:
    for person in (PERSON, PersonDetails()):
        assert person_from(json.loads(json.dumps(person_record(person)))) == person
    for need in (NEED, NeedDetails(category="lift")):
        assert need_from(json.loads(json.dumps(need_record(need)))) == need


def test_unknown_keys_are_ignored_and_missing_ones_default() -> None:
    assert person_from({"name": "Winifred", "shoe_size": 5}) == PersonDetails(name="Winifred")
    assert need_from({"category": "lift", "mood": "fine"}) == NeedDetails(category="lift")


def test_which_number_to_ring() -> None:
    assert PERSON.best_phone == "07700 900123"
    assert PERSON.first_name == "Winifred"
    for name, called in (
        ("Mrs Jones-Madeup", "Mrs Jones-Madeup"),
        ("Mrs. Mary Jones-Madeup", "Mrs. Mary"),
        ("Sra. Carmen Inventada Ruiz", "Sra. Carmen"),
        ("السيدة نورا المختلقة", "السيدة نورا"),
        ("Dr", "Dr"),
        ("Don Madeup", "Don"),
    ):
        assert PersonDetails(name=name).first_name == called, "nobody is called by a title alone"
    assert PersonDetails().best_phone == PersonDetails().first_name == ""
