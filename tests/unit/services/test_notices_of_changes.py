"""What is hers is elsewhere, or on another day: told as it is, and only if it is another than she knows."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from node.domain.ids import NeedId
from node.domain.need import Urgency, Window
from node.domain.notices.notice import Kind
from node.domain.notices.tasks import Changed
from node.services.links import OwnTask
from node.store import assignments
from tests.harness.mailroom import Mailroom, mailroom
from tests.harness.office import Office, point

SAM = "sam.pretend@example.net"
HERE = "her telephone"


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Mailroom]:
    async with mailroom(tmp_path) as opened:
        yield opened


async def settled(room: Mailroom) -> list[str]:
    """What she reads after a few minutes: the subjects, the latest last."""
    room.office.clock.advance(minutes=3)
    before = len(room.post.mails)
    await room.turn()
    return [mail.message["Subject"] for mail in room.post.mails[before:]]


async def rung(room: Mailroom) -> list[tuple[Kind, Changed]]:
    return [(each.kind, each.changed) for each in (await room.notices.outbox(room.office.ana)).ring]


async def put_right(office: Office, need: NeedId, **said: Any) -> None:
    office.clock.advance(minutes=1)
    now = await office.corrections.now(office.ana, need)
    await office.corrections.correct(office.ana, need, replace(now, **said), point(0.5))


@pytest.mark.parametrize("mailed", [True, False])
async def test_another_place_is_told_whoever_read_where_to_go(room: Mailroom, *, mailed: bool) -> None:
    """By mail as soon as she read it on her page; whoever was rung was told where then."""
    office = room.office
    who = await room.helper(SAM) if mailed else await office.helper(name="Rita Pretend")
    day = office.desk.today + timedelta(days=3)
    need = await office.need("groceries", window=Window(first=day, last=day))
    task = await office.confirmed(need, who)
    await settled(room)
    if mailed:
        await put_right(office, need, place_text="9 First Made Up Road")
        assert await settled(room) == [], "where it is she reads when she opens it"
        await office.tasks.confirm(OwnTask(who, task), HERE)
    else:
        await room.notices.ringing.reached(office.ana, task, Kind.CONFIRMED)
    await put_right(office, need, place_text="99 Quite Another Road")
    assert await settled(room) == (["Another place: Shopping"] if mailed else [])
    assert await rung(room) == ([] if mailed else [(Kind.MOVED, Changed.WHERE)])
    if mailed:
        assert "Another Road" not in room.post.mails[-1].part("plain")
    other = day + timedelta(days=1)
    await put_right(office, need, window=Window(first=other, last=other))
    assert await settled(room) == (["Another time and place: Shopping"] if mailed else [])
    assert await rung(room) == ([] if mailed else [(Kind.MOVED, Changed.BOTH)])
    if mailed:
        await office.tasks.task_by_token(OwnTask(who, task), HERE)
    else:
        await room.notices.ringing.reached(office.ana, task, Kind.MOVED)
    await put_right(office, need, notes="the blue door")
    assert (await settled(room), await rung(room)) == ([], [])


async def test_what_is_again_as_she_knows_it_is_no_news(room: Mailroom) -> None:
    """A day that went there and back, and how soon it is wanted where its day stands."""
    office, sam = room.office, await room.helper(SAM)
    day = office.desk.today + timedelta(days=3)
    first, other = (
        Window(first=day, last=day),
        Window(first=day + timedelta(days=1), last=day + timedelta(days=1)),
    )
    need = await office.need("groceries", window=first, urgency=Urgency.THIS_WEEK)
    task = await office.confirmed(need, sam)
    await settled(room)
    await office.tasks.confirm(OwnTask(sam, task), HERE)
    place = (await office.corrections.now(office.ana, need)).place_text
    await put_right(office, need, urgency=Urgency.WHENEVER)
    assert await settled(room) == []
    await put_right(office, need, window=other, place_text="99 Quite Another Road")
    await put_right(office, need, window=first, place_text=place)
    assert await settled(room) == []
    await put_right(office, need, window=other)
    assert await settled(room) == ["Another day or time: Shopping"]
    await put_right(office, need, window=first)
    assert await settled(room) == ["Another day or time: Shopping"], "she knows of the other"
    await put_right(office, need, window=None, urgency=Urgency.WHENEVER)
    assert await settled(room) == ["Another day or time: Shopping"]
    await put_right(office, need, urgency=Urgency.THIS_WEEK)
    assert await settled(room) == ["Another day or time: Shopping"], "without a day that says when"


async def test_a_round_that_goes_on_its_day_after_all_is_no_news_and_another_door_is(room: Mailroom) -> None:
    office, sam = room.office, await room.helper(SAM)
    need, day = await office.need("groceries"), office.desk.today + timedelta(days=3)
    run = (await office.runs.plan(office.ana, day=day, driver=sam, needs=[need])).run_id
    await settled(room)
    for days in (2, 0):
        office.clock.advance(minutes=1)
        await office.runs.set_day(office.ana, run, day + timedelta(days=days))
    assert await settled(room) == []
    async with office.db.read() as tx:
        (task,) = await assignments.of_need(tx, need)
    await office.tasks.confirm(OwnTask(sam, task.id), HERE)
    await put_right(office, need, place_text="99 Quite Another Road")
    assert await settled(room) == ["Another place: Shopping"]
    await office.tasks.task_by_token(OwnTask(sam, task.id), HERE)
    office.clock.advance(minutes=1)
    await office.runs.set_day(office.ana, run, day + timedelta(days=2))
    assert await settled(room) == ["Another day or time: Shopping"]
