"""A short poll of needs: one question of the group, a few answers, until a day. Only counts are ever kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from node.errors import N_

LEAST_CHOICES = 2
MOST_CHOICES = 6
MAX_QUESTION = 160
MAX_CHOICE = 80
USUAL_DAYS = 7
"""So long it is asked where nobody said until when."""
FARTHEST_DAYS = 60
"""What was asked longer ago is another question."""
HIDDEN_BELOW = 5
"""A smaller count is shown to nobody but the desk: in a small street it would point at somebody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One question. ``until``: the last day on which it can be answered."""

    id: str
    question: str
    choices: tuple[str, ...]
    begun: date
    until: date
    shown: bool
    """Whether everybody sees what came of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """One answer and how many gave it; ``count`` None: fewer than ``HIDDEN_BELOW``."""

    choice: str
    count: int | None


def problems(question: str, choices: tuple[str, ...], until: date, today: date) -> dict[str, str]:
    """Every field that does not fit, with what to do about it (a msgid); empty when all is well."""
    found: dict[str, str] = {}
    if not question.strip():
        found["question"] = N_("Write the question.")
    elif len(question) > MAX_QUESTION:
        found["question"] = N_("This is too long. Shorten it, please.")
    if not LEAST_CHOICES <= len(choices) <= MOST_CHOICES:
        found["choices"] = N_("Write two to six answers, a line each.")
    elif len(set(choices)) < len(choices):
        found["choices"] = N_("One answer stands there twice.")
    elif any(len(each) > MAX_CHOICE for each in choices):
        found["choices"] = N_("This is too long. Shorten it, please.")
    if not today <= until <= today + timedelta(days=FARTHEST_DAYS):
        found["until"] = N_("Choose a day within two months from now.")
    return found


def is_open(poll: Poll, today: date) -> bool:
    """Whether it can be answered."""
    return today <= poll.until


def for_the_desk(poll: Poll, counts: Mapping[int, int]) -> tuple[Tally, ...]:
    """Every count. ``counts``: number of the answer, from 0, to how many gave it."""
    return tuple(Tally(choice=each, count=counts.get(at, 0)) for at, each in enumerate(poll.choices))


def for_everybody(poll: Poll, counts: Mapping[int, int]) -> tuple[Tally, ...]:
    """Without the small ones. How many answered at all is told nowhere, or one that is hidden could be worked out."""
    return tuple(
        Tally(choice=each.choice, count=each.count if (each.count or 0) >= HIDDEN_BELOW else None)
        for each in for_the_desk(poll, counts)
    )


def poll_record(poll: Poll) -> dict[str, Any]:
    """As it is kept while it waits for a second yes."""
    return {
        "id": poll.id,
        "question": poll.question,
        "choices": list(poll.choices),
        "begun": poll.begun.isoformat(),
        "until": poll.until.isoformat(),
        "shown": poll.shown,
    }


def poll_from(record: Mapping[str, Any]) -> Poll:
    """``poll_record`` read back."""
    return Poll(
        id=record["id"],
        question=record["question"],
        choices=tuple(record["choices"]),
        begun=date.fromisoformat(record["begun"]),
        until=date.fromisoformat(record["until"]),
        shown=bool(record["shown"]),
    )
