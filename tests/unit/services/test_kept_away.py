"""Who is kept away, or stopped for now, holds no task by any verb, and reads nothing any more."""

import random
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from node.domain.actors import SYSTEM
from node.domain.assignment import Assignment, AssignmentState
from node.domain.assignment_lifecycle import LIVE
from node.domain.dispatch.series import Every
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.people.street_team import Patch
from node.domain.person import PersonState
from node.domain.rounds.run import RunMove
from node.domain.volunteer import VolunteerState
from node.errors import Conflict, Invalid, MutualAidError, NotAllowed, NotFound
from node.services.people.merging import Merging
from node.store import assignments, persons, volunteers
from tests.harness.office import Office
from tests.harness.seeds import GIVEN, seeds
from tests.unit.services.test_any_order import Hands

ROOT = Path(__file__).parents[3]
STEPS = 120


async def _nobody_works(office: Office) -> int:
    """How many are kept away now, after making sure that none of them, nor anybody for them, has a task or a link."""
    away = 0
    async with office.db.read() as tx:
        for row in await persons.all_of_ours(tx):
            volunteer = await volunteers.get(tx, row.person.id)
            barred = row.person.state is PersonState.BARRED
            if not barred and (volunteer is None or volunteer.state is not VolunteerState.SUSPENDED):
                continue
            away += 1
            for task in await assignments.of_person(tx, row.person.id):
                assert task.state not in LIVE
                assert task.link_hash is None
        for task in await assignments.live(tx):
            asker = (await office.desk.need_row(tx, task.need_id)).need.person_id
            held = await persons.get(tx, asker) if asker else None
            assert held is None or held.person.state is not PersonState.BARRED
    return away


@pytest.mark.parametrize("seed", seeds(0, 1))
async def test_no_verb_in_any_order_gives_them_a_task(office: Office, seed: int) -> None:
    chance = random.Random(seed)
    taken = [await office.call(), await office.call(helpers=2)]
    needs: list[NeedId] = [each.need_id for each in taken]
    askers: list[PersonId] = [each.person_id for each in taken]
    helpers = [await office.helper(f"Pretend {number}") for number in range(3)]
    hands, seen = Hands(office, chance), 0
    for _ in range(STEPS):
        who = chance.choice([*helpers, *askers[:1]])
        try:
            match chance.choice(("bar", "suspend", "back", "back", *["act"] * 12)):
                case "bar":
                    await office.people.bar(office.safety, who, "reasons")
                case "suspend":
                    await office.people.suspend(office.safety, who, "reasons")
                case "back":
                    await office.people.unbar(office.safety, who)
                    await office.people.resume(office.safety, who)
                case _:
                    await _something(office, hands, needs, helpers)
        except MutualAidError:
            pass
        seen += await _nobody_works(office)
    assert GIVEN or seen > 10


async def _something(office: Office, hands: Hands, needs: list[NeedId], helpers: list[PersonId]) -> None:
    """Any verb that may give somebody a task: those of one task, a wave, a round."""
    chance, today = hands.chance, office.desk.today
    match chance.choice(("wave", "next", "round", "give", *["one"] * 8)):
        case "wave":
            await office.waves.start(office.ana, chance.choice(needs))
        case "next":
            office.clock.advance(hours=1)
            await office.waves.sweep(SYSTEM)
        case "round":
            await office.runs.plan(office.ana, day=today, driver=chance.choice(helpers), needs=needs)
        case "give":
            for line in await office.run_book.going_on(office.ana):
                await office.runs.give_to(office.ana, line.id, chance.choice(helpers))
        case _:
            await hands.act(needs, list(helpers))


@pytest.mark.parametrize("seed", seeds(0, 1))
async def test_no_verb_in_any_order_brings_two_together_who_must_not_meet(office: Office, seed: int) -> None:
    chance = random.Random(seed)
    taken = [await office.call(), await office.call(helpers=2)]
    needs = [each.need_id for each in taken]
    helpers = [await office.helper(f"Pretend {number}") for number in range(3)]
    theirs = await office.helper("Of another group")
    async with office.db.write() as tx:
        await persons.belongs_to(tx, theirs, "did:key:another-group")
    helpers.append(theirs)
    hands, apart, went = Hands(office, chance), set[tuple[PersonId, PersonId]](), 0
    hands.rule = await office.repeating.begin(
        office.ana, needs[0], every=Every.WEEK, first_day=office.desk.today + timedelta(days=3)
    )
    await office.buddies.begin(office.ana, taken[0].person_id, helpers[0], person_said=True, helper_said=True)
    for step in range(STEPS):
        if step == STEPS // 2:
            await office.repeating.sweep(SYSTEM)  # at least once the day comes on which it repeats
            office.clock.advance(days=4)
        if step % 60 == 30:
            pair = chance.choice((helpers[0], theirs)), taken[step // 60].person_id
            await office.people.keep_apart(office.safety, *pair)
            apart.add(pair)
        try:
            await _something(office, hands, needs, helpers)
            went += bool(apart)
        except MutualAidError:
            pass
        async with office.db.read() as tx:
            for task in await assignments.live(tx):
                asker = (await office.desk.need_row(tx, task.need_id)).need.person_id
                assert (task.person_id, asker) not in apart
    assert GIVEN or went > 10
    assert len(apart) == 2
    assert GIVEN or len(needs) > len(taken), "nothing repeated"


@pytest.mark.parametrize("state", sorted(AssignmentState))
@pytest.mark.parametrize("who", ["barred", "suspended", "asker"])
async def test_the_last_door_holds_whatever_verb_forgot_to_ask(
    office: Office, who: str, state: AssignmentState
) -> None:
    taken, sam = await office.call(), await office.helper()
    if who == "suspended":
        await office.people.suspend(office.safety, sam, "reasons")
    else:
        await office.people.bar(office.safety, taken.person_id if who == "asker" else sam, "reasons")
    task = Assignment(
        id=AssignmentId("t" * 22),
        need_id=taken.need_id,
        person_id=sam,
        state=state,
        created_at=1,
        changed_at=1,
        round=0,
    )
    async with office.db.write() as tx:
        if state in LIVE:
            with pytest.raises(Conflict, match="cannot be asked"):
                await assignments.insert(tx, task)
            return
        await assignments.insert(tx, task)
        if who != "asker":
            with pytest.raises(Conflict, match="cannot be asked"):
                await assignments.update(tx, replace(task, link_hash=b"h", link_expires=2**40))


def test_nothing_writes_tasks_past_that_door() -> None:
    """But for who of us looks after one, which changes when somebody leaves the desk."""
    writes = r"(INSERT INTO|UPDATE) (assignments|away_tasks|runs)\b(?! SET by_staff = :to )"
    writers = {
        path.relative_to(ROOT).as_posix()
        for folder in ("node", "federation")
        for path in (ROOT / folder).rglob("*.py")
        if path.parent.name != "steps" and re.search(writes, path.read_text("utf-8"))
    }
    assert writers == {"node/store/assignments.py", "node/store/away_tasks.py", "node/store/runs.py"}


@pytest.mark.parametrize("how", ["bar", "suspend"])
async def test_made_one_with_somebody_kept_away_ends_the_work(office: Office, how: str) -> None:
    need, sam, other = (
        await office.need(),
        await office.helper("Sam Pretend"),
        await office.helper("S. Pretend"),
    )
    task = await office.confirmed(need, sam)
    await office.dispatch.task_link(office.ana, task)
    await getattr(office.people, how)(office.safety, other, "reasons")
    await Merging(office.desk, office.roster).merge(office.ana, sam, other)
    assert await _nobody_works(office) >= 1
    assert await office.state(need) == "open"


@pytest.mark.parametrize("how", ["bar", "suspend"])
async def test_rounds_that_they_drive_are_called_off(office: Office, how: str) -> None:
    need, dan = await office.need(), await office.helper("Dan Driver")
    plan = await office.runs.plan(office.ana, day=office.desk.today, driver=dan, needs=[need])
    token = await office.runs.link(office.ana, plan.run_id)
    await office.run_links.open_here(token, "phone")
    await office.run_links.step(token, "phone", RunMove.START)
    await getattr(office.people, how)(office.safety, dan, "reasons")
    assert await office.state(need) == "open"
    with pytest.raises(NotFound):
        await office.run_links.view(token, "phone")
    with pytest.raises(Conflict):
        await office.runs.plan(office.ana, day=office.desk.today, driver=dan, needs=[need])
    with pytest.raises(MutualAidError):
        await office.undo.undo(office.ana, need)
    assert await office.state(need) == "open"


async def test_links_of_tasks_that_are_done_close_too(office: Office) -> None:
    need, sam = await office.need(), await office.helper()
    task = await office.confirmed(need, sam)
    token = await office.dispatch.task_link(office.ana, task)
    await office.tasks.confirm(token, "phone")
    await office.dispatch.report_done(office.ana, task)
    assert (await office.tasks.task_by_token(token, "phone")).details is not None
    await office.people.suspend(office.safety, sam, "a concern")
    with pytest.raises(NotFound):
        await office.tasks.task_by_token(token, "phone")


@pytest.mark.parametrize("how", ["bar the helper", "bar the asker", "apart"])
async def test_standing_pairs_end_too(office: Office, how: str) -> None:
    taken, sam = await office.call(), await office.helper()
    await office.buddies.begin(office.ana, taken.person_id, sam, person_said=True, helper_said=True)
    match how:
        case "apart":
            await office.people.keep_apart(office.safety, sam, taken.person_id)
        case "bar the helper":
            await office.people.bar(office.safety, sam)
        case _:
            await office.people.bar(office.safety, taken.person_id)
    assert await office.buddies.of_person(office.ana, sam) == ()
    with pytest.raises(Conflict):
        await office.buddies.begin(office.ana, taken.person_id, sam, person_said=True, helper_said=True)


async def test_the_barred_leave_every_list_but_one(office: Office) -> None:
    sam, tess = await office.helper("Sam Pretend"), await office.helper("Tess Pretend")
    patch = Patch(streets=("Imaginary Row",))
    team = await office.street_teams.save(
        office.ana, None, name="Elm", patch=patch, captain_person=sam, members=(sam, tess)
    )
    need = await office.need()
    await office.confirmed(need, sam)
    await office.people.bar(office.safety, sam, "reasons")
    await office.people.suspend(office.safety, tess, "a concern")
    assert await office.state(need) == "open"
    assert [row.name for row in await office.people.list_volunteers(office.ana)] == ["Tess Pretend"]
    assert await office.matching.candidates(office.ana, need) == ()
    view = await office.street_teams.one(office.ana, team)
    assert (view.captain, [person for person, _ in view.members]) == ("", [tess])
    with pytest.raises(Invalid):
        await office.street_teams.save(office.ana, team, name="Elm", patch=patch, members=(sam,))
    rows = await office.people.kept_away(office.safety)
    assert [(row.name, row.since) for row in rows] == [
        ("Sam Pretend", office.desk.today),
        ("Tess Pretend", None),
    ]
    with pytest.raises(NotAllowed):
        await office.people.kept_away(office.triage)
