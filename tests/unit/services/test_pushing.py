"""Notifications against a real push service over https: who gets them, what is in them, and what it may answer."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from federation.connections import open_session
from node.domain.actors import volunteer_actor
from node.domain.ids import PersonId
from node.domain.notices.choices import Choices
from node.domain.notices.notice import HOUR, MINUTE, State, Way
from node.domain.notices.push_sealing import PADDED
from node.errors import Locked, NotAllowed
from node.network.outside import ToOutside
from node.services.own.door import OwnDoor
from node.services.people.copies import Copies
from node.services.people.merging import Merging
from node.services.settings.texts import Texts
from node.store import notices as rows
from node.store import push_devices
from node.store.notices import NoticeRow
from tests.harness.mailroom import GROUP, TODAY, URL, Mailroom, mailroom
from tests.harness.push_service import Phone, PushService, push_service

HERE = "127.0.0.1"


@dataclass
class Desk:
    """A room with a push service beside it. ``leads``: where its name leads."""

    room: Mailroom
    service: PushService
    leads: list[str]

    async def signed_in(self, person: PersonId) -> str:
        """The cookie of one more browser of hers."""
        door = OwnDoor(self.room.office.desk)
        return await door.sign_in(await door.make_link(self.room.office.ana, person))

    async def phone(self, person: PersonId, name: str = "phone") -> tuple[Phone, str]:
        """One more device on which she turned it on, and its cookie."""
        phone, cookie = self.service.phone(name, self.room.office.desk.random), await self.signed_in(person)
        await self.room.notices.push.turn_on(volunteer_actor(person), cookie, phone.subscription)
        return phone, cookie

    async def sent(self) -> Sequence[NoticeRow]:
        """Every message there is."""
        async with self.room.office.db.read() as tx:
            return await rows.listed(tx, list(State), 99)

    async def states(self) -> list[tuple[str, str, str]]:
        """Way, state and answer of each."""
        found = [each.notice for each in await self.sent()]
        return sorted((str(each.way), str(each.state), each.answer) for each in found)

    async def devices(self) -> int:
        """How many there are at all."""
        async with self.room.office.db.read() as tx:
            return len(await push_devices.of_persons(tx, 0))


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    leads, lines = [HERE], open_session()

    async def resolve(host: str, port: int) -> Sequence[str]:
        assert host == "push.example.net"
        return leads

    async with push_service(tmp_path) as service:
        outside = ToOutside(lines, resolve=resolve, allow_private=True, tls=service.trusts)
        async with mailroom(tmp_path, outside=outside) as room:
            await room.notices.push.make_key()
            yield Desk(room, service, leads)
    await lines.close()


async def test_who_turned_it_on_is_told_there_and_nowhere_else(desk: Desk) -> None:
    room = desk.room
    sam = await room.helper("sam.pretend@example.net")
    await room.helper("kim.pretend@example.net", "Kim Pretend")
    phone, _ = await desk.phone(sam)
    assert (await room.notices.choices(sam)).way is Way.PUSH
    await room.office.need("groceries", urgency=TODAY)
    assert await room.turn() == 2
    (said,) = desk.service.read(phone)
    assert said["title"] == GROUP
    assert said["body"] == "Wanted today: Shopping"
    assert said["link"] == f"{URL}/my"
    assert said["fewer"]["link"].startswith(f"{URL}/n/")
    assert [mail.to for mail in room.post.mails] == [("kim.pretend@example.net",)]
    assert await desk.states() == [("email", "sent", ""), ("push", "sent", "")]
    assert await room.turn() == 0, "told once"


async def test_what_goes_beside_it_tells_nothing(desk: Desk) -> None:
    sam = await desk.room.helper("sam.pretend@example.net", languages=("ar",))
    phone, _ = await desk.phone(sam)
    need = await desk.room.office.need("groceries")
    await desk.room.office.dispatch.propose(desk.room.office.ana, need, sam)
    desk.room.office.clock.advance(seconds=200)
    await desk.room.turn()
    (said,) = desk.service.read(phone)
    assert said["dir"] == "rtl"
    for word in ("Sam", "Invented", "Pretend", "example.net"):
        assert word not in str(said)
    (came,) = desk.service.taken
    (row,) = await desk.sent()
    assert came.headers["TTL"] == str(24 * HOUR)
    assert came.headers["Urgency"] == "high"
    assert came.headers["Topic"] == row.notice.id
    assert came.headers["Content-Encoding"] == "aes128gcm"
    assert len(came.body) == 16 + 4 + 1 + 65 + PADDED + 16
    assert came.claims["sub"] == URL
    assert came.claims["exp"] - desk.room.office.desk.now <= 24 * HOUR
    names = {name.lower() for name in came.headers} - {"content-length", "host", "accept", "connection"}
    assert names == {"ttl", "urgency", "topic", "content-type", "content-encoding", "authorization"}


async def test_two_devices_both_show_it_and_one_that_is_gone_is_forgotten(desk: Desk) -> None:
    room = desk.room
    sam = await room.helper("sam.pretend@example.net")
    phone, _ = await desk.phone(sam, "phone")
    laptop, _ = await desk.phone(sam, "laptop")
    await room.office.need("groceries", urgency=TODAY)
    assert await room.turn() == 1
    assert len(desk.service.read(phone)) == len(desk.service.read(laptop)) == 1
    desk.service.refuses["phone"] = 410
    await room.office.need("groceries", urgency=TODAY)
    assert await room.turn() == 1
    assert await desk.devices() == 1
    assert len(desk.service.read(phone)) == 1
    assert len(desk.service.read(laptop)) == 2
    assert {state for _, state, _ in await desk.states()} == {"sent"}


@pytest.mark.parametrize(
    ("status", "became", "answer", "left"),
    [
        (404, "failed", "recipient_550", 0),
        (410, "failed", "recipient_550", 0),
        (400, "failed", "content_554", 1),
        (413, "failed", "content_554", 1),
        (307, "failed", "content_554", 1),
        (401, "waiting", "content_451", 1),
        (429, "waiting", "content_451", 1),
        (503, "waiting", "content_451", 1),
    ],
)
async def test_what_a_push_service_says_decides(
    desk: Desk, status: int, became: str, answer: str, left: int
) -> None:
    room = desk.room
    sam, kim = await room.helper("sam.pretend@example.net"), await room.helper("kim@example.net", "Kim")
    await desk.phone(sam, "sams")
    await desk.phone(kim, "kims")
    desk.service.refuses["sams"] = status
    await room.office.need("groceries", urgency=TODAY)
    assert await room.turn() == 1, "who is at another device is not held up"
    assert await desk.states() == sorted([("push", "sent", ""), ("push", became, answer)])
    assert desk.service.asked == 2, "and no redirect is followed"
    assert await desk.devices() == 1 + left
    assert (await room.notices.choices(sam)).way is (Way.PUSH if left else Way.EMAIL)
    assert room.post.mails == [], "nothing is sent by two ways"
    view = await room.notices.outbox(room.office.ana, named=True)
    assert not view.trouble
    assert [line.said.startswith(f"HTTP {status}") for line in view.lines] == [True]


async def test_it_waits_as_long_as_it_is_asked_to(desk: Desk) -> None:
    sam = await desk.room.helper("sam.pretend@example.net")
    phone, _ = await desk.phone(sam)
    desk.service.refuses["phone"] = 429  # with Retry-After: 7200
    await desk.room.office.need("groceries", urgency=TODAY)
    await desk.room.turn()
    (row,) = await desk.sent()
    assert row.notice.due == desk.room.office.desk.now + 2 * HOUR
    desk.service.refuses.clear()
    desk.room.office.clock.advance(minutes=119)
    assert await desk.room.notices.deliver() == 0
    desk.room.office.clock.advance(minutes=2)
    assert await desk.room.notices.deliver() == 1
    assert len(desk.service.read(phone)) == 1


@pytest.mark.parametrize("leads", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "64:ff9b::7f00:1"])
async def test_an_address_inside_is_never_asked(desk: Desk, leads: str) -> None:
    lines = open_session()

    async def resolve(host: str, port: int) -> Sequence[str]:
        return ["203.0.114.7", leads]

    desk.room.notices._sending[Way.PUSH]._channel._outside = ToOutside(lines, resolve=resolve)  # type: ignore[attr-defined]
    sam = await desk.room.helper("sam.pretend@example.net")
    await desk.phone(sam)
    await desk.room.office.need("groceries", urgency=TODAY)
    assert await desk.room.turn() == 0
    assert desk.service.asked == 0
    assert await desk.devices() == 0, "no browser gave us that"
    await lines.close()


async def test_nobody_at_that_address_is_tried_again(desk: Desk) -> None:
    sam = await desk.room.helper("sam.pretend@example.net")
    await desk.phone(sam)
    desk.leads[:] = ["127.0.0.2"]  # where nobody listens
    await desk.room.office.need("groceries", urgency=TODAY)
    assert await desk.room.turn() == 0
    assert await desk.states() == [("push", "waiting", "content_451")]
    desk.leads[:] = ["127.0.0.2", HERE]
    desk.room.office.clock.advance(minutes=2)
    assert await desk.room.notices.deliver() == 1


async def test_at_night_it_waits_until_her_morning(desk: Desk) -> None:
    room = desk.room
    sam = await room.helper("sam.pretend@example.net")
    phone, _ = await desk.phone(sam)
    now = room.office.desk.zone.moment(room.office.desk.now)
    room.office.clock.advance(minutes=(22 - now.hour) * 60)
    await room.notices.choose(
        volunteer_actor(sam), sam, Choices(person_id=sam, way=Way.PUSH, quiet_from=21, quiet_until=7)
    )
    need = await room.office.need("groceries")
    await room.office.dispatch.propose(room.office.ana, need, sam)
    room.office.clock.advance(minutes=5)
    assert await room.turn() == 0
    (row,) = await desk.sent()
    assert room.office.desk.zone.moment(row.notice.due).hour == 7
    room.office.clock.advance(minutes=(row.notice.due - room.office.desk.now) // MINUTE + 1)
    assert await room.notices.deliver() == 1
    assert len(desk.service.read(phone)) == 1


async def test_a_browser_is_one_device_whoever_uses_it(desk: Desk) -> None:
    """A shared telephone: who turned it on last is told there, and the other one by mail again."""
    sam, kim = [await desk.room.helper(f"{name}@example.net", name) for name in ("sam", "kim")]
    phone, _ = await desk.phone(sam)
    await desk.room.notices.push.turn_on(volunteer_actor(kim), await desk.signed_in(kim), phone.subscription)
    assert await desk.devices() == 1
    assert (await desk.room.notices.choices(kim)).way is Way.PUSH
    assert (await desk.room.notices.choices(sam)).way is Way.EMAIL


async def test_off_signed_out_or_shut_out_it_is_gone(desk: Desk) -> None:
    room, push = desk.room, desk.room.notices.push
    sam = await room.helper("sam.pretend@example.net")
    door, actor = OwnDoor(room.office.desk), volunteer_actor(sam)
    _, first = await desk.phone(sam, "first")
    _, second = await desk.phone(sam, "second")
    _, third = await desk.phone(sam, "third")
    assert await push.is_on(first)
    await push.turn_off(actor, first)
    await push.turn_off(actor, first)
    assert not await push.is_on(first)
    ended = next(each for each in await door.devices(actor, second) if each.here)
    await door.end_device(actor, ended.id)
    assert not await push.is_on(second)
    await door.sign_out(third)
    assert await desk.devices() == 0
    assert (await room.notices.choices(sam)).way is Way.EMAIL
    _, fourth = await desk.phone(sam, "fourth")
    await room.office.people.erase(room.office.ana, sam)
    assert await desk.devices() == 0
    assert not await push.is_on(fourth)


async def test_where_she_was_not_seen_for_months_nothing_is_shown(desk: Desk) -> None:
    sam = await desk.room.helper("sam.pretend@example.net")
    await desk.phone(sam)
    desk.room.office.clock.advance(minutes=91 * 24 * 60)
    await desk.room.notices.tidy()
    assert await desk.devices() == 0
    await desk.room.office.need("groceries", urgency=TODAY)
    await desk.room.turn()
    assert desk.service.asked == 0


async def test_nobody_turns_it_on_for_another(desk: Desk) -> None:
    sam, kim = [await desk.room.helper(f"{name}@example.net", name) for name in ("sam", "kim")]
    cookie = await desk.signed_in(sam)
    phone = desk.service.phone("phone", desk.room.office.desk.random)
    for actor, given in (
        (volunteer_actor(kim), cookie),
        (volunteer_actor(sam), "none"),
        (desk.room.office.ana, cookie),
    ):
        with pytest.raises(NotAllowed):
            await desk.room.notices.push.turn_on(actor, given, phone.subscription)
        with pytest.raises(NotAllowed):
            await desk.room.notices.push.turn_off(actor, given)


async def test_it_is_turned_on_while_the_records_are_closed_and_then_waits(desk: Desk) -> None:
    room = desk.room
    sam = await room.helper("sam.pretend@example.net")
    cookie, phone = await desk.signed_in(sam), desk.service.phone("phone", room.office.desk.random)
    need = await room.office.need("groceries")
    await room.office.dispatch.propose(room.office.ana, need, sam)
    room.office.clock.advance(minutes=5)
    await room.notices.push.turn_on(volunteer_actor(sam), cookie, phone.subscription)
    await room.notices.find()
    room.office.lock()
    await room.notices.push.turn_on(volunteer_actor(sam), cookie, phone.subscription)
    assert await room.notices.push.is_on(cookie)
    with pytest.raises(Locked):
        await room.notices.deliver()
    assert desk.service.asked == 0
    assert await desk.states() == [("push", "waiting", "")]


async def test_she_stops_all_of_it_by_the_link_in_it(desk: Desk) -> None:
    room = desk.room
    sam = await room.helper("sam.pretend@example.net")
    phone, _ = await desk.phone(sam)
    await room.office.need("groceries", urgency=TODAY)
    await room.turn()
    token = desk.service.read(phone)[0]["fewer"]["link"].rpartition("/")[2]
    await room.notices.out_by_link(token)
    await room.office.need("groceries", urgency=TODAY)
    assert await room.turn() == 0
    await desk.phone(sam, "again")
    assert not (await room.notices.choices(sam)).choices.out, "whoever turns it on wants messages"


async def test_two_records_become_one_with_the_devices_of_both_and_are_parted_again(desk: Desk) -> None:
    room = desk.room
    sam, same = [await room.helper(f"{name}@example.net", "Sam Pretend") for name in ("sam", "samuel")]
    phone, _ = await desk.phone(sam, "phone")
    laptop, cookie = await desk.phone(same, "laptop")
    merging = Merging(room.office.desk, room.office.roster)
    merge = await merging.merge(room.office.ana, sam, same)
    assert (await room.notices.choices(sam)).way is Way.PUSH
    assert await room.notices.push.is_on(cookie)
    await room.office.need("groceries", urgency=TODAY)
    assert await room.turn() == 1
    assert len(desk.service.read(phone)) == len(desk.service.read(laptop)) == 1
    copy = await Copies(room.office.desk, Texts(room.office.db, room.office.clock)).make(room.office.ana, sam)
    assert len(copy["notices"]["devices_told_since"]) == 2
    assert phone.endpoint not in str(copy)
    await merging.part(room.office.ana, merge)
    assert (await room.notices.choices(same)).way is Way.PUSH
    await room.notices.push.turn_off(volunteer_actor(same), cookie)
    assert (await room.notices.choices(sam)).way is Way.PUSH


async def test_the_key_is_made_once(desk: Desk) -> None:
    push = desk.room.notices.push
    before = await push.public_key()
    push._has_key = False
    await push.make_key()
    assert len(before) == 87
    assert await push.public_key() == before
