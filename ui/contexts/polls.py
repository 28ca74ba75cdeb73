"""What the pages of short polls are drawn from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from node.domain.settings.polls import Poll, Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class PollPage:
    """`/poll/ID`"""

    poll: Poll
    open: bool
    answered: bool
    """On this device."""
    tallies: Sequence[Tally] = ()
    """What everybody may see; empty where that is nothing."""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollsPage:
    """`/polls`"""

    rows: Sequence[tuple[Poll, Sequence[Tally]]]
    form: Any
    today: date
    problem: str = ""
