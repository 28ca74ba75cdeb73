"""What the group's own chat room is told: codes only, when somebody presses or by rule, and never twice."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from node.domain.need import CloseReason
from node.domain.notices.notice import State
from node.errors import Conflict, Invalid, Locked, NotAllowed
from node.services.intake.places import Places
from node.services.notices.room import Room
from node.store import needs
from tests.harness.chat_room import Chat, chat_room
from tests.harness.mailroom import GROUP, TODAY, URL, Mailroom, mailroom
from ui.parts.room_mail import RoomMail

Desk = tuple[Mailroom, Room, Chat]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with mailroom(tmp_path) as mails, chat_room() as chat:
        office = mails.office
        room = Room(office.desk, Places(office.db, office.clock))
        room.speaks(RoomMail(mails.writer._templates, mails.writer._languages))
        await room.change(office.admin, chat.room, urgent=False)
        yield mails, room, chat


async def standing(mails: Mailroom, room: Room, need_id: str) -> State | None:
    async with mails.office.db.read() as tx:
        row = await needs.get(tx, need_id)
    assert row is not None
    found = await room.of_need(mails.office.ana, row.need)
    return found.state if found else None


async def test_a_press_tells_the_room_after_a_minute_in_one_message_of_codes(desk: Desk) -> None:
    mails, room, chat = desk
    office = mails.office
    first, second = await office.need("groceries", urgency=TODAY), await office.need("medical_lift")
    for need in (first, second):
        await room.tell(office.ana, need)
    assert await room.deliver() == 0
    office.clock.advance(seconds=61)
    assert await room.deliver() == 2
    (text,) = chat.to("room")
    assert text.startswith(f"{GROUP}: 2 things are wanted near us\n• Shopping – Today")
    assert text.endswith(f"{URL}/my")
    assert "Invented" not in text
    assert await standing(mails, room, first) is State.SENT
    assert await room.deliver() == 0
    with pytest.raises(Conflict, match="quicker"):
        await room.tell(office.ana, first)


async def test_taken_back_or_over_by_then_it_is_not_told(desk: Desk) -> None:
    mails, room, chat = desk
    office = mails.office
    back, over = await office.need("groceries"), await office.need("groceries")
    await room.tell(office.ana, back)
    await room.tell(office.ana, over)
    await room.not_after_all(office.ana, back)
    await office.dispatch.close(office.ana, over, CloseReason.NO_LONGER_NEEDED)
    office.clock.advance(seconds=61)
    assert await room.deliver() == 0
    assert chat.said == []
    assert await standing(mails, room, over) is State.SUPPRESSED
    with pytest.raises(Conflict):
        await room.not_after_all(office.ana, back)
    await room.tell(office.ana, back)


async def test_what_is_private_or_done_is_nothing_for_a_room(desk: Desk) -> None:
    mails, room, _ = desk
    office = mails.office
    private = await office.need("medication")
    with pytest.raises(Conflict):
        await room.tell(office.ana, private)
    with pytest.raises(NotAllowed):
        await room.tell(office.admin, private)


async def test_by_rule_the_room_hears_of_today_once_and_not_at_night(desk: Desk) -> None:
    mails, room, chat = desk
    office = mails.office
    urgent, _ = await office.need("groceries", urgency=TODAY), await office.need("groceries")
    assert await room.find() == 0, "nobody wanted that"
    await room.change(office.admin, "", urgent=True)
    assert await room.find() == 1
    assert await room.find() == 0
    office.clock.advance(seconds=61)
    assert await room.deliver() == 1
    assert len(chat.said) == 1
    assert await standing(mails, room, urgent) is State.SENT
    office.clock.advance(hours=13)  # in the group's night
    await office.need("groceries", urgency=TODAY)
    assert await room.find() == 1
    office.clock.advance(minutes=5)
    assert await room.deliver() == 0


async def test_a_room_that_takes_nothing_is_tried_again_or_said_so(desk: Desk) -> None:
    mails, room, chat = desk
    office = mails.office
    need = await office.need("groceries")
    await room.tell(office.ana, need)
    office.clock.advance(seconds=61)
    chat.status = 503
    assert await room.deliver() == 0
    assert await standing(mails, room, need) is State.WAITING
    chat.status = 404
    office.clock.advance(minutes=20)
    assert await room.deliver() == 0
    assert await standing(mails, room, need) is State.FAILED
    chat.status = 0
    await room.tell(office.ana, need)
    office.clock.advance(minutes=20)
    assert await room.deliver() == 1


async def test_its_address_is_closed_with_the_records_and_only_an_admin_sets_it(desk: Desk) -> None:
    mails, room, chat = desk
    office = mails.office
    await room.tell(office.ana, await office.need("groceries"))
    office.clock.advance(seconds=61)
    office.lock()
    with pytest.raises(Locked):
        await room.deliver()
    assert chat.said == []
    with pytest.raises(NotAllowed):
        await room.change(office.ana, chat.room, urgent=True)
    with pytest.raises(Invalid):
        await room.change(office.admin, "nonesuch://x", urgent=True)
    await room.take_out(office.admin)
    assert await room.deliver() == 0
