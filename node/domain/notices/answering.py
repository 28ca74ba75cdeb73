"""What somebody answers to a text of ours: a word, in any of our languages, and what it moves."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from node.domain.assignment import AssignmentState
from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.notices.notice import Kind

LONGEST_TEXT = 1000
"""Letters of a text that are kept; nobody's answer is longer."""


class Word(StrEnum):
    """What an answer says."""

    YES = "yes"
    NO = "no"
    DONE = "done"
    STOP = "stop"


class Reply(StrEnum):
    """What we answer to it."""

    NOTED_YES = "noted_yes"
    """A coordinator has the last word; she hears of it."""
    HERS = "hers"
    """Her yes was enough. What it opens stays behind the link."""
    STILL_HERS = "still_hers"
    """We had heard nothing of what is hers; now we have."""
    NOTED_NO = "noted_no"
    NOTED_DONE = "noted_done"
    STOPPED = "stopped"
    UNCLEAR = "unclear"
    """Where to say it instead; a coordinator reads it too."""


_SAID: Mapping[Word, tuple[str, ...]] = {
    Word.YES: ("yes", "y", "si", "نعم"),
    Word.NO: ("no", "n", "لا"),
    Word.DONE: ("done", "hecho", "تم"),
    # Those after the first are what networks everywhere take for it.
    Word.STOP: ("stop", "stop all", "stopall", "unsubscribe", "end", "quit", "alto", "توقف"),
}
_WORDS = {said: word for word, all_said in _SAID.items() for said in all_said}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """How a word moves a task."""

    move: AssignmentMove
    told_by: frozenset[Kind]
    """By which message she was told of a task that this can be about."""
    open: frozenset[AssignmentState]
    """While it waits for that word."""
    said: frozenset[AssignmentState]
    """Where it was said already, if nothing waits for it any more: a second time is no fault of hers."""


MOVING: Mapping[Word, Moving] = {
    Word.YES: Moving(
        move=AssignmentMove.INTEREST,
        told_by=frozenset({Kind.ASKED, Kind.STALE}),
        open=frozenset({AssignmentState.PROPOSED}),
        said=frozenset({AssignmentState.INTERESTED, AssignmentState.APPROVED, AssignmentState.CONTACTED}),
    ),
    Word.NO: Moving(
        move=AssignmentMove.DECLINE,
        told_by=frozenset({Kind.ASKED, Kind.STALE}),
        open=frozenset({AssignmentState.PROPOSED}),
        said=frozenset({AssignmentState.DECLINED}),
    ),
    Word.DONE: Moving(
        move=AssignmentMove.DONE,
        told_by=frozenset({Kind.ASKED, Kind.CONFIRMED, Kind.MOVED, Kind.STALE, Kind.REMINDER}),
        open=frozenset({AssignmentState.APPROVED, AssignmentState.CONTACTED}),
        said=frozenset({AssignmentState.DONE}),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A text as a gateway gives it to us."""

    number: str = field(repr=False)
    text: str = field(repr=False)


def word_of(text: str) -> Word | None:
    """The word that the whole text is, whatever its case, accents and signs; None for anything more: "no problem, I
    can" is no no."""
    bare = "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if _counts(each))
    return _WORDS.get(" ".join(bare.split()))


def reply_to(word: Word, state: AssignmentState) -> Reply:
    """What to answer to a word about a task that stands so afterwards."""
    match word:
        case Word.YES:
            return Reply.NOTED_YES if state is AssignmentState.INTERESTED else Reply.HERS
        case Word.NO:
            return Reply.NOTED_NO
        case Word.DONE:
            return Reply.NOTED_DONE
        case Word.STOP:
            return Reply.STOPPED


def _counts(sign: str) -> bool:
    return sign.isalnum() or sign.isspace()
