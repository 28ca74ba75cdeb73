"""What two records may be to each other and one person cannot be to herself: her own helper, twice on one request, her
own buddy. Ended quietly when they are made one: to her nothing is called off by that."""

from dataclasses import replace

from node.domain.actors import Actor
from node.domain.assignment import Assignment
from node.domain.assignment_lifecycle import COMING, LIVE, AssignmentMove
from node.domain.dispatch.series import EndedBy, PairState
from node.services.desk import Desk, person_object
from node.services.dispatch.moves import move_assignment
from node.services.people.keeping_away import end_hand
from node.store import assignments, buddies, series, series_hands
from node.store.db import Tx


async def end_own_ties(tx: Tx, desk: Desk, actor: Actor, one: str, other: str) -> None:
    """Before what points to the one points to the other. Where both are on one request, who is further stays."""
    both = (one, other)
    for person_id in both:
        for task in await assignments.of_person(tx, person_id):
            if task.state not in LIVE:
                continue
            asker = (await desk.need_row(tx, task.need_id)).need.person_id
            beside = [
                each
                for each in await assignments.of_need(tx, task.need_id)
                if each.person_id in both and each.state in LIVE
            ]
            if asker in both:
                await _off(tx, desk, actor, task)
            elif len(beside) > 1:
                await _off(tx, desk, actor, min(beside, key=lambda each: each.state in COMING))
        for pair in await buddies.of_person(tx, person_id):
            if pair.state is not PairState.ENDED and {*both} == {pair.person_id, pair.helper_id}:
                ended = replace(pair, state=PairState.ENDED, ended_day=desk.today, ended_by=EndedBy.US)
                await buddies.update(tx, ended)
                await desk.record(tx, actor, "buddy.end", person_object(pair.person_id), pair=pair.id)
        for rule, _ in await series.of_person(tx, person_id):
            for hand in await series_hands.of_series(tx, rule.id):
                if hand.helper_id in both:
                    await end_hand(tx, desk, actor, hand)


async def _off(tx: Tx, desk: Desk, actor: Actor, task: Assignment) -> None:
    """As if she had said so herself: that sends her no message."""
    move = AssignmentMove.RELEASE if task.state in COMING else AssignmentMove.DECLINE
    await move_assignment(tx, desk, actor, task, move, why="one person")
