"""What is told beside requests of our own: tasks for other groups, what a coordinator wrote, links by text."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from node.domain.actors import volunteer_actor
from node.domain.assignment import AssignmentState
from node.domain.exchange.away_task import AwayTask, Seen
from node.domain.ids import AssignmentId, PersonId
from node.domain.intake.intake import NewPerson
from node.domain.notices.notice import Kind
from node.services.desk import away_object
from node.services.dispatch.threads import Threads
from node.services.own.door import OwnDoor
from node.store import away_tasks
from tests.harness.mailroom import GROUP, URL, Mailroom, mailroom
from tests.harness.text_gateway import text_gateway

SAM, RITA = "sam.pretend@example.net", "07700 900321"
PEER = "did:key:z6MkNobodys"


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Mailroom]:
    async with mailroom(tmp_path) as opened:
        yield opened


async def subjects(room: Mailroom) -> list[str]:
    """What came at this turn of the clock."""
    room.post.mails.clear()
    await room.turn()
    return [mail.message["Subject"] for mail in room.post.mails]


async def elsewhere(room: Mailroom, person: PersonId, days: int) -> AwayTask:
    """She offered to another group for a day, and that group said yes just now."""
    office = room.office
    day = (office.desk.today + timedelta(days=days)).isoformat()
    task = await office.elsewhere(
        person, Seen(category="groceries", cell="8719", urgency="this_week", window=(day, day))
    )
    office.clock.advance(minutes=3)
    return task


async def test_she_is_reminded_of_a_task_for_another_group_once_the_day_before(room: Mailroom) -> None:
    task = await elsewhere(room, await room.helper(SAM), 3)
    assert await subjects(room) == ["It is yours: Shopping"]
    room.office.clock.advance(days=1)
    assert await subjects(room) == []
    room.office.clock.advance(days=1)
    assert await subjects(room) == ["Tomorrow: Shopping"]
    assert f"{URL}/my/task/{task.id}" in room.post.mails[0].part("plain")
    assert await subjects(room) == []


async def test_who_is_reached_by_no_message_is_rung_about_another_groups_task_too(room: Mailroom) -> None:
    office = room.office
    rita = await office.helper(person=NewPerson(name="Rita Pretend", phone=RITA))
    task = await elsewhere(room, rita, 3)
    (line,) = (await room.notices.outbox(office.ana)).ring
    assert (line.kind, line.want.category, line.reference) == (Kind.CONFIRMED, "groceries", "")
    assert line.page == f"/board/neighbours/{PEER}/{task.public_id}"
    await room.notices.ringing.no_answer(office.ana, AssignmentId(task.id), Kind.CONFIRMED)
    await room.notices.ringing.reached(office.ana, AssignmentId(task.id), Kind.CONFIRMED)
    assert (await room.notices.outbox(office.ana)).ring == ()
    async with office.db.write() as tx:
        off = replace(task, state=AssignmentState.WITHDRAWN, answer="revoke", changed_at=office.desk.now)
        await away_tasks.update(tx, off)
    office.clock.advance(minutes=3)
    (line,) = (await room.notices.outbox(office.ana)).ring
    assert line.kind is Kind.CALLED_OFF


@pytest.mark.parametrize("mailed", [True, False])
async def test_whoever_read_where_to_go_for_another_group_hears_that_it_is_off(
    room: Mailroom, *, mailed: bool
) -> None:
    """Before any message said that it is hers."""
    office = room.office
    who = await room.helper(SAM) if mailed else await office.helper(name="Rita Pretend")
    task = await office.elsewhere(
        who, Seen(category="groceries", cell="8719", urgency="this_week", window=None)
    )
    async with office.db.write() as tx:
        await office.desk.record(tx, volunteer_actor(who), "look.task", away_object(task.id))
        off = replace(task, state=AssignmentState.WITHDRAWN, answer="revoke", changed_at=office.desk.now)
        await away_tasks.update(tx, off)
    office.clock.advance(minutes=3)
    assert await subjects(room) == (["You need not go: Shopping"] if mailed else [])
    ring = [each.kind for each in (await room.notices.outbox(office.ana)).ring]
    assert ring == ([] if mailed else [Kind.CALLED_OFF])


async def test_what_a_coordinator_wrote_is_told_once_with_a_link_and_without_its_words(
    room: Mailroom,
) -> None:
    office, threads = room.office, Threads(room.office.desk)
    need = await office.need("groceries")
    task = await office.confirmed(need, await room.helper(SAM))
    await office.dispatch.task_link(office.ana, task)
    office.clock.advance(minutes=3)
    await room.turn()
    for words in ("the bell is broken", "please ring the neighbour"):
        await threads.write(office.ana, task, words)
    assert await subjects(room) == [], "a line may still be followed by another"
    office.clock.advance(minutes=3)
    assert await subjects(room) == ["A coordinator wrote to you: Shopping"]
    said = room.post.mails[0].part("plain")
    assert f"{URL}/my/task/{task}" in said
    assert "bell" not in said
    assert await subjects(room) == []
    await threads.write(office.ana, task, "and the dog is friendly")
    office.clock.advance(minutes=3)
    assert len(await subjects(room)) == 1


async def test_whoever_asks_with_her_number_gets_her_link_as_a_text(room: Mailroom) -> None:
    office, door = room.office, OwnDoor(room.office.desk)
    await office.helper(person=NewPerson(name="Rita Pretend", phone=RITA))
    await office.helper(
        person=NewPerson(name="Vic Pretend", phone="07700 900322", safe_to_ring="never at home")
    )
    await office.helper(person=NewPerson(name="Lou Pretend", phone="0117 496 0999"))
    for typed in (RITA, "07700 900322", "0117 496 0999", "07700 900001"):
        await door.ask(typed)
    assert await door.answer_by_itself(room.notices) == 0, "there is no gateway"
    async with text_gateway() as gateway:
        await room.notices.texts.change(office.admin, gateway.hook())
        assert await door.answer_by_itself(room.notices) == 1
        assert await door.answer_by_itself(room.notices) == 0
        assert await door.how_many_ask(office.ana) == 3, "the others wait for the desk"
        assert await room.notices.deliver() == 1
        ((number, text),) = gateway.texts
        assert number == "+447700900321"
        assert text.startswith(f"{GROUP}: Your link to come in\n{URL}/my/in/")
        found = re.search(r"/my/in/([A-Za-z0-9_-]{22})", text)
        assert found is not None
        assert await door.sign_in(found[1])
        for _ in range(6):
            await door.ask(RITA)
            await door.answer_by_itself(room.notices)
        assert await door.how_many_ask(office.ana) == 5, "nobody fills a telephone by asking for links"
