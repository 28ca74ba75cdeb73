"""The way of a notice: from a request that fits to a real mail server, once, and out with one click."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from node.domain.actors import volunteer_actor
from node.domain.ids import PersonId
from node.domain.need import Urgency
from node.domain.notices.choices import Choices
from node.domain.notices.notice import URGENT_AT_ONCE, Kind, State, Way
from node.errors import Conflict, Locked, NotFound
from node.services.own.door import OwnDoor
from node.services.people.copies import Copies
from node.services.settings.texts import Texts
from node.store import notices as rows
from tests.harness.mailroom import TODAY, URL, Mailroom, mailroom, token_in
from tests.harness.office import point

SAM = "sam.pretend@example.net"
KIM = "kim.pretend@example.net"


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Mailroom]:
    async with mailroom(tmp_path) as opened:
        yield opened


async def states(room: Mailroom) -> list[tuple[str, str]]:
    """State and answer of every message, in no order."""
    async with room.office.db.read() as tx:
        return sorted(
            (str(row.notice.state), row.notice.answer) for row in await rows.listed(tx, list(State), 99)
        )


async def test_what_is_wanted_today_and_fits_is_told_once(room: Mailroom) -> None:
    await room.helper(SAM)
    await room.office.need("groceries", urgency=TODAY)
    assert await room.turn() == 1
    assert await room.turn() == 0
    (mail,) = room.post.mails
    assert mail.to == (SAM,)
    assert mail.message["Subject"] == "Wanted today: Shopping"
    assert await states(room) == [("sent", "")]


async def test_nobody_is_told_what_does_not_fit(room: Mailroom) -> None:
    await room.helper(SAM, abilities=("lift",))
    await room.helper(KIM, point=point(60.0))
    await room.office.need("groceries", urgency=TODAY)
    assert await room.turn() == 0
    assert room.post.mails == []


async def test_nobody_is_told_by_itself_of_kinds_that_her_own_page_never_shows(room: Mailroom) -> None:
    await room.helper(SAM)
    await room.office.need("medication", urgency=TODAY)
    await room.office.need("other", urgency=Urgency.THIS_WEEK)
    assert await room.turn() == 0
    assert room.post.mails == []


async def test_one_click_ends_it_and_says_so_when_asked_again(room: Mailroom) -> None:
    person = await room.helper(SAM)
    await room.office.need("groceries", urgency=TODAY)
    await room.turn()
    token = token_in(room.post.mails[0].message["List-Unsubscribe"])
    await room.notices.out_by_link(token)
    await room.notices.out_by_link(token)
    assert (await room.notices.by_link(token)).choices.out
    await room.office.need("lift", urgency=TODAY)
    assert await room.turn() == 0
    assert (await room.notices.choices(person)).way is Way.PHONE
    with pytest.raises(NotFound):
        await room.notices.out_by_link("A" * 22)


async def test_nobody_has_two_messages_for_one_thing_whatever_the_kind(room: Mailroom) -> None:
    await room.helper(SAM)
    await room.office.need("groceries", urgency=TODAY)
    await room.office.need("lift", urgency=Urgency.THIS_WEEK)
    assert await room.turn() == 2
    said = {mail.message["Subject"]: mail.part("plain") for mail in room.post.to(SAM)}
    assert set(said) == {"Wanted today: Shopping", "One thing you could do"}
    assert "Shopping" not in said["One thing you could do"]
    room.office.clock.advance(days=1)
    assert await room.turn() == 0


async def test_the_best_few_are_told_at_once_and_the_others_find_it_in_their_digest(room: Mailroom) -> None:
    for number in range(URGENT_AT_ONCE + 3):
        await room.helper(f"made.up{number}@example.net", name=f"Sam Pretend{number}")
    await room.office.need("groceries", urgency=TODAY)
    await room.turn()
    subjects = [mail.message["Subject"] for mail in room.post.mails]
    assert subjects.count("Wanted today: Shopping") == URGENT_AT_ONCE
    assert subjects.count("One thing you could do") == 3
    assert len({mail.to for mail in room.post.mails}) == URGENT_AT_ONCE + 3


async def test_ten_more_are_told_after_each_hour_in_which_nobody_says_yes(room: Mailroom) -> None:
    office = room.office
    people = [
        await room.helper(f"made.up{number}@example.net", name=f"Sam Pretend{number}")
        for number in range(2 * URGENT_AT_ONCE + 3)
    ]
    await room.turn()  # the daily message of that day is out before anything is wanted
    need = await office.need("groceries", urgency=TODAY)

    async def now_told() -> int:
        before = len(room.post.mails)
        while await room.turn():
            pass
        return len(room.post.mails) - before

    assert await now_told() == URGENT_AT_ONCE
    office.clock.advance(minutes=59)
    assert await now_told() == 0
    office.clock.advance(minutes=2)
    assert await now_told() == URGENT_AT_ONCE
    assert len({mail.to for mail in room.post.mails}) == 2 * URGENT_AT_ONCE
    told = {address for mail in room.post.mails for address in mail.to}
    first = next(who for number, who in enumerate(people) if f"made.up{number}@example.net" in told)
    task = await office.own_offers.offer(volunteer_actor(first), need, "her telephone")
    office.clock.advance(hours=2)
    assert await now_told() == 0, "somebody said yes, and waits for a coordinator"
    await office.dispatch.decline(office.ana, task)
    assert await now_told() == 3


async def test_one_who_sleeps_longer_holds_up_nobody_else(room: Mailroom) -> None:
    office = room.office
    while office.clock.now().hour != 9:
        office.clock.advance(minutes=30)
    for number in range(2 * URGENT_AT_ONCE):
        person = await room.helper(f"made.up{number}@example.net", name=f"Sam Pretend{number}")
        late = {"quiet_from": 21, "quiet_until": 12} if number % 3 == 0 else {}
        await room.notices.choose(office.ana, person, Choices(person_id=person, digest=False, **late))
    await office.need("groceries", urgency=TODAY)

    async def told() -> int:
        while await room.turn():
            pass
        return len(room.post.mails)

    at_once = await told()
    assert 0 < at_once < URGENT_AT_ONCE, "some of the ten sleep until noon"
    office.clock.advance(minutes=61)
    assert await told() > at_once


async def test_at_night_it_waits_and_what_is_over_by_the_morning_is_not_sent(room: Mailroom) -> None:
    await room.helper(SAM)
    room.office.clock.advance(hours=14)  # 23:30
    gone = await room.office.need("groceries", urgency=TODAY)
    await room.office.need("lift", urgency=TODAY)
    assert await room.turn() == 0
    await room.office.dispatch.close(room.office.ana, gone, "no_longer_needed")
    room.office.clock.advance(hours=9)
    await room.turn()
    assert [mail.message["Subject"] for mail in room.post.mails] == ["Wanted today: A lift by car"]
    assert await states(room) == [("sent", ""), ("suppressed", "moved_on")]


async def test_whom_it_fits_no_longer_when_it_goes_gets_nothing(room: Mailroom) -> None:
    person = await room.helper(SAM)
    await room.office.need("groceries", urgency=TODAY)
    await room.notices.find()
    await room.office.people.pause(room.office.ana, person)
    assert await room.notices.deliver() == 0
    assert await states(room) == [("suppressed", "moved_on")]


async def test_two_jobs_at_the_same_moment_tell_it_once(room: Mailroom) -> None:
    await room.helper(SAM)
    await room.office.need("groceries", urgency=TODAY)
    await asyncio.gather(room.notices.find(), room.notices.find())
    await room.notices.deliver()
    assert len(room.post.mails) == 1


async def test_while_the_records_are_closed_it_waits(room: Mailroom) -> None:
    await room.helper(SAM)
    await room.office.need("groceries", urgency=TODAY)
    await room.notices.find()
    room.office.lock()
    with pytest.raises(Locked):
        await room.notices.deliver()
    assert room.post.mails == []
    await room.office.unlock()
    assert await room.turn() == 1


async def test_a_choice_is_kept_and_counts(room: Mailroom) -> None:
    person = await room.helper(SAM)
    await room.notices.choose(room.office.ana, person, Choices(person_id=person, urgent=False))
    await room.office.need("groceries", urgency=TODAY)
    await room.turn()
    assert [mail.message["Subject"] for mail in room.post.mails] == ["One thing you could do"]


@pytest.mark.parametrize(
    "told", [{"contact_by": "phone"}, {"safe_to_ring": "not while he is at home"}], ids=["phone", "safe"]
)
async def test_whoever_is_better_rung_gets_no_mail(room: Mailroom, told: dict[str, str]) -> None:
    await room.helper(SAM, **told)
    await room.office.need("groceries", urgency=TODAY)
    assert await room.turn() == 0


async def test_a_link_to_come_in_goes_once_and_never_late(room: Mailroom) -> None:
    person = await room.helper(SAM, contact_by="phone")
    link = f"{URL}/my/in/{'x' * 22}"
    room.office.lock()
    assert await room.notices.sign_in_link(person, link)
    await room.office.unlock()
    assert await room.notices.deliver() == 1
    (mail,) = room.post.mails
    assert link in mail.part("plain")
    assert link in mail.part("html")
    assert "List-Unsubscribe" not in mail.message
    assert link.encode() not in on_disk(room)
    assert await room.notices.sign_in_link(person, link)
    room.office.clock.advance(minutes=31)
    assert await room.notices.deliver() == 0
    assert ("given_up", "") in await states(room)


async def test_whoever_asks_with_her_address_gets_her_link_by_mail(room: Mailroom) -> None:
    await room.helper(SAM)
    door = OwnDoor(room.office.desk)
    await door.ask(SAM)
    await door.ask("nobody.we.know@example.net")
    await door.ask("07700 900001")
    assert await door.answer_by_itself(room.notices) == 1
    assert await door.answer_by_itself(room.notices) == 0
    assert await door.how_many_ask(room.office.ana) == 2, "the others wait for the desk"
    assert await room.notices.deliver() == 1
    found = re.search(r"/my/in/([A-Za-z0-9_-]{22})", room.post.mails[0].part("plain"))
    assert found is not None
    assert await door.sign_in(found[1])


async def test_nobody_fills_a_mailbox_by_asking_for_links(room: Mailroom) -> None:
    person = await room.helper(SAM)
    asked = [await room.notices.sign_in_link(person, f"{URL}/my/in/{n}") for n in range(7)]
    assert asked == [True] * 5 + [False] * 2
    assert not await room.notices.sign_in_link(PersonId("A" * 22), URL)


async def test_what_failed_can_be_sent_again_by_a_coordinator(room: Mailroom) -> None:
    await room.helper(SAM)
    await room.office.need("groceries", urgency=TODAY)
    room.post.refuses_content = "554 5.7.1 looks like spam"
    await room.turn()
    assert await states(room) == [("failed", "content_554")]
    view = await room.notices.outbox(room.office.ana, named=True)
    (line,) = view.lines
    assert (line.name, line.said) == ("Sam Pretend", "5.7.1 looks like spam")
    assert line.notice.kind is Kind.URGENT
    room.post.refuses_content = ""
    await room.notices.again(room.office.ana, line.notice.id)
    assert await room.notices.deliver() == 1
    with pytest.raises(Conflict):
        await room.notices.again(room.office.ana, line.notice.id)


def on_disk(room: Mailroom) -> bytes:
    """Everything in the data folder."""
    return b"".join(path.read_bytes() for path in room.office.folder.iterdir() if path.is_file())


async def test_the_copy_of_her_data_tells_what_went_to_her_and_what_she_chose(room: Mailroom) -> None:
    """Not the key of her link, nor the mail server's words."""
    person, copies = (
        await room.helper(SAM),
        Copies(room.office.desk, Texts(room.office.db, room.office.clock)),
    )
    assert (await copies.make(room.office.safety, person))["notices"] == {}
    await room.office.need("groceries", urgency=TODAY)
    await room.turn()
    told = (await copies.make(room.office.safety, person))["notices"]
    assert told["sent"] == [{"at": room.office.desk.now, "message": "urgent", "state": "sent"}]
    await room.notices.out_by_link(token_in(room.post.mails[0].message["List-Unsubscribe"]))
    assert (await copies.make(room.office.safety, person))["notices"] == told | {"no_messages": True}
