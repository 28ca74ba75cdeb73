"""A message all the way: a need comes in, a mail server receives it, a mail program ends it with one request."""

import re
from collections.abc import AsyncIterator

import aiohttp
import pytest

from node.domain.consents import Consents
from node.domain.intake.intake import NewNeed, NewPerson
from node.domain.need import Point, Urgency
from node.domain.people.newcomer import NewVolunteer
from tests.harness.neighbourhood import Member, Neighbourhood
from tests.harness.post_office import PostOffice, post_office

HOME = Point(lat=51.4561, lon=-2.5925, accuracy_m=50)
SAM = "sam.pretend@example.net"
CANARIES = ("Wilhelmina", "0117 496 0321", "Nowhere Crescent", "invented chapel", "Sam", "Pretend")


@pytest.fixture
async def north(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Member, PostOffice]]:
    """A group with a mail server and a volunteer, whom it tells of a need."""
    folder = tmp_path_factory.mktemp("notices")
    async with Neighbourhood(folder) as cast, post_office(folder) as (post, _):
        group = await cast.add("north")
        node, kim = group.services, group.staff
        await node.notices.mail.change(kim, post.server())
        await node.people.add_volunteer(
            kim,
            NewVolunteer(
                person=NewPerson(name="Sam Pretend", email=SAM), point=HOME, abilities=("groceries",)
            ),
        )
        await node.intake.take(
            kim,
            NewNeed(
                person=NewPerson(
                    name="Wilhelmina Madeup", phone="0117 496 0321", address="77 Nowhere Crescent"
                ),
                categories=("groceries",),
                point=HOME,
                notes="behind the invented chapel",
                urgency=Urgency.TODAY,
                consents=Consents(help_you=True),
                start="open",
            ),
        )
        await node.notices.find()
        assert await node.notices.deliver() == 1
        yield group, post


async def test_a_mail_program_ends_it_with_one_request(north: tuple[Member, PostOffice]) -> None:
    group, post = north
    (mail,) = post.mails
    assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = re.fullmatch(r"<(http.+)>", mail.message["List-Unsubscribe"])
    assert link is not None
    assert link[1].startswith(group.url)
    async with aiohttp.ClientSession() as session:
        # Opening it - as scanners of mail do - changes nothing.
        async with session.get(link[1]) as page:
            assert page.status == 200
            assert "Stop all messages" in await page.text()
        async with session.get(link[1]) as page:
            assert "Stop all messages" in await page.text()
        with aiohttp.MultipartWriter("form-data") as form:
            form.append("One-Click").set_content_disposition("form-data", name="List-Unsubscribe")
        async with session.post(link[1], data=form, allow_redirects=False) as done:
            assert done.status == 200
            assert "You get no more messages" in await done.text()
        async with session.post(link[1], data={"List-Unsubscribe": "One-Click"}) as done:
            assert done.status == 200
        async with session.post(f"{group.url}/n/{'A' * 22}", data={"List-Unsubscribe": "One-Click"}) as none:
            assert none.status == 404


async def test_no_name_and_no_place_is_in_a_message(north: tuple[Member, PostOffice]) -> None:
    _, post = north
    (mail,) = post.mails
    for text in (mail.message["Subject"], mail.part("plain"), mail.part("html")):
        assert not [canary for canary in CANARIES if canary in text]
