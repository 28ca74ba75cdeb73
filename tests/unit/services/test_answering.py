"""Answers by text: what each word does, that it opens nothing, and what happens to all others."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from node.domain.actors import SYSTEM
from node.domain.assignment import AssignmentState
from node.domain.exchange.away_task import AwayTask, Seen
from node.domain.ids import NeedId, PersonId
from node.domain.intake.intake import NewPerson
from node.domain.notices.answering import Incoming
from node.domain.notices.notice import Way
from node.errors import Invalid, NotFound, TooMany
from node.services.notices.answering import MOST_A_MINUTE, MOST_REPLIES
from node.store import assignments, away_tasks, settings
from tests.harness.mailroom import URL, Mailroom, mailroom
from tests.harness.text_gateway import TextGateway, text_gateway

KIM, SAM = "+447700900123", "+447700900124"


class Desk:
    """A mailroom with a gateway, which passes answers on."""

    def __init__(self, room: Mailroom, gateway: TextGateway, token: str) -> None:
        self.room = room
        self.office = room.office
        self.gateway = gateway
        self.token = token

    async def helper(self, number: str = KIM, name: str = "Kim Pretend") -> PersonId:
        person = NewPerson(name=name, phone=number, contact_by="text")
        return await self.office.helper(person=person)

    async def asked(self, person: PersonId, category: str = "groceries") -> NeedId:
        """Asked for one request, and told by text."""
        need = await self.office.need(category)
        await self.office.dispatch.propose(self.office.ana, need, person)
        self.office.clock.advance(seconds=200)
        assert await self.room.turn() >= 1
        return need

    async def elsewhere(self, person: PersonId) -> AwayTask:
        """Another group said yes to her, for today, and she was told by text."""
        day = self.office.desk.today.isoformat()
        task = await self.office.elsewhere(
            person, Seen(category="groceries", cell="8719", urgency="today", window=(day, day))
        )
        self.office.clock.advance(seconds=200)
        assert await self.room.turn() >= 1
        return task

    async def says(self, text: str, number: str = KIM) -> str:
        """What comes back to that number; empty: nothing."""
        before = len(self.gateway.to(number))
        await self.room.notices.answering.take(self.token, Incoming(number=number, text=text))
        await self.room.notices.deliver()
        return "".join(self.gateway.to(number)[before:])

    async def state(self, need: NeedId) -> AssignmentState:
        async with self.office.db.read() as tx:
            return (await assignments.of_need(tx, need))[0].state

    async def unclear(self) -> list[tuple[str, str, str]]:
        view = await self.room.notices.outbox(self.office.ana, named=True)
        return [(each.name, each.number, each.text) for each in view.texts]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with mailroom(tmp_path) as room, text_gateway() as gateway:
        texts = room.notices.texts
        await texts.change(room.office.admin, gateway.hook())
        shown = await texts.shown(room.office.admin)
        assert shown is not None
        yield Desk(room, gateway, shown.inbound.rpartition("/")[2])


async def test_a_yes_is_noted_and_ties_no_device(desk: Desk) -> None:
    need = await desk.asked(await desk.helper())
    assert "Answer YES or NO." in desk.gateway.to(KIM)[-1]
    assert "you said yes" in await desk.says("Yes!")
    assert await desk.state(need) is AssignmentState.INTERESTED
    async with desk.office.db.read() as tx:
        (task,) = await assignments.of_need(tx, need)
    assert task.device_hash is None
    assert task.link_hash is None
    # A second time is no fault of hers, and changes nothing.
    assert "you said yes" in await desk.says("yes")
    assert await desk.unclear() == []


async def test_where_her_yes_is_enough_she_gets_a_link_and_nothing_that_it_opens(desk: Desk) -> None:
    async with desk.office.db.write() as tx:
        await settings.put(tx, settings.CLAIMS, "helper")
    need = await desk.asked(await desk.helper())
    back = await desk.says("SÍ")
    assert await desk.state(need) is AssignmentState.APPROVED
    assert f"{URL}/my/task/" in back
    assert "Street" not in back
    assert await desk.says("done") != ""
    assert await desk.state(need) is AssignmentState.DONE


async def test_a_yes_to_how_it_stands_keeps_hers_and_an_open_question_beside_it_is_for_a_coordinator(
    desk: Desk,
) -> None:
    kim, office = await desk.helper(), desk.office
    needs = [await desk.asked(kim), await desk.asked(kim, "lift")]
    for need in needs:
        async with office.db.read() as tx:
            (task,) = await assignments.of_need(tx, need)
        await office.dispatch.approve(office.ana, task.id)
    office.clock.advance(seconds=200)
    await desk.room.turn()

    async def until_asked() -> None:
        many = len(desk.gateway.to(KIM))
        for _ in range(14):
            office.clock.advance(hours=24)
            assert await office.dispatch.expire_waiting(SYSTEM) == 0
            await desk.room.turn()
            if any("not heard" in each for each in desk.gateway.to(KIM)[many:]):
                return
        raise AssertionError("never asked")

    await until_asked()
    assert "Answer YES" in desk.gateway.to(KIM)[-1]
    assert "It stays yours" in await desk.says("yes")
    await until_asked()
    assert [await desk.state(need) for need in needs] == [AssignmentState.APPROVED] * 2
    other = await desk.asked(kim, "phone_call")
    assert "could not tell" in await desk.says("yes")
    assert await desk.state(other) is AssignmentState.PROPOSED
    office.clock.advance(hours=49)
    await desk.room.turn()
    (last,) = [each for each in desk.gateway.to(KIM) if "Can you do this, or not?" in each]
    assert "Answer YES or NO." in last, "it is not hers yet"


async def test_a_no_and_a_done(desk: Desk) -> None:
    kim = await desk.helper()
    need = await desk.asked(kim)
    assert "not this time" in await desk.says("لا")
    assert await desk.state(need) is AssignmentState.DECLINED


async def test_stop_ends_all_messages_and_is_heard_again_and_again(desk: Desk) -> None:
    kim = await desk.helper()
    await desk.asked(kim)
    assert "no more messages" in await desk.says("STOP")
    choices = await desk.room.notices.choices(kim)
    assert choices.choices.out
    assert choices.way is Way.PHONE
    assert await desk.says("stop") == ""
    assert await desk.unclear() == []


async def test_two_things_open_or_words_of_her_own_are_for_a_coordinator(desk: Desk) -> None:
    kim = await desk.helper()
    one, other = await desk.asked(kim), await desk.asked(kim, "lift")
    back = await desk.says("yes")
    assert "could not tell" in back
    assert f"{URL}/my" in back
    assert [await desk.state(one), await desk.state(other)] == [AssignmentState.PROPOSED] * 2
    await desk.says("no problem, but not before five")
    assert await desk.unclear() == [
        ("Kim Pretend", "", "yes"),
        ("Kim Pretend", "", "no problem, but not before five"),
    ]
    assert await desk.room.notices.texts_waiting() == 2
    (first, _) = (await desk.room.notices.outbox(desk.office.ana)).texts
    assert (first.name, first.text) == ("", ""), "nothing is read without a recorded look"
    await desk.room.notices.answering.seen_to(desk.office.ana, first.id)
    with pytest.raises(NotFound):
        await desk.room.notices.answering.seen_to(desk.office.ana, first.id)
    assert len(await desk.unclear()) == 1


async def test_a_done_that_may_be_about_another_groups_task_closes_none(desk: Desk) -> None:
    kim = await desk.helper()
    need = await desk.office.need("groceries")
    await desk.office.confirmed(need, kim)
    desk.office.clock.advance(seconds=200)
    assert await desk.room.turn() >= 1
    away = await desk.elsewhere(kim)
    assert "could not tell" in await desk.says("done")
    assert await desk.state(need) is AssignmentState.APPROVED
    async with desk.office.db.read() as tx:
        assert await away_tasks.get(tx, away.id) == away
    assert await desk.unclear() == [("Kim Pretend", "", "done")]
    async with desk.office.db.write() as tx:
        await away_tasks.update(tx, replace(away, state=AssignmentState.DONE))
    await desk.says("done")
    assert await desk.state(need) is AssignmentState.DONE


async def test_a_done_of_another_groups_task_alone_is_for_a_coordinator(desk: Desk) -> None:
    kim = await desk.helper()
    away = await desk.elsewhere(kim)
    back = await desk.says("done")
    assert "could not tell" in back
    assert f"{URL}/my" in back
    async with desk.office.db.read() as tx:
        assert await away_tasks.get(tx, away.id) == away


async def test_a_no_after_a_text_about_another_groups_task_turns_down_nothing_here(desk: Desk) -> None:
    kim = await desk.helper()
    need = await desk.asked(kim)
    await desk.elsewhere(kim)
    for word in ("no", "yes"):
        assert "could not tell" in await desk.says(word)
    assert await desk.state(need) is AssignmentState.PROPOSED
    later = await desk.asked(kim, "lift")
    await desk.office.dispatch.close(desk.office.ana, need, "no_longer_needed")
    assert "not this time" in await desk.says("no")
    assert await desk.state(later) is AssignmentState.DECLINED, "our question came last"


async def test_what_is_over_moves_nothing(desk: Desk) -> None:
    need = await desk.asked(await desk.helper())
    await desk.office.dispatch.close(desk.office.ana, need, "no_longer_needed")
    assert "could not tell" in await desk.says("yes")
    assert await desk.state(need) is AssignmentState.WITHDRAWN


async def test_a_stranger_is_read_and_not_answered(desk: Desk) -> None:
    await desk.asked(await desk.helper())
    assert await desk.says("yes", SAM) == ""
    assert await desk.unclear() == [("", SAM, "yes")]


async def test_of_two_who_share_a_number_the_one_who_was_asked_is_meant_and_stop_is_for_both(
    desk: Desk,
) -> None:
    kim, sam = await desk.helper(), await desk.helper(name="Sam Pretend")
    need = await desk.asked(kim)
    await desk.says("yes")
    assert await desk.state(need) is AssignmentState.INTERESTED
    await desk.says("stop")
    for person in (kim, sam):
        assert (await desk.room.notices.choices(person)).choices.out


async def test_while_the_records_are_closed_it_is_kept_and_done_later(desk: Desk) -> None:
    need = await desk.asked(await desk.helper())
    desk.office.lock()
    await desk.room.notices.answering.take(desk.token, Incoming(number=KIM, text="yes"))
    assert await desk.room.notices.answering.work() == 0
    await desk.office.unlock()
    await desk.room.notices.deliver()
    assert await desk.state(need) is AssignmentState.INTERESTED


async def test_the_secret_counts_and_so_does_the_pace(desk: Desk) -> None:
    take = desk.room.notices.answering.take
    with pytest.raises(NotFound):
        await take("A" * 22, Incoming(number=KIM, text="yes"))
    with pytest.raises(Invalid):
        await take(desk.token, Incoming(number=KIM, text="  "))
    for _ in range(MOST_A_MINUTE):
        await take(desk.token, Incoming(number=SAM, text="hello"))
    with pytest.raises(TooMany):
        await take(desk.token, Incoming(number=SAM, text="hello"))


async def test_two_machines_do_not_talk_for_long(desk: Desk) -> None:
    await desk.asked(await desk.helper())
    said = [await desk.says("I am driving and will answer later") for _ in range(MOST_REPLIES + 2)]
    assert [bool(each) for each in said] == [True] * MOST_REPLIES + [False] * 2
