"""Asking several, and the next few until somebody says yes."""

import pytest

from node.domain.actors import SYSTEM
from node.domain.assignment_lifecycle import LIVE, AssignmentMove
from node.domain.catalogue import CheckLevel, Going
from node.domain.dispatch.wave import WaveState
from node.domain.ids import NeedId, PersonId
from node.domain.need import CloseReason
from node.domain.settings.presets import Preset
from node.domain.volunteer import Stage
from node.errors import Conflict, Invalid, Locked, NotFound
from node.services.dispatch.waves import WaveView
from node.store import assignments, demands, settings, waves
from tests.harness.office import Office, point

DEVICE = "her phone"


async def helpers(office: Office, many: int) -> list[PersonId]:
    """The nearest first."""
    return [await office.helper(f"Pretend {n}", point=point(0.2 + n / 10)) for n in range(many)]


async def view(office: Office, need: NeedId) -> WaveView:
    found = await office.waves.of_need(office.ana, need)
    assert found is not None
    return found


async def live(office: Office, need: NeedId) -> list[str]:
    """Who is on it, in the order in which the helpers were made."""
    async with office.db.read() as tx:
        found = {task.person_id for task in await assignments.of_need(tx, need) if task.state in LIVE}
    people = await office.people.list_volunteers(office.ana)
    return [row.person_id for row in sorted(people, key=lambda row: row.name) if row.person_id in found]


async def tokens(office: Office, need: NeedId) -> dict[str, str]:
    return {each.name: each.token for each in await office.waves.messages(office.ana, need)}


async def afternoon(office: Office) -> None:
    office.clock.advance(hours=(14 - office.desk.zone.moment(office.desk.now).hour) % 24)


async def test_the_best_few_are_asked_and_the_first_yes_wins(office: Office) -> None:
    people = await helpers(office, 5)
    need = await office.need()
    await office.waves.start(office.ana, need)
    assert await live(office, need) == people[:3]
    links = await tokens(office, need)
    assert list(links) == ["Pretend 0", "Pretend 1", "Pretend 2"]
    assert await tokens(office, need) == {}, "each is told once"
    await office.tasks.interest(links["Pretend 1"], DEVICE)
    assert await live(office, need) == [people[1]]
    assert await office.state(need) == "offered"
    shown = await view(office, need)
    assert shown.wave.state is WaveState.ANSWERED
    assert [each.thanked for each in shown.asked] == [True, False, True]
    for name in ("Pretend 0", "Pretend 2"):
        with pytest.raises(NotFound) as thanked:
            await office.tasks.task_by_token(links[name], DEVICE)
        assert thanked.value.code == "thanked"
        with pytest.raises(NotFound):
            await office.tasks.interest(links[name], DEVICE)
    office.clock.advance(days=2)
    assert await office.waves.sweep(SYSTEM) == 0


async def test_the_clock_asks_the_next_ones_until_nobody_is_left(office: Office) -> None:
    people = await helpers(office, 5)
    await afternoon(office)
    need = await office.need()
    await office.waves.start(office.ana, need)
    assert await office.waves.sweep(SYSTEM) == 0
    office.clock.advance(minutes=45)
    assert await office.waves.sweep(SYSTEM) == 2
    assert await office.waves.sweep(SYSTEM) == 0, "a second bell asks nobody twice"
    assert await live(office, need) == people
    assert await office.waves.to_tell(office.ana) == {need: 5}
    office.clock.advance(minutes=45)
    assert await office.waves.sweep(SYSTEM) == 0
    assert (await view(office, need)).wave.state is WaveState.RUN_OUT
    # A late yes still wins.
    links = await tokens(office, need)
    await office.tasks.interest(links["Pretend 0"], DEVICE)
    assert await live(office, need) == [people[0]]


async def test_whoever_said_no_is_not_asked_again_and_a_lost_yes_goes_on(office: Office) -> None:
    people = await helpers(office, 4)
    await afternoon(office)
    need = await office.need()
    await office.waves.start(office.ana, need, people[:2])
    links = await tokens(office, need)
    await office.tasks.answer(links["Pretend 1"], DEVICE, AssignmentMove.DECLINE)
    await office.tasks.interest(links["Pretend 0"], DEVICE)
    assert (await view(office, need)).wave.state is WaveState.ANSWERED
    await office.tasks.answer(links["Pretend 0"], DEVICE, AssignmentMove.DECLINE)
    assert (await view(office, need)).wave.state is WaveState.ASKING
    assert await office.waves.sweep(SYSTEM) == 2
    assert await live(office, need) == people[2:]


async def test_nobody_is_asked_at_night(office: Office) -> None:
    await helpers(office, 4)
    await afternoon(office)
    need = await office.need()
    await office.waves.start(office.ana, need)
    office.clock.advance(hours=8)  # ten in the evening
    assert await office.waves.sweep(SYSTEM) == 0
    morning = (await view(office, need)).wave.next_at or 0
    assert office.desk.zone.moment(morning).hour == 8
    office.clock.advance(hours=10)
    assert await office.waves.sweep(SYSTEM) == 1


@pytest.mark.parametrize("end", ["close", "hold", "stop", "assign"])
async def test_the_asking_stops_with_the_need(office: Office, end: str) -> None:
    people = await helpers(office, 5)
    await afternoon(office)
    need = await office.need()
    await office.waves.start(office.ana, need)
    match end:
        case "close":
            await office.dispatch.close(office.ana, need, CloseReason.NO_LONGER_NEEDED)
        case "hold":
            await office.dispatch.hold(office.ana, need, office.desk.today)
        case "stop":
            await office.waves.stop(office.ana, need)
            assert await office.state(need) == "open"
        case "assign":
            await office.confirmed(need, people[4])
    assert await live(office, need) == ([people[4]] if end == "assign" else [])
    office.clock.advance(hours=2)
    assert await office.waves.sweep(SYSTEM) == 0
    expected = WaveState.ANSWERED if end == "assign" else WaveState.STOPPED
    assert (await view(office, need)).wave.state is expected


async def test_two_places_want_two_yeses(office: Office) -> None:
    people = await helpers(office, 4)
    need = await office.need(helpers=2)
    await office.waves.start(office.ana, need)
    links = await tokens(office, need)
    await office.tasks.interest(links["Pretend 0"], DEVICE)
    assert len(await live(office, need)) == 3
    await office.tasks.interest(links["Pretend 2"], DEVICE)
    assert await live(office, need) == [people[0], people[2]]


async def test_without_going_on_only_these_are_asked(office: Office) -> None:
    people = await helpers(office, 5)
    need = await office.need()
    await office.waves.start(office.ana, need, people[3:], goes_on=False)
    office.clock.advance(days=1)
    assert await office.waves.sweep(SYSTEM) == 0
    assert await live(office, need) == people[3:]


async def test_all_or_nobody(office: Office) -> None:
    people = await helpers(office, 2)
    need = await office.need()
    await office.people.bar(office.safety, people[1], "reasons")
    with pytest.raises(Conflict):
        await office.waves.start(office.ana, need, people)
    assert await live(office, need) == []
    assert await office.waves.of_need(office.ana, need) is None
    other = await office.need("violence")
    with pytest.raises(Invalid):
        await office.waves.start(office.ana, other)


async def test_the_job_waits_while_locked_and_loses_nothing(office: Office) -> None:
    people = await helpers(office, 4)
    await afternoon(office)
    need = await office.need()
    await office.waves.start(office.ana, need)
    office.clock.advance(hours=1)
    office.lock()
    with pytest.raises(Locked):
        await office.waves.sweep(SYSTEM)
    await office.unlock()
    assert await office.waves.sweep(SYSTEM) == 1
    assert await live(office, need) == people


async def test_a_crash_between_two_needs_is_made_good(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = await helpers(office, 6)
    await afternoon(office)
    first, second = await office.need(), await office.need()
    for need in (first, second):
        await office.waves.start(office.ana, need)
    office.clock.advance(hours=1)
    real, seen = waves.add_asked, []

    async def fails(tx: object, asked: waves.Asked) -> None:
        seen.append(asked)
        if len(seen) == 5:  # in the middle of the second need's write
            raise OSError("the plug was pulled")
        await real(tx, asked)  # type: ignore[arg-type]

    monkeypatch.setattr(waves, "add_asked", fails)
    with pytest.raises(OSError, match="plug"):
        await office.waves.sweep(SYSTEM)
    assert sorted([len(await live(office, need)) for need in (first, second)]) == [3, 6]
    monkeypatch.setattr(waves, "add_asked", real)
    assert await office.waves.sweep(SYSTEM) == 3
    assert await live(office, first) == await live(office, second) == people


async def claims(office: Office) -> None:
    async with office.db.write() as tx:
        await settings.put(tx, settings.PRESET, Preset.STREET)


@pytest.mark.parametrize(
    ("kind", "changes", "confirmed"),
    [
        ("groceries", {}, True),
        ("childcare", {}, False),  # needs a check
        ("groceries", {"tags": ("heavy",)}, False),
        ("groceries", {"languages": ("en",)}, False),
    ],
)
async def test_her_own_yes_is_enough_only_where_nothing_is_required(
    office: Office, kind: str, changes: dict[str, object], confirmed: bool
) -> None:
    await claims(office)
    sam = await office.helper(takes=("heavy",))
    need = await office.need(kind, **changes)
    token = await office.dispatch.task_link(office.ana, await office.dispatch.propose(office.ana, need, sam))
    shown = await office.tasks.interest(token, DEVICE)
    assert (shown.details is not None) is confirmed
    assert await office.state(need) == ("assigned" if confirmed else "offered")


@pytest.mark.parametrize("how", [Going.PAIR, Going.TIMER])
async def test_her_own_yes_is_not_enough_where_a_coordinator_minds_how_she_goes(
    office: Office, how: Going
) -> None:
    await claims(office)
    sam = await office.helper()
    async with office.db.write() as tx:
        await demands.put(tx, "groceries", CheckLevel.NONE, how)
    need = await office.need()
    token = await office.dispatch.task_link(office.ana, await office.dispatch.propose(office.ana, need, sam))
    assert (await office.tasks.interest(token, DEVICE)).details is None
    assert await office.state(need) == "offered"


async def test_her_own_yes_waits_for_us_in_other_groups_and_for_newcomers(office: Office) -> None:
    sam = await office.helper()
    need = await office.need()
    token = await office.dispatch.task_link(office.ana, await office.dispatch.propose(office.ana, need, sam))
    await office.tasks.interest(token, DEVICE)
    assert await office.state(need) == "offered"
    await claims(office)
    new = await office.helper("New", stage=Stage.APPLIED, cleared=())
    other = await office.need()
    token = await office.dispatch.task_link(office.ana, await office.dispatch.propose(office.ana, other, new))
    await office.tasks.interest(token, DEVICE)
    assert await office.state(other) == "offered"


async def test_of_two_yeses_one_wins_and_the_other_is_thanked(office: Office) -> None:
    await claims(office)
    people = await helpers(office, 2)
    need = await office.need()
    await office.waves.start(office.ana, need)
    links = await tokens(office, need)
    assert (await office.tasks.interest(links["Pretend 0"], DEVICE)).details is not None
    with pytest.raises(NotFound) as late:
        await office.tasks.interest(links["Pretend 1"], "another phone")
    assert late.value.code == "thanked"
    assert await live(office, need) == people[:1]
    with pytest.raises(Conflict) as taken:
        await office.confirmed(need, people[1])
    assert taken.value.code == "already_taken"
