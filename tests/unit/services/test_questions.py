"""The group's own questions, kept, answered, counted - and never readable while the records are closed."""

from dataclasses import replace

import pytest

from node.domain.answers import Answer
from node.domain.intake.intake import NewNeed, NewPerson
from node.domain.people.newcomer import NewVolunteer
from node.domain.settings.questions import MOST, AskedAt, Kind, Question
from node.errors import Conflict, Invalid, Locked, NotAllowed, NotFound
from node.services.settings.questions import Questions
from node.store import needs, persons
from tests.harness.office import HOME, Office

CANARY = "Quirina keeps an otter"


def question(words: str, kind: Kind = Kind.TEXT, id: str = "") -> Question:
    return Question(id=id, kind=kind, asked=frozenset(AskedAt), words={"en": words}, choices={})


async def answered(office: Office, service: Questions, said: str, **more: object) -> None:
    [first, *_] = await service.all()
    answers = await service.read(AskedAt.CALL, {first.id: said}, "en")
    await office.intake.take(
        office.ana,
        NewNeed(
            person=NewPerson(name="Nora Invented", phone="07700 900456"),
            categories=("groceries",),
            answers=answers,
            **more,  # type: ignore[arg-type]
        ),
    )


async def test_questions_are_kept_in_order_and_changed_where_they_stand(office: Office) -> None:
    service = Questions(office.desk)
    one, two = [await service.save(office.admin, question(words)) for words in ("One?", "Two?")]
    await service.up(office.admin, two.id)
    await service.save(office.admin, question("Two, really?", id=two.id))
    assert [each.say("en") for each in await service.all()] == ["Two, really?", "One?"]
    await service.remove(office.admin, two.id)
    assert [each.id for each in await service.all()] == [one.id]
    for verb in (service.up, service.remove):
        with pytest.raises(NotFound):
            await verb(office.admin, two.id)
    with pytest.raises(NotFound):
        await service.save(office.admin, question("Gone?", id=two.id))


async def test_how_it_is_answered_never_changes_and_there_is_an_end(office: Office) -> None:
    service = Questions(office.desk)
    held = await service.save(office.admin, question("Is there a lift?", Kind.YES_NO))
    with pytest.raises(Invalid) as refused:
        await service.save(office.admin, question("Which lift?", Kind.TEXT, held.id))
    assert "kind" in refused.value.fields
    for number in range(1, MOST):
        await service.save(office.admin, question(f"Number {number}?"))
    with pytest.raises(Conflict):
        await service.save(office.admin, question("One too many?"))
    with pytest.raises(NotAllowed):
        await service.save(office.ana, question("Mine?"))


async def test_answers_are_sealed_counted_and_gone_with_their_person(office: Office) -> None:
    service = Questions(office.desk)
    await service.save(office.admin, question("Anything unusual?"))
    await answered(office, service, CANARY)
    await answered(office, service, "nothing", practice=True, keep_here=True)
    assert CANARY.encode() not in b"".join(path.read_bytes() for path in office.folder.glob("group.db*"))
    [counted] = await service.counted(office.ana)
    assert (counted.asked, counted.times, counted.answers) == ("Anything unusual?", 1, {"": ("", 1)})
    office.lock()
    with pytest.raises(Locked):
        await service.counted(office.ana)
    with pytest.raises(NotAllowed):
        await service.counted(office.admin)
    await office.unlock()
    async with office.db.read() as tx:
        people = [row.person.id for row in await persons.all_of_ours(tx)]
    for person in people:
        await office.people.erase(office.ana, person)
    assert await service.counted(office.ana) == []


async def test_a_helpers_answer_stands_with_the_person_and_is_renewed(office: Office) -> None:
    service = Questions(office.desk)
    held = await service.save(office.admin, question("Is there a lift?", Kind.YES_NO))
    yes, no = [
        (Answer(question=held.id, asked="Is there a lift?", code=code, said=""),) for code in ("yes", "no")
    ]
    person = (await office.call(name="Vera Invented")).person_id
    async with office.db.write() as tx:
        row = await office.desk.need_person(tx, person)
        answered_once = replace(office.desk.open_person(row), answers=yes)
        await persons.update(tx, office.desk.person_row(row, answered_once))
    again = NewVolunteer(known_person=person, point=HOME, abilities=("groceries",), answers=no)
    await office.people.add_volunteer(office.ana, again)
    async with office.db.read() as tx:
        assert office.desk.open_person(await office.desk.need_person(tx, person)).answers == no
    [counted] = await service.counted(office.ana)
    assert counted.answers == {"no": ("", 1)}


async def test_each_request_of_a_call_holds_what_was_answered(office: Office) -> None:
    service = Questions(office.desk)
    await service.save(office.admin, question("Anything unusual?"))
    await answered(office, service, CANARY)
    async with office.db.read() as tx:
        rows = await needs.sealed_of_all(tx)
    [answer] = office.desk.open_sealed_need(*rows[0]).answers
    assert (answer.asked, answer.said) == ("Anything unusual?", CANARY)
