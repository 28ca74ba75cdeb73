"""What the pages of things that people have to give are drawn from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from node.domain.gifts.gift import Gift, GiftMove, GiftView
from node.domain.ids import PersonId
from node.domain.person import PersonDetails
from node.domain.settings.texts import Said
from ui.contexts.common import Heading
from ui.contexts.steps import Walk


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferPage:
    """One page of `/offer`"""

    form: Any
    walk: Walk
    headings: Sequence[Heading]
    today: date
    problem: str = ""
    privacy: Sequence[Said] = ()
    """Why the group keeps what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedPage:
    """After it was sent: the private link, whole."""

    link: str
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftLinkPage:
    """`/o/<link>`: how it stands."""

    base: str
    """The link's own address, without the site's."""
    gift: Gift
    stands: bool
    moves: Sequence[GiftMove]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OffersPage:
    """`/offers`"""

    rows: Sequence[GiftView]
    kinds: Sequence[str]
    """Kinds of help that some of them are good for."""
    kind: str = ""
    """The one that the list is narrowed to."""
    past: bool = False
    """Whether it shows what is over instead of what stands."""
    shown: str = ""
    """The one whose giver is shown."""
    giver: PersonDetails | None = None
    giver_id: PersonId | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCallPage:
    """`/offers/new`"""

    form: Any
    headings: Sequence[Heading]
    today: date
    problem: str = ""
