"""A whole need given to another group, which publishes it as its own: what goes, and what comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from node.domain.consents import Consents
from node.domain.exchange.handover import MAX_LINE, MAX_NOTES, plain
from node.domain.ids import NeedId
from node.domain.intake.asked import HELPED, Handed
from node.domain.intake.intake import NewNeed, NewPerson
from node.domain.need import (
    Channel,
    CloseReason,
    Effort,
    Need,
    NeedDetails,
    NeedState,
    PartOfDay,
    People,
    Point,
    Repeats,
    Urgency,
    Window,
)
from node.domain.need_lifecycle import NeedMove
from node.domain.peer_offer import REVOKE_AGAIN_DAYS
from node.domain.person import PersonDetails, PhoneKind
from protocol.limits import DAY_SECONDS

WORDING = "referral-en-1"
"""Names the text that is read to the requester before her whole request goes to another group."""
WAIT_DAYS = 14
WAIT_HOURS: Mapping[Urgency, int] = {
    Urgency.TODAY: 4,
    Urgency.THIS_WEEK: 48,
    Urgency.WHENEVER: 24 * WAIT_DAYS,
}
"""So long one waits for an answer: then it goes back to the group whose it was, which can still do something."""
HOME_DAYS = 14
"""So long whoever asked is told that her request came home; after that it is a request of ours like any other."""
UNANSWERED = "unanswered"
REVOKE_DAYS = 60
"""For so long after a request was taken back that is said again, while nobody said ``deleted``."""
MOST_WAITING = 20
"""Referrals of one group that may wait here for an answer; more are passed over."""


class Way(StrEnum):
    OUT = "out"
    IN = "in"


class State(StrEnum):
    """Where a referral stands, on either side."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ENDED = "ended"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class MayPassOn:
    """A yes that somebody gave on the page: ``peer`` may have her request. ``at``: Unix seconds."""

    peer: str
    wording: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """One row on either side. Times are Unix seconds."""

    id: str
    """22 random characters, the same on both sides."""
    way: Way
    peer: str
    need_id: NeedId | None
    """Ours that was given (out), or ours that it became (in, once accepted)."""
    state: State
    reason: str | None = None
    """How it ended there; ``UNANSWERED`` where it came back because nobody there had answered."""
    told: str | None = None
    """The last that we sent about it: yes, no, closed, revoke or deleted. Of one that we took back, deleted once they
    said so."""
    category: str
    sealed: bytes | None = None
    """The need as it came, until it is decided."""
    re: str | None = None
    """Id of their latest letter about it, which our next one answers."""
    asked: bool = False
    """They ask how it stands."""
    doubted: bool = False
    """A backup brought it back, and they have not said yet that it is still ours: it stays shut."""
    created_at: int
    changed_at: int
    said_at: int | None = None
    """When ``told`` went out."""
    urgency: Urgency = Urgency.WHENEVER
    """How soon it was wanted when it was handed on."""

    def waited_too_long(self, now: int) -> bool:
        """Whether nobody has answered in time. ``now``: Unix seconds."""
        return self.state is State.ASKED and now >= self.waits_until

    @property
    def waits_until(self) -> int:
        """Unix seconds from which on an answer is too late."""
        return self.created_at + WAIT_HOURS[self.urgency] * 3600


def content_of(
    need: Need, details: NeedDetails, person: PersonDetails, *, ref: str, groups_see: bool
) -> dict[str, Any]:
    """The message ``referral``: everything the other group needs to do it instead of us, empty values left out.

    Who rang for somebody else, and what an import left over, stays here.
    """
    point = details.point
    phone = person.door if person.door and person.door.number else person.screen
    return {
        "ref": ref,
        "groups_see": groups_see,
        "need": _full(
            category=details.category,
            urgency=str(need.urgency),
            window=[need.window.first.isoformat(), need.window.last.isoformat()] if need.window else None,
            part_of_day=need.part_of_day and str(need.part_of_day),
            effort=details.effort and str(details.effort),
            people=details.people and str(details.people),
            helpers=need.helpers,
            remote=need.remote,
            repeats=need.repeats and str(need.repeats),
            requires=list(details.requires),
            languages=list(details.languages),
            tags=list(details.tags),
            notes=plain(details.told)[:MAX_NOTES],
            doorstep_word=plain(details.doorstep_word)[:MAX_LINE],
            place_text=plain(details.place_text)[:MAX_LINE],
            point=[round(point.lat * 1e6), round(point.lon * 1e6), point.accuracy_m] if point else None,
        ),
        "person": _full(
            name=plain(person.name)[:MAX_LINE],
            phone=plain(phone.number) if phone else "",
            phone_kind=str(phone.kind if phone else PhoneKind.NONE),
            address=plain(person.address)[:MAX_LINE],
            safe_to_ring=plain(person.safe_to_ring)[:MAX_LINE],
            languages=list(person.languages),
        ),
    }


def new_need_of(content: Mapping[str, Any]) -> NewNeed:
    """The call that it is for the group that accepts it. ``ValueError`` where a code is not known here."""
    need, person = content["need"], content["person"]
    window, point = need.get("window"), need.get("point")
    return NewNeed(
        channel=Channel.NEIGHBOUR,
        person=NewPerson(
            name=person.get("name", ""),
            phone=person.get("phone", ""),
            phone_kind=PhoneKind(person["phone_kind"]),
            address=person.get("address", ""),
            safe_to_ring=person.get("safe_to_ring", ""),
            languages=tuple(person.get("languages", ())),
        ),
        categories=(need["category"],),
        urgency=Urgency(need["urgency"]),
        window=Window(first=date.fromisoformat(window[0]), last=date.fromisoformat(window[1]))
        if window
        else None,
        part_of_day=PartOfDay(need["part_of_day"]) if need.get("part_of_day") else None,
        effort=Effort(need["effort"]) if need.get("effort") else None,
        people=People(need["people"]) if need.get("people") else None,
        helpers=need["helpers"],
        remote=need["remote"],
        requires=tuple(need.get("requires", ())),
        languages=tuple(need.get("languages", ())),
        tags=tuple(need.get("tags", ())),
        repeats=Repeats(need["repeats"]) if need.get("repeats") else None,
        place_text=need.get("place_text", ""),
        point=Point(lat=point[0] / 1e6, lon=point[1] / 1e6, accuracy_m=point[2]) if point else None,
        notes=need.get("notes", ""),
        doorstep_word=need.get("doorstep_word", ""),
        consents=Consents(
            help_you=True, groups_see=content["groups_see"], keep_details=True, wording=WORDING
        ),
        start="open",
    )


_DONE_THERE = frozenset(
    {
        CloseReason.COMPLETED,
        CloseReason.PARTLY_COMPLETED,
        CloseReason.NO_LONGER_NEEDED,
        CloseReason.DONE_BY_OTHERS,
        CloseReason.SIGNPOSTED,
    }
)


def ended_there(reason: str) -> tuple[NeedMove, CloseReason | None]:
    """What an outcome makes of our need: closed for the same reason, or back on our board if nobody was helped."""
    if reason in _DONE_THERE:
        return NeedMove.CLOSE, CloseReason(reason)
    return NeedMove.TAKE_BACK, None


def handed(
    referrals: Sequence[Referral], state: NeedState, reason: CloseReason | None, now: int
) -> tuple[Referral, Handed] | None:
    """What the one who asked is told of a need that was given away: of the latest of its ``referrals`` (oldest first),
    by the need's own ``state`` and how it was closed. None where there is nothing to tell. ``now``: Unix seconds.

    | need | referral | told |
    |---|---|---|
    | referred | asked, accepted | asked, taken |
    | looks for somebody | declined, taken back, or ended without help; ``HOME_DAYS`` at most | home |
    | closed, helped | ended there so | helped |
    """
    latest = next((each for each in reversed(referrals) if each.way is Way.OUT), None)
    if latest is None:
        return None
    ended = latest.state is State.ENDED and latest.reason is not None
    move = ended_there(latest.reason)[0] if ended and latest.reason else NeedMove.TAKE_BACK
    recent = now < latest.changed_at + HOME_DAYS * DAY_SECONDS
    match state:
        case NeedState.REFERRED if latest.state in _WITH_THEM:
            return latest, _WITH_THEM[latest.state]
        case NeedState.OPEN | NeedState.OFFERED if latest.state not in _WITH_THEM:
            return (latest, Handed.HOME) if recent and move is NeedMove.TAKE_BACK else None
        case NeedState.CLOSED if ended and reason in HELPED and latest.reason == reason:
            return latest, Handed.HELPED
        case _:
            return None


_WITH_THEM = {State.ASKED: Handed.ASKED, State.ACCEPTED: Handed.TAKEN}


def revoke_unheard(referral: Referral, now: int) -> bool:
    """Whether a revoke was said long enough ago, and ``deleted`` never came. ``now``: Unix seconds. It ends: what never
    arrived there is never said to be deleted.
    """
    return (
        referral.way is Way.OUT
        and referral.state is State.TAKEN_BACK
        and referral.told == "revoke"
        and (referral.said_at or 0) + REVOKE_AGAIN_DAYS * DAY_SECONDS <= now
        and now < referral.changed_at + REVOKE_DAYS * DAY_SECONDS
    )


def owed(
    referral: Referral,
    need: NeedState | None,
    reason: CloseReason | None,
    *,
    unheard: bool = False,
    gone: bool = True,
) -> tuple[str, dict[str, str]] | None:
    """The message that is due by the row, and what of its content depends on it; None for nothing. ``unheard``: our
    revoke got lost; ``gone``: nothing of what came with the need is left here.

    | way | state | need | told so far | due |
    |---|---|---|---|---|
    | in | accepted | any | nothing | answer yes |
    | in | declined | - | nothing | answer no |
    | in | accepted | closed | yes | outcome with the reason |
    | in | taken back | gone | not deleted | deleted |
    | in | taken back | held for somebody's safety | not deleted | nothing yet |
    | out | taken back | - | nothing | revoke |
    | out | taken back | - | revoke, and it got lost | revoke |
    | any | any other | any | they ask | state |
    """
    match referral.way, referral.state, referral.told:
        case Way.IN, State.ACCEPTED, None:
            return "answer", {"answer": "yes"}
        case Way.IN, State.DECLINED, None:
            return "answer", {"answer": "no"}
        case Way.IN, State.ACCEPTED, "yes" if need is NeedState.CLOSED or need is None:
            return "outcome", {"state": "closed", "reason": str(reason or CloseReason.REMOVED)}
        case Way.IN, State.TAKEN_BACK, told if told != "deleted" and gone:
            return "deleted", {}
        case Way.OUT, State.TAKEN_BACK, told if told != "deleted" and (unheard or told != "revoke"):
            return "revoke", {}
        case _ if referral.asked:
            return "state", {"state": STANDS[referral.state]}
        case _:
            return None


STANDS: Mapping[State, str] = {
    State.ASKED: "waiting",
    State.ACCEPTED: "yes",
    State.DECLINED: "no",
    State.ENDED: "no",
    State.TAKEN_BACK: "revoke",
}
"""What we answer when the other group asks; of one that has ended, that nobody holds it any more."""


def _full(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "", [])}
