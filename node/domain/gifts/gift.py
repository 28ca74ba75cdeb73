"""A gift: a thing that somebody gives away, or a standing offer (a van on Saturdays, a room, a skill now and then).

It belongs to a person like any other row about her, and is for this group alone: nothing of it is ever published.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from node.domain.catalogue import Catalogue
from node.domain.ids import GiftId, PersonId
from node.domain.intake.intake import MAX_LINE, MAX_TEXT, NewPerson
from node.domain.lifecycle import step
from node.domain.need import Point
from node.domain.reach import is_email, is_phone
from node.errors import N_


class GiftSort(StrEnum):
    """What sort of gift."""

    THING = "thing"
    """Given once, and then it is gone."""
    STANDING = "standing"
    """Lent, or done now and then: it stands until somebody ends it."""


class Way(StrEnum):
    """How it gets to whoever can use it."""

    FETCH = "fetch"
    BROUGHT = "brought"
    EITHER = "either"


class GiftState(StrEnum):
    """How far it is."""

    NEW = "new"
    """Nobody at the desk has looked at it."""
    OPEN = "open"
    GIVEN = "given"
    """Somebody has it."""
    GONE = "gone"
    """It is not there any more, or was taken back."""


class GiftMove(StrEnum):
    """What is said of it."""

    KEEP = "keep"
    """It still stands: its last day begins anew."""
    GIVE = "give"
    END = "end"
    BACK = "back"
    """After a slip of the finger."""


STANDS = frozenset({GiftState.NEW, GiftState.OPEN})
"""States in which somebody can have it, until its last day."""

_S, _M = GiftState, GiftMove

AT_THE_DESK: Mapping[tuple[GiftState, GiftMove], GiftState] = {
    (_S.NEW, _M.KEEP): _S.OPEN,
    (_S.OPEN, _M.KEEP): _S.OPEN,
    (_S.NEW, _M.GIVE): _S.GIVEN,
    (_S.OPEN, _M.GIVE): _S.GIVEN,
    (_S.NEW, _M.END): _S.GONE,
    (_S.OPEN, _M.END): _S.GONE,
    (_S.GIVEN, _M.BACK): _S.OPEN,
    (_S.GONE, _M.BACK): _S.OPEN,
}
"""What a coordinator may say."""

BY_LINK: Mapping[tuple[GiftState, GiftMove], GiftState] = {
    (_S.NEW, _M.KEEP): _S.NEW,
    (_S.OPEN, _M.KEEP): _S.OPEN,
    (_S.NEW, _M.END): _S.GONE,
    (_S.OPEN, _M.END): _S.GONE,
    (_S.GONE, _M.BACK): _S.NEW,
}
"""What whoever offered it may say. What comes back is looked at anew."""

STANDS_DAYS: Mapping[GiftSort, int] = {GiftSort.THING: 60, GiftSort.STANDING: 180}
"""So long it stands where nobody said until when: a list of things that are long gone is asked of by nobody."""
FARTHEST_DAYS = 366
"""A day later than that is a slip of the keyboard."""
LINK_DAYS = 30
"""So long after its last day the private link still opens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """The clear part. ``until``: the last day on which it stands; ``ended_day``: when it was given or gone."""

    id: GiftId
    person_id: PersonId
    sort: GiftSort
    state: GiftState
    told_day: date
    until: date
    ended_day: date | None = None
    by_staff: str | None = None
    """Who took it down; None where it came by the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftDetails:
    """The sealed part: what was said about it."""

    what: str = ""
    much: str = ""
    """How much of it, or when, for a standing offer."""
    way: Way = Way.EITHER
    kinds: tuple[str, ...] = ()
    """Codes of the kinds of help that it is good for."""
    note: str = ""
    """Of the desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGift:
    """As a form brings it, before it is checked. ``until`` None: as long as is usual."""

    person: NewPerson = field(default_factory=NewPerson)
    point: Point | None = None
    sort: GiftSort = GiftSort.THING
    details: GiftDetails = field(default_factory=GiftDetails)
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftView:
    """One gift at the desk, without who gives it."""

    gift: Gift
    details: GiftDetails
    over: bool
    """Its last day is past."""
    days: int
    """How long ago it was told."""
    moves: tuple[GiftMove, ...]
    barred: bool = False
    """Whoever offers it is kept away: a safety officer looks first."""


def last_day(sort: GiftSort, today: date) -> date:
    """Until when it stands if nobody says otherwise."""
    return today + timedelta(days=STANDS_DAYS[sort])


def stands(gift: Gift, today: date) -> bool:
    """Whether somebody can have it."""
    return gift.state in STANDS and gift.until >= today


def moved(
    gift: Gift, move: GiftMove, today: date, *, by: Mapping[tuple[GiftState, GiftMove], GiftState]
) -> Gift:
    """The gift after ``move``, by the table of whoever says so. Raises ``Conflict("moved_on")``."""
    state = step(by, gift.state, move, of="gift")
    if state not in STANDS:
        return replace(gift, state=state, ended_day=today)
    renewed = move is GiftMove.KEEP or gift.until < today
    until = max(gift.until, last_day(gift.sort, today)) if renewed else gift.until
    return replace(gift, state=state, until=until, ended_day=None)


def moves_of(gift: Gift) -> tuple[GiftMove, ...]:
    """What a coordinator may say of it; what stands is not given away once."""
    found = (move for state, move in AT_THE_DESK if state is gift.state)
    return tuple(move for move in found if move is not GiftMove.GIVE or gift.sort is GiftSort.THING)


def fits(details: GiftDetails, category: str) -> bool:
    """Whether it is good for that kind of help."""
    return category in details.kinds


def problems(new: NewGift, catalogue: Catalogue, today: date) -> dict[str, str]:
    """Every field that does not fit, with what to do about it (a msgid); empty when all is well."""
    found: dict[str, str] = {}
    person, details = new.person, new.details
    if not details.what.strip():
        found["what"] = N_("Write what it is.")
    if any(code not in catalogue for code in details.kinds):
        found["kinds"] = N_("Choose kinds of help from the list.")
    if new.until is not None and not today <= new.until <= today + timedelta(days=FARTHEST_DAYS):
        found["until"] = N_("Choose a day within a year from now.")
    if not person.name.strip():
        found["name"] = N_("Write a name.")
    if not (person.phone.strip() or person.email.strip()):
        found["phone"] = N_("Write a phone number or an e-mail address.")
    if person.phone.strip() and not is_phone(person.phone):
        found["phone"] = N_("This does not look like a phone number.")
    if person.email.strip() and not is_email(person.email):
        found["email"] = N_("This does not look like an e-mail address.")
    for name, text, limit in (
        *((name, getattr(person, name), MAX_LINE) for name in ("name", "phone", "email", "address")),
        ("what", details.what, MAX_LINE),
        ("much", details.much, MAX_LINE),
        ("note", details.note, MAX_TEXT),
    ):
        if len(text) > limit:
            found.setdefault(name, N_("This is too long. Shorten it, please."))
    return found


def gift_record(details: GiftDetails) -> dict[str, Any]:
    """What is sealed."""
    return {
        "what": details.what.strip(),
        "much": details.much.strip(),
        "way": str(details.way),
        "kinds": list(dict.fromkeys(details.kinds)),
        "note": details.note.strip(),
    }


def gift_from(record: Mapping[str, Any]) -> GiftDetails:
    """``gift_record`` read back."""
    return GiftDetails(
        what=record["what"],
        much=record["much"],
        way=Way(record["way"]),
        kinds=tuple(record["kinds"]),
        note=record["note"],
    )
