"""Whatever is done in whatever order: no need is lost, no place given twice, and nobody who is off it reads on."""

import random
from collections.abc import Sequence
from datetime import timedelta
from itertools import product

import pytest

from node.domain.actors import SYSTEM, Actor
from node.domain.assignment import AssignmentState
from node.domain.assignment_lifecycle import COMING, FILLS_A_PLACE, LIVE, SHOWS_DETAILS, AssignmentMove
from node.domain.board.views import QueueFilter
from node.domain.dispatch.series import HAND_STANDS, Every, HandMove, SeriesState
from node.domain.dispatch.wave import due
from node.domain.ids import AssignmentId, MergeId, NeedId, PersonId
from node.domain.intake.intake import NewPerson
from node.domain.matching.plan import Which
from node.domain.need import CloseReason, NeedState
from node.domain.need_lifecycle import PUBLISHED_AS, WORKING, PublishedAs, derived
from node.errors import MutualAidError
from node.services import links
from node.services.people.merging import Merging
from node.store import apart, assignments, audit, buddies, households, persons, series, series_hands, waves
from node.store.db import Tx
from node.vault import Compartment
from tests.harness.office import Office
from tests.harness.seeds import GIVEN, seeds

STEPS = 400
STEPS_AMONG_PEOPLE = 90
VERBS = (
    *("propose", "propose", "propose", "offered", "approve", "approve", "approve", "contacted", "contacted"),
    *("done", "done", "link", "link", "answer", "answer", "decline", "withdraw", "release"),
    *("hold", "open", "open", "close", "reopen", "reopen", "reopen"),
    *("undo", "undo", "undo", "undo", "undo", "undo", "expire"),
    *("several", "several", "messages", "messages", "sweep", "stop"),
    *("plan", "decide", "decide", "repeat", "repeat", "skip"),
)
"""What may happen next; the likelier ones stand more than once."""
AMONG_PEOPLE = (
    *("call", "call", "assign", "assign", "assign", "finish", "finish", "finish", "withdraw", "undo", "undo"),
    *("hand", "hand", "yes", "buddy", "buddy", "people", "people", "people", "mend"),
    *("round", "round"),
)
"""The same where people are kept apart, live together, are barred, and turn out to be one."""


class Hands:
    """Does one random thing at a time; refusals are part of life."""

    def __init__(self, office: Office, chance: random.Random, verbs: Sequence[str] = VERBS) -> None:
        self.office = office
        self.verbs = verbs
        self.chance = chance
        self.tokens: dict[AssignmentId, str] = {}
        self.last = NeedId("none")
        self.rule = ""
        """Of the need that repeats."""
        self.people: list[PersonId] = []
        """Who may be kept apart, live together, be barred, or be one person."""
        self.merges: list[MergeId] = []
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
        verb = chance.choice(self.verbs)
        self.office.clock.advance(minutes=chance.choice((0, 1, 5, 45, 90)))
        match verb:
            case "propose":
                await desk.propose(actor, need, chance.choice(helpers))  # type: ignore[arg-type]
            case "call":
                known = chance.choice(self.people)
                needs.insert(0, await self.office.need(known_person=known, person=NewPerson(), helpers=2))
            case "assign" | "finish":
                found = await desk.assign(actor, need, chance.choice(helpers))  # type: ignore[arg-type]
                await self._noted(await desk.task_link(actor, found))
                if verb == "finish":
                    for move in (AssignmentMove.CONTACT, AssignmentMove.DONE):
                        await self.office.tasks.answer(self.tokens[found], "device", move)
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
            case "hand":
                day = self.office.desk.today + timedelta(days=chance.choice((1, 20)))
                await self.office.handing_on.ask(actor, self.rule, chance.choice(helpers), day)  # type: ignore[arg-type]
            case "yes":
                async with self.office.db.read() as tx:
                    hands = await series_hands.of_series(tx, self.rule)
                if hands:
                    await self.office.handing_on.answer(actor, hands[-1].id, HandMove.AGREE)
            case "buddy":
                asker, helper = chance.choice(self.people), chance.choice(helpers)
                await self.office.buddies.begin(actor, asker, helper, person_said=True, helper_said=True)  # type: ignore[arg-type]
            case "round":
                day = self.office.desk.today + timedelta(days=chance.choice((0, 1)))
                await self.office.runs.plan(actor, day=day, driver=chance.choice(helpers), needs=needs[:3])  # type: ignore[arg-type]
            case "people":
                verb = await self._people(actor)
            case "mend":
                await self._mend(actor)
            case "sweep":
                await self.office.waves.sweep(SYSTEM)
            case "stop":
                await self.office.waves.stop(actor, need)
            case "expire":
                await desk.expire_waiting(SYSTEM)
                self.office.clock.advance(days=2)
        self.last = need
        return verb

    async def _people(self, actor: Actor) -> str:
        """Something about two of them: what they are to each other, not what they do."""
        office, (one, other) = self.office, self.chance.sample(self.people, 2)
        verb = self.chance.choice(("apart", "apart", "join", "join", "bar", "merge", "merge"))
        match verb:
            case "apart":
                await office.people.keep_apart(actor, one, other)
            case "join":
                await office.households.join(actor, one, other)
            case "bar":
                await office.people.bar(actor, one)
            case "merge":
                self.merges.append(await Merging(office.desk, office.roster).merge(actor, one, other))
        return verb

    async def _mend(self, actor: Actor) -> None:
        """Nothing of it any more, so that there is something to do again."""
        office = self.office
        for _ in range(len(self.merges)):
            await Merging(office.desk, office.roster).part(actor, self.merges.pop())
        async with office.db.read() as tx:
            pairs = await _pairs(tx, office)
        for one, other in pairs:
            await office.people.may_meet(actor, one, other, "noted by mistake")
        for each in self.people:
            await office.households.leave(actor, each)
            await office.people.unbar(actor, each)

    async def check_apart(self) -> None:
        """Nothing goes on, stands or opens between two who must not meet, nor between those who live with them; and
        nothing repeats for somebody who is kept away."""
        async with self.office.db.read() as tx:
            for one, other in await _pairs(tx, self.office):
                for a, b in product(await _home(tx, one), await _home(tx, other)):
                    if a != b:
                        await self._never_together(tx, a, b)
                        await self._never_together(tx, b, a)
            for row in await persons.barred(tx):
                for rule, _ in await series.of_person(tx, row.person.id):
                    assert rule.state is SeriesState.PAUSED
                    assert rule.paused_until is None

    async def _never_together(self, tx: Tx, helper: PersonId, asker: PersonId) -> None:
        for task in await assignments.of_person(tx, helper):
            if (await self.office.desk.need_row(tx, task.need_id)).need.person_id == asker:
                assert task.state not in LIVE
                assert task.link_hash is None
            if task.state in COMING:
                on_it = await assignments.of_need(tx, task.need_id)
                assert not any(a.person_id == asker and a.state in COMING for a in on_it)
        assert not any(asker == pair.person_id for pair in await buddies.of_person(tx, helper))
        for rule, _ in await series.of_person(tx, asker):
            for hand in await series_hands.of_series(tx, rule.id):
                assert hand.helper_id != helper or hand.state not in HAND_STANDS

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


async def _pairs(tx: Tx, office: Office) -> list[tuple[PersonId, PersonId]]:
    opened = [
        office.vault.open(Compartment.PEOPLE, "apart", row_id, sealed)
        for row_id, sealed in await apart.all_of_them(tx)
    ]
    return [(pair["a"], pair["b"]) for pair in opened]


async def _home(tx: Tx, person_id: PersonId) -> list[PersonId]:
    return [person_id, *await households.living_with(tx, person_id)]


@pytest.mark.parametrize("seed", seeds(1, 2, 3, 4))
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
    if not GIVEN:
        assert {"approve", "close", "reopen", "undo", "expire"} <= went
        assert {"done", "answer"} & went
        assert {"several", "sweep", "stop", "messages"} & went
        assert {"plan", "decide", "repeat"} <= went
        assert len(needs) > 2, "nothing repeated"
    async with office.db.read() as tx:
        assert (await audit.verify(tx)).whole


@pytest.mark.parametrize("seed", seeds(0, 1, 2, 3, 121))
async def test_who_must_not_meet_never_does_in_any_order(office: Office, seed: int) -> None:
    chance = random.Random(seed)
    taken = [await office.call(), await office.call(helpers=2), await office.call()]
    needs = [each.need_id for each in taken]
    helpers = [await office.helper(f"Pretend {number}") for number in range(3)]
    hands = Hands(office, chance, AMONG_PEOPLE)
    hands.people = [*(each.person_id for each in taken), *helpers]
    hands.rule = await office.repeating.begin(
        office.ana, needs[0], every=Every.WEEK, first_day=office.desk.today + timedelta(days=3)
    )
    went = set()
    for _ in range(STEPS_AMONG_PEOPLE):
        try:
            went.add(await hands.act(needs, list(helpers)))
        except MutualAidError:
            continue
        await hands.check_apart()
    for need_id in needs:
        await hands.check(need_id)
    assert GIVEN or {"apart", "assign", "finish", "mend", "round"} <= went
    assert GIVEN or {"join", "bar", "merge", "buddy"} & went
