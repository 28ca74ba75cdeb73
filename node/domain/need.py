"""A need: the clear part that a summary could carry, and the details that exist on disk only sealed."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from node.domain.answers import Answer
from node.domain.ids import NeedId, PersonId
from node.domain.money import NOTHING, Money


class NeedState(StrEnum):
    """Where a need stands; ``need_lifecycle`` has the moves."""

    NEW = "new"
    OPEN = "open"
    OFFERED = "offered"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    REPORTED = "reported"
    CLOSED = "closed"
    ON_HOLD = "on_hold"
    REFERRED = "referred"


class CloseReason(StrEnum):
    """Why a need was closed; there is always one."""

    COMPLETED = "completed"
    PARTLY_COMPLETED = "partly_completed"
    COULD_NOT_COMPLETE = "could_not_complete"
    NO_LONGER_NEEDED = "no_longer_needed"
    DONE_BY_OTHERS = "done_by_others"
    OUT_OF_SCOPE = "out_of_scope"
    SIGNPOSTED = "signposted"
    UNREACHABLE = "unreachable"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"


class Urgency(StrEnum):
    """How soon, most urgent first (the order of this enum is the order of the board)."""

    TODAY = "today"
    THIS_WEEK = "this_week"
    WHENEVER = "whenever"


class PartOfDay(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Effort(StrEnum):
    """How long it will take, about."""

    UNDER_30M = "under_30m"
    ONE_HOUR = "1h"
    TWO_HOURS = "2h"
    HALF_DAY = "half_day"
    DAY = "day"


class People(StrEnum):
    """How many live in the household."""

    ONE = "1"
    TWO_TO_FOUR = "2-4"
    FIVE_OR_MORE = "5+"


class Repeats(StrEnum):
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    OTHER = "other"


class Channel(StrEnum):
    """How a need came in."""

    PHONE = "phone"
    PAGE = "page"
    EMAIL = "email"
    SOCIAL = "social"
    """A message on a social network or a chat."""
    IN_PERSON = "in_person"
    COUNCIL = "council"
    """From a council's own line, which took the call."""
    PAPER = "paper"
    IMPORT = "import"
    NEIGHBOUR = "neighbour"
    """Passed on by a neighbouring group."""


class Share(StrEnum):
    """Who may see a category's needs; a new group shares nothing."""

    ONLY_US = "only_us"
    PEERS = "peers"
    PUBLIC = "public"


PRIVATE_CATEGORY = "private"
"""What stands on disk in place of a class C category."""

SHARED_LANGUAGES = frozenset({"ar", "bn", "de", "en", "es", "fa", "fr", "hi", "it", "pa", "pl", "pt", "ro",
                              "ru", "so", "tr", "uk", "ur", "vi", "zh"})  # fmt: skip
"""Languages common enough to leave in a summary; others are matched here, or after an offer."""

MAX_HELPERS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Calendar days, both included, on which help is wanted."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether that day is one of them."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """WGS 84 degrees and how far off, in metres, the point may be."""

    lat: float
    lon: float
    accuracy_m: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """The clear part of a need: ids, states, days, and what a summary could carry.

    ``category`` is the exact code for class A, its broad group for class B, ``private`` for class C.
    ``cell`` is a label of the partition, None for class C and where the place is not known.
    """

    id: NeedId
    person_id: PersonId | None
    reference: str
    state: NeedState
    category: str
    cell: str | None
    urgency: Urgency
    window: Window | None = None
    part_of_day: PartOfDay | None = None
    effort: Effort | None = None
    people: People | None = None
    helpers: int = 1
    remote: bool = False
    requires: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    repeats: Repeats | None = None
    keep_here: bool = False
    """A coordinator, or the person, said that this one stays in the group."""
    to_check: bool = False
    """Came in by an import too old to trust: somebody should ask whether it is still wanted."""
    channel: Channel
    posted_day: date
    due_day: date | None = None
    hold_until: date | None = None
    close_reason: CloseReason | None = None
    duplicate_of: NeedId | None = None
    closed_day: date | None = None
    told_by_phone: bool = False
    """The person was told who comes and when."""
    round: int = 0
    """Counts reopenings; only assignments of the present round decide the state."""
    by_staff: str | None = None
    """The staff id that took it, None for the public form."""
    promised_at: int | None = None
    """Until then (Unix seconds) somebody of ours rings back."""
    practice: bool = False
    """Made up, for practice: counted nowhere, given to nobody, never told to others."""
    created_at: int
    """Unix seconds."""
    changed_at: int

    def due_if(self, urgency: Urgency, window: Window | None, today: date) -> date | None:
        """By which day help should come if somebody says today how soon it is wanted: "today" is the day on which it is
        said, not the one of the first request. What is said as it stands already changes no day."""
        if (urgency, window) == (self.urgency, self.window):
            return self.due_day
        return due_day(urgency, window, today)

    def answered_by(self, at: int) -> Self:
        """The same, with somebody of ours ringing back by then (Unix seconds), or earlier if that was promised."""
        return replace(self, promised_at=min(self.promised_at or at, at))


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerDetails:
    """Somebody who rang for another person."""

    name: str = ""
    phone: str = ""
    tie: str = ""
    """Daughter, neighbour, nurse...: as they said it."""
    safe: str = ""
    """When it is safe to ring this number, where they said so apart from the person's own."""
    agrees: bool = False
    """The person knows of the call and agrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something that is wanted, so many times: 2 packs of nappies, size 4."""

    quantity: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedDetails:
    """The sealed part of a need."""

    category: str
    """The exact category code, whatever its class."""
    notes: str = ""
    doorstep_word: str = ""
    """What the helper says at the door, so that she knows it is us."""
    place_text: str = ""
    """The place as it was said; empty means the person's own address."""
    point: Point | None = None
    caller: CallerDetails | None = None
    effort: Effort | None = None
    people: People | None = None
    requires: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    """Which things are wanted, and how many of each."""
    money: Money = NOTHING
    """How much money is asked for, or may be spent, and the most that we give."""
    leftovers: dict[str, str] = field(default_factory=dict)
    """Columns of an imported row that the mapping did not name."""
    answers: tuple[Answer, ...] = ()
    """To the group's own questions. They stay in the group, whoever takes the need over."""

    @property
    def told(self) -> str:
        """What whoever helps is told beside kind and place: the things, a line each, money, and the notes."""
        return "\n".join(line for line in (*self.things, self.money.told, self.notes) if line).strip()

    @property
    def things(self) -> tuple[str, ...]:
        """The things wanted, a line each."""
        return tuple(f"{item.quantity} × {item.what}" for item in self.items)

    @property
    def beside_things(self) -> str:
        """``told`` without the things."""
        return "\n".join(line for line in (self.money.told, self.notes) if line).strip()


THIS_WEEK_DAYS = 6


def how_soon(day: date, today: date) -> Urgency:
    """The urgency of something that is wanted on that very day, today or later."""
    if day <= today:
        return Urgency.TODAY
    return Urgency.THIS_WEEK if (day - today).days <= THIS_WEEK_DAYS else Urgency.WHENEVER


def due_day(urgency: Urgency, window: Window | None, posted: date) -> date | None:
    """The day by which help should have come: the window's last, else by urgency; None = no hurry."""
    if window is not None:
        return window.last
    match urgency:
        case Urgency.TODAY:
            return posted
        case Urgency.THIS_WEEK:
            return posted + timedelta(days=THIS_WEEK_DAYS)
        case Urgency.WHENEVER:
            return None
