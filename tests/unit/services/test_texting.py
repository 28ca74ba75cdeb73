"""Texts against a real gateway: what they say, whom they reach, and everything a gateway may answer."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from node.domain.ids import PersonId
from node.domain.intake.intake import NewPerson
from node.domain.notices.choices import Choices
from node.domain.notices.gateway import Gateway, GatewayKind
from node.domain.notices.notice import State, Way
from node.domain.notices.texts import MOST_SEGMENTS, segments
from node.errors import Invalid, Locked, NotAllowed
from node.store import notices as rows
from tests.harness.mailroom import GROUP, TODAY, URL, Mailroom, mailroom
from tests.harness.text_gateway import SECRET, TextGateway, text_gateway

KIM, SAM = "+447700900123", "+447700900124"
Desk = tuple[Mailroom, TextGateway]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with mailroom(tmp_path) as room, text_gateway() as gateway:
        await room.notices.texts.change(room.office.admin, gateway.hook())
        yield room, gateway


async def texter(room: Mailroom, number: str, *, email: str = "", **changes: object) -> PersonId:
    """A volunteer who told us that she likes texts best."""
    person = NewPerson(name="Kim Pretend", phone=number, email=email, contact_by="text")
    return await room.office.helper(person=person, **changes)


async def states(room: Mailroom) -> list[tuple[str, str, str]]:
    async with room.office.db.read() as tx:
        found = await rows.listed(tx, list(State), 99)
    return sorted((str(row.notice.way), str(row.notice.state), row.notice.answer) for row in found)


async def test_whoever_likes_texts_is_told_by_text_and_the_others_by_mail(desk: Desk) -> None:
    room, gateway = desk
    await texter(room, KIM, email="kim.pretend@example.net")
    await room.helper("sam.pretend@example.net")
    await room.office.need("groceries", urgency=TODAY)
    assert await room.turn() == 2
    (text,) = gateway.to(KIM)
    assert text.startswith(f"{GROUP}: Wanted today: Shopping\n{URL}/my")
    assert [mail.to for mail in room.post.mails] == [("sam.pretend@example.net",)]
    assert gateway.keys == [f"Bearer {SECRET}"]
    assert await states(room) == [("email", "sent", ""), ("text", "sent", "")]


@pytest.mark.parametrize("language", ["en", "es", "ar"])
async def test_a_text_is_short_has_one_link_and_nobody_in_it(desk: Desk, language: str) -> None:
    room, gateway = desk
    person = await texter(room, KIM, languages=(language,))
    need = await room.office.need("groceries")
    await room.office.dispatch.propose(room.office.ana, need, person)
    room.office.clock.advance(seconds=200)
    await room.turn()
    assert gateway.texts
    for text in gateway.to(KIM):
        assert segments(text) <= MOST_SEGMENTS
        assert text.count("https://") == 1
        assert "Kim" not in text
        assert "Invented" not in text


async def test_she_chooses_the_way_and_a_landline_or_a_neighbours_number_is_rung(desk: Desk) -> None:
    room, gateway = desk
    chosen = await texter(room, KIM, email="kim.pretend@example.net")
    await room.notices.choose(room.office.ana, chosen, Choices(person_id=chosen, way=Way.EMAIL))
    landline = await texter(room, "+44 117 496 0123")
    assert (await room.notices.choices(chosen)).way is Way.EMAIL
    assert (await room.notices.choices(landline)).way is Way.PHONE
    await room.notices.choose(room.office.ana, chosen, Choices(person_id=chosen, way=Way.TEXT))
    await room.office.need("groceries", urgency=TODAY)
    assert await room.turn() == 1
    assert len(gateway.to(KIM)) == 1


async def test_whose_way_to_be_reached_safely_is_written_down_gets_no_text(desk: Desk) -> None:
    room, gateway = desk
    person = NewPerson(name="Kim Pretend", phone=KIM, contact_by="text", safe_to_ring="before five")
    await room.office.helper(person=person)
    await room.office.need("groceries", urgency=TODAY)
    assert await room.turn() == 0
    assert gateway.texts == []


@pytest.mark.parametrize(
    ("status", "became", "answer", "way"),
    [
        (410, "failed", "recipient_550", Way.PHONE),
        (422, "failed", "content_554", Way.TEXT),
        (429, "waiting", "content_451", Way.TEXT),
        (500, "waiting", "content_451", Way.TEXT),
        (401, "waiting", "sign_in", Way.TEXT),
        (503, "waiting", "connect", Way.TEXT),
        (302, "waiting", "connect", Way.TEXT),
    ],
)
async def test_what_a_gateway_says_decides(
    desk: Desk, status: int, became: str, answer: str, way: Way
) -> None:
    room, gateway = desk
    person = await texter(room, KIM)
    gateway.refuses[KIM] = status
    await room.office.need("groceries", urgency=TODAY)
    assert await room.turn() == 0
    assert await states(room) == [("text", became, answer)]
    assert (await room.notices.choices(person)).way is way
    gateway.refuses.clear()
    room.office.clock.advance(minutes=20)
    assert await room.turn() == (1 if became == "waiting" else 0)


async def test_a_gateway_that_is_down_stops_no_mail_and_loses_nothing(desk: Desk) -> None:
    room, gateway = desk
    await texter(room, KIM)
    await texter(room, SAM)
    await room.helper("sam.pretend@example.net")
    await room.office.need("groceries", urgency=TODAY)
    gateway.status = 503
    assert await room.turn() == 1
    assert len(gateway.keys) == 1, "after the first no of the gateway itself nothing else is tried"
    view = await room.notices.outbox(room.office.ana)
    assert view.trouble == {Way.TEXT}
    gateway.status = 0
    room.office.clock.advance(minutes=20)
    assert await room.turn() == 2


async def test_by_apprise_the_same_arrives_and_a_no_is_understood(desk: Desk) -> None:
    room, gateway = desk
    await room.notices.texts.change(room.office.admin, gateway.apprise())
    await texter(room, KIM)
    await texter(room, SAM)
    gateway.refuses[SAM] = 400
    await room.office.need("groceries", urgency=TODAY)
    assert await room.turn() == 1
    assert gateway.to(KIM)[0].startswith(GROUP)
    assert await states(room) == [("text", "failed", "content_554"), ("text", "sent", "")]


async def test_its_settings_are_checked_sealed_and_tried(desk: Desk) -> None:
    room, gateway = desk
    texts, admin = room.notices.texts, room.office.admin
    with pytest.raises(NotAllowed):
        await texts.shown(room.office.ana)
    for kind, url in (
        ("hook", "http://8.8.8.8/"),
        ("apprise", "nosuchservice://k/{number}"),
        ("apprise", ""),
    ):
        with pytest.raises(Invalid) as wrong:
            await texts.change(admin, Gateway(kind=GatewayKind(kind), url=url))
        assert set(wrong.value.fields) == {"url"}
    shown = await texts.shown(admin)
    assert shown is not None
    assert shown.inbound.startswith(f"{URL}/api/v1/texts/")
    # An empty address keeps what is set; another one is told no old key, and answers come to the same address.
    await texts.change(admin, Gateway(kind=GatewayKind.HOOK, url="", answers=True))
    assert await texts.try_it(admin, "07700 900123", "hello") is None
    assert gateway.keys[-1] == f"Bearer {SECRET}"
    await texts.change(admin, Gateway(kind=GatewayKind.HOOK, url=f"{gateway.url}/send", answers=True))
    gateway.status = 403
    refusal = await texts.try_it(admin, "07700 900123", "hello")
    assert refusal is not None
    assert refusal.answer == "sign_in"
    assert gateway.keys[-1] == ""
    assert await texts.shown(admin) == shown
    with pytest.raises(Invalid):
        await texts.try_it(admin, "0117 496 0123", "hello")
    token = shown.inbound.rpartition("/")[2]
    assert await texts.is_inbound(token)
    assert not await texts.is_inbound(token[:-1])
    room.office.lock()
    assert await texts.is_inbound(token)
    with pytest.raises(Locked):
        await texts.try_it(admin, "07700 900123", "hello")
    await texts.take_out(admin)
    assert not await texts.is_inbound(token)
