"""A private thread: what a coordinator and one volunteer write to each other about one task."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from node.domain.assignment import Assignment, AssignmentState
from node.domain.assignment_lifecycle import SHOWS_DETAILS
from node.domain.ids import AssignmentId, NeedId
from node.domain.person import TITLES

MAX_MESSAGE = 500
"""Characters: a few sentences. Whatever is longer is better said on the phone."""

MOST = 200
"""Messages of one task; nobody needs as many."""
MOST_BEFORE = 20
"""The same before the yes: a question or two; whatever takes more is better said on the phone."""

BEFORE_YES = frozenset({AssignmentState.PROPOSED, AssignmentState.INTERESTED})
"""She was asked, or offered herself and waits: she may ask, and sees nothing that her page does not show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message. ``by_staff``: None when the volunteer wrote it; ``sealed`` holds the words."""

    id: str
    need_id: NeedId
    assignment_id: AssignmentId
    by_staff: str | None
    at: int
    seen_at: int | None
    sealed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """The same on a page. ``by``: a staff handle, None for the volunteer; ``text``: empty while locked."""

    at: int
    by: str | None
    text: str
    new: bool
    """Written by the volunteer, and nobody here has said that they have seen it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadView:
    """Everything written about one task, oldest first."""

    assignment_id: AssignmentId
    messages: tuple[MessageView, ...]
    open: bool
    """It can be written to; shut when her link shuts."""
    locked: bool
    before: bool = False
    """She is not confirmed: nothing of the person's is to stand in it."""
    unopened: int = 0
    """So many messages wait until she opens it on one device; then it opens on no other."""


def is_open(task: Assignment, now: int) -> bool:
    """As long as the details are (confirmed, with a link that has not run out), and before that while she is asked or
    waits for our yes."""
    alive = task.link_hash is not None and task.link_expires is not None and task.link_expires > now
    return alive and task.state in SHOWS_DETAILS | BEFORE_YES


def gives_away(text: str, *, names: Iterable[str], numbers: Iterable[str], places: Iterable[str]) -> bool:
    """Whether a text holds a name (or one of its words), a number, or a street of these: what nobody is to read before
    the yes. Names count as they are written, with capitals where there are any; of a place, the parts with a number in
    them, with and without it."""
    words, plain = set(re.findall(r"\w+", text)), " ".join(text.casefold().split())
    digits = re.sub(r"\D", "", text)
    if any(word in words for name in names for word in re.findall(r"\w{3,}", name) if _names(word)):
        return True
    tails = [re.sub(r"\D", "", number)[-7:] for number in numbers]
    if any(len(tail) >= 6 and tail in digits for tail in tails):
        return True
    parts = [
        part for place in places for part in re.split(r"[,;\n]", place.casefold()) if re.search(r"\d", part)
    ]
    streets = [re.sub(r"\w*\d\w*", " ", part) for part in parts]
    return any(
        len(known) >= 5 and known in plain for known in (" ".join(each.split()) for each in parts + streets)
    )


def _names(word: str) -> bool:
    """Whether a word of a record's name is one: no title, and none that is written small ("neighbour at number 5")."""
    return not word[0].islower() and word.casefold() not in TITLES
