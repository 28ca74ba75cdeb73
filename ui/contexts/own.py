"""What a volunteer's own pages are given: one frozen dataclass a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from node.domain.exchange.followed import AwayRow
from node.domain.own.views import AskRow, NearRow, OwnDevice, OwnPasskey, OwnTaskRow, OwnView
from node.domain.settings.texts import Said
from node.domain.volunteer import Volunteer
from node.services.notices.chat_addresses import ChatAddressView
from node.services.notices.choosing import ChoicesView
from node.services.safety.helpers_unsafe import PastTask
from ui.contexts.aloud import Aloud
from ui.contexts.common import Heading
from ui.contexts.questions import Asked
from ui.contexts.steps import Walk
from ui.forms.notices import ChatAddressForm, ChatCodeForm, ChoicesForm
from ui.forms.own import BreakForm, TimesForm


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorPage:
    """`/my` for whoever is not signed in. ``asked``: what was typed is kept."""

    asked: bool = False
    problem: str = ""
    typed: str = ""
    passkey: str = ""
    """For the page's script: what to ask a device for; empty where none would be good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeysPage:
    """`/my/passkeys`. Each with its browser and system in words."""

    rows: Sequence[tuple[OwnPasskey, str, str]]
    making: str
    """For the page's script: what to ask a device for; empty where none can be made."""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InPage:
    """`/my/in/<token>`"""

    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """What another group wants near her, as everybody reads it on the map. ``where``: a span, in words."""

    kind: str
    cell: str
    where: str
    area: str
    when: str
    takes: Sequence[str]
    effort: str
    group: str
    url: str
    phone: str
    offer: str
    """The address of her "I can help"; empty for a group that we do not write to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What became of her offer to another group."""

    row: AwayRow
    area: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCard:
    """One card of hers: a task of ours, or what became of an offer to another group; the other is None."""

    task: OwnTaskRow | None = None
    away: Followed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaySheetPage:
    """`/my/elsewhere/<group>/<request>`: before the second tap. ``aloud``: what that group will hear of her."""

    row: Elsewhere
    aloud: Aloud
    at_once: bool
    going: Said | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MyPage:
    """`/my`"""

    view: OwnView
    near: Sequence[tuple[NearRow, str]]
    """What she could do, each with how far it is and where roughly, in words."""
    areas: Mapping[str, str]
    elsewhere: Sequence[Elsewhere] = ()
    """What neighbouring groups want near her, nearest first."""
    map: Markup | None = None
    """All of that as areas, drawn; None where nothing has a place."""
    signs: Mapping[str, str] = field(default_factory=dict)
    """The letter of each area on it."""
    followed: Sequence[Followed] = ()
    """What she offered them, and how it stands."""
    cards: Sequence[OwnCard] = ()
    """Her tasks and those, the next first."""
    asked: str = ""
    """Which of those she has just offered."""
    offered: OwnTaskRow | None = None
    """What she has just offered for."""
    undo_seconds: int = 0
    """So long that can be undone; 0 once it cannot."""
    usually_hours: int = 0
    usually_who: str = ""
    """A sign-in name; empty for the group as a whole."""
    push_key: str = ""
    """What this browser would let us send notifications under; empty where that is not to be offered."""
    now: int = 0
    """Unix seconds: how fresh this is where it is read without a line."""
    shown_to_desk: str = ""
    """Whose page it is, where the desk looks at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPage:
    """`/my/offer/<need>`: before the second tap."""

    row: NearRow
    where: str
    going: Said | None
    """What we ask of whoever goes somewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MyDevicesPage:
    """`/my/devices`. Each with browser and system by name."""

    rows: Sequence[tuple[OwnDevice, str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimesPage:
    """`/my/times`. ``calendar``: its address, shown this once."""

    form: TimesForm
    pause: BreakForm
    volunteer: Volunteer
    paused: bool
    calendar_since: int | None
    calendar: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MyNoticesPage:
    """`/my/notices`"""

    view: ChoicesView
    form: ChoicesForm
    chat: ChatAddressView
    chat_address: ChatAddressForm
    chat_code: ChatCodeForm
    agrees: Said
    """What she says yes to by choosing a way."""
    problem: str = ""
    push_key: str = ""
    """What a browser lets us send notifications under; empty before it is made."""
    push_on: bool = False
    """This browser shows them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """`/my/history`"""

    rows: Sequence[OwnTaskRow]
    areas: Mapping[str, str]
    away: Sequence[Followed] = ()
    """For neighbouring groups."""
    over: Sequence[PastTask] = ()
    """Of which she may still say that she felt unsafe there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAsksPage:
    """`/volunteers/links`: who asked for a link. ``rows`` is None until somebody looks."""

    count: int
    rows: Sequence[AskRow] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLinkPage:
    """`/people/<id>/own-link`: the link, shown this once."""

    link: str
    person_id: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyPage:
    """One page of `/volunteer`"""

    form: Any
    walk: Walk
    headings: Sequence[Heading]
    problem: str = ""
    privacy: Sequence[Said] = ()
    """Why the group keeps what."""
    messages: Said
    """The words about being written to."""
    questions: Sequence[Asked] = ()
    """The group's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedPage:
    """After it was sent: the private link, to be kept. ``way``: its path on this site."""

    link: str
    way: str
