"""What ends at once when somebody is kept away, stopped, or goes: tasks, rounds, calls, links, work elsewhere."""

from dataclasses import replace

from node.domain.actors import Actor
from node.domain.dispatch.series import (
    HAND_STANDS,
    EndedBy,
    Hand,
    HandMove,
    Pair,
    PairState,
    SeriesState,
    after_hand,
)
from node.domain.rounds.run import RunMove
from node.services.calls.call_steps import list_object
from node.services.desk import Desk, person_object
from node.services.dispatch.moves import withdraw_all
from node.services.exchange import away_tasks
from node.services.rounds.run_moves import move_run
from node.store import (
    assignments,
    away_asks,
    buddies,
    call_lists,
    own_page,
    runs,
    series,
    series_hands,
    street_teams,
)
from node.store import away_tasks as away_task_rows
from node.store.db import Tx


async def end_work(tx: Tx, desk: Desk, actor: Actor, person_id: str) -> None:
    """Rounds that she drives are called off, every live task goes back to the board, every private link is closed, also
    those of tasks that are done, she rings nobody any more, and what she does for other groups is given back."""
    for run in await runs.going_on(tx):
        if run.driver_id == person_id:
            await move_run(tx, desk, actor, run, RunMove.CALL_OFF)
    await withdraw_all(tx, desk, actor, person_id)
    await assignments.shut_links(tx, person_id)
    await own_page.shut_out(tx, person_id)
    for list_id in await call_lists.drop_callers_of(tx, person_id):
        await desk.record(tx, actor, "calls.caller_off", list_object(list_id), person=person_id)
    await away_asks.delete_of(tx, person_id)
    await away_tasks.end_all(tx, desk, actor, person_id)
    await away_task_rows.shut_links(tx, person_id)


async def take_off_lists(tx: Tx, desk: Desk, actor: Actor, person_id: str) -> None:
    """She leads no street team and belongs to none, is nobody's buddy, on either side, and takes no repeat over; what
    repeats for her stands still until somebody says that it goes on."""
    await street_teams.take_out(tx, person_id)
    for pair in await buddies.of_person(tx, person_id):
        await _end_pair(tx, desk, actor, pair)
    for hand in await series_hands.of_helper(tx, person_id):
        await end_hand(tx, desk, actor, hand)
    for rule, _ in await series.of_person(tx, person_id):
        if rule.state is not SeriesState.PAUSED or rule.paused_until is not None:
            await series.move(tx, replace(rule, state=SeriesState.PAUSED, paused_until=None))
            await desk.record(tx, actor, "series.pause", person_object(person_id), series=rule.id)


async def end_hand(tx: Tx, desk: Desk, actor: Actor, hand: Hand) -> None:
    """She takes that rule over no more, nor will she, if she was to."""
    if hand.state not in HAND_STANDS:
        return
    await series_hands.put(tx, replace(hand, state=after_hand(hand.state, HandMove.END)))
    held = await series.get(tx, hand.series_id)
    for each in (*([held[0].person_id] if held else []), hand.helper_id):
        await desk.record(
            tx, actor, "series.hand_end", person_object(each), series=hand.series_id, hand=hand.id
        )


async def part_buddies(tx: Tx, desk: Desk, actor: Actor, one: str, other: str) -> None:
    """These two are no standing pair any more, whoever of them helped."""
    for pair in await buddies.of_person(tx, one):
        if other in (pair.person_id, pair.helper_id):
            await _end_pair(tx, desk, actor, pair)


async def _end_pair(tx: Tx, desk: Desk, actor: Actor, pair: Pair) -> None:
    await buddies.update(tx, replace(pair, state=PairState.ENDED, ended_day=desk.today, ended_by=EndedBy.US))
    for each in (pair.person_id, pair.helper_id):
        await desk.record(tx, actor, "buddy.end", person_object(each), pair=pair.id)
