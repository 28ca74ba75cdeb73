"""What each template is given: one frozen dataclass a page (``page``), and ``site`` for the frame around it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from markupsafe import Markup

from node.domain.accounts.leaving import Losing
from node.domain.actors import Actor
from node.domain.board.exchange_views import AwayTaskView, GroupName, NoBell
from node.domain.board.next_step import NextStep
from node.domain.board.views import AlsoOpen, Candidate, QueueRow, TaskView, VolunteerRow
from node.domain.catalogue import Category, Named
from node.domain.dispatch.follow_up import CorrectionView
from node.domain.dispatch.series import NextTime
from node.domain.dispatch.thread import ThreadView
from node.domain.exchange.referral import MayPassOn
from node.domain.gifts.gift import GiftView
from node.domain.ids import NeedId
from node.domain.people.portraits import HouseholdOf
from node.domain.permissions import Permission, may
from node.domain.safety.vetting import Renewal
from node.domain.safety.visits import Visit
from node.domain.settings.base_map import BaseMap
from node.domain.settings.polls import Poll
from node.domain.settings.resources import Resource
from node.domain.settings.texts import Said
from node.domain.sharing.publication import WhyNot
from node.domain.sharing.uniqueness import Uniqueness
from node.services.dispatch.series_views import SeriesView
from node.services.dispatch.undo import Undoable
from node.services.dispatch.waves import WaveView
from node.services.dispatch.who_rang import Rang
from node.services.exchange.referrals import ReferralView
from node.services.exchange.rings import Rung
from node.services.notices.room import RoomStanding
from node.services.safety.incident_views import Unsettled
from ui.contexts.aloud import Aloud
from ui.contexts.board import BoardList
from ui.contexts.desk import Calls, HowItWent, Top
from ui.contexts.listing import Entry
from ui.contexts.out_of_area import Elsewhere
from ui.contexts.questions import Asked, Told
from ui.contexts.receipts import Spent
from ui.contexts.runs import RunsNear
from ui.contexts.settings import TodoRow
from ui.contexts.steps import Walk
from ui.forms.follow_up import CallerForm
from ui.forms.receipts import ReceiptForm
from ui.vendored import Package
from ui.words.outgoing import Fact

ASKERS_READ = frozenset({"/", "/ask", "/near", "/help-nearby", "/offer", "/poll", "/privacy", "/volunteer"})
"""Pages that somebody may read who is not safe at home."""
OF_ASKERS = ("/a/", "/n/", "/poll/")
"""Before the private link of somebody who asked, of the choices of whoever gets messages, and of a poll."""
ELSEWHERE = "https://www.wikipedia.org/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The frame: whose site this is, who reads it, and the seal of its forms."""

    group: str
    phone: str
    hours: str
    actor: Actor
    path: str
    seal: str
    said: str
    """The msgid of what was just done, or empty."""
    locked: bool
    https: bool
    eyes: str = ""
    """With whose eyes this is seen, in words; empty: with the reader's own."""
    languages: Sequence[tuple[str, str, str]] = ()
    """Every other language of the pages: its code, its direction, and its name as its speakers write it."""
    back: str = "/"
    """Where to go on in another language."""
    again: bool = True
    """Whether going there loses nothing: not so where this page answers a form and nothing else shows the same."""
    unsettled: Unsettled = field(default_factory=Unsettled)
    """Reports about safety that the reader can read, and that are still looked into."""
    far: bool = True
    """Whether the links that are shown lead here from anywhere (``ui.web.address``)."""
    once: str = ""
    """For a form that must not be done twice however late it is sent again (``ui.web.once``): new on every page."""

    @property
    def staff(self) -> bool:
        """Whether somebody is signed in."""
        return self.actor.kind == "staff"

    @property
    def elsewhere(self) -> str:
        """Where "Leave this page now" leads: a page that anybody might be reading. Empty where nobody asks for help."""
        asker = self.path in ASKERS_READ or self.path.startswith(OF_ASKERS)
        return ELSEWHERE if asker and not self.staff else ""

    def may(self, permission: str) -> bool:
        """Whether the reader may do it."""
        return may(self.actor, Permission(permission))


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """One heading of kinds of help, with its kinds."""

    heading: Named
    kinds: Sequence[Category]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontPage:
    """`/`"""

    headings: Sequence[Named]
    nearby: int
    """Open requests that anybody may see, over all groups."""
    scope: Mapping[str, Said] = field(default_factory=dict)
    """What the group does, where and when, as far as it says so."""
    polls: Sequence[Poll] = ()
    """Short questions that anybody can answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """A page that is one form: set-up, sign-in."""

    form: Any
    problem: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A spot shown back to whoever said it. ``lat`` and ``lon`` as a map's address has them."""

    map: Markup | None
    said: str
    lat: str
    lon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupPage(FormPage):
    """`/setup`"""

    zones: Sequence[str]
    where: Where | None = None
    """What was said of the middle of the area, if it can be read."""
    streets: BaseMap | None = None
    """A map to pick it on, if the operator has given such a file."""
    round_km: float = 0.0
    """So far around the middle the drawing goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardsPage:
    """The three rescue cards, shown once."""

    cards: Sequence[str]
    words: Sequence[str]
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage:
    """What happened, what is saved, what to do, a reference."""

    title: str
    what: str
    saved: str
    todo: str
    reference: str
    picture: str
    way_out: str
    way_out_words: str
    who: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A line above the board, and where to put it right."""

    words: str
    link: str = ""
    link_words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OthersSee:
    """One request as others see it."""

    when: str
    """``now``, ``next`` (it goes out at ``slot_at``), ``later`` (once a coordinator has looked at it) or ``never``
    (as things stand)."""
    facts: Sequence[Fact]
    """Everything they see, and nothing that they do not; empty for ``never``."""
    who: str
    """``public`` or ``peers``; empty for ``never``."""
    going: bool
    """It is out, and is taken off everyone's map at ``slot_at``."""
    why_not: Sequence[WhyNot]
    slot_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPage(BoardList):
    """`/board` and `/board/<id>`"""

    top: Top
    notices: Sequence[Notice] = ()
    """What every member of staff should see until it is put right."""
    keys: bool = True
    """The keys of the board are on, on this device."""
    looking: Sequence[str] = ()
    """Who else has this request open now: sign-in names."""
    next: NextStep | None = None
    """What to do next about the request shown."""
    calls: Calls | None = None
    corrections: Sequence[CorrectionView] = ()
    rang: Rang | None = None
    """Who rang, after a look; for whoever may put it right."""
    may_they_see: Aloud | None = None
    """The question that nobody said yes to yet, for whoever may note the yes."""
    form: CallerForm | None = None
    """What of it is to be put right."""
    visits: Mapping[str, Visit] = field(default_factory=dict)
    """Who is out alone for this request, by task."""
    chat: str = ""
    """What may be copied into the group's own chat: made of codes only; empty where nothing may."""
    room: RoomStanding | None = None
    """What the group's chat room was told of it; None where there is none."""
    outcome: HowItWent | None = None
    threads: Mapping[str, ThreadView] = field(default_factory=dict)
    """By task."""
    undo: Undoable | None = None
    repeats: SeriesView | None = None
    """The rule that it is a day of."""
    again: NextTime | None = None
    """Where no rule makes it: from which day on one may."""
    asking: WaveView | None = None
    """How asking several stands."""
    household: HouseholdOf | None = None
    others: OthersSee | None = None
    """Exactly what other groups see of it."""
    candidates: Sequence[Candidate] = ()
    in_mind: Sequence[VolunteerRow] = ()
    in_mind_id: str = ""
    in_mind_name: str = ""
    why_not: str = ""
    may_ask: str = ""
    """``yes`` where nothing speaks against whoever is in mind, ``why`` where a reason has to be given; else empty."""
    doubles: Sequence[AlsoOpen] = ()
    twice: bool = False
    """Whoever it is for, or asked it on the page, may be here already under another record."""
    """What may be the same, asked twice."""
    link: str = ""
    """A private link that was just made; shown this once."""
    link_for: str = ""
    message: str = ""
    """Ready to be sent to whoever was asked."""
    spent: Spent | None = None
    """What was laid out for it."""
    runs: RunsNear | None = None
    """The round it is on, or those that pass near it."""
    misfits: Mapping[str, str] = field(default_factory=dict)
    """Confirmed tasks whose helper no longer has what it takes, with the reason."""
    alone: Sequence[str] = ()
    """Who is confirmed, is new, and would go alone."""
    taken_by: str = ""
    """Why something did not go through, in words."""
    taken_title: str = ""
    still_open: Sequence[QueueRow] = ()
    """After somebody else was quicker: what to turn to next."""
    rung: Sequence[Rung] = ()
    asked_of_us: int = 0
    """Requests that neighbouring groups would like us to take over."""
    to_take_back: int = 0
    """Volunteers of ours who cannot go to a neighbouring group's request after all."""
    offers_told: Mapping[str, str] = field(default_factory=dict)
    """By task: what another group states of its volunteer."""
    askable: Sequence[GroupName] = ()
    """Whom we could ring about this request now."""
    no_bell: NoBell | None = None
    """Why nobody, if nobody."""
    passed_on: Sequence[ReferralView] = ()
    outside: Elsewhere | None = None
    """The place of the request shown is further than the group goes."""
    agreed_to: MayPassOn | None = None
    """The group that she named herself when she asked on the page."""
    tell: str = ""
    """What is said to the person once somebody is confirmed."""
    answers: Sequence[Told] = ()
    """To the group's own questions."""
    signposts: Sequence[Resource] = ()
    """Places that somebody may be sent to instead, those for this kind of help first."""
    gifts: Sequence[GiftView] = ()
    """What people offer that is good for this kind of help."""
    todo: Sequence[TodoRow] = ()
    """What is left to set up."""
    now: int
    """Unix seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectPage:
    """`/board/<id>/correct`"""

    need_id: str
    form: Any
    headings: Sequence[Heading]
    questions: Sequence[Asked] = ()
    """Our own, with what was answered."""
    typed: bool = True
    """Somebody of us typed it, so how it came in is a matter of words."""
    by_rule: bool = False
    """A rule makes its days."""
    problem: str = ""
    offered: bool = False
    """The form holds what was typed on the page of its call, after that was saved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """One member of staff; what the reader may do with the account."""

    id: str
    handle: str
    roles: Sequence[str]
    holds: Sequence[str]
    suspended: bool
    is_reader: bool
    may_get: Sequence[tuple[str, str]]
    """Records that the reader may let them read: code and words."""
    losing: Losing | None = None
    """What a new password would lose; None where there is nothing, and for whoever may set none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamPage:
    """`/team`"""

    rows: Sequence[MemberRow]
    form: Any
    """For one more; None for whoever may not add anybody."""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThanksPage:
    """After a no. ``base``: the task's address where it can still be undone, else empty."""

    base: str = ""
    signed_in: bool = False
    declined: bool = False
    """She said no to what she was asked, or took an offer back: she was never there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPage:
    """`/t/<token>`, `/my/task/<task>`"""

    task: TaskView
    base: str
    """The address of this page, under which its buttons lie."""
    signed_in: bool = False
    """Whether she has a page of her own to go back to."""
    shown_to_desk: NeedId | None = None
    """Set where the desk looks at what a helper of that need would see."""
    thread: ThreadView | None = None
    """What was written about it; None where it is not to be written to."""
    went: str = ""
    """How it went, if she has said so already."""
    visit: Visit | None = None
    """She is out alone."""
    renew: Renewal | None = None
    """Her safety check that ends soon, or is over."""
    now: int = 0
    """Unix seconds."""
    map: Markup | None
    going: Said | None = None
    """What we ask of whoever goes somewhere."""
    area: str = ""
    """Roughly where, in words, if that is known."""
    receipt: ReceiptForm | None = None
    """What was typed of a receipt, if it did not fit."""
    emergency: str = ""
    """The emergency number."""
    usually_hours: int = 0
    """Within how many hours we usually answer; 0 where that is not told."""
    usually_who: str = ""
    """A sign-in name; empty for the group as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearRow:
    """One line of the table beside the map."""

    kind: str
    own: bool
    """Whether it is of this group, which has its own name for the kind."""
    urgency: str
    status: str
    origin: str
    url: str
    phone: str
    freshness: str
    heard: int | None
    distance: str
    window: str
    takes: Sequence[str]
    sign: str
    """The area's letter on the map."""
    area: str
    """Where that is, in words, if it is known."""
    first_of_area: bool
    offer: str = ""
    """For whoever works on the board: the page on which one of ours is offered; empty for our own."""
    ours: Sequence[AwayTaskView] = ()
    """Whom of ours we offered for it, for whoever works on the board."""
    help: str = ""
    """For a volunteer who is signed in: the page on which she says that she can help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearGroup:
    """A neighbouring group in the table whose news are not whole."""

    name: str
    freshness: str
    heard: int | None
    """Unix seconds of the last news that we have of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearOffer:
    """What one group offers whoever asks."""

    origin: str
    name: str
    own: bool
    url: str
    phone: str
    kinds: Sequence[str]
    """By name."""
    freshness: str
    until: str
    """The day by which it goes unless the group says it again, in words."""
    chosen: bool
    """Whether some of it is for groups that they chose, so not for everybody's eyes."""
    neighbour: bool
    """Whether it has a page of its own here; a group for whom a go-between speaks has none."""
    area: str = ""
    """Where, in words; on pages of the desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearPage:
    """`/near`"""

    form: Any
    rows: Sequence[NearRow]
    """The first of them that are free, nearest or soonest first."""
    rest: Sequence[NearRow]
    """More of these, folded."""
    taken: Sequence[NearRow]
    """For which somebody is helping already, folded."""
    own: bool
    """Some of these are of this very group."""
    open: int
    """How many are free, of all that were found."""
    more: int
    """How many were found that have no row."""
    hers: bool
    """A volunteer of ours reads it, who is signed in on her own page."""
    groups: int
    map: Markup | None
    where: str
    asked: str
    """The same question to a feed: a query with its ``?``, or empty."""
    frame: str
    """A line of HTML for somebody else's page."""
    offers: Sequence[NearOffer] = ()
    """Groups that offer something there to whoever asks, ours first."""
    silent: Sequence[NearGroup] = ()
    narrowed: bool = False
    """Whether it was also asked what it takes, which feeds do not know."""
    streets: BaseMap | None = None
    """What lies under the areas of the map that moves, if the operator has given such a file."""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LicencesPage:
    """`/licences`"""

    packages: Sequence[Package]


@dataclass(frozen=True, slots=True, kw_only=True)
class LookPage:
    """`/look`"""

    form: Any
    colours: Sequence[str]
    """Names of the properties of ``tokens.css``."""
    sizes: Sequence[str]
    icons: Sequence[str]
    pictures: Sequence[str]
    one: Any
    """The same form once more, for one step of a walk and for the hours."""
    walk: Walk
    map: Markup | None
    row: QueueRow
    candidate: Candidate
    thread: ThreadView
    code: Markup
    """A QR code."""
    today: date
    people: Sequence[str] = ("Winifred Pretend", "Sam Pretend")


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedPage:
    """`/embed`"""

    rows: Sequence[tuple[str, Entry]]
    """Each with the sign of its area on the map."""
    more: int
    """How many are not shown."""
    map: Markup | None
    address: str
    """The page with all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRow:
    """What one kind of help does outside."""

    code: str
    name: str
    share: str
    never: bool
    members: Sequence[str]
    """The kinds that go out together under this one broad name, if there are several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsPage:
    """`/settings`"""

    rows: Sequence[tuple[Named, Sequence[ShareRow]]]
    next_at: int | None
    offered: Collection[str]
    """Kinds that the group offers whoever asks, by their codes in summaries."""
    offered_to: str
    """Who sees that: a code of ``Share``."""
    residents: int | None
    """How many people live where the group helps, as it said; None if it did not."""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSharePage:
    """`/settings/sharing`, before anything was ever shared, and before the number of residents changes: what goes out
    would give away so much."""

    choices: Mapping[str, str]
    """What was chosen, to be sent again with a yes."""
    report: Uniqueness
    rows: Sequence[Sequence[Fact]]
    """What others would see of the requests that stand out most."""
    residents: str
    """How many people live where the group helps, as it was just typed, or as it said before."""
    first: bool
    """Nothing was ever shared."""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryPage:
    """`/recovery`"""

    stopped: str
    """Why nothing is sent out, in words; empty if it is."""
    hint: str
    since: int | None
    on_hold: Sequence[Any]
    """Rows of ``ClosedSince``."""
    lost: Sequence[Any]
    """Rows of ``Lost``."""
    areas: Mapping[str, str]
