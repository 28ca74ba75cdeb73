"""A neighbouring group's volunteer on one of our needs: what her group states, what we answer and when we say it.

Only the origin of a need decides who has it. The rules are tables and functions of values; ``services.peer_offers``
has the I/O.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from node.domain.assignment import AssignmentState as S
from node.domain.assignment_lifecycle import MOVES, AssignmentMove
from node.domain.catalogue import CheckLevel
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.need import NeedState
from node.domain.volunteer import Cleared
from protocol.cells import cell_distance_span
from protocol.limits import DAY_SECONDS

MOST_OFFERS = 10
"""Volunteers that one group may offer for one need; more are passed over."""

REVOKE_AGAIN_DAYS = 3
"""A revoke that nobody said ``deleted`` to, and that is on its way no more, is said again after so many days."""

CHECK_ORDER = tuple(CheckLevel)


class Word(StrEnum):
    """What we tell a group about its offer."""

    NO = "no"
    TAKEN = "taken"
    YES = "yes"
    REVOKE = "revoke"
    """A yes taken back: what was handed over has to be deleted."""


class Details(StrEnum):
    """What became of the details that we handed over."""

    NONE = "none"
    GIVEN = "given"
    RECEIVED = "received"
    DELETED = "deleted"


HANDED_OVER = frozenset({Details.GIVEN, Details.RECEIVED})
"""The other group may hold them."""

STILL_ON = frozenset(map(str, (S.INTERESTED, S.APPROVED, S.CONTACTED)))
"""States of a task in the other group's own word, after which it goes on there."""


class Shut(StrEnum):
    """What stands against a yes to a peer's volunteer."""

    NOT_SHARED = "not_shared"
    """The need is not for that group any more: of a kind that stays here, or kept here, by us or by its owner."""
    MUST_RING = "must_ring"
    """The kind asks for a check, and what this group states does not count: somebody must ring."""
    LACKS_CHECK = "lacks_check"
    """It counts, and what is stated is not enough."""
    NO_CONSENT = "no_consent"
    """The requester has not been asked, or said no, to her details going to this group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What a group says of its volunteer, in codes: never a name. All of it is that group's word."""

    since: int | None = None
    """The year from which she has been a member."""
    checks: tuple[Cleared, ...] = ()
    cell: str | None = None
    """Roughly where she starts from: a label of that group's partition of the map."""
    reach_km: int | None = None
    languages: tuple[str, ...] = ()
    manages: tuple[str, ...] = ()
    """Tags and requirement codes she can manage."""

    def content(self) -> dict[str, Any]:
        """As it stands in the message ``offer``; what is not said is left out."""
        found: dict[str, Any] = {
            "since": self.since,
            "checks": [
                {"check": each.check} | ({"until": each.until.isoformat()} if each.until else {})
                for each in self.checks
            ],
            "cell": self.cell,
            "reach_km": self.reach_km,
            "languages": list(self.languages),
            "manages": list(self.manages),
        }
        return {key: value for key, value in found.items() if value not in (None, [])}

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "Stated":
        """Out of the message; it has been held against the schema."""
        return cls(
            since=content.get("since"),
            checks=tuple(
                Cleared(
                    check=each["check"],
                    until=date.fromisoformat(each["until"]) if each.get("until") else None,
                )
                for each in content.get("checks", ())
            ),
            cell=content.get("cell"),
            reach_km=content.get("reach_km"),
            languages=tuple(content.get("languages", ())),
            manages=tuple(content.get("manages", ())),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerOffer:
    """One volunteer of one group for one of our needs: one row for life. Times are Unix seconds."""

    id: str
    """The id of the message that brought it."""
    peer: str
    """The group's origin."""
    public_id: str
    """The id under which the need was published."""
    helper: str
    """The name the group gave her for us: 22 random characters, and no other group knows them."""
    need_id: NeedId
    person_id: PersonId | None = None
    """The row that stands for her here; None where the machine answered at once."""
    assignment_id: AssignmentId | None = None
    stated: Stated = field(default_factory=Stated)
    verdict: Word | None = None
    """``no`` or ``taken``, where the machine answered at once."""
    said: Word | None = None
    """The last word that we sent."""
    asked: str | None = None
    """The kind of message by which the group asks again: ``offer`` or ``state?``."""
    re: str | None = None
    """Id of their latest letter about it, which our next one answers."""
    consent: bool | None = None
    """The requester's answer to this hand-over; None: not asked yet."""
    rang: bool = False
    """Somebody of ours rang about the check, and says so for the record."""
    details: Details = Details.NONE
    details_at: int | None = None
    created_at: int
    changed_at: int


def judge(need: NeedState, *, withdrawn: bool, filled: bool, takes: bool, live: bool) -> Word | None:
    """The machine's own answer to a first offer; None: a coordinator decides, or nobody does (``due``).

    ``takes``: we take offers of this kind from this group. ``live``: she is on this need already, by an offer under
    another id. "No" gives no reason.
    """
    if withdrawn or filled or need not in (NeedState.OPEN, NeedState.OFFERED):
        return Word.TAKEN
    if live or not takes:
        return Word.NO
    return None


def revoke_unheard(offer: PeerOffer, now: int, *, held_days: int) -> bool:
    """Whether a revoke was said long enough ago, and ``deleted`` never came. ``now``: Unix
    seconds; ``held_days``: the most that a group may hold details.

    It ends with the last day on which the other group may hold the details, whatever it heard: what never
    arrived there is never said to be deleted.
    """
    if offer.said is not Word.REVOKE or offer.details not in HANDED_OVER or offer.details_at is None:
        return False
    gone = offer.details_at + held_days * DAY_SECONDS
    return offer.changed_at + REVOKE_AGAIN_DAYS * DAY_SECONDS <= now < gone


def due(
    offer: PeerOffer, state: S | None, *, filled: bool, over: bool = False, unheard: bool = False
) -> Word | None:
    """What has to be told now, None for nothing. ``state`` is that of her assignment, ``filled`` whether all
    places of the need are, ``over`` whether it is closed or was passed on, ``unheard`` whether our revoke got lost.

    | her assignment | told so far | due |
    |---|---|---|
    | none: the machine answered | anything else | that answer |
    | none: the pair must not meet, or one is barred | nothing | once filled or over: taken if filled, else no |
    | none: she was erased here | yes, and details not deleted | revoke |
    | proposed, interested; all places filled | nothing | taken |
    | proposed, interested | nothing | nothing |
    | approved, contacted, done | (the yes goes with the approval itself) | nothing |
    | any end but done | nothing | taken if filled, else no |
    | any end but done, and details not deleted | yes | revoke |
    | any end but done, or erased; details not deleted | revoke, and it got lost | revoke |

    A pair that must not meet is met with the silence of a coordinator who has not decided: a "no" at once would tell
    the helper's group who it is that asks.
    """
    if state is None and offer.verdict is not None:
        return offer.verdict if offer.said is not offer.verdict else None
    if state is None and offer.said is None and not (filled or over):
        return None
    if state in (S.PROPOSED, S.INTERESTED):
        return Word.TAKEN if filled and offer.said is None else None
    if state in (S.APPROVED, S.CONTACTED, S.DONE):
        return None
    if offer.said is None:
        return Word.TAKEN if filled else Word.NO
    told = offer.said is Word.YES or (unheard and offer.said is Word.REVOKE)
    return Word.REVOKE if told and offer.details is not Details.DELETED else None


def stands(offer: PeerOffer, state: S | None) -> str:
    """What we answer when the group asks: ``waiting``, ``yes``, ``no``, ``taken`` or ``revoke``."""
    if state in (S.APPROVED, S.CONTACTED, S.DONE):
        return str(Word.YES)
    return str(offer.said or offer.verdict or "waiting")


_TOLD: Mapping[str, AssignmentMove] = {
    "contacted": AssignmentMove.CONTACT,
    "done": AssignmentMove.DONE,
    "released": AssignmentMove.RELEASE,
    "expired": AssignmentMove.RELEASE,
    # Only in an answer to ``state?``: it ended there by a word of ours that we forgot with a restore.
    "declined": AssignmentMove.RELEASE,
    "withdrawn": AssignmentMove.RELEASE,
}


def follows(state: S, told: str) -> AssignmentMove | None:
    """The move that a group's ``outcome`` makes here; None when it changes nothing (late, twice, or not possible).

    An offer that is taken back before our yes ends as declined.
    """
    move = _TOLD.get(told)
    if move is AssignmentMove.RELEASE and (state, move) not in MOVES:
        move = AssignmentMove.DECLINE
    return move if move is not None and (state, move) in MOVES else None


def shut(
    offer: PeerOffer,
    check: CheckLevel,
    *,
    shared: bool,
    counts: bool,
    rang: bool,
    day: date,
    consent: bool | None,
) -> Shut | None:
    """What stands against a yes. ``shared``: that group may know of the need; ``counts``: what it states about checks
    counts here; ``day``: the first on which help is wanted.
    """
    if not shared:
        return Shut.NOT_SHARED
    if check is not CheckLevel.NONE and not rang:
        if not counts:
            return Shut.MUST_RING
        if not _holds(offer.stated, check, day):
            return Shut.LACKS_CHECK
    return None if consent else Shut.NO_CONSENT


def _holds(stated: Stated, check: CheckLevel, day: date) -> bool:
    wanted = CHECK_ORDER.index(check)
    return any(
        CHECK_ORDER.index(CheckLevel(each.check)) >= wanted and (each.until is None or each.until >= day)
        for each in stated.checks
        if each.check in set(CheckLevel)
    )


def span_between(need_cell: str | None, stated: Stated) -> tuple[int, int] | None:
    """The least and the most whole kilometres between both areas; None where one is not known. Told by the origin:
    of the need only the published area goes into it.
    """
    if need_cell is None or stated.cell is None:
        return None
    return cell_distance_span(need_cell, stated.cell)
