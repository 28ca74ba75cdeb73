"""A text all the way: out through a gateway, the answer in over HTTP, and what a stranger gets at that address."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from node.domain.ids import PersonId
from node.domain.intake.intake import NewPerson
from node.domain.need import Point
from node.domain.people.newcomer import NewVolunteer
from tests.harness.neighbourhood import Member, Neighbourhood
from tests.harness.text_gateway import text_gateway

HOME = Point(lat=51.4561, lon=-2.5925, accuracy_m=50)
KIM = "+447700900123"
Group = tuple[Member, PersonId, str]


@pytest.fixture
async def north(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Group]:
    async with Neighbourhood(tmp_path_factory.mktemp("texts")) as cast, text_gateway() as gateway:
        group = await cast.add("north")
        node, staff = group.services, group.staff
        await node.notices.texts.change(staff, gateway.hook())
        shown = await node.notices.texts.shown(staff)
        assert shown is not None
        person = NewPerson(name="Kim Pretend", phone=KIM, contact_by="text")
        kim = await node.people.add_volunteer(
            staff, NewVolunteer(person=person, point=HOME, abilities=("groceries",))
        )
        yield group, kim, shown.inbound


async def test_stop_over_http_as_json_or_as_a_form_ends_it(north: Group) -> None:
    group, kim, address = north
    notices = group.services.notices
    assert address.startswith(f"{group.url}/api/v1/texts/")
    async with aiohttp.ClientSession() as session:
        async with session.post(address, json={"from": KIM, "text": "hello"}) as answer:
            assert answer.status == 200
        async with session.post(address, data={"From": KIM, "Body": "STOP", "Sid": "1"}) as answer:
            assert answer.status == 200
    await notices.answering.work()
    assert await notices.texts_waiting() == 1
    assert (await notices.choices(kim)).choices.out


async def test_what_a_stranger_or_a_broken_gateway_sends_is_refused(north: Group) -> None:
    group, _, address = north
    async with aiohttp.ClientSession() as session:
        for url, body, kind, status in (
            (
                f"{group.url}/api/v1/texts/{'A' * 22}",
                b'{"from": "1", "text": "yes"}',
                "application/json",
                404,
            ),
            (address, b"{", "application/json", 422),
            (address, b"[1]", "application/json", 422),
            (address, b'{"from": 5, "text": "yes"}', "application/json", 422),
            (address, b'{"text": "yes"}', "application/json", 422),
            (address, b"\xff=\xff", "application/x-www-form-urlencoded", 422),
            (address, b"[" * 8000, "application/json", 422),
            (address, b"x" * 9000, "application/json", 413),
        ):
            async with session.post(url, data=body, headers={"Content-Type": kind}) as answer:
                assert answer.status == status, (body[:20], await answer.text())
        async with session.get(address) as answer:
            assert answer.status == 405
    assert await group.services.notices.texts_waiting() == 0
