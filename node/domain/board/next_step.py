"""What a coordinator does next about one need: one step at a time, as a rule of its state, so that the page can put it
on top."""

from collections.abc import Iterable
from enum import StrEnum

from node.domain.assignment import AssignmentState as A
from node.domain.need import NeedState as S


class NextStep(StrEnum):
    """What to do next; each has its words and its part of the page."""

    LOOK = "look"
    """The first look: is it clear, and safe to send somebody?"""
    READY = "ready"
    """It is on hold: is it ready again?"""
    ANSWER = "answer"
    """Somebody said "I can help" and waits for our yes."""
    FIND = "find"
    """Nobody is asked: choose somebody."""
    WAIT = "wait"
    """Somebody is asked and has not answered."""
    TELL = "tell"
    """Somebody is confirmed, and whoever asked does not know yet."""
    COMING = "coming"
    """All know of each other, and the day has not come."""
    HAPPENED = "happened"
    """Help should have come, or a helper says it did: ask whoever it was for."""
    ELSEWHERE = "elsewhere"
    """A neighbouring group has it, or was asked for it."""
    OVER = "over"


_BY_STATE = {
    S.NEW: NextStep.LOOK,
    S.ON_HOLD: NextStep.READY,
    S.REFERRED: NextStep.ELSEWHERE,
    S.CLOSED: NextStep.OVER,
    S.REPORTED: NextStep.HAPPENED,
}


def next_step(state: S, tasks: Iterable[A], *, told: bool, due: bool) -> NextStep:
    """The next step. ``tasks``: the states of its assignments; ``told``: whoever asked knows who comes; ``due``: the
    day is past by which help should have come."""
    if state in _BY_STATE:
        return _BY_STATE[state]
    if state in (S.ASSIGNED, S.IN_PROGRESS):
        if due:
            return NextStep.HAPPENED
        return NextStep.COMING if told else NextStep.TELL
    live = set(tasks)
    if A.INTERESTED in live:
        return NextStep.ANSWER
    return NextStep.WAIT if A.PROPOSED in live else NextStep.FIND
