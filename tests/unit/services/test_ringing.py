"""Who has to be rung: behind a recorded look, off the list once she was reached, and told by nothing else again."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from node.domain.actors import SYSTEM, volunteer_actor
from node.domain.ids import AssignmentId, NeedId
from node.domain.intake.intake import NewPerson
from node.domain.need import CloseReason
from node.domain.notices.notice import Kind
from node.errors import Conflict, NotAllowed, NotFound
from node.services.notices.ringing import ToRing
from node.store import audit
from tests.harness.mailroom import Mailroom, mailroom

RITA = "07700 900321"


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Mailroom]:
    """Rita, who has no address, was asked some minutes ago."""
    async with mailroom(tmp_path) as opened:
        office = opened.office
        person = NewPerson(name="Rita Pretend", phone=RITA, safe_to_ring="after six", languages=("es",))
        helper = await office.helper(person=person)
        await office.dispatch.propose(office.ana, await office.need("groceries"), helper)
        office.clock.advance(minutes=3)
        yield opened


async def ring(room: Mailroom, *, named: bool = False) -> tuple[ToRing, ...]:
    return (await room.notices.outbox(room.office.ana, named=named)).ring


async def test_her_number_is_behind_a_recorded_look_with_how_it_is_safe(room: Mailroom) -> None:
    (line,) = await ring(room)
    assert (line.kind, line.want.category, line.called) == (Kind.ASKED, "groceries", None)
    (line,) = await ring(room, named=True)
    assert line.called is not None
    assert (line.called.name, line.called.phone) == ("Rita Pretend", RITA)
    assert (line.called.safe, line.called.languages) == ("after six", ("es",))
    async with room.office.db.read() as tx:
        assert [each.action for each in await audit.of_object(tx, "notices")] == ["look.notices"]


async def test_rung_in_vain_she_comes_last_and_reached_she_goes(room: Mailroom) -> None:
    office, (rita,) = room.office, await ring(room)
    other = await office.helper(name="Olu Pretend")
    await office.dispatch.propose(office.ana, await office.need("lift"), other)
    office.clock.advance(minutes=3)
    assert next(each.task_id for each in await ring(room)) == rita.task_id
    await room.notices.ringing.no_answer(office.ana, rita.task_id, Kind.ASKED)
    office.clock.advance(minutes=30)
    await room.notices.ringing.no_answer(office.ana, rita.task_id, Kind.ASKED)
    (olu, last) = await ring(room)
    assert (last.task_id, last.tried_at, olu.tried_at) == (rita.task_id, office.desk.now, None)
    await room.notices.ringing.reached(office.ana, rita.task_id, Kind.ASKED)
    assert [each.task_id for each in await ring(room)] == [olu.task_id]
    view = await room.notices.outbox(office.ana)
    assert (view.sent, view.failed, view.lines) == (0, 0, ()), "a call is no message"


async def test_nobody_is_rung_twice_or_told_by_mail_what_she_was_told_on_the_telephone(
    room: Mailroom,
) -> None:
    office, (line,) = room.office, await ring(room)
    await room.notices.ringing.reached(office.ana, line.task_id, Kind.ASKED)
    with pytest.raises(Conflict, match="somebody else was quicker"):
        await room.notices.ringing.reached(office.ben, line.task_id, Kind.ASKED)
    view = await office.people.person(office.ana, line.person_id)
    mail = replace(view.details, email="rita@example.net", safe_to_ring="")
    await office.details.change(office.ana, line.person_id, mail)
    assert await room.turn() == 0
    assert room.post.mails == []


async def test_whoever_was_told_by_phone_that_it_is_hers_is_rung_when_she_need_not_go(room: Mailroom) -> None:
    office, (asked,) = room.office, await ring(room)
    await office.dispatch.approve(office.ana, asked.task_id)
    office.clock.advance(minutes=3)
    (line,) = await ring(room)
    assert line.kind is Kind.CONFIRMED
    await room.notices.ringing.reached(office.ana, asked.task_id, Kind.CONFIRMED)
    assert await ring(room) == ()
    await office.dispatch.close(
        office.ana, NeedId(asked.page.rpartition("/")[2]), CloseReason.NO_LONGER_NEEDED
    )
    office.clock.advance(minutes=3)
    (line,) = await ring(room)
    assert line.kind is Kind.CALLED_OFF
    await room.notices.ringing.reached(office.ana, asked.task_id, Kind.CALLED_OFF)
    assert await ring(room) == ()


async def test_whoever_never_heard_of_it_is_not_rung_that_it_is_off(room: Mailroom) -> None:
    office, (asked,) = room.office, await ring(room)
    await office.dispatch.approve(office.ana, asked.task_id)
    await office.dispatch.close(
        office.ana, NeedId(asked.page.rpartition("/")[2]), CloseReason.NO_LONGER_NEEDED
    )
    office.clock.advance(minutes=3)
    assert await ring(room) == ()


async def test_what_she_was_told_must_be_how_it_stands(room: Mailroom) -> None:
    office, (line,) = room.office, await ring(room)
    await office.dispatch.approve(office.ana, line.task_id)
    with pytest.raises(Conflict):
        await room.notices.ringing.reached(office.ana, line.task_id, Kind.ASKED)
    with pytest.raises(NotFound):
        await room.notices.ringing.no_answer(office.ana, AssignmentId("none"), Kind.ASKED)
    with pytest.raises(NotAllowed):
        await room.notices.ringing.no_answer(office.triage, line.task_id, Kind.CONFIRMED)


async def test_whoever_has_no_address_is_rung_the_day_before_a_task_ends_and_what_she_says_counts(
    room: Mailroom,
) -> None:
    office, (asked,) = room.office, await ring(room)
    await room.notices.ringing.reached(office.ana, asked.task_id, Kind.ASKED)
    office.clock.advance(hours=49)
    (line,) = await ring(room)
    assert (line.kind, line.only_asked) == (Kind.STALE, True)
    await room.notices.ringing.no_answer(office.ana, line.task_id, Kind.STALE)
    (line,) = await ring(room)
    assert line.tried_at is not None
    await room.notices.ringing.reached(office.ana, line.task_id, Kind.STALE)
    assert await ring(room) == ()
    office.clock.advance(hours=30)
    assert await office.dispatch.expire_waiting(SYSTEM) == 0, "rung, she said something"
    with pytest.raises(Conflict):
        await room.notices.ringing.reached(office.ana, line.task_id, Kind.STALE)
    await office.dispatch.approve(office.ana, line.task_id)
    office.clock.advance(minutes=3)
    await room.notices.ringing.reached(office.ana, line.task_id, Kind.CONFIRMED)
    said = []
    for _ in range(14):
        office.clock.advance(hours=24)
        await office.dispatch.expire_waiting(SYSTEM)
        said += [(each.kind, each.only_asked) for each in await ring(room)]
    assert said[:2] == [(Kind.STALE, False), (Kind.RETURNED, False)]


async def test_mail_that_came_back_is_said_by_hand_and_whoever_it_was_to_is_rung(room: Mailroom) -> None:
    office, returned = room.office, room.notices.returned
    sam = await room.helper("sam.pretend@example.net")
    task = await office.confirmed(await office.need("lift"), sam)
    office.clock.advance(minutes=3)
    await room.turn()
    assert "It is yours: A lift by car" in [mail.message["Subject"] for mail in room.post.mails]
    assert [each.kind for each in await ring(room)] == [Kind.ASKED], "Rita's alone"
    with pytest.raises(NotAllowed):
        await returned.came_back(volunteer_actor(sam), sam)
    await returned.came_back(office.ana, sam)
    assert await returned.is_marked(sam)
    assert (task, Kind.CONFIRMED) in [(each.task_id, each.kind) for each in await ring(room)]
    await office.dispatch.propose(office.ana, await office.need("groceries"), sam)
    office.clock.advance(minutes=3)
    assert await room.turn() == 0, "nothing more goes there"
    await returned.works(office.ana, sam)
    assert not await returned.is_marked(sam)
    assert await room.turn() == 1
    (line, *_) = await ring(room)
    with pytest.raises(Conflict, match="no e-mail address"):
        await returned.came_back(office.ana, line.person_id)


async def test_mail_that_did_not_come_back_after_all_leaves_nobody_to_be_rung(room: Mailroom) -> None:
    """Also the day after, and said twice."""
    office, returned = room.office, room.notices.returned
    sam = await room.helper("sam.pretend@example.net")
    task = await office.confirmed(await office.need("lift"), sam)
    office.clock.advance(minutes=3)
    await room.turn()
    office.clock.advance(hours=30)

    async def rung() -> list[Kind]:
        return [each.kind for each in await ring(room) if each.task_id == task]

    assert await rung() == []
    await returned.came_back(office.ana, sam)
    assert await rung() == [Kind.CONFIRMED]
    office.clock.advance(minutes=1)
    await returned.came_back(office.ana, sam)
    await returned.works(office.ana, sam)
    assert await rung() == []
