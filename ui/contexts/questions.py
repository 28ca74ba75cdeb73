"""What templates are given of the group's own questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from node.domain.settings.questions import MOST_ANSWER


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question on a form. ``choices``: code and words, none for an answer in own words."""

    field: str
    words: Mapping[str, str]
    """Language -> the question, the one of the page first."""
    choices: Sequence[tuple[str, str]]
    value: str
    problem: str = ""
    most: int = MOST_ANSWER


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One answer, as it is shown."""

    asked: str
    said: str
