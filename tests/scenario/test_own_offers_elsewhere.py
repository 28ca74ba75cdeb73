"""A volunteer presses "I can help" at another group's need on her own page: two real nodes, over HTTP, to the end."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from node.domain.actors import Role
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.need import CloseReason
from node.domain.notices.mail import MailServer, Tls
from node.vault import Compartment
from tests.harness.neighbourhood import Member, Neighbourhood
from tests.harness.street import Street, Visitor

PHONE = "07700 900888"
"""Of the one who asked, at south."""


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        yield street
        await street.close()


async def signed_in(street: Street, person: PersonId, device: str) -> Visitor:
    visitor = Visitor(cookies={"seal": "a-made-up-seal", "device": device})
    answer = await street.ask(visitor, "POST", f"/my/in/{await street.own_link(person)}")
    visitor.cookies.update(answer.cookies)
    return visitor


async def carry(street: Street) -> None:
    """What the clock rings at both, some times over."""
    for _ in range(4):
        for member in (street.north, street.south):
            await tick(member)


async def tick(member: Member) -> None:
    await member.services.letters.open_waiting()
    await member.services.exchange.tell()
    await member.services.letters.deliver_due()


async def wish(street: Street) -> tuple[str, NeedId]:
    """Something of south's near north's volunteers: her button's address, and south's own id of it."""
    found = await street.from_south("wish")
    return f"/my/elsewhere/{found['origin']}/{found['wish']}", NeedId(found["theirs"])


async def at_once(street: Street) -> None:
    await street.north.services.rules.change(street.north.staff, {"claims": "helper"})


async def say_yes(street: Street, need: NeedId, which: int = 0) -> AssignmentId:
    """South's coordinator rings whoever asked, and confirms one of those offered."""
    offers, south = street.south.services.exchange.offers, street.south.staff
    task = (await street.south.services.board.need(south, need)).assignments[which].id
    await offers.consent(south, need, task, True)
    await offers.confirm(south, need, task)
    return task


async def state(street: Street, need: NeedId) -> str:
    return str((await street.south.services.board.need(street.south.staff, need)).need.state)


def task_in(page: str) -> str:
    found = re.search(r'href="(/my/task/[\w-]{22})"', page)
    assert found, page
    return found[1]


async def test_a_coordinator_names_her_and_it_is_followed_to_the_end(street: Street) -> None:
    vera = await signed_in(street, street.helper, "her-telephone")
    way, need = await wish(street)
    assert f'href="{way}"' in (await street.ask(vera, "GET", "/my")).text
    sheet = await street.ask(vera, "GET", way)
    assert "Not your name" in sheet.text, "what that group will hear of her stands above the button"
    assert "Our coordinators look at it first. Then they hear of it" in sheet.text
    asked = await street.ask(vera, "POST", way)
    waiting = (await street.ask(vera, "GET", asked.location)).text
    assert "Our coordinators look at it first" in waiting
    assert f'href="{way}"' not in waiting, "nobody offers twice"
    await carry(street)
    assert await state(street, need) == "open", "nothing left before the coordinator's word"

    desk = Visitor(handle=street.north.staff_handle) if hasattr(street.north, "staff_handle") else Visitor()
    desk = Visitor(handle="one-coordinator", cookies={"seal": "a-made-up-seal"})
    await street.hire(desk.handle, Role.COORDINATOR, grants=(Compartment.PEOPLE,))
    await street.sign_in(desk)
    board = way.replace("/my/elsewhere", "/board/neighbours")
    assert "would like to go" in (await street.ask(desk, "GET", "/board/neighbours")).text
    button = re.search(rf'action="({board}/forward/[\w-]+/yes)"', (await street.ask(desk, "GET", board)).text)
    assert button
    assert (await street.ask(desk, "POST", button[1])).location == f"{board}?done=named"
    await carry(street)
    assert await state(street, need) == "offered"
    assert "Waiting for their yes" in (await street.ask(vera, "GET", "/my")).text

    await say_yes(street, need)
    await carry(street)
    page = (await street.ask(vera, "GET", "/my")).text
    assert "They said yes" in page
    task = task_in(page)
    other = await signed_in(street, street.helper, "another-telephone")
    assert PHONE not in (await street.ask(other, "GET", task)).text
    assert (await street.ask(other, "POST", f"{task}/open")).status == 409
    assert PHONE in (await street.ask(vera, "GET", task)).text

    await street.ask(vera, "POST", f"{task}/on-my-way")
    await carry(street)
    assert await state(street, need) == "in_progress"
    assert "On your way" in (await street.ask(vera, "GET", "/my")).text
    await street.ask(vera, "POST", f"{task}/done")
    await carry(street)
    assert await state(street, need) == "reported"
    assert "You have helped once" in (await street.ask(vera, "GET", "/my/history")).text
    assert (await street.ask(vera, "GET", task)).status == 200, "it closes by itself some days later"


async def test_at_once_where_the_group_lets_helpers_and_the_second_reads_who_was_quicker(
    street: Street,
) -> None:
    await at_once(street)
    vera = await signed_in(street, street.helper, "her-telephone")
    nia = await signed_in(street, await street.new_helper("Nia Invented"), "nias-telephone")
    way, need = await wish(street)
    assert "They hear of it at once" in (await street.ask(vera, "GET", way)).text
    for visitor in (vera, nia):
        asked = await street.ask(visitor, "POST", way)
        assert "hears of it now" in (await street.ask(visitor, "GET", asked.location)).text
    await carry(street)
    await say_yes(street, need)
    await carry(street)
    stand = {
        words
        for visitor in (vera, nia)
        for words in ("They said yes", "Somebody was quicker")
        if words in (await street.ask(visitor, "GET", "/my")).text
    }
    assert stand == {"They said yes", "Somebody was quicker"}
    third = await signed_in(street, await street.new_helper("Tim Invented"), "tims-telephone")
    await street.cast.publish(street.south)
    await street.cast.sync(street.north)
    assert f'href="{way}"' not in (await street.ask(third, "GET", "/my")).text
    late = await street.ask(third, "POST", way)
    assert late.status == 404
    assert "taken care of" in late.text


async def test_passed_on_it_is_open_there_again_and_nothing_is_kept_here(street: Street) -> None:
    await at_once(street)
    vera = await signed_in(street, street.helper, "her-telephone")
    way, need = await wish(street)
    await street.ask(vera, "POST", way)
    await carry(street)
    await say_yes(street, need)
    await carry(street)
    task = task_in((await street.ask(vera, "GET", "/my")).text)
    assert "pass it on" in (await street.ask(vera, "GET", task)).text
    assert (await street.ask(vera, "POST", f"{task}/give-back")).location == "/my?done=own_no"
    assert f'href="{task}/unsafe"' in (await street.ask(vera, "GET", "/my/history")).text
    assert (await street.ask(vera, "POST", f"{task}/unsafe", {"text": "not well at all"})).status == 303
    await carry(street)
    assert await state(street, need) == "open"
    assert (await street.ask(vera, "GET", task)).status == 404
    assert task not in (await street.ask(vera, "GET", "/my")).text


async def test_what_is_next_stands_on_top_whosever_it_is(street: Street) -> None:
    await at_once(street)
    vera = await signed_in(street, street.helper, "her-telephone")
    way, need = await wish(street)
    await street.ask(vera, "POST", way)
    asked = await street.seed("proposed")
    going = await street.seed("contacted", device="her-telephone")

    async def cards() -> list[str]:
        page = (await street.ask(vera, "GET", "/my")).text.partition('<div class="tasks">')[2]
        return re.findall(r'href="/my/task/([\w-]{22})"', page)

    waiting = await cards()
    assert waiting[:2] == [going["task"], asked["task"]]
    theirs = waiting[2]
    await carry(street)
    await say_yes(street, need)
    await carry(street)
    assert await cards() == [going["task"], theirs, asked["task"]], (
        "confirmed, it comes before what is only asked"
    )
    task = f"/my/task/{theirs}"
    await street.ask(vera, "POST", f"{task}/open")
    page = (await street.ask(vera, "GET", task)).text
    assert "at once, and cannot be taken back." in page
    assert "at once, and cannot" not in (await street.ask(vera, "GET", f"/my/task/{going['task']}")).text


async def test_what_waits_is_taken_back_and_a_no_of_ours_is_told_kindly(street: Street) -> None:
    vera = await signed_in(street, street.helper, "her-telephone")
    way, _ = await wish(street)
    await street.ask(vera, "POST", way)
    back = re.search(r'action="(/my/elsewhere/[\w-]+/back)"', (await street.ask(vera, "GET", "/my")).text)
    assert back
    stranger = await signed_in(street, await street.new_helper("Nia Invented"), "nias-telephone")
    assert (await street.ask(stranger, "POST", back[1])).status == 404
    await street.ask(vera, "POST", back[1])
    assert f'href="{way}"' in (await street.ask(vera, "GET", "/my")).text, "as if she had never offered"
    await street.ask(vera, "POST", way)
    asks = street.north.services.exchange.asks
    [waits] = await asks.waiting(street.north.staff)
    await asks.no(street.north.staff, waits.id)
    page = (await street.ask(vera, "GET", "/my")).text
    assert "Not this time, say our coordinators" in page
    assert f'href="{way}"' not in page


async def test_while_the_records_are_closed_it_is_followed_and_nothing_new_is_shown(street: Street) -> None:
    vera = await signed_in(street, street.helper, "her-telephone")
    way, _ = await wish(street)
    offered = await street.ask(vera, "POST", way)
    await street.north.stop()
    await street.north.start()
    page = (await street.ask(vera, "GET", "/my")).text
    assert "Our coordinators look at it first" in page
    assert (await street.ask(vera, "GET", way)).location == "/my"
    again = await street.ask(vera, "POST", way)
    assert again.location == offered.location, "what she has already she reads, and nothing new is made"


async def test_what_became_of_it_is_told_by_itself_and_stands_in_her_calendar(street: Street) -> None:
    await at_once(street)
    desk = street.north.services
    server = MailServer(host="localhost", port=1, tls=Tls.NONE, sender="notices@example.org")
    await desk.notices.mail.change(street.north.staff, server)
    wilma = await street.new_helper("Wilma Invented", email="wilma@example.net")
    visitor = await signed_in(street, wilma, "her-telephone")
    way, need = await wish(street)
    await street.ask(visitor, "POST", way)
    made = await street.ask(visitor, "POST", "/my/calendar")
    calendar = re.search(r"/my/calendar/[\w-]{22}\.ics\?lang=en", made.text)
    assert calendar
    await carry(street)
    assert "BEGIN:VEVENT" not in (await street.ask(Visitor(), "GET", calendar[0])).text, "nobody said yes yet"

    async def told(kind: str) -> int:
        street.cast.clock.advance(minutes=3)
        await desk.notices.find()
        await desk.notices.deliver()
        rows = [row for row in street.dump()["notices"] if f"'{kind}'" in row]
        assert not [row for row in rows if "moved_on" in row]
        return len(rows)

    assert await told("confirmed") == 0
    await say_yes(street, need)
    await carry(street)
    assert await told("confirmed") == 1
    assert await told("confirmed") == 1, "once"
    event = (await street.ask(Visitor(), "GET", calendar[0])).text
    assert "BEGIN:VEVENT" in event
    assert PHONE not in event
    await street.south.services.dispatch.close(street.south.staff, need, CloseReason.NO_LONGER_NEEDED)
    await carry(street)
    assert await told("called_off") == 1
    assert "BEGIN:VEVENT" not in (await street.ask(Visitor(), "GET", calendar[0])).text
