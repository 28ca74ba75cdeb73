"""A coordinator's own notices all the way: her page over HTTP, a mail server, a mail program that ends it."""

import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from node.domain.actors import Role
from node.domain.consents import Consents
from node.domain.intake.intake import NewNeed, NewPerson
from node.domain.need import Point, Urgency
from node.domain.safety.incidents import Source, Teller
from node.vault import Compartment
from tests.contract.route_table import A_BROWSER
from tests.harness.alert_room import code_in, lines
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.post_office import Mail, PostOffice, post_office
from tests.harness.street import Street, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="module")

ADDRESS, CARLA = "carla@example.net", "carla-coordinator"
HOME = Point(lat=51.4561, lon=-2.5925, accuracy_m=50)
CANARIES = ("Wilhelmina", "0117 496 0321", "Nowhere Crescent", "invented chapel")


@pytest_asyncio.fixture(loop_scope="module")
async def made(tmp_path: Path) -> AsyncIterator[tuple[Street, PostOffice]]:
    async with Neighbourhood(tmp_path) as cast, post_office(tmp_path) as (post, _):
        street = await Street.built(cast)
        await street.hire(CARLA, Role.COORDINATOR, grants=(Compartment.PEOPLE,))
        await street.north.services.notices.mail.change(street.north.staff, post.server())
        yield street, post
        await street.close()


async def turn(street: Street) -> None:
    await street.north.services.alerts.find()
    await street.north.services.alerts.deliver()


async def joins(street: Street, post: PostOffice, who: Visitor, address: str) -> None:
    """By the page: the address, then the digits that come there."""
    assert "Send me the digits" in (await street.ask(who, "GET", "/devices/notices")).text
    sent = await street.ask(who, "POST", "/devices/notices/address", {"address": address})
    assert sent.location.startswith("/devices/notices"), sent.text
    await turn(street)
    (mail,) = post.to(address)
    wrong = await street.ask(who, "POST", "/devices/notices/code", {"code": "12"})
    assert wrong.status == 422
    await street.ask(who, "POST", "/devices/notices/code", {"code": code_in(mail)})
    page = await street.ask(who, "GET", "/devices/notices")
    assert address in page.text
    assert "What, and how often" in page.text
    post.mails.clear()


async def test_a_browser_without_any_address(made: tuple[Street, PostOffice]) -> None:
    """What its script sends, as a plain form; and what is no browser's."""
    street, _ = made
    await street.north.services.notices.push.make_key()
    carla = await desk(street, CARLA)
    assert 'data-push-scope="/board"' in (await street.ask(carla, "GET", "/devices/notices")).text
    wrong = await street.ask(carla, "POST", "/devices/notices/here", {**A_BROWSER, "endpoint": "http://x"})
    assert wrong.status == 422
    on = await street.ask(carla, "POST", "/devices/notices/here", A_BROWSER)
    assert on.location == "/devices/notices?done=push_on", on.text
    page = (await street.ask(carla, "GET", "/devices/notices")).text
    assert "What, and how often" in page
    ends = re.findall(r'action="(/devices/notices/[^/"]+/end)"', page)
    assert len(ends) == 1
    await street.ask(carla, "POST", ends[0])
    assert (await street.ask(carla, "POST", ends[0])).status == 404
    assert "What, and how often" not in (await street.ask(carla, "GET", "/devices/notices")).text


async def desk(street: Street, handle: str) -> Visitor:
    visitor = Visitor(handle=handle, cookies={"seal": f"seal-of-{handle}"})
    await street.sign_in(visitor)
    return visitor


async def wanted_today(street: Street) -> None:
    await street.north.services.intake.take(
        street.north.staff,
        NewNeed(
            person=NewPerson(name="Wilhelmina Madeup", phone="0117 496 0321", address="77 Nowhere Crescent"),
            categories=("groceries",),
            point=HOME,
            notes="behind the invented chapel",
            urgency=Urgency.TODAY,
            consents=Consents(help_you=True),
            start="open",
        ),
    )


def nobody_is_named(mail: Mail) -> bool:
    texts = (str(mail.message["Subject"]), mail.part("plain"), mail.part("html"))
    return not [canary for canary in CANARIES for text in texts if canary in text]


async def test_from_the_own_page_to_the_mailbox_and_back(made: tuple[Street, PostOffice]) -> None:
    street, post = made
    carla = await desk(street, CARLA)
    await joins(street, post, carla, ADDRESS)
    await wanted_today(street)
    await turn(street)
    assert post.mails == []
    street.cast.clock.advance(minutes=60)
    await turn(street)
    (mail,) = post.to(ADDRESS)
    assert "One request for today for which nobody is asked" in lines(mail)
    assert nobody_is_named(mail)
    # The link opens nothing by itself, and for her the list in which it stands.
    link = re.search(re.escape(street.north.url) + r"(/board\S*)", mail.part("plain"))
    assert link is not None
    assert (await street.ask(Visitor(), "GET", link[1])).location.startswith("/sign-in")
    assert (await street.ask(carla, "GET", link[1])).status == 200
    # A mail program ends it with one request of its own; opening the address - as scanners do - changes nothing.
    out = str(mail.message["List-Unsubscribe"]).strip("<>")
    async with aiohttp.ClientSession() as session:
        async with session.get(out) as page:
            assert "Stop all messages" in await page.text()
        with aiohttp.MultipartWriter("form-data") as form:
            form.append("One-Click").set_content_disposition("form-data", name="List-Unsubscribe")
        async with session.post(out, data=form, allow_redirects=False) as done:
            assert done.status == 200
            assert "You get no more messages" in await done.text()
    assert "You stopped all messages" in (await street.ask(carla, "GET", "/devices/notices")).text
    await street.ask(
        carla,
        "POST",
        "/devices/notices",
        {"safety": "at_once", "urgent": "off", "calls": "daily", "neighbours": "off"},
    )
    page = await street.ask(carla, "GET", "/devices/notices")
    assert "You stopped all messages" not in page.text
    refused = await street.ask(carla, "POST", "/devices/notices", {"safety": "daily"})
    assert refused.status == 422


async def test_after_a_power_cut_and_after_somebody_left(made: tuple[Street, PostOffice]) -> None:
    street, post = made
    kim, carla = await desk(street, "kim"), await desk(street, CARLA)
    await joins(street, post, carla, ADDRESS)
    await joins(street, post, kim, "kim@example.net")
    answer = await street.ask(kim, "POST", "/settings/mail/closed", {"wanted": "y"})
    assert "closed_on" in answer.location
    # Nobody holds the records about safety yet: then it is for whoever is there to read it, here the admin.
    await street.north.stop()
    await street.north.start()
    services = street.north.services
    await services.incidents.told_by_link("I was afraid", Source(teller=Teller.ASKER, person=None))
    await turn(street)
    (mail,) = post.mails
    assert (mail.to, lines(mail)) == (("kim@example.net",), ["One person told us that they feel unsafe"])
    assert "afraid" not in mail.raw.decode()
    post.mails.clear()
    # Carla leaves: her address goes with the account.
    await street.sign_in(kim)
    rows = {row.handle: row.id for row in await services.team.members(street.north.staff)}
    left = await street.ask(kim, "POST", f"/team/{rows[CARLA]}/leaving", {})
    assert left.status == 303, left.text
    with closing(sqlite3.connect(street.north.folder / "group.db")) as connection:
        assert connection.execute("SELECT handle FROM alert_choices").fetchall() == [("kim",)]
    await wanted_today(street)
    street.cast.clock.advance(minutes=60)
    await turn(street)
    assert {mail.to for mail in post.mails} == {("kim@example.net",)}
