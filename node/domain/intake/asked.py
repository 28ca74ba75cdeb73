"""How far a request is, for the one who asked: five steps in everybody's words, and what may still be done about it."""

from dataclasses import dataclass
from enum import StrEnum

from node.domain.ids import NeedId
from node.domain.need import CloseReason, NeedState, PartOfDay, Urgency, Window

LIVE_DAYS = 180
"""How long the private link of somebody who asked stays open."""
TAKE_BACK_SECONDS = 600
"""How long a slip of the finger can be taken back."""
READ_SECONDS = 86_400
"""By then somebody at the desk has read what was written afterwards."""
MOST_LETTERS = 2_000


class Step(StrEnum):
    """In their order."""

    RECEIVED = "received"
    FINDING = "finding"
    FOUND = "found"
    COMING = "coming"
    DONE = "done"


AT: dict[NeedState, Step] = {
    NeedState.NEW: Step.RECEIVED,
    NeedState.ON_HOLD: Step.RECEIVED,
    NeedState.OPEN: Step.FINDING,
    NeedState.OFFERED: Step.FINDING,
    NeedState.REFERRED: Step.FINDING,
    NeedState.ASSIGNED: Step.FOUND,
    NeedState.IN_PROGRESS: Step.COMING,
    NeedState.REPORTED: Step.DONE,
    NeedState.CLOSED: Step.DONE,
}
"""Every state of a request as its owner reads it."""

HELPED = frozenset({CloseReason.COMPLETED, CloseReason.PARTLY_COMPLETED})
MAY_BE_DONE = frozenset({NeedState.ASSIGNED, NeedState.IN_PROGRESS})
"""Somebody is to come, and may have been there without a word of it having reached us."""
SAYS_HOW = MAY_BE_DONE | {NeedState.REPORTED}
"""In these a word on how it went also ends the request, or has a coordinator look at it."""


class Handed(StrEnum):
    """How a request stands that was handed on whole to another group."""

    ASKED = "asked"
    """They were asked, and have not answered; it is ours yet."""
    TAKEN = "taken"
    """They look after it."""
    HOME = "home"
    """It came back not long ago, and is not settled yet."""
    HELPED = "helped"
    """It was done there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOn:
    """That a request is, or was, with another group: what whoever asked has to know of it."""

    peer: str
    """Id of that group."""
    group: str
    """Its name here."""
    stands: Handed
    since: int
    """Unix seconds of its last change."""
    until: int = 0
    """Unix seconds until which we wait for an answer; 0 once that is past, and where none is awaited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """One request as its owner sees it."""

    need_id: NeedId
    reference: str
    category: str
    """As on the disk while the records are closed: perhaps only a broad group."""
    state: NeedState
    urgency: Urgency
    helpers: tuple[str, ...]
    """First names, of helpers of ours who are confirmed; none while the records are closed."""
    name_waits: bool
    """Somebody is confirmed, and the name shows once a coordinator has signed in."""
    said: bool
    """It was said already how it went."""
    taken_back_until: int
    """Until then (Unix seconds) a request that its owner ended can be brought back; else 0."""
    close_reason: CloseReason | None = None
    window: Window | None = None
    """The days, where somebody named any."""
    part_of_day: PartOfDay | None = None
    for_another: bool = False
    """Who asked and who is helped are two; known while the records are open."""
    late: bool = False
    """The day by which somebody should have come is past."""
    begun: bool = True
    """The first of its days has come; nobody was there before."""
    groups: tuple[str, ...] = ()
    """Neighbouring groups of which somebody confirmed comes: their names. Nobody's own name is ever told to us."""
    groups_know_where: bool = False
    """Each of them has said that her details arrived there."""
    handed_on: HandedOn | None = None
    """It was handed on whole to a neighbouring group."""

    @property
    def step(self) -> Step:
        """The step it has come to."""
        return AT[self.state]

    @property
    def over(self) -> bool:
        """Whether it ended without help having come."""
        return self.state is NeedState.CLOSED and self.close_reason not in HELPED

    @property
    def may_change(self) -> bool:
        """Whether words about it still reach somebody in time, and whether it can be called off."""
        return self.state is not NeedState.CLOSED

    @property
    def may_say(self) -> bool:
        """Whether "did it go well?" is asked: not before we heard that it is done, or its last day is past."""
        helped = self.state is NeedState.CLOSED and self.close_reason in HELPED
        done = self.state is NeedState.REPORTED or helped
        return not self.said and (done or (self.late and self.state in MAY_BE_DONE))

    @property
    def may_be_done(self) -> bool:
        """Whether it can have happened unheard of, so that "it is done already" is offered, behind a question."""
        return not self.said and not self.may_say and self.begun and self.state in MAY_BE_DONE
