"""Members of staff told on their own telephones, against a real push service over https: the browsers first, their
address where none of them can be reached."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from federation.connections import open_session
from node.domain.actors import Actor
from node.domain.notices.alerts import AlertChoices, When
from node.domain.notices.notice import HOUR, State
from node.domain.safety.incidents import Source, Teller
from node.errors import Locked, NotFound
from node.network.outside import ToOutside
from node.store import alert_choices, alert_devices, alert_messages
from tests.harness.alert_room import AlertRoom, alert_room
from tests.harness.mailroom import GROUP, TODAY, URL
from tests.harness.office import on_disk
from tests.harness.push_service import Phone, PushService, push_service

HERE = "127.0.0.1"


@dataclass
class Desk:
    """The room with a push service beside it."""

    room: AlertRoom
    service: PushService

    async def phone(self, actor: Actor, name: str = "phone", language: str = "en") -> Phone:
        """One more browser in which that account turned it on."""
        phone = self.service.phone(name, self.room.office.desk.random)
        await self.room.alerts.choosing.turn_on(actor, phone.subscription, "firefox-android", language)
        return phone

    async def urgent(self) -> int:
        """A request for today that nobody attends to for an hour; how many messages went."""
        await self.room.office.need("groceries", urgency=TODAY)
        self.room.office.clock.advance(minutes=60)
        return await self.room.turn()

    async def last(self, actor: Actor) -> tuple[State, str]:
        """State and answer of the latest message to that account."""
        async with self.room.office.db.read() as tx:
            row = await alert_messages.latest(tx, actor.name)
        assert row is not None
        return row.state, row.answer


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    lines = open_session()

    async def resolve(host: str, port: int) -> Sequence[str]:
        assert host == "push.example.net"
        return [HERE]

    async with push_service(tmp_path) as service:
        outside = ToOutside(lines, resolve=resolve, allow_private=True, tls=service.trusts)
        async with alert_room(tmp_path, outside=outside) as room:
            await room.room.notices.push.make_key()
            yield Desk(room, service)
    await lines.close()


async def test_the_telephone_comes_before_the_mailbox_and_says_kinds_alone(desk: Desk) -> None:
    room, office = desk.room, desk.room.office
    await room.joins(office.ana)
    phone = await desk.phone(office.ana)
    assert await desk.urgent() == 1
    assert room.post.mails == []
    (said,) = desk.service.read(phone)
    assert said["title"] == GROUP
    assert said["body"] == "One request for today for which nobody is asked"
    assert said["link"].startswith(f"{URL}/board?show=")
    assert said["fewer"]["link"].startswith(f"{URL}/n/desk/")
    (came,) = desk.service.taken
    assert came.headers["Urgency"] == "normal"
    assert 0 < int(came.headers["TTL"]) <= 24 * HOUR
    assert await room.turn() == 0, "told once"
    for word in ("push.example.net", phone.subscription.auth.hex()):
        assert word.encode() not in on_disk(office)


async def test_safety_wakes_a_telephone_that_sleeps(desk: Desk) -> None:
    office = desk.room.office
    phone = await desk.phone(office.safety, language="ar")
    await office.incidents.told_by_link("unsafe at night", Source(teller=Teller.ASKER, person=None))
    assert await desk.room.turn() == 1
    (said,) = desk.service.read(phone)
    assert (said["lang"], said["dir"]) == ("ar", "rtl")
    assert desk.service.taken[-1].headers["Urgency"] == "high"


@pytest.mark.parametrize(("status", "left"), [(410, 0), (404, 0), (403, 1), (400, 1), (503, 1)])
async def test_where_no_telephone_takes_it_it_goes_to_the_address(desk: Desk, status: int, left: int) -> None:
    room, office = desk.room, desk.room.office
    await room.joins(office.ana)
    phone = await desk.phone(office.ana)
    desk.service.refuses["phone"] = status
    assert await desk.urgent() == 0
    assert await room.alerts.deliver() == 1
    assert [mail.to for mail in room.post.mails] == [("ana@example.net",)]
    assert await room.turn() == 0
    async with office.db.read() as tx:
        assert len(await alert_devices.of(tx, office.ana.name)) == left
    desk.service.refuses.clear()
    room.post.mails.clear()
    assert await desk.urgent() == 1
    assert len(desk.service.read(phone)) == left, "the next one is tried there again"
    assert len(room.post.mails) == 1 - left


async def test_nobody_needs_a_mail_server_to_be_told(desk: Desk) -> None:
    room, office = desk.room, desk.room.office
    await room.room.notices.mail.take_out(office.admin)
    phone = await desk.phone(office.ana)
    view = await room.alerts.choosing.own(office.ana)
    assert (view.mail, view.has_address, view.confirmed, len(view.devices)) == (False, False, False, 1)
    assert await desk.urgent() == 1
    assert len(desk.service.read(phone)) == 1
    await room.alerts.choosing.choose(office.ana, AlertChoices(urgent=When.OFF), "en")
    assert await desk.urgent() == 0


async def test_a_telephone_that_is_gone_and_nothing_else_is_said_and_others_are_told(desk: Desk) -> None:
    room, office = desk.room, desk.room.office
    await desk.phone(office.ana)
    await room.joins(office.ben)
    desk.service.refuses["phone"] = 410
    assert await desk.urgent() == 1, "ben, by mail"
    assert await desk.last(office.ana) == (State.FAILED, "recipient_550")
    view = await room.alerts.choosing.own(office.ana)
    assert (view.devices, view.failed) == ((), "recipient_550")
    assert await room.turn() == 0
    async with office.db.read() as tx:
        row = await alert_choices.get(tx, office.ana.name)
    assert row is not None
    assert not row.told, "nobody counts on her any more"


async def test_while_the_records_are_closed_only_mail_goes(desk: Desk) -> None:
    room, office = desk.room, desk.room.office
    await room.joins(office.ana)
    phone = await desk.phone(office.ana)
    await room.alerts.standby.want(office.admin, True)
    office.vault.lock()
    assert await desk.urgent() == 1
    assert [mail.to for mail in room.post.mails] == [("ana@example.net",)]
    assert desk.service.read(phone) == []


async def test_told_on_a_telephone_alone_it_waits_for_the_records(desk: Desk) -> None:
    room, office = desk.room, desk.room.office
    await room.room.notices.mail.take_out(office.admin)
    phone = await desk.phone(office.ana)
    office.vault.lock()
    with pytest.raises(Locked):
        await desk.urgent()
    await office.unlock()
    assert await room.turn() == 1
    assert len(desk.service.read(phone)) == 1


async def test_taking_the_address_away_leaves_the_telephone(desk: Desk) -> None:
    room, office, choosing = desk.room, desk.room.office, desk.room.alerts.choosing
    await room.joins(office.ana, calls=When.OFF)
    phone = await desk.phone(office.ana)
    await choosing.forget(office.ana)
    view = await choosing.own(office.ana)
    assert (view.has_address, view.address, len(view.devices)) == (False, "", 1)
    assert view.choices.calls is When.OFF
    assert await desk.urgent() == 1
    assert len(desk.service.read(phone)) == 1
    desk.service.refuses["phone"] = 410
    assert await desk.urgent() == 0
    await room.turn()
    assert room.post.mails == []


async def test_each_ends_the_own_and_nobody_elses(desk: Desk) -> None:
    office, choosing = desk.room.office, desk.room.alerts.choosing
    phone = await desk.phone(office.ana)
    (hers,) = (await choosing.own(office.ana)).devices
    assert hers.browser == "firefox-android"
    with pytest.raises(NotFound):
        await choosing.turn_off(office.ben, hers.id)
    # Ben sits down at the same laptop and turns it on.
    await choosing.turn_on(office.ben, phone.subscription, "", "en")
    assert (await choosing.own(office.ana)).devices == ()
    (his,) = (await choosing.own(office.ben)).devices
    assert hers.known_by == his.known_by
    await choosing.turn_off(office.ben, his.id)
    with pytest.raises(NotFound):
        await choosing.turn_off(office.ben, his.id)
    assert await desk.urgent() == 0


async def test_whoever_leaves_is_told_nowhere(desk: Desk) -> None:
    office = desk.room.office
    await desk.phone(office.ana)
    async with office.db.write() as tx:
        await alert_choices.delete_of(tx, office.ana.id or "")
    async with office.db.read() as tx:
        assert not await alert_devices.any_at_all(tx)
    assert await desk.urgent() == 0


async def test_stopped_by_the_notification_and_on_again(desk: Desk) -> None:
    office, choosing = desk.room.office, desk.room.alerts.choosing
    phone = await desk.phone(office.ana)
    await desk.urgent()
    (said,) = desk.service.read(phone)
    await choosing.stop_by_link(said["fewer"]["link"].rpartition("/")[2])
    assert await desk.urgent() == 0
    assert (await choosing.own(office.ana)).stopped
    await choosing.turn_on(office.ana, phone.subscription, "", "en")
    assert await desk.room.turn() == 1


async def test_no_more_than_five_browsers_of_one_account(desk: Desk) -> None:
    office = desk.room.office
    for number in range(6):
        await desk.phone(office.ana, f"phone{number}")
        office.clock.advance(minutes=1)
    assert len((await desk.room.alerts.choosing.own(office.ana)).devices) == 5
