"""Coordinators told by text, or in the group's chat: confirmed there first, in few words, and never while locked."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from node.domain.notices.notice import Way
from node.domain.safety.incidents import Source, Teller
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
        await office.incidents.told_by_link("unsafe at night", Source(teller=Teller.ASKER, person=None))
        assert await desk.turn() == 1
        text = gateway.to(NUMBER)[1]
        assert text.startswith(f"{GROUP}: Please look now\n{URL}/")
        assert "night" not in text
        assert desk.post.mails == []
        await office.incidents.told_by_link("unsafe again", Source(teller=Teller.ASKER, person=None))
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
        await office.incidents.told_by_link("unsafe at night", Source(teller=Teller.ASKER, person=None))
        assert await desk.turn() == 0
        chat.status = 0
        office.clock.advance(minutes=20)
        assert await desk.turn() == 1
        assert len(chat.to(HANDLE)) == 2
        chat.refuses[HANDLE] = 404
        await office.incidents.told_by_link("unsafe again", Source(teller=Teller.ASKER, person=None))
        assert await desk.turn() == 0
        assert (await choosing.own(office.safety)).bounced


async def test_another_chat_is_told_nothing_at_an_address_of_the_one_before(desk: AlertRoom) -> None:
    office, choosing, settings = desk.office, desk.alerts.choosing, desk.room.notices.chat
    await desk.joins(office.admin)
    async with chat_room() as chat:

        async def joins() -> None:
            await choosing.set_address(office.safety, HANDLE, "en")
            await desk.alerts.deliver()
            await choosing.confirm(office.safety, digits(chat.to(HANDLE)[-1]))

        await settings.change(office.admin, chat.service())
        await joins()
        await settings.change(office.admin, chat.service())
        assert (await choosing.own(office.safety)).confirmed, "the same service keeps it"
        office.lock()
        with pytest.raises(Locked):  # whose address is one of the chat is not known
            await settings.change(office.admin, chat.service("Telegram"))
        await office.unlock()
        chat.said.clear()
        await settings.change(office.admin, chat.service("Telegram"))
        assert not (await choosing.own(office.safety)).has_address
        assert (await choosing.own(office.admin)).confirmed, "mail is another way"
        await office.incidents.told_by_link("unsafe at night", Source(teller=Teller.ASKER, person=None))
        await desk.turn()
        assert chat.said == []
        await joins()
        await settings.take_out(office.admin)
        assert not (await choosing.own(office.safety)).has_address
        await settings.change(office.admin, chat.service("Telegram"))
        await joins()
        office.lock()
        await settings.take_out(office.admin)
        await office.unlock()
        await settings.change(office.admin, chat.service("Matrix"))
        assert not (await choosing.own(office.safety)).has_address, "at the latest with the next service"


async def test_a_number_is_one_in_the_chat_where_that_is_said(desk: AlertRoom) -> None:
    office, choosing = desk.office, desk.alerts.choosing
    async with text_gateway() as gateway, chat_room() as chat:
        await desk.room.notices.texts.change(office.admin, gateway.hook())
        with pytest.raises(Invalid):
            await choosing.set_address(office.safety, NUMBER, "en", in_chat=True)
        await desk.room.notices.chat.change(office.admin, chat.service())
        await choosing.set_address(office.safety, "+44 7700 900123", "en", in_chat=True)
        await desk.alerts.deliver()
        assert gateway.to(NUMBER) == []
        await choosing.confirm(office.safety, digits(chat.to(NUMBER)[0]))
        view = await choosing.own(office.safety)
        assert (view.way, view.address, view.confirmed) == (Way.CHAT, NUMBER, True)
