"""A round of deliveries (here: a run): one volunteer, one day, a few stops in order. Its life-cycle, as tables.

A stop is an ordinary assignment of the one who drives, and has no state of its own that could differ from it: what
became of a stop is read from its task and from what was said at the door. So a place is given once, and whatever
takes a task away - the coordinator, a closed need, people who must not meet - takes the stop off the round with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from node.domain.assignment import AssignmentState
from node.domain.assignment_lifecycle import COMING, AssignmentMove
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.lifecycle import step
from node.domain.need import Point, Window
from node.errors import N_

DELIVERED = frozenset(
    {
        "groceries", "food_parcel", "cooked_meal", "clothing", "household_goods", "hygiene", "laundry", "heating",
        "delivery", "mobility_aid", "tools", "baby_supplies", "pet_food", "furniture", "medication",
    }
)  # fmt: skip
"""Kinds of help that are a thing brought to a door, so that one drive can do several."""

MAX_STOPS = 30
"""More than one person delivers in a day."""
AHEAD_DAYS = 28
"""So far ahead a round may be planned."""
NEAR_KM = 2.0
"""A detour that nobody minds: a stop so close to one of a round is "near there"."""
MAX_NOTE = 500
"""Characters of a note for, or from, the door."""


class RunState(StrEnum):
    PLANNED = "planned"
    UNDER_WAY = "under_way"
    """Whoever drives has set off: only now do the stops' details open to them."""
    OVER = "over"
    CALLED_OFF = "called_off"


class RunMove(StrEnum):
    START = "start"
    FINISH = "finish"
    CALL_OFF = "call_off"
    LAPSE = "lapse"
    """Its day is past, and nobody said anything."""


S, M = RunState, RunMove

MOVES: Mapping[tuple[RunState, RunMove], RunState] = {
    (S.PLANNED, M.START): S.UNDER_WAY,
    (S.PLANNED, M.CALL_OFF): S.CALLED_OFF,
    (S.PLANNED, M.LAPSE): S.CALLED_OFF,
    (S.UNDER_WAY, M.FINISH): S.OVER,
    (S.UNDER_WAY, M.CALL_OFF): S.CALLED_OFF,
    (S.UNDER_WAY, M.LAPSE): S.OVER,
}
"""Every allowed move; what is not here is refused."""

ENDED = frozenset({S.OVER, S.CALLED_OFF})

GIVES_BACK: Mapping[RunMove, AssignmentMove] = {
    M.FINISH: AssignmentMove.RELEASE,
    M.CALL_OFF: AssignmentMove.WITHDRAW,
    M.LAPSE: AssignmentMove.EXPIRE,
}
"""What becomes of the tasks of stops that were not reached: the needs look for somebody again."""


class StopWord(StrEnum):
    """What whoever drives says at the door."""

    DONE = "done"
    NOBODY_HOME = "nobody_home"
    PROBLEM = "problem"


TASK_MOVE: Mapping[StopWord, AssignmentMove] = {
    StopWord.DONE: AssignmentMove.DONE,
    StopWord.NOBODY_HOME: AssignmentMove.RELEASE,
    StopWord.PROBLEM: AssignmentMove.RELEASE,
}
"""What each word does to the task: an ordinary move of its own life-cycle."""


class StopState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    NOBODY_HOME = "nobody_home"
    PROBLEM = "problem"
    OFF = "off"
    """Not on the round any more: taken back, closed, or given to somebody else."""


class HandOff(StrEnum):
    """How a thing changes hands."""

    AS_USUAL = "as_usual"
    DOORSTEP = "doorstep"
    """Left at the door; ring, step back, wait until it is taken in."""
    NEIGHBOUR = "neighbour"
    """With somebody next door: the note says with whom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One round. Times are Unix seconds; only hashes of link and device are kept."""

    id: str
    driver_id: PersonId
    day: date
    state: RunState = RunState.PLANNED
    created_at: int
    changed_at: int
    by_staff: str | None = None
    """The staff id that planned it."""
    link_hash: bytes | None = None
    device_hash: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDetails:
    """The sealed part: where it begins, and what to know before."""

    start: str = ""
    point: Point | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One stop, with how its task stands."""

    run_id: str
    assignment_id: AssignmentId
    need_id: NeedId
    place: int
    """From 0; the order to go."""
    said: StopWord | None
    task: AssignmentState
    hers: bool
    """The task is of whoever drives now."""
    sealed: bytes
    """How to hand over (``StopDetails``)."""
    told_sealed: bytes | None
    """What was said at the door."""

    @property
    def state(self) -> StopState:
        """What became of it."""
        return stop_state(self.task, self.said, self.hers)


@dataclass(frozen=True, slots=True, kw_only=True)
class StopDetails:
    """How to hand over at that door; sealed."""

    hand_off: HandOff = HandOff.AS_USUAL
    note: str = ""


def stop_state(task: AssignmentState, said: StopWord | None, hers: bool) -> StopState:
    """What became of a stop, from its task and from the last word about it.

    A task that is still on and not ``hers`` - somebody else drives now, and taking it back from the one before was
    undone - is an ordinary task of theirs: whoever drives has nothing to do with it.
    """
    if task in COMING:
        return StopState.WAITING if hers else StopState.OFF
    if task is AssignmentState.DONE:
        return StopState.DONE
    if task is AssignmentState.RELEASED and said in (StopWord.NOBODY_HOME, StopWord.PROBLEM):
        return StopState(said.value)
    return StopState.OFF


def after(state: RunState, move: RunMove) -> RunState:
    """The next state. Raises ``Conflict("moved_on")`` when the table has no such move."""
    return step(MOVES, state, move, of="round")


OFF_DAY = "off_day"
"""Why a stop is asked about: it is wanted on other days."""


def off_its_days(wanted: Window | None, day: date, today: date) -> bool:
    """Whether a round of that day brings something when it is not wanted: before its first day, or after a last one
    that could still be kept. What is late already is late on any day."""
    return wanted is not None and not wanted.holds(day) and (wanted.last >= today or day < wanted.first)


def on_its_day(day: date, today: date) -> bool:
    """Whether a round of that day may be under way: until the end of the next day, for who comes home after
    midnight."""
    return day <= today <= day + timedelta(days=1)


def past(day: date, today: date) -> bool:
    """Whether nobody can be on that round any more."""
    return today > day + timedelta(days=1)


def details_open(run: Run, stop: Stop, today: date) -> bool:
    """Whether whoever drives may read this stop's details: under way, on its day, and not yet been there."""
    return run.state is RunState.UNDER_WAY and on_its_day(run.day, today) and stop.state is StopState.WAITING


def problems(day: date, today: date, stops: int, note: str = "") -> dict[str, str]:
    """Every field that does not fit (a msgid); empty when all is well."""
    found: dict[str, str] = {}
    if not today <= day <= today + timedelta(days=AHEAD_DAYS):
        found["day"] = N_("Choose a day from today on, at most four weeks ahead.")
    if not 1 <= stops <= MAX_STOPS:
        found["needs"] = N_("Choose at least one delivery, and at most 30.")
    if len(note) > MAX_NOTE:
        found["note"] = N_("This is too long. Shorten it, please.")
    return found
