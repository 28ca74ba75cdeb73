"""Whatever is done in whatever order: no need is lost, no place given twice, and nobody who is off it reads on."""

import random
from datetime import timedelta

import pytest

from node.domain.actors import SYSTEM
from node.domain.assignment import AssignmentState
from node.domain.assignment_lifecycle import FILLS_A_PLACE, LIVE, SHOWS_DETAILS, AssignmentMove
from node.domain.board.views import QueueFilter
from node.domain.dispatch.series import Every
from node.domain.dispatch.wave import due
from node.domain.ids import AssignmentId, NeedId
from node.domain.matching.plan import Which
from node.domain.need import CloseReason, NeedState
from node.domain.need_lifecycle import PUBLISHED_AS, WORKING, PublishedAs, derived
from node.errors import MutualAidError
from node.services import links
from node.store import assignments, audit, series, waves
from tests.harness.office import Office

STEPS = 220
VERBS = (
    *("propose", "propose", "propose", "offered", "approve", "approve", "approve", "contacted", "contacted"),
    *("done", "done", "link", "link", "answer", "answer", "decline", "withdraw", "release"),
    *("hold", "open", "open", "close", "reopen", "reopen", "reopen"),
    *("undo", "undo", "undo", "undo", "undo", "undo", "expire"),
    *("several", "several", "messages", "messages", "sweep", "stop"),
    *("plan", "decide", "decide", "repeat", "repeat", "skip"),
)
"""What may happen next; the likelier ones stand more than once."""


class Hands:
    """Does one random thing at a time; refusals are part of life."""

    def __init__(self, office: Office, chance: random.Random) -> None:
        self.office = office
        self.chance = chance
        self.tokens: dict[AssignmentId, str] = {}
        self.last = NeedId("none")
        self.rule = ""
        """Of the need that repeats."""
        self.every_token: list[tuple[AssignmentId, str]] = []

    async def act(self, needs: list[NeedId], helpers: list[str]) -> str:
        desk, chance = self.office.dispatch, self.chance
        actor = chance.choice((self.office.ana, self.office.ben))
        need = chance.choice(needs[:2] if chance.random() < 0.7 else needs)
        async with self.office.db.read() as tx:
            tasks = list(await assignments.of_need(tx, need))
        live = [task for task in tasks if task.state in LIVE] if chance.random() < 0.8 else []
        task = chance.choice(live or tasks).id if tasks else AssignmentId("none")
        token = self.tokens.get(task, "none")
        verb = chance.choice(VERBS)
        self.office.clock.advance(minutes=chance.choice((0, 1, 5, 45, 90)))
        match verb:
            case "propose":
                await desk.propose(actor, need, chance.choice(helpers))  # type: ignore[arg-type]
            case "offered":
                await desk.offered(actor, need, chance.choice(helpers))  # type: ignore[arg-type]
            case "approve":
                await desk.approve(actor, task)
            case "decline":
                await desk.decline(actor, task)
            case "withdraw":
                await desk.withdraw(actor, task)
            case "release":
                await desk.release(actor, task)
            case "contacted":
                await desk.contacted(actor, task)
            case "done":
                await desk.report_done(actor, task)
            case "link":
                self.tokens[task] = await desk.task_link(actor, task)
                self.every_token.append((task, self.tokens[task]))
            case "answer":
                move = chance.choice((AssignmentMove.INTEREST, AssignmentMove.CONTACT, AssignmentMove.DONE))
                await self.office.tasks.answer(token, "device", move)
            case "hold":
                await desk.hold(actor, need, self.office.desk.today)
            case "open":
                await desk.open(actor, need)
            case "close":
                await desk.close(actor, need, chance.choice((CloseReason.COMPLETED, CloseReason.WITHDRAWN)))
            case "reopen":
                await desk.reopen(actor, need)
            case "undo":
                await self.office.undo.undo(actor, self.last)
            case "several":
                people = chance.sample(helpers, chance.randrange(3))
                await self.office.waves.start(actor, need, people, goes_on=chance.random() < 0.7)  # type: ignore[arg-type]
            case "messages":
                for each in await self.office.waves.messages(actor, need):
                    await self._noted(each.token)
            case "plan":
                await self.office.plans.make(actor, Which.ALL)
            case "decide":
                shown = await self.office.plans.shown(actor)
                lines = [line.line.id for line in shown.lines] if shown else []
                if shown and lines:
                    some = chance.sample(lines, chance.randint(1, len(lines)))
                    for each in (await self.office.plans.ask(actor, shown.plan.id, some)).messages:
                        await self._noted(each.token)
            case "repeat":
                await self.office.repeating.sweep(SYSTEM)
                async with self.office.db.read() as tx:
                    days = (await series.days_of(tx, self.rule)).values()
                needs += [day.need_id for day in days if day.need_id and day.need_id not in needs]
            case "skip":
                view = await self.office.repeating.of_need(actor, needs[0])
                if view is not None:
                    await self.office.repeating.skip(actor, self.rule, chance.choice(view.next[1:]).day)
            case "sweep":
                await self.office.waves.sweep(SYSTEM)
            case "stop":
                await self.office.waves.stop(actor, need)
            case "expire":
                await desk.expire_waiting(SYSTEM)
                self.office.clock.advance(days=2)
        self.last = need
        return verb

    async def _noted(self, token: str) -> None:
        async with self.office.db.read() as tx:
            found = await links.assignment_by(tx, token, self.office.desk.now)
        self.tokens[found.id] = token
        self.every_token.append((found.id, token))

    async def check(self, need_id: NeedId) -> None:
        async with self.office.db.read() as tx:
            need = (await self.office.desk.need_row(tx, need_id)).need
            tasks = list(await assignments.of_need(tx, need_id))
            wave = await waves.get(tx, need_id)
        present = [task for task in tasks if task.round == need.round]
        assert sum(task.state in FILLS_A_PLACE for task in present) <= need.helpers
        live = [task.person_id for task in tasks if task.state in LIVE]
        assert len(live) == len(set(live))
        if need.state in WORKING:
            assert need.state is derived([task.state for task in present], need.helpers)
        if need.state is NeedState.CLOSED:
            assert need.close_reason is not None
            assert not live
            assert PUBLISHED_AS[need.state] is PublishedAs.WITHDRAWAL
        else:
            assert need.close_reason is None
        assert (need.hold_until is not None) is (need.state is NeedState.ON_HOLD)
        if wave is not None and wave.round == need.round:
            states = [task.state for task in present]
            assert due(wave.state, need.state, states, need.helpers) is None, (
                "the answers and the asking agree"
            )
        for task in tasks:
            if task.state not in LIVE and task.state is not AssignmentState.DONE:
                assert task.link_hash is None

    async def check_all(self, needs: list[NeedId]) -> None:
        """What is not closed is on the list; and of every link there ever was, details open for whoever is on it
        and for nobody else."""
        oldest = await self.office.board.queue(self.office.ana, QueueFilter.OLDEST)
        closed = await self.office.board.queue(self.office.ana, QueueFilter.CLOSED)
        assert sorted(row.need_id for row in (*oldest, *closed)) == sorted(needs)
        on_it: set[str] = set()
        async with self.office.db.read() as tx:
            for need in needs:
                present = (await self.office.desk.need_row(tx, need)).need.round
                on_it |= {
                    task.id
                    for task in await assignments.of_need(tx, need)
                    if task.state in SHOWS_DETAILS and task.round == present
                }
        for task, token in self.every_token[-12:]:
            try:
                view = await self.office.tasks.task_by_token(token, "device")
            except MutualAidError:
                continue
            assert view.details is None or task in on_it


@pytest.mark.parametrize("seed", range(4))
async def test_rules_hold_in_any_order(office: Office, seed: int) -> None:
    chance = random.Random(seed)
    needs = [await office.need(), await office.need(helpers=2)]
    helpers = [await office.helper(f"Pretend {number}") for number in range(3)]
    hands = Hands(office, chance)
    hands.rule = await office.repeating.begin(
        office.ana, needs[0], every=Every.WEEK, first_day=office.desk.today + timedelta(days=3)
    )
    async with office.db.read() as tx:
        asker = (await office.desk.need_row(tx, needs[0])).need.person_id
    assert asker is not None
    await office.buddies.begin(office.ana, asker, helpers[0], person_said=True, helper_said=True)
    went = set()
    for _ in range(STEPS):
        try:
            went.add(await hands.act(needs, list(helpers)))
        except MutualAidError:
            continue
        for need_id in needs:
            await hands.check(need_id)
        await hands.check_all(needs)
    assert {"approve", "close", "reopen", "undo", "expire"} <= went
    assert {"done", "answer"} & went
    assert {"several", "sweep", "stop", "messages"} & went
    assert {"plan", "decide", "repeat"} <= went
    assert len(needs) > 2, "nothing repeated"
    async with office.db.read() as tx:
        assert (await audit.verify(tx)).whole
