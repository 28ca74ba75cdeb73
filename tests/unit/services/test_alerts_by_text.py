"""Coordinators told by text, or in the group's chat: confirmed there first, in few words, and never while locked."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from node.domain.notices.notice import Way
from node.errors import Invalid, Locked
from tests.harness.alert_room import AlertRoom, alert_room
from tests.harness.chat_room import chat_room
from tests.harness.mailroom import GROUP, URL
from tests.harness.text_gateway import text_gateway

NUMBER, HANDLE = "+447700900123", "@saf:example.org"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[AlertRoom]:
    async with alert_room(tmp_path) as room:
        yield room


def digits(text: str) -> str:
    found = re.search(r"\b\d{6}\b", text)
    assert found is not None, text
    return found[0]


async def test_by_text_once_the_digits_are_typed_and_not_while_the_records_are_closed(
    desk: AlertRoom,
) -> None:
    office, choosing = desk.office, desk.alerts.choosing
    with pytest.raises(Invalid):
        await choosing.set_address(office.safety, NUMBER, "en")
    async with text_gateway() as gateway:
        await desk.room.notices.texts.change(office.admin, gateway.hook())
        await choosing.set_address(office.safety, "07700 900123", "en")
        assert await desk.alerts.deliver() == 1
        await choosing.confirm(office.safety, digits(gateway.to(NUMBER)[0]))
        view = await choosing.own(office.safety)
        assert (view.way, view.address, view.confirmed) == (Way.TEXT, NUMBER, True)
        await office.incidents.told_by_link("unsafe at night", about=None)
        assert await desk.turn() == 1
        text = gateway.to(NUMBER)[1]
        assert text.startswith(f"{GROUP}: Please look now\n{URL}/")
        assert "night" not in text
        assert desk.post.mails == []
        await office.incidents.told_by_link("unsafe again", about=None)
        await desk.alerts.find()
        office.lock()
        with pytest.raises(Locked):
            await desk.alerts.deliver()
        await desk.alerts.standby.want(office.admin, True)
        await office.unlock()
        await desk.alerts.standby.keep()
        office.lock()
        assert await desk.alerts.deliver() == 0, "what lies ready is for mail alone"
        await office.unlock()
        assert await desk.alerts.deliver() == 1


async def test_in_the_chat_and_a_gateway_that_is_down_stops_no_mail(desk: AlertRoom) -> None:
    office, choosing = desk.office, desk.alerts.choosing
    await desk.joins(office.admin)
    async with chat_room() as chat:
        await desk.room.notices.chat.change(office.admin, chat.service())
        await choosing.set_address(office.safety, HANDLE, "es")
        await desk.alerts.deliver()
        await choosing.confirm(office.safety, digits(chat.to(HANDLE)[0]))
        chat.status = 503
        await office.incidents.told_by_link("unsafe at night", about=None)
        assert await desk.turn() == 0
        chat.status = 0
        office.clock.advance(minutes=20)
        assert await desk.turn() == 1
        assert len(chat.to(HANDLE)) == 2
        chat.refuses[HANDLE] = 404
        await office.incidents.told_by_link("unsafe again", about=None)
        assert await desk.turn() == 0
        assert (await choosing.own(office.safety)).bounced
