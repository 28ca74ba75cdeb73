"""What the pages of help across groups are given: one frozen dataclass a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from node.domain.board.exchange_views import AwayTaskView, GroupName
from node.domain.board.views import AssignmentView, NeedView
from node.domain.exchange.away_task import AwayCandidate
from node.domain.exchange.referral import MayPassOn
from node.ports import SeenNeed
from node.services.exchange.away_asks import AskView
from node.services.exchange.referrals import ReferralView
from node.services.exchange.rings import Rung
from ui.contexts.aloud import Aloud
from ui.contexts.common import NearOffer


@dataclass(frozen=True, slots=True, kw_only=True)
class WishRow:
    """One line of what neighbouring groups need."""

    seen: SeenNeed
    area: str
    """Where that is, in words, if it is known."""
    window: str
    takes: Sequence[str]
    ours: Sequence[AwayTaskView] = ()
    """Whom we offered."""
    asks: Sequence[AskView] = ()
    """Who put herself forward and waits for a word of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighboursPage:
    """`/board/neighbours`"""

    rows: Sequence[WishRow]
    going_on: Sequence[AwayTaskView]
    rung: Sequence[Rung]
    referrals: Sequence[ReferralView]
    offers: Sequence[NearOffer] = ()
    """What those groups offer whoever asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WishPage:
    """`/board/neighbours/<group>/<request>`"""

    row: WishRow
    group: str
    aloud: Aloud
    phone: str
    span: str
    candidates: Sequence[AwayCandidate] = ()
    asks: Sequence[AskView] = ()
    spans: Mapping[str, str] = field(default_factory=dict)
    """How far each candidate has, in words."""
    locked: bool = False
    can_offer: bool = True
    link: str = ""
    """A private link that was just made; shown this once."""
    link_for: str = ""
    problem: str = ""
    chosen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastWishPage:
    """The same address once the request is off the map: what our people did for it."""

    category: str
    group: str
    base: str
    ours: Sequence[AwayTaskView]
    held: bool
    """Whether details are held still."""
    link: str = ""
    link_for: str = ""
    problem: str = ""
    chosen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverPage:
    """`/board/<request>/task/<task>/handover`: what is read to the person first."""

    need: NeedView
    aloud: Aloud
    task: AssignmentView
    told: str
    """What the other group states of its volunteer, in one sentence."""
    problem: str = ""
    rang: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferPage:
    """`/board/<request>/refer`"""

    need: NeedView
    groups: Sequence[GroupName]
    aloud: Aloud
    allowed: MayPassOn | None = None
    """The group that she named herself when she asked on the page."""
    chosen: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralPage:
    """`/board/referrals/<id>`: closed until the look is recorded."""

    referral: ReferralView
    need: Mapping[str, Any] | None = None
    person: Mapping[str, Any] | None = None
    problem: str = ""
