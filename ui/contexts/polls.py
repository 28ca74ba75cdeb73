"""What the pages of short polls are drawn from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from node.domain.settings.polls import Asked, Poll, Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class PollPage:
    """`/poll/ID`"""

    poll: Poll
    said: Asked
    """In the reader's language, as far as it was written."""
    open: bool
    answered: bool
    """On this device."""
    tallies: Sequence[Tally] = ()
    """What everybody may see; empty where that is nothing."""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedPoll:
    """The fields of one more language; ``wrong_question``, ``wrong_choices``: what does not fit, in words."""

    language: str
    question: str = ""
    choices: str = ""
    wrong_question: str = ""
    wrong_choices: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollsPage:
    """`/polls`"""

    rows: Sequence[tuple[Poll, Sequence[Tally]]]
    languages: Sequence[str]
    """Codes of the site's."""
    form: Any
    typed: Sequence[TypedPoll]
    """The same question in every other language of the site."""
    today: date
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollWordsPage:
    """`/polls/ID/words`"""

    poll: Poll
    typed: Sequence[TypedPoll]
    """Every language of the site, the one in which it was written first before the others."""
    missing: frozenset[str]
    """The languages in which it is not written."""
    problem: str = ""
