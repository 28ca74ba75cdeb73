"""The part of a copy that is about helping: standing pairs, what she takes over, whom she rings, her rounds. Of the
others in it nothing but that they are there."""

from typing import Any

from node.domain.dispatch.series import HAND_STANDS
from node.domain.ids import PersonId
from node.services.desk import Desk
from node.store import buddies, call_lists, feedback, runs, series_hands, visits
from node.store.db import Tx

Records = list[dict[str, Any]]


async def buddies_of(tx: Tx, person_id: PersonId) -> Records:
    """The standing pairs of which she is one."""
    return [
        {
            "since": pair.since_day.isoformat(),
            "state": str(pair.state),
            "you_help": pair.helper_id == person_id,
        }
        for pair in await buddies.of_person(tx, person_id)
    ]


async def standing_in(tx: Tx, person_id: PersonId) -> Records:
    """What she takes over, or was asked to: repeating visits, lists on which she rings, rounds that she drives."""
    hands = [
        {"sort": "repeat", "state": str(hand.state), "since": hand.from_day.isoformat()}
        for hand in await series_hands.of_helper(tx, person_id)
        if hand.state in HAND_STANDS
    ]
    rings = [
        {"sort": "calls", "since": each.since_day.isoformat()}
        for each in await call_lists.callers_of(tx, person_id)
    ]
    drives = [
        {"sort": "round", "day": run.day.isoformat(), "state": str(run.state)}
        for run in await runs.of_driver(tx, person_id)
    ]
    return [*hands, *rings, *drives]


async def said_of(tx: Tx, desk: Desk, task_id: str) -> Records:
    """How it went, in her own words."""
    said = await feedback.of_task(tx, task_id)
    if said is None:
        return []
    note = desk.open_note("feedback", said.id, said.note_sealed)
    return [{"at": said.at, "answer": str(said.answer), "note": note}]


async def visits_of(tx: Tx, need_id: str, task_id: str) -> Records:
    """When she set out alone, and was back."""
    return [
        {"at": each.started_at, "back_at": each.ended_at}
        for each in await visits.of_need(tx, need_id)
        if each.assignment_id == task_id
    ]
