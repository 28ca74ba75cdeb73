"""The day before: reminded once of what is hers, and of nothing that is over."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from node.domain.ids import AssignmentId
from node.domain.need import CloseReason, Window
from node.domain.notices.choices import Choices
from tests.harness.mailroom import URL, Mailroom, mailroom

SAM = "sam.pretend@example.net"
TOMORROW = "Tomorrow: Shopping"


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Mailroom]:
    async with mailroom(tmp_path) as opened:
        yield opened


async def task_in(room: Mailroom, days: int, **changes: object) -> AssignmentId:
    """Sam is confirmed for shopping so many days from now, and heard of it."""
    office, sam = room.office, await room.helper(SAM)
    first = office.desk.today + timedelta(days=days)
    need = await office.need("groceries", window=Window(first=first, last=first), **changes)
    task = await office.confirmed(need, sam)
    office.clock.advance(minutes=3)
    await room.turn()
    assert [mail.message["Subject"] for mail in room.post.mails] == ["It is yours: Shopping"]
    room.post.mails.clear()
    return task


async def subjects(room: Mailroom) -> list[str]:
    """What came at this turn of the clock."""
    room.post.mails.clear()
    await room.turn()
    return [mail.message["Subject"] for mail in room.post.mails]


async def test_she_is_reminded_once_the_day_before(room: Mailroom) -> None:
    task = await task_in(room, 3)
    room.office.clock.advance(days=1)
    assert await subjects(room) == [], "two days before it is too early"
    room.office.clock.advance(days=1)
    assert await subjects(room) == [TOMORROW]
    said = room.post.mails[0].part("plain")
    assert f"{URL}/my/task/{task}" in said
    assert "Thu 5 Nov" in said
    room.office.clock.advance(hours=3)
    assert await subjects(room) == []
    room.office.clock.advance(days=1)
    assert await subjects(room) == []


async def test_whoever_was_confirmed_today_knows_it(room: Mailroom) -> None:
    await task_in(room, 1)
    room.office.clock.advance(hours=5)
    assert await subjects(room) == []


async def test_the_end_of_this_week_is_no_day(room: Mailroom) -> None:
    office = room.office
    await office.confirmed(await office.need("groceries"), await room.helper(SAM))
    office.clock.advance(minutes=3)
    await room.turn()
    for _ in range(8):
        office.clock.advance(days=1)
        assert await subjects(room) == []


@pytest.mark.parametrize("end", ["given back", "done", "closed", "moved"])
async def test_of_what_is_over_or_moved_nobody_is_reminded(room: Mailroom, end: str) -> None:
    office, task = room.office, await task_in(room, 2)
    office.clock.advance(days=1)
    await room.notices.find()
    async with office.db.read() as tx:
        (row,) = await tx.execute_fetchall("SELECT need_id FROM assignments")
    match end:
        case "given back":
            await office.dispatch.release(office.ana, task)
        case "done":
            await office.dispatch.report_done(office.ana, task)
        case "closed":
            await office.dispatch.close(office.ana, row["need_id"], CloseReason.NO_LONGER_NEEDED)
        case _:
            later = office.desk.today + timedelta(days=4)
            async with office.db.write() as tx:
                await tx.execute("UPDATE needs SET window_from = ?, window_to = ?", (str(later), str(later)))
    assert TOMORROW not in await subjects(room)
    if end == "moved":
        office.clock.advance(days=3)
        assert await subjects(room) == [TOMORROW], "the new day is another one"


async def test_her_quiet_hours_hold_and_by_the_next_day_it_is_too_late(room: Mailroom) -> None:
    await task_in(room, 2)
    room.office.clock.advance(hours=22, minutes=27)  # 08:00 the day before
    async with room.office.db.read() as tx:
        (row,) = await tx.execute_fetchall("SELECT person_id FROM assignments")
    sam = row["person_id"]
    quiet = Choices(person_id=sam, quiet_from=20, quiet_until=10)
    await room.notices.choose(room.office.ana, sam, quiet)
    assert await subjects(room) == []
    room.office.clock.advance(hours=2)
    assert await subjects(room) == [TOMORROW]


async def test_found_at_night_it_is_not_sent_on_the_day_itself(room: Mailroom) -> None:
    await task_in(room, 2)
    room.office.clock.advance(days=1, hours=14)  # 23:33, the machine was off all day
    assert await subjects(room) == []
    room.office.clock.advance(hours=9)
    assert await subjects(room) == []


async def test_whoever_wants_no_messages_gets_none(room: Mailroom) -> None:
    await task_in(room, 2)
    async with room.office.db.read() as tx:
        (row,) = await tx.execute_fetchall("SELECT person_id FROM assignments")
    await room.notices.choose(
        room.office.ana, row["person_id"], Choices(person_id=row["person_id"], out=True)
    )
    room.office.clock.advance(days=1)
    assert await subjects(room) == []
