"""What somebody answered to a question of the group's own; sealed with the request or the person."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer, with the question as it was asked: so it can be read when the question is long gone.

    ``code``: ``yes``, ``no``, a choice's code, or empty for an answer in own words; ``said``: the words of the
    choice, or the answer in own words, empty for yes and no.
    """

    question: str
    asked: str
    code: str
    said: str


def together(before: Sequence[Answer], now: Sequence[Answer]) -> tuple[Answer, ...]:
    """What is held of somebody who answered again: the newer answer to each question."""
    return tuple({each.question: each for each in (*before, *now)}.values())
