"""Messages to people's own chats, against a real service on loopback: confirmed first, sealed, and no dead end."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from node.domain.actors import volunteer_actor
from node.domain.ids import PersonId
from node.domain.notices.chat import ChatService, faults, handle_of
from node.domain.notices.choices import Choices
from node.domain.notices.notice import State, Way
from node.errors import Conflict, Invalid, Locked, NotAllowed, TooMany
from node.store import chats
from node.store import notices as rows
from tests.harness.chat_room import Chat, chat_room
from tests.harness.mailroom import GROUP, TODAY, URL, Mailroom, mailroom

KIM, MATRIX = "+447700900123", "@kim.pretend:example.org"
Desk = tuple[Mailroom, Chat]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with mailroom(tmp_path) as room, chat_room() as chat:
        await room.notices.chat.change(room.office.admin, chat.service())
        yield room, chat


async def gives(room: Mailroom, chat: Chat, person: PersonId, handle: str = KIM) -> None:
    """She gives her address, and types what comes."""
    addresses, hers = room.notices.chat_addresses, volunteer_actor(person)
    await addresses.set_address(hers, handle)
    await room.notices.deliver()
    await addresses.confirm(hers, digits(chat, handle))


def digits(chat: Chat, handle: str) -> str:
    """The last that came there."""
    found = re.search(r"\b\d{6}\b", chat.to(handle)[-1])
    assert found is not None
    return found[0]


async def states(room: Mailroom) -> list[tuple[str, str, str]]:
    async with room.office.db.read() as tx:
        found = await rows.listed(tx, list(State), 99)
    return sorted((str(row.notice.kind), str(row.notice.state), row.notice.answer) for row in found)


@pytest.mark.parametrize("handle", [KIM, MATRIX, "123456789", "@kim_pretend", "!room:example.org"])
async def test_who_types_the_digits_is_told_in_the_chat_from_then_on(desk: Desk, handle: str) -> None:
    room, chat = desk
    kim = await room.helper("kim.pretend@example.net")
    hers = volunteer_actor(kim)
    await room.notices.chat_addresses.set_address(hers, handle)
    assert (await room.notices.choices(kim)).way is Way.EMAIL, "nothing is sent there before"
    assert await room.notices.deliver() == 1
    (code,) = chat.to(handle)
    assert code.startswith(f"{GROUP}: ")
    assert "http" not in code
    await room.notices.chat_addresses.confirm(hers, digits(chat, handle))
    assert (await room.notices.choices(kim)).way is Way.CHAT
    await room.office.need("groceries", urgency=TODAY)
    assert await room.turn() == 1
    assert chat.to(handle)[1].startswith(f"{GROUP}: Wanted today: Shopping\n{URL}/my")
    assert "Fewer messages, or none" in chat.to(handle)[1]
    assert room.post.mails == []


async def test_nobody_signs_up_somebody_else(desk: Desk) -> None:
    room, chat = desk
    kim = await room.helper("kim.pretend@example.net")
    addresses, hers = room.notices.chat_addresses, volunteer_actor(kim)
    await addresses.set_address(hers, KIM)
    await room.notices.deliver()
    right = digits(chat, KIM)
    wrong = f"{(int(right) + 1) % 10**6:06}"
    for _ in range(5):
        with pytest.raises(Invalid):
            await addresses.confirm(hers, wrong)
    with pytest.raises(Invalid):
        await addresses.confirm(hers, right)
    for _ in range(4):
        await addresses.set_address(hers, KIM)
    with pytest.raises(TooMany):
        await addresses.set_address(hers, KIM)
    await addresses.forget(hers)
    with pytest.raises(TooMany):  # taking it away begins no new count
        await addresses.set_address(hers, KIM)
    assert not (await addresses.own(hers)).given
    room.office.clock.advance(minutes=61)
    await addresses.set_address(hers, KIM)
    with pytest.raises(Invalid):  # digits of before
        await addresses.confirm(hers, right)
    await room.notices.deliver()
    room.office.clock.advance(minutes=61)
    with pytest.raises(Invalid):  # an hour is over
        await addresses.confirm(hers, digits(chat, KIM))


@pytest.mark.parametrize(
    ("status", "became", "answer", "way"),
    [
        (404, "failed", "recipient_550", Way.EMAIL),
        (403, "failed", "recipient_550", Way.EMAIL),
        (429, "waiting", "content_451", Way.CHAT),
        (401, "waiting", "sign_in", Way.CHAT),
        (503, "waiting", "connect", Way.CHAT),
    ],
)
async def test_what_a_chat_says_decides(desk: Desk, status: int, became: str, answer: str, way: Way) -> None:
    room, chat = desk
    kim = await room.helper("kim.pretend@example.net")
    await gives(room, chat, kim)
    chat.refuses[KIM] = status
    await room.office.need("groceries", urgency=TODAY)
    assert await room.turn() == 0
    assert ("urgent", became, answer) in await states(room)
    assert (await room.notices.choices(kim)).way is way
    view = await room.notices.chat_addresses.own(volunteer_actor(kim))
    assert view.bounced is (became == "failed")
    chat.refuses.clear()
    room.office.clock.advance(minutes=20)
    assert await room.turn() == (1 if became == "waiting" else 0)


async def test_one_strange_address_holds_nobody_up(desk: Desk) -> None:
    room, chat = desk
    kim = await room.helper("kim.pretend@example.net")
    sam = await room.helper("sam.pretend@example.net", "Sam Pretend")
    await gives(room, chat, kim, "@kim")
    await gives(room, chat, sam, "@sam")
    chat.refuses["@kim"] = 400
    await room.office.need("groceries", urgency=TODAY)
    assert await room.turn() == 1
    assert len(chat.to("@sam")) == 2


async def test_another_service_forgets_everybodys_address_and_the_same_keeps_it(desk: Desk) -> None:
    room, chat = desk
    kim = await room.helper("kim.pretend@example.net")
    await gives(room, chat, kim)
    settings, admin = room.notices.chat, room.office.admin
    await settings.change(admin, ChatService(name="Signal", hint="with +", url=""))
    assert (await room.notices.choices(kim)).way is Way.CHAT
    await settings.change(admin, chat.service("Telegram"))
    assert (await room.notices.choices(kim)).way is Way.EMAIL
    async with room.office.db.read() as tx:
        assert await chats.all_of_them(tx) == []
    await settings.take_out(admin)
    with pytest.raises(Conflict):
        await room.notices.chat_addresses.set_address(volunteer_actor(kim), KIM)


async def test_while_the_records_are_closed_it_waits_and_shows_nothing(desk: Desk) -> None:
    room, chat = desk
    kim = await room.helper("kim.pretend@example.net")
    await gives(room, chat, kim)
    await room.notices.chat_addresses.set_address(volunteer_actor(kim), MATRIX)
    room.office.lock()
    assert (await room.notices.chat_addresses.own(volunteer_actor(kim))).address == ""
    with pytest.raises(Locked):
        await room.notices.deliver()
    await room.office.unlock()
    assert await room.notices.deliver() == 1
    assert len(chat.to(MATRIX)) == 1


async def test_what_she_chose_goes_both_ways_and_one_click_ends_it(desk: Desk) -> None:
    room, chat = desk
    kim = await room.helper("kim.pretend@example.net")
    await gives(room, chat, kim)
    await room.notices.choose(volunteer_actor(kim), kim, Choices(person_id=kim, way=Way.EMAIL))
    assert (await room.notices.choices(kim)).way is Way.EMAIL
    await room.notices.choose(volunteer_actor(kim), kim, Choices(person_id=kim, way=Way.CHAT, out=True))
    await room.office.need("groceries", urgency=TODAY)
    assert await room.turn() == 0


async def test_only_an_admin_sets_it_and_every_answer_is_told(desk: Desk) -> None:
    room, chat = desk
    with pytest.raises(NotAllowed):
        await room.notices.chat.change(room.office.ana, chat.service())
    assert await room.notices.chat.try_it(room.office.admin, KIM, "a test") is None
    assert chat.to(KIM) == ["a test"]
    chat.status = 401
    refusal = await room.notices.chat.try_it(room.office.admin, KIM, "a test")
    assert refusal is not None
    assert refusal.answer == "sign_in"


@pytest.mark.parametrize(
    "url",
    [
        "json://{to}/send",
        "json://{to}",
        "json://user@{to}:8080/x",
        "json://example.org/send",
        "json://example.org/{to}/{to}",
        "example.org/{to}",
        "nonesuch://example.org/{to}",
        "",
    ],
)
async def test_a_persons_address_never_says_which_machine_is_asked(desk: Desk, url: str) -> None:
    room, _ = desk
    with pytest.raises(Invalid) as caught:
        await room.notices.chat.change(room.office.admin, ChatService(name="Other", url=url))
    assert caught.value.fields.keys() == {"url"}


def test_a_place_in_the_query_is_one_too() -> None:
    assert faults(ChatService(name="Mail", url="mailtos://a:b@example.org?to={to}")) == {}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" +44 7700 900-123 ", KIM),
        ("@kim.pretend:example.org", MATRIX),
        ("-1001234567", ""),
        ("kim,sam", ""),
        ("kim/../sam", ""),
        ("kim sam", ""),
        ("kim?to=sam", ""),
        ("kim%2Fsam", ""),
        ("", ""),
    ],
)
def test_what_can_be_an_address_in_a_chat(typed: str, kept: str) -> None:
    assert handle_of(typed) == kept
