"""What the pages of neighbouring groups are given: one frozen dataclass a page (``page``)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from node.ports import Brought, Round
from node.services.exchange.blocking import AtStake
from node.services.exchange.joining import Introduced
from node.services.exchange.peering import PeerView, SaidOf
from ui.contexts.common import NearOffer
from ui.words.outgoing import Told
from ui.words.phonebook import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class OurCard:
    """What we read out to another group, so that it knows us."""

    words: Sequence[str]
    id: str
    url: str
    qr: Markup | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighbourRow:
    """One group on the list: what we decided, what it says of itself, how the talks go."""

    view: PeerView
    entry: Entry | None
    """Its line in the phone book; None until it told us."""
    heard: str
    """How long ago we last talked, in words; empty if never."""
    error: str
    """What went wrong the last time, in words; empty if nothing did."""
    signed: str
    """How long ago they signed the newest of what we hold of them, in words; empty if they signed nothing yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeersPage:
    """`/peers`"""

    rows: Sequence[NeighbourRow]
    ours: OurCard
    form: Any
    """To add a group; None for whoever may not."""
    problem: str = ""
    fetched: Sequence[Round] = ()

    @property
    def alike(self) -> Sequence[NeighbourRow]:
        """Those whose names cannot be told apart by themselves, the longest known first."""
        return [row for row in self.rows if row.view.alike and row.view.peer.state != "blocked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CameRow:
    """One letter that came, of which only the outside is shown."""

    kind: str
    """In words."""
    state: str
    """waiting, done or aside."""
    arrived_at: int
    via: str
    """The name of the go-between that brought it; empty if its writer did."""
    why: str
    """Why it waits or was set aside, in words; empty if there is nothing to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedRow:
    """Requests that were turned down for one reason."""

    why: str
    """In words."""
    times: int
    last: int
    """Unix seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerPage:
    """`/peers/<id>`"""

    row: NeighbourRow
    qr: Markup
    """Their id, to be compared by a telephone's camera."""
    public: int
    """Requests of ours that anybody sees."""
    chosen: int
    """Requests of ours that only groups we chose see."""
    theirs_open: int
    theirs_taken: int
    offers: NearOffer | None
    """What they offer whoever asks; None for nothing."""
    brought: Mapping[str, SaidOf]
    """By id, groups that are here because this one, a go-between, speaks for them."""
    letters: Sequence[Any]
    """The latest sealed letters to them: kind, state, tries, created_at, last_try, next_try, answer."""
    came: Sequence[CameRow]
    """The latest from them, or brought by them."""
    turned_down: Sequence[TurnedRow] = ()
    """What they asked in vain since this program was started; the latest first."""
    in_their_name: Sequence[TurnedRow] = ()
    """The same of what nobody proved to be theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """One line, for readers and as it is."""

    told: Told
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPage:
    """`/peers/<id>/document`: the very lines that would be sent."""

    view: PeerView
    lines: Sequence[DocumentLine]
    count: int
    """Of all lines, shown here or not."""
    size: int
    """Bytes of them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurePage:
    """`/peers/<id>/<step>`: what will happen, before it does."""

    view: PeerView
    step: str
    title: str
    what: Sequence[str]
    """What will happen, one sentence each."""
    button: str
    at_stake: AtStake | None
    """Before a block: what goes on with them."""
    back: str
    """On whose page a no leads: theirs, or their go-between's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Another group as it says it is, before anybody agreed."""

    who: Introduced
    entry: Entry | None
    """Its line in the phone book, if it sent one."""
    said: SaidOf
    """What its name and our neighbours tell of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicJoinPage:
    """`/join`: where an invitation of ours leads."""

    ours: OurCard


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitePage:
    """`/peers/invite`"""

    form: Any
    waiting: Sequence[Any]
    """Invitations that nobody used yet: id, role, created_at, expires_at."""
    ours: OurCard
    problem: str = ""
    link: str = ""
    """The invitation that was just made; shown this once."""
    qr: Markup | None = None
    until: int = 0
    """When it ends, Unix seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinPage:
    """`/peers/join`: a link is pasted; then, with ``found``, whoever answers there is looked at."""

    form: Any
    ours: OurCard
    found: Caller | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WelcomePage:
    """`/peers/<id>/welcome`: a group that used our invitation waits for our yes."""

    found: Caller
    form: Any
    ours: OurCard
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryPage:
    """`/peers/file`: news by hand."""

    active: Sequence[PeerView]
    brought: Brought | None = None
    """What became of the file that was just brought."""
    foreign: bool = False
    """No line of it is one of ours: it is something else."""
    missing: Sequence[str] = ()
    """What it lacked, a sentence for each group."""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsPage:
    """`/peers/<id>/settings`"""

    view: PeerView
    form: Any
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    """`/settings/group`: our own line in the phone book, and our clock."""

    form: Any
    zone_form: Any
    zones: Sequence[str]
    now: int
    """Unix seconds, so that everybody sees whether the clock is right."""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparePage:
    """`/peers/<id>/compare`: another key answers at their address."""

    view: PeerView
    form: Any
    at_stake: AtStake
    """What goes on under the old key: with a yes it ends."""
    problem: str = ""
