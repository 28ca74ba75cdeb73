"""Somebody asks for help where we do not go: the group that answers there is named, and with her yes it takes it."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from node.domain.actors import Role
from node.domain.ids import NeedId
from node.domain.need import CloseReason
from node.store import settings
from node.vault import Compartment
from tests.harness.neighbourhood import Member, Neighbourhood
from tests.harness.street import Street, Visitor

BATH = "12 Made Up Street 51.3810, -2.3590"
PARIS = "48.8566, 2.3522"
ASKS = {"kinds": "groceries", "urgency": "today", "name": "Nora Invented", "phone": "07700 900555"}


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        bath = await cast.add("bath", at=(51.381, -2.359))
        await cast.befriend(street.north, bath)
        await cast.publish(street.north, bath)
        await cast.sync(street.north, bath)
        yield street
        await street.close()


async def tick(*members: Member) -> None:
    for _ in range(4):
        for member in members:
            await member.services.letters.open_waiting()
            await member.services.exchange.tell()
            await member.services.letters.deliver_due()


async def at_the_desk(street: Street) -> Visitor:
    visitor = Visitor(handle="one-coordinator", cookies={"seal": "a-seal"})
    await street.hire(visitor.handle, Role.COORDINATOR, grants=(Compartment.PEOPLE,))
    await street.sign_in(visitor)
    return visitor


async def last_page(street: Street, visitor: Visitor, address: str) -> str:
    form = {**ASKS, "address": address, "step": "more", "go": "next"}
    return (await street.ask(visitor, "POST", "/ask", form)).text


async def newest(street: Street) -> str:
    async with street.north.node.network.on.db.read() as tx:
        row = await (await tx.execute("SELECT id FROM needs ORDER BY rowid DESC LIMIT 1")).fetchone()
    assert row is not None
    return str(row[0])


async def test_on_the_page_she_lets_us_and_a_coordinator_gives_it_away(street: Street) -> None:
    bath, nora = street.cast.members["bath"], Visitor(cookies={"seal": "a-seal"})
    told = await street.ask(nora, "POST", "/ask", {**ASKS, "address": BATH, "step": "where", "go": "next"})
    assert "further than we usually go" in told.text, "on the very next page"
    page = await last_page(street, nora, BATH)
    found = re.search(r'name="wording:details_to_group" value="([^"]+)"', page)
    assert found
    assert "You may give Bath all of this" in page
    sent = await street.ask(
        nora,
        "POST",
        "/ask",
        {
            **ASKS,
            "address": BATH,
            "help_you": "y",
            "pass_on": "y",
            "pass_on_to": bath.id,
            "wording:details_to_group": found[1],
            "step": "check",
            "go": "send",
        },
    )
    assert "Thank you. We have it." in sent.text
    desk, need = await at_the_desk(street), await newest(street)
    await tick(street.north, bath)
    assert await bath.services.exchange.passed.waiting(bath.staff) == [], (
        "nothing leaves before the coordinator"
    )
    assert (
        "They agreed on the page that Bath gets it" in (await street.ask(desk, "GET", f"/board/{need}")).text
    )
    way = f"/board/{need}/refer"
    assert "you need not ring them first" in (await street.ask(desk, "GET", f"{way}?group={bath.id}")).text
    other = await street.ask(desk, "POST", way, {"group": street.south.id, "answer": "before"})
    assert other.status == 422, "her yes was for that group and for no other"
    given = await street.ask(desk, "POST", way, {"group": bath.id, "answer": "before"})
    assert given.location == f"/board/{need}?done=referred"
    await tick(street.north, bath)
    [waits] = await bath.services.exchange.passed.waiting(bath.staff)
    assert await street.need_state(need) == "referred", "kept here until they took it"
    await bath.services.exchange.passed.accept(bath.staff, waits.id)
    await tick(street.north, bath)
    board = (await street.north.services.exchange.passed.of_need(street.north.staff, NeedId(need)))[0]
    assert board.state == "accepted"


async def handed_on(street: Street, nora: Visitor) -> tuple[str, NeedId]:
    """Her private link, and her request, which Bath was asked to take over."""
    form = {**ASKS, "address": BATH, "help_you": "y", "step": "check", "go": "send"}
    sent = (await street.ask(nora, "POST", "/ask", form)).text
    found = re.search(r"/a/[\w-]{22}", sent)
    assert found
    need, bath = NeedId(await newest(street)), street.cast.members["bath"]
    await street.north.services.exchange.passed.refer(street.north.staff, need, bath.id, agreed=True)
    await tick(street.north, bath)
    return found[0], need


async def test_her_page_says_who_takes_care_and_whom_to_ring(street: Street) -> None:
    bath, nora = street.cast.members["bath"], Visitor(cookies={"seal": "a-seal"})
    north, passed = street.north.services, bath.services.exchange.passed
    street.calls_itself(bath, phone="01632 960777", hours="Mon to Fri, 9 to 12")
    await street.cast.publish(bath)
    await street.cast.sync(street.north)
    link, need = await handed_on(street, nora)
    page = (await street.ask(nora, "GET", link)).text
    assert "We asked Bath, our neighbouring group" in page
    assert "If we hear nothing until about" in page
    assert 'href="tel:01632960777"' in page
    assert "Mon to Fri, 9 to 12" in page
    assert "We ask people nearby" not in page
    [waits] = await passed.waiting(bath.staff)
    theirs = await passed.accept(bath.staff, waits.id)
    await tick(street.north, bath)
    page = (await street.ask(nora, "GET", link)).text
    assert "Bath, our neighbouring group, takes care of it since" in page
    assert "Nobody rings? Ring them." in page
    assert "Our neighbouring group looks for someone" in page
    assert "We look for someone" not in page
    for code, words in (("es", "Nadie llama"), ("ar", "لم يتصل أحد")):
        spoken = Visitor(cookies={"seal": "a-seal", "language": code})
        assert words in (await street.ask(spoken, "GET", link)).text
    desk = await at_the_desk(street)
    seen = (await street.ask(desk, "POST", f"/board/{need}/as-asker", {})).text
    assert "Bath, our neighbouring group, takes care of it since" in seen
    await bath.services.dispatch.close(bath.staff, theirs, CloseReason.COULD_NOT_COMPLETE)
    await tick(street.north, bath)
    page = (await street.ask(nora, "GET", link)).text
    assert "We had handed this on to Bath. Since" in page
    assert "01632960777" not in page
    await north.exchange.passed.refer(street.north.staff, need, bath.id, agreed=True)
    await tick(street.north, bath)
    [waits] = await passed.waiting(bath.staff)
    theirs = await passed.accept(bath.staff, waits.id)
    await bath.services.dispatch.close(bath.staff, theirs, CloseReason.COMPLETED)
    await tick(street.north, bath)
    page = (await street.ask(nora, "GET", link)).text
    assert "Bath, our neighbouring group, took care of it." in page
    assert "Did it go well?" in page


async def test_called_off_on_her_page_the_other_group_is_told(street: Street) -> None:
    bath, nora = street.cast.members["bath"], Visitor(cookies={"seal": "a-seal"})
    passed = bath.services.exchange.passed
    link, need = await handed_on(street, nora)
    [waits] = await passed.waiting(bath.staff)
    theirs = await passed.accept(bath.staff, waits.id)
    await tick(street.north, bath)
    page = (await street.ask(nora, "GET", link)).text
    assert "They gave us no number to pass on, so ring us" in page
    assert (await street.ask(nora, "POST", f"{link}/off", {"need": need})).status == 303
    await tick(street.north, bath)
    view = await bath.services.board.need(bath.staff, theirs)
    assert (str(view.need.state), view.need.person_id) == ("closed", None), "closed there, and erased"
    assert (await street.ask(nora, "POST", f"{link}/back", {"need": need})).status == 303
    assert await street.need_state(need) == "open"
    assert "it is with us again" in (await street.ask(nora, "GET", link)).text


async def test_where_nobody_answers_it_is_said_and_kept(street: Street) -> None:
    nora, bath = Visitor(cookies={"seal": "a-seal"}), street.cast.members["bath"]
    page = await last_page(street, nora, PARIS)
    assert "We know no group that answers there" in page
    assert 'href="/help-nearby"' in page
    assert "pass_on_to" not in page
    form = {**ASKS, "address": PARIS, "help_you": "y", "pass_on": "y", "pass_on_to": bath.id}
    assert "Thank you. We have it." in (await street.ask(nora, "POST", "/ask", form)).text
    need = NeedId(await newest(street))
    assert await street.need_state(need) == "new"
    allowed = await street.north.services.exchange.out_of_area.allowed(street.north.staff, need)
    assert allowed is None, "a yes to a group that was not named is none"


async def test_on_the_telephone_it_stands_where_the_call_ends(street: Street) -> None:
    desk, bath = await at_the_desk(street), street.cast.members["bath"]
    form = {"kinds": "groceries", "name": "Nora Invented", "phone": "07700 900555", "address": BATH}
    taken = await street.ask(desk, "POST", "/intake", {**form, "help_you": "y", "urgency": "today"})
    page = (await street.ask(desk, "GET", taken.location)).text
    assert "further than we usually go" in page
    need = await newest(street)
    assert f'href="/board/{need}/refer?group={bath.id}"' in page
    asked = (await street.ask(desk, "GET", f"/board/{need}/refer?group={bath.id}")).text
    assert "Ring the person, and read this to them" in asked
    assert "Say which group it is." in asked
    assert "you need not ring them first" not in asked


async def test_the_phone_book_reads_out_who_helps_and_speaks(street: Street) -> None:
    """Not who only goes between groups; of whom nothing was heard for long, since when, and no sentence."""
    bath, south = street.cast.members["bath"], street.south
    async with bath.node.network.on.db.write() as tx:
        await settings.put(tx, settings.NODE_KIND, "hub")
    await street.cast.publish(bath, south)
    await street.cast.sync(street.north)
    page = (await street.ask(await at_the_desk(street), "GET", "/intake")).text
    assert "“That is South." in page
    assert "Bath" not in page
    street.cast.clock.advance(days=5)
    desk = Visitor(handle="one-coordinator", cookies={"seal": "a-seal"})
    await street.sign_in(desk)
    page = (await street.ask(desk, "GET", "/intake")).text
    assert "Not heard from since" in page
    assert "“That is South." not in page
