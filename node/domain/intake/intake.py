"""What one call or form brings, before it is checked and stored."""

from dataclasses import dataclass, field
from typing import Literal

from node.domain.answers import Answer
from node.domain.consents import Consents
from node.domain.ids import NeedId, PersonId
from node.domain.money import NOTHING, Money
from node.domain.need import (
    CallerDetails,
    Channel,
    Effort,
    Item,
    PartOfDay,
    People,
    Point,
    Repeats,
    Urgency,
    Window,
)
from node.domain.person import PersonKind, PhoneKind

Caller = CallerDetails

MAX_TEXT = 4000
MAX_LINE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """The person help is for. ``phone`` is the number of the door, ``screen`` the number that rang in."""

    name: str = ""
    phone: str = ""
    phone_kind: PhoneKind = PhoneKind.OWN
    screen: str = ""
    screen_kind: PhoneKind = PhoneKind.OWN
    email: str = ""
    address: str = ""
    safe_to_ring: str = ""
    languages: tuple[str, ...] = ()
    contact_by: str = ""
    notes: str = ""
    kind: PersonKind = PersonKind.PERSON
    contact_name: str = ""
    """Of an organisation: who rings for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNeed:
    """One call: each of ``categories`` becomes one need. Compulsory: a phone, an e-mail or an address, and one kind.

    With ``known_person`` she is reused: what ``person`` fills in replaces what is held, empty keeps it. A name that is
    plainly another one (``intake_rules.same_name``) is taken for somebody else's, unless ``renamed``.
    """

    channel: Channel = Channel.PHONE
    for_self: bool = True
    caller: Caller | None = None
    person: NewPerson = field(default_factory=NewPerson)
    known_person: PersonId | None = None
    renamed: bool = False
    categories: tuple[str, ...] = ()
    urgency: Urgency = Urgency.THIS_WEEK
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
    place_text: str = ""
    """Where help is wanted, when that is not the person's address."""
    point: Point | None = None
    notes: str = ""
    items: tuple[Item, ...] = ()
    money: Money = NOTHING
    """As it was said; the group's own cap is added when it is stored."""
    doorstep_word: str = ""
    promised_at: int | None = None
    """Until then (Unix seconds) somebody rings back."""
    answers: tuple[Answer, ...] = ()
    """To the group's own questions."""
    practice: bool = False
    """A made-up neighbour: nothing of it counts or leaves."""
    consents: Consents = field(default_factory=Consents)
    keep_here: bool = False
    start: Literal["new", "open"] = "new"
    """``open`` when the one who takes it may and wants to skip the sorting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What to read out at the end of a call. ``need_ids`` in the order of the categories."""

    person_id: PersonId
    need_ids: tuple[NeedId, ...]
    references: tuple[str, ...]

    @property
    def need_id(self) -> NeedId:
        """The first need."""
        return self.need_ids[0]

    @property
    def reference(self) -> str:
        """The first need's nine digits, without spaces."""
        return self.references[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class LastTime:
    """What somebody asked for in her latest call: "same as last time?". When and money are asked anew."""

    categories: tuple[str, ...] = ()
    """Exact codes."""
    place: str = ""
    """Where help was wanted, if not at her address."""
    items: tuple[Item, ...] = ()
    notes: str = ""
    takes: tuple[str, ...] = ()
    """Codes of what it took, requirements and tags together."""
    doorstep_word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPerson:
    """The card shown while a number is typed: somebody we know by that number, or for whom it rang."""

    person_id: PersonId
    name: str
    address: str
    safe_to_ring: str
    barred: bool
    languages: tuple[str, ...]
    """What they like to speak: the script follows it."""
    last: LastTime
    open_needs: tuple[str, ...]
    """Exact codes of what is open for her."""
    helps: bool = False
    """She is a volunteer, or was one."""
    rung_for: Caller | None = None
    """Whoever rang for her by that number, as it was said the last time; None where it is her own."""
    asked: bool = False
    """She asked before: there is a last time."""
    brief: bool = False
    """Only enough to choose by: there are others, or ``careful``."""
    careful: bool = False
    """Whoever rings must not hear of her before somebody has looked: no more of her is shown here, whoever chooses."""
