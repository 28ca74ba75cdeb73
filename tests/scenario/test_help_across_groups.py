"""A need that one group cannot meet, met by another's volunteer: two real nodes, real HTTP, every step of it."""

import json
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession

from node.app import clock_jobs
from node.domain.actors import CONSOLE, SYSTEM
from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.consents import Consents
from node.domain.exchange.handover import KEEP_DAYS
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.intake.intake import NewNeed, NewPerson
from node.domain.need import CloseReason, Point, Urgency
from node.domain.peer_offer import Details
from node.domain.people.newcomer import NewVolunteer
from node.errors import Conflict, Locked
from node.services.sheets import backup as backups
from node.store import away_tasks
from tests.harness.neighbourhood import Member, Neighbourhood

HOME = Point(lat=51.4561, lon=-2.5925, accuracy_m=50)
CANARIES = ("Wilhelmina", "Madeup", "77 Nowhere", "0117 496 0321", "01174960321", "blue door", "marmalade")


class Pair:
    """North, which has the need, and south, whose volunteer goes."""

    def __init__(self, cast: Neighbourhood, north: Member, south: Member) -> None:
        self.cast, self.north, self.south = cast, north, south
        self.sam = PersonId("")
        self.wire: list[bytes] = []
        """Everything sealed that north ever sent, and everything it published."""

    async def begin(self) -> None:
        await self.cast.befriend(self.north, self.south)
        await self.north.share_everything()
        await self.south.share_everything()
        self.sam = await self.south.services.people.add_volunteer(
            self.south.staff,
            NewVolunteer(
                person=NewPerson(name="Sam Pretend", phone="07700 900123"),
                point=HOME,
                abilities=("groceries",),
            ),
        )
        await self.news()

    async def news(self) -> None:
        """Both publish, both fetch."""
        await self.cast.publish(self.north, self.south)
        await self.cast.sync(self.north, self.south)

    async def call(self, **changes: Any) -> NeedId:
        asked: dict[str, Any] = {
            "person": NewPerson(
                name="Wilhelmina Madeup", phone="0117 496 0321", address="77 Nowhere Crescent"
            ),
            "categories": ("groceries",),
            "point": HOME,
            "notes": "the blue door\nknock twice",
            "doorstep_word": "marmalade",
            "consents": Consents(help_you=True, groups_see=True, keep_details=True),
            "start": "open",
        }
        taken = await self.north.services.intake.take(self.north.staff, NewNeed(**(asked | changes)))
        await self.news()
        return taken.need_id

    async def at_south(self, need: NeedId) -> str:
        """Under which id it is on south's board."""
        out = (await self.north.services.publishing.preview(need)).now
        assert out is not None
        found = await self.south.services.exchange.board.wanted(self.south.staff)
        assert out.id in {seen.summary.id for seen in found}
        return out.id

    async def offer(self, need: NeedId, person: PersonId | None = None) -> str:
        return await self.south.services.exchange.away.offer(
            self.south.staff, self.north.id, await self.at_south(need), person or self.sam, agreed=True
        )

    async def carry(self, *, rounds: int = 4) -> None:
        """What the clock rings at both, some times over."""
        for _ in range(rounds):
            for member in (self.north, self.south):
                await tick(member)

    async def task_of(self, need: NeedId) -> AssignmentId:
        return (await self.north.services.board.need(self.north.staff, need)).assignments[-1].id

    async def yes(self, need: NeedId) -> None:
        offers, task = self.north.services.exchange.offers, await self.task_of(need)
        await offers.consent(self.north.staff, need, task, True)
        await offers.confirm(self.north.staff, need, task)

    async def confirmed(self) -> tuple[NeedId, str]:
        """North's request and south's task for it, whose details lie at south."""
        need = await self.call()
        task = await self.offer(need)
        await self.carry()
        await self.yes(need)
        await self.carry()
        assert await self.details(need) is Details.RECEIVED
        return need, task

    async def given_away(self) -> tuple[NeedId, NeedId]:
        """North's request that is south's now, and as which it is there."""
        need = await self.call()
        passed = self.south.services.exchange.passed
        await self.north.services.exchange.passed.refer(self.north.staff, need, self.south.id, agreed=True)
        await self.carry()
        (ref,) = await passed.waiting(self.south.staff)
        theirs = await passed.accept(self.south.staff, ref.id)
        await self.carry()
        return need, theirs

    async def need_state(self, need: NeedId) -> str:
        return str((await self.north.services.board.need(self.north.staff, need)).need.state)

    async def away_state(self, task: str) -> str:
        async with self.south.node.network.on.db.read() as tx:
            found = await away_tasks.get(tx, task)
        assert found is not None
        return str(found.state)

    async def details(self, need: NeedId) -> Details:
        offer = (await self.north.services.board.need(self.north.staff, need)).assignments[-1].offer
        assert offer is not None
        return offer.details


async def tick(member: Member) -> None:
    """The job of the letters."""
    await member.services.letters.open_waiting()
    await member.services.exchange.tell()
    await member.services.letters.deliver_due()


@pytest_asyncio.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    async with Neighbourhood(tmp_path) as cast:
        pair = Pair(cast, await cast.add("north"), await cast.add("south", at=(51.43, -2.58)))
        await pair.begin()
        yield pair


def on_disk(member: Member) -> bytes:
    """Every byte that lies in a node's folder."""
    return b"".join(path.read_bytes() for path in sorted(member.folder.rglob("*")) if path.is_file())


async def test_seen_offered_confirmed_done_and_forgotten(pair: Pair) -> None:
    need = await pair.call()
    task = await pair.offer(need)
    await pair.carry()
    assert await pair.need_state(need) == "offered"
    view = await pair.north.services.board.need(pair.north.staff, need)
    offer = view.assignments[0].offer
    assert offer is not None
    assert (offer.group, offer.stated.since, offer.counts) == ("South", 2026, False)
    assert offer.span is not None

    await pair.yes(need)
    await pair.carry()
    assert (await pair.need_state(need), await pair.away_state(task)) == ("assigned", "approved")
    assert await pair.details(need) is Details.RECEIVED
    assert not [word for word in CANARIES if word.encode() in on_disk(pair.south)]

    away = pair.south.services.exchange
    token = await away.away.link(pair.south.staff, task)
    seen = await away.links.confirm(token, "her own phone")
    assert seen.details is not None
    assert (seen.details.first_name, seen.details.address) == ("Wilhelmina", "77 Nowhere Crescent")
    assert seen.details.notes == "the blue door / knock twice"
    assert (await away.links.task_by_token(token, "the coordinator's")).details is None

    await away.links.answer(token, "her own phone", AssignmentMove.CONTACT)
    await pair.carry()
    assert await pair.need_state(need) == "in_progress"
    await away.links.answer(token, "her own phone", AssignmentMove.DONE)
    await pair.carry()
    assert await pair.need_state(need) == "reported"
    await pair.north.services.dispatch.close(pair.north.staff, need, CloseReason.COMPLETED)
    await pair.news()
    assert not [
        each
        for member in (pair.north, pair.south)
        for each in await member.services.neighbourhood.near(None, sets={"public", "peers"})
    ], "it is off every map"

    pair.cast.clock.advance(days=KEEP_DAYS, minutes=1)
    await away.sweep()
    await pair.carry()
    assert await pair.details(need) is Details.DELETED
    async with pair.south.node.network.on.db.read() as tx:
        kept = await away_tasks.get(tx, task)
    assert kept is not None
    assert (kept.sealed, kept.link_hash) == (None, None)


async def test_whoever_asked_reads_which_group_sends_somebody(pair: Pair) -> None:
    north = pair.north
    sent = await north.services.asking.ask(
        NewNeed(
            person=NewPerson(name="Wilhelmina Madeup", phone="0117 496 0321", address="77 Nowhere Crescent"),
            categories=("groceries",),
            point=HOME,
            consents=Consents(help_you=True, groups_see=True),
        )
    )
    [need] = sent.taken.need_ids
    await north.services.dispatch.open(north.staff, need)
    await pair.news()
    task = await pair.offer(need)
    await pair.carry()

    async def page() -> str:
        async with ClientSession() as session, session.get(f"{north.url}/a/{sent.token}") as answer:
            assert answer.status == 200
            return await answer.text()

    assert "South" not in await page(), "while it is only offered"
    await pair.yes(need)
    assert "Somebody from South comes to you." in await page()
    assert "They know where to come." not in await page(), "before the details arrived there"
    await pair.carry()
    assert "They know where to come." in await page()
    await north.stop()
    await north.start()
    assert "Somebody from South comes to you." in await page(), "closed records hold no name of hers back"
    assert "The name shows here" not in await page()
    await pair.north.sign_in()
    token = await pair.south.services.exchange.away.link(pair.south.staff, task)
    await pair.south.services.exchange.links.confirm(token, "her own phone")
    await pair.south.services.exchange.links.answer(token, "her own phone", AssignmentMove.DONE)
    await pair.carry()
    assert "Somebody from South" not in await page()


async def test_nothing_of_the_requester_leaves_before_the_yes(pair: Pair) -> None:
    need = await pair.call()
    sent: list[tuple[str, str]] = []
    prepare = pair.north.services.letters.prepare

    async def watched(to: str, kind: str, **more: Any) -> Any:
        sent.append((kind, json.dumps(more["content"])))
        return await prepare(to, kind, **more)

    pair.north.services.letters.prepare = watched  # type: ignore[method-assign]
    await pair.offer(need)
    await pair.carry()
    with pytest.raises(Conflict):
        await pair.north.services.exchange.offers.confirm(pair.north.staff, need, await pair.task_of(need))
    await pair.carry()
    assert sent == []
    published = await pair.north.services.carrier.export({"public"})
    assert not [word for word in CANARIES if word.encode() in published]
    await pair.yes(need)
    assert [kind for kind, _ in sent] == ["answer", "handover"]
    assert not [word for word in CANARIES if word in sent[0][1]]
    assert "Madeup" not in sent[1][1], "the family name stays here"
    assert "Wilhelmina" in sent[1][1]


async def test_an_offer_waits_for_a_locked_group(pair: Pair) -> None:
    need = await pair.call()
    task = await pair.offer(need)
    await pair.north.stop()
    await pair.north.start()
    await pair.carry()
    assert await pair.need_state(need) == "open"
    with pytest.raises(Locked):
        await pair.north.services.exchange.offers.confirm(pair.north.staff, need, AssignmentId("x" * 22))
    await pair.north.sign_in()
    await pair.carry()
    assert await pair.need_state(need) == "offered"
    await pair.yes(need)
    # What was sealed with the yes needs nobody's records to be delivered.
    await pair.north.stop()
    await pair.north.start()
    await pair.carry()
    assert await pair.away_state(task) == "approved"


async def test_a_site_that_is_away_for_a_while(pair: Pair) -> None:
    need = await pair.call()
    task = await pair.offer(need)
    await pair.carry()
    await pair.south.stop()
    await pair.yes(need)
    await tick(pair.north)
    await tick(pair.north)
    await pair.south.start()
    await pair.south.sign_in()
    for _ in range(3):
        pair.cast.clock.advance(hours=2)
        await pair.carry(rounds=1)
    assert await pair.away_state(task) == "approved"
    assert await pair.details(need) is Details.RECEIVED
    assert len((await pair.north.services.board.need(pair.north.staff, need)).assignments) == 1


async def test_taken_meanwhile_is_answered_by_the_machine(pair: Pair) -> None:
    need = await pair.call()
    task = await pair.offer(need)
    own = await pair.north.services.people.add_volunteer(
        pair.north.staff,
        NewVolunteer(
            person=NewPerson(name="Tam Invented", phone="07700 900124"), point=HOME, abilities=("groceries",)
        ),
    )
    await pair.north.services.dispatch.assign(pair.north.staff, need, own)
    await pair.carry()
    assert await pair.away_state(task) == "declined"
    assert await pair.need_state(need) == "assigned"


async def test_revoked_and_deleted(pair: Pair) -> None:
    need, task = await pair.confirmed()
    token = await pair.south.services.exchange.away.link(pair.south.staff, task)
    await pair.north.services.dispatch.withdraw(pair.north.staff, await pair.task_of(need))
    await pair.carry()
    assert (await pair.away_state(task), await pair.need_state(need)) == ("withdrawn", "open")
    assert await pair.details(need) is Details.DELETED
    assert not await pair.south.services.exchange.links.knows(token)


async def test_state_is_asked_after_trouble(pair: Pair) -> None:
    need, task = await pair.confirmed()
    assert await pair.north.services.exchange.ask_again(SYSTEM) == 1
    assert await pair.south.services.exchange.ask_again(CONSOLE) == 1
    await pair.carry()
    assert (await pair.need_state(need), await pair.away_state(task)) == ("assigned", "approved")


@pytest.mark.parametrize("accepted", [True, False])
async def test_the_whole_need_is_given_away(pair: Pair, accepted: bool) -> None:
    need = await pair.call()
    north, south = pair.north.services, pair.south.services
    await north.exchange.passed.refer(pair.north.staff, need, pair.south.id, agreed=True)
    await pair.carry()
    await pair.news()
    assert await pair.need_state(need) == "referred"
    assert not await south.exchange.board.wanted(pair.south.staff), "taken off the map"
    (waiting,) = await south.exchange.passed.waiting(pair.south.staff)
    if not accepted:
        await south.exchange.passed.decline(pair.south.staff, waiting.id)
        await pair.carry()
        assert await pair.need_state(need) == "open"
        return
    theirs = await south.exchange.passed.accept(pair.south.staff, waiting.id)
    await pair.carry()
    await pair.news()
    (seen,) = await north.exchange.board.wanted(pair.north.staff)
    assert seen.origin == pair.south.id, "published by them, as their own"
    await south.dispatch.assign(pair.south.staff, theirs, pair.sam)
    await south.dispatch.close(pair.south.staff, theirs, CloseReason.COMPLETED)
    await pair.carry()
    view = await north.board.need(pair.north.staff, need)
    assert (str(view.need.state), str(view.need.close_reason)) == ("closed", "completed")


async def test_neighbours_are_rung_for_today(pair: Pair) -> None:
    await pair.south.services.peering.add(CONSOLE, pair.north.url, did=pair.north.id, allow_private=True)
    await let_ring(pair.south, pair.north.id)
    need = await pair.call(urgency=Urgency.TODAY)
    bells = pair.north.services.exchange.bells
    assert [each.name for each in await bells.askable(pair.north.staff, need)] == ["South"]
    await bells.ring(pair.north.staff, need, [pair.south.id])
    await pair.carry()
    (rung,) = await pair.south.services.exchange.bells.heard(pair.south.staff)
    assert re.fullmatch("North", rung.group)


async def test_a_ring_brings_the_news_that_it_is_about(pair: Pair) -> None:
    await let_ring(pair.south, pair.north.id)
    north, south = pair.north.services, pair.south.services
    taken = await north.intake.take(
        pair.north.staff,
        NewNeed(
            person=NewPerson(name="Wilhelmina Madeup", phone="0117 496 0321"),
            categories=("groceries",),
            point=HOME,
            urgency=Urgency.TODAY,
            consents=Consents(help_you=True, groups_see=True, keep_details=True),
            start="open",
        ),
    )
    await pair.cast.publish(pair.north)
    await north.exchange.bells.ring(pair.north.staff, taken.need_id, [pair.south.id])
    await pair.carry()
    assert not await south.exchange.bells.heard(pair.south.staff), "not on their map yet"
    (job,) = [each for each in clock_jobs(pair.south.node) if each.name == "rung"]
    await job.run()
    (rung,) = await south.exchange.bells.heard(pair.south.staff)
    assert rung.seen.summary.urgency == "today"
    assert not south.exchange.bells.to_fetch(), "once"


async def test_what_was_done_there_since_the_backup_comes_back(pair: Pair, tmp_path: Path) -> None:
    done, given_back, going = [await pair.call(categories=("groceries",)) for _ in range(3)]
    tasks = {need: await pair.offer(need) for need in (done, given_back, going)}
    await pair.carry()
    for need in tasks:
        await pair.yes(need)
    await pair.carry()
    copy = tmp_path / "copy"
    await pair.north.services.backup.backup(CONSOLE, copy, "made-up passphrase")

    away = pair.south.services.exchange.away
    await away.report(pair.south.staff, tasks[done], AssignmentMove.CONTACT)
    await away.report(pair.south.staff, tasks[done], AssignmentMove.DONE)
    await away.report(pair.south.staff, tasks[given_back], AssignmentMove.RELEASE)
    await pair.carry()
    assert await pair.need_state(done) == "reported"

    await pair.north.stop()
    shutil.rmtree(pair.north.folder)
    await backups.restore(copy, pair.north.folder, "made-up passphrase", pair.cast.clock)
    await pair.north.start()
    await pair.north.sign_in()
    assert await pair.need_state(done) == "assigned", "as the backup has it"
    await pair.carry()
    assert await pair.need_state(done) == "assigned", "asked only once the neighbours were heard"
    await pair.news()
    await pair.carry()
    assert await pair.need_state(done) == "reported"
    assert await pair.need_state(given_back) == "open"
    assert await pair.need_state(going) == "assigned"
    asked = await questions(pair.north)
    await pair.carry()
    assert await questions(pair.north) == asked == 3, "each once"


async def test_a_desk_asks_how_one_task_stands(pair: Pair) -> None:
    need = await pair.call()
    task = await pair.offer(need)
    await pair.carry()
    view = (await pair.north.services.board.need(pair.north.staff, need)).assignments[-1]
    await pair.north.services.exchange.ask_of_need(pair.north.staff, need, view.id)
    await pair.south.services.exchange.ask_of_task(pair.south.staff, task)
    assert (await questions(pair.north), await questions(pair.south)) == (1, 1)
    await pair.carry()
    assert (await pair.need_state(need), await pair.away_state(task)) == ("offered", "interested")


async def questions(member: Member) -> int:
    """How often it asked another group how a task stands."""
    found = await member.services.letters.outbox(member.staff)
    return sum(letter.kind == "state?" for letter in found)


async def let_ring(member: Member, origin: str) -> None:
    """Its operators let that group ring."""
    async with member.node.network.on.db.write() as tx:
        await tx.execute("UPDATE peers SET ask_now = 1 WHERE origin = ?", (origin,))
