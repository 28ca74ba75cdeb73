"""Whatever is done in whatever order: places are never overfilled, states always follow."""

import random

import pytest

from node.domain.assignment import AssignmentState
from node.domain.assignment_lifecycle import FILLS_A_PLACE, LIVE, SHOWS_DETAILS, AssignmentMove
from node.domain.ids import AssignmentId, NeedId
from node.domain.need import CloseReason, NeedState
from node.domain.need_lifecycle import PUBLISHED_AS, WORKING, PublishedAs, derived
from node.errors import MutualAidError
from node.store import assignments, audit
from tests.harness.office import Office

STEPS = 250
VERBS = (
    *("propose", "propose", "propose", "offered", "approve", "approve", "approve", "contacted", "contacted"),
    *("done", "done", "link", "link", "answer", "answer", "decline", "withdraw", "release"),
    *("hold", "open", "open", "close", "reopen", "reopen", "reopen"),
)
"""What may happen next; the likelier ones stand more than once."""


class Hands:
    """Does one random thing at a time; refusals are part of life."""

    def __init__(self, office: Office, chance: random.Random) -> None:
        self.office = office
        self.chance = chance
        self.tokens: dict[AssignmentId, str] = {}

    async def act(self, needs: list[NeedId], helpers: list[str]) -> str:
        desk, chance = self.office.dispatch, self.chance
        actor = chance.choice((self.office.ana, self.office.ben))
        need = chance.choice(needs)
        async with self.office.db.read() as tx:
            tasks = list(await assignments.of_need(tx, need))
        live = [task for task in tasks if task.state in LIVE] if chance.random() < 0.8 else []
        task = chance.choice(live or tasks).id if tasks else AssignmentId("none")
        token = self.tokens.get(task, "none")
        verb = chance.choice(VERBS)
        self.office.clock.advance(minutes=chance.randint(1, 90))
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
        return verb

    async def check(self, need_id: NeedId) -> None:
        async with self.office.db.read() as tx:
            need = (await self.office.desk.need_row(tx, need_id)).need
            tasks = list(await assignments.of_need(tx, need_id))
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
        for task in tasks:
            if task.state not in LIVE and task.state is not AssignmentState.DONE:
                assert task.link_hash is None
            await self._check_link(task.id, task.state)

    async def _check_link(self, task: AssignmentId, state: AssignmentState) -> None:
        token = self.tokens.get(task)
        if token is None:
            return
        try:
            view = await self.office.tasks.task_by_token(token, "device")
        except MutualAidError:
            return
        assert view.details is None or state in SHOWS_DETAILS


@pytest.mark.parametrize("seed", range(4))
async def test_rules_hold_in_any_order(office: Office, seed: int) -> None:
    chance = random.Random(seed)
    needs = [await office.need(), await office.need(helpers=2)]
    helpers = [await office.helper(f"Pretend {number}") for number in range(3)]
    hands = Hands(office, chance)
    went = set()
    for _ in range(STEPS):
        try:
            went.add(await hands.act(needs, list(helpers)))
        except MutualAidError:
            continue
        for need_id in needs:
            await hands.check(need_id)
    assert {"approve", "done", "close", "reopen"} <= went
    async with office.db.read() as tx:
        assert (await audit.verify(tx)).whole
