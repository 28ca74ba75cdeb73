"""A stop to which nobody is to go as things are holds no round up: it stays shut, is named, and the others go."""

from datetime import timedelta

import pytest

from node.domain.actors import SYSTEM
from node.domain.assignment import AssignmentState
from node.domain.board.views import QueueFilter
from node.domain.catalogue import CheckLevel, Going
from node.domain.ids import AssignmentId, NeedId
from node.domain.need import Urgency, Window
from node.domain.rounds.run import RunMove, RunState, StopState, StopWord
from node.domain.volunteer import Cleared
from node.errors import Conflict
from node.store import assignments, demands
from tests.harness.office import Office

HERE = "her telephone"


async def _planned(office: Office, *kinds: str) -> tuple[str, dict[str, AssignmentId], list[NeedId]]:
    """A round of tomorrow, whose driver's check is good until then; its stops by their kinds."""
    day = office.desk.today + timedelta(days=1)
    every = tuple(kind.code for kind in office.desk.catalogue.categories)
    driver = await office.helper(
        "Dan Driver", cleared=(Cleared(check=CheckLevel.ID, until=day),), abilities=every
    )
    window = Window(first=day, last=day + timedelta(days=3))
    needs = [await office.need(kind, window=window, urgency=Urgency.THIS_WEEK) for kind in kinds]
    run = await office.runs.plan(office.ana, day=day, driver=driver, needs=needs)
    assert run.left_out == ()
    stops = (await office.run_book.one(office.ana, run.run_id)).stops
    return run.run_id, {stop.category: stop.task for stop in stops}, needs


async def _state(office: Office, task: AssignmentId) -> AssignmentState:
    async with office.db.read() as tx:
        held = await assignments.get(tx, task)
    assert held is not None
    return held.state


@pytest.mark.parametrize("by", ["driver", "desk"])
async def test_one_check_that_ended_holds_one_stop_and_names_it(office: Office, by: str) -> None:
    run, stops, needs = await _planned(office, "groceries", "medication", "delivery")
    token = await office.runs.link(office.ana, run)
    office.clock.advance(days=2)
    await office.runs.set_day(office.ana, run, office.desk.today, "rain")
    await office.run_links.open_here(token, HERE)
    if by == "driver":
        await office.run_links.step(token, HERE, RunMove.START)
    else:
        assert await office.runs.move(office.ana, run, RunMove.START) is RunState.UNDER_WAY
    shut = stops["medication"]
    assert {kind: await _state(office, task) for kind, task in stops.items()} == {
        "groceries": AssignmentState.CONTACTED,
        "medication": AssignmentState.APPROVED,
        "delivery": AssignmentState.CONTACTED,
    }
    at_desk = (await office.run_book.one(office.ana, run)).stops
    assert {stop.category: stop.held for stop in at_desk} == {
        "groceries": "",
        "medication": "check_over",
        "delivery": "",
    }
    seen = await office.run_links.view(token, HERE)
    assert {stop.task: stop.held for stop in seen.stops if stop.held} == {shut: "check_over"}
    with pytest.raises(Conflict) as refused:
        await office.run_links.door(token, HERE, shut)
    assert refused.value.code == "check_over"
    paper = {stop.category: stop for stop in (await office.run_book.sheet(office.ana, run)).stops}
    assert (paper["medication"].held, paper["medication"].details.address) == (True, "")
    assert (paper["groceries"].held, bool(paper["groceries"].details.address)) == (False, True)
    assert [row.need_id for row in await office.board.queue(office.ana, QueueFilter.CALL_BACK)] == [needs[1]]
    for kind in ("groceries", "delivery"):
        door = await office.run_links.door(token, HERE, stops[kind])
        assert door.details is not None
        assert door.following != shut
        await office.run_links.said(token, HERE, stops[kind], StopWord.DONE)
    assert (await office.run_links.view(token, HERE)).following is None
    # A new one is written down while they are out: the door opens.
    later = office.desk.today + timedelta(days=400)
    (driver,) = {(await office.run_book.one(office.ana, run)).driver_id}
    await office.vetting.note(
        office.safety, driver, level="id", seen=office.desk.today, decision="cleared", review=later
    )
    assert (await office.run_links.view(token, HERE)).following == shut
    assert (await office.run_links.door(token, HERE, shut)).details is not None
    await office.run_links.said(token, HERE, shut, StopWord.DONE)
    assert {stop.state for stop in (await office.run_book.one(office.ana, run)).stops} == {StopState.DONE}


async def test_where_every_stop_is_shut_nobody_sets_off(office: Office) -> None:
    run, _, _ = await _planned(office, "medication")
    office.clock.advance(days=2)
    await office.runs.set_day(office.ana, run, office.desk.today, "rain")
    assert await office.vetting.remind(SYSTEM) == 1
    with pytest.raises(Conflict) as refused:
        await office.runs.move(office.ana, run, RunMove.START)
    assert refused.value.code == "all_held"
    assert (await office.run_book.one(office.ana, run)).state is RunState.PLANNED


async def test_where_two_go_and_one_is_missing_the_others_are_driven(office: Office) -> None:
    run, stops, _ = await _planned(office, "groceries", "delivery")
    async with office.db.write() as tx:
        await demands.put(tx, "delivery", CheckLevel.NONE, Going.PAIR)
    office.clock.advance(days=1)
    await office.runs.move(office.ana, run, RunMove.START)
    assert await _state(office, stops["groceries"]) is AssignmentState.CONTACTED
    held = {stop.category: stop.held for stop in (await office.run_book.one(office.ana, run)).stops}
    assert held == {"groceries": "", "delivery": "pair_first"}
