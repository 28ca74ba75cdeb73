"""What of a need others may see, and whether: pure decisions, no signing and no storage.

A need leaves only if three say yes: the category's setting, the need itself, and its owner. Unknown counts
as no.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Self, TypeVar

from node.domain.catalogue import Catalogue, Klass
from node.domain.ids import Random
from node.domain.need import PRIVATE_CATEGORY, Need, Share, Urgency
from node.domain.need_lifecycle import PUBLISHED_AS, PublishedAs
from protocol import statements
from protocol.cells import CLASS_B_BOUND

LIVE_DAYS = 14
"""A summary counts for so many days from its signing."""
RENEW_DAYS = 7
"""While open it is renewed when so many days are left."""
HEAD_DAYS = 2
"""A head promises its successor within so many days; it is renewed at half of them."""
SETS = ("public", "peers")

_MAX_REQUIRES, _MAX_LANGUAGES, _MAX_TAGS = 2, 4, 6

T = TypeVar("T")


class WhyNot(StrEnum):
    """Why a need is not, or no longer, seen by others."""

    STATE = "state"
    """Not sorted yet, on hold, closed or with another group."""
    SENSITIVE = "sensitive"
    """Of a kind that never leaves."""
    ONLY_US = "only_us"
    """The group does not share this kind."""
    KEPT_HERE = "kept_here"
    """A coordinator, or the person, keeps it here."""
    NO_CONSENT = "no_consent"
    """The owner was not asked, or said no."""
    NO_PLACE = "no_place"
    """Neither its place nor the group's is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a summary says of a need: codes only, in the spelling of the protocol."""

    category: str
    cell: str
    urgency: str
    helpers: str
    remote: bool
    status: str
    posted: str
    window: tuple[str, str] | None = None
    part_of_day: str | None = None
    effort: str | None = None
    people: str | None = None
    requires: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    repeats: str | None = None
    kind: str = "need"
    """need or offer."""

    @property
    def posted_day(self) -> date:
        """The day on which it was asked for."""
        return date.fromisoformat(self.posted)

    def to_json(self) -> str:
        """One spelling for one content, so that texts can be compared."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """As written by ``to_json``."""
        found: dict[str, Any] = json.loads(text)
        window = found.pop("window")
        for name in ("requires", "languages", "tags"):
            found[name] = tuple(found[name])
        return cls(window=tuple(window) if window else None, **found)

    @classmethod
    def of(cls, said: statements.Summary) -> Self:
        """What a published summary says."""
        window = said.window
        return cls(
            category=said.category,
            cell=said.cell,
            urgency=said.urgency,
            helpers=said.helpers,
            remote=said.remote,
            status=said.status,
            posted=said.posted.isoformat(),
            window=(window.from_.isoformat(), window.to.isoformat()) if window else None,
            part_of_day=said.part_of_day,
            effort=said.effort,
            people=said.people,
            requires=said.requires,
            languages=said.languages,
            tags=said.tags,
            repeats=said.repeats,
            kind=said.kind,
        )

    def summary(
        self, *, origin: str, epoch: int, seq: int, set: str, id: str, expires: date
    ) -> statements.Summary:
        """The statement to sign."""
        window = None
        if self.window:
            first, last = (date.fromisoformat(day) for day in self.window)
            window = statements.Window(from_=first, to=last)
        return statements.Summary(
            origin=origin,
            epoch=epoch,
            seq=seq,
            set=set,
            id=id,
            kind=self.kind,
            category=self.category,
            cell=self.cell,
            urgency=self.urgency,
            helpers=self.helpers,
            remote=self.remote,
            status=self.status,
            posted=date.fromisoformat(self.posted),
            expires=expires,
            window=window,
            part_of_day=self.part_of_day,
            effort=self.effort,
            people=self.people,
            requires=self.requires,
            languages=self.languages,
            tags=self.tags,
            repeats=self.repeats,
        )


def klass_of(need: Need, catalogue: Catalogue) -> Klass:
    """The class of a need from its clear category: an exact code, a broad group, or ``private``."""
    if need.category == PRIVATE_CATEGORY:
        return Klass.C
    return catalogue.klass(need.category) if need.category in catalogue else Klass.B


def why_not(need: Need, share: Share, consented: bool, catalogue: Catalogue) -> tuple[WhyNot, ...]:
    """Everything that speaks against others seeing the need; empty when all three said yes and its state is
    public.
    """
    reasons = []
    if PUBLISHED_AS[need.state] not in (PublishedAs.OPEN, PublishedAs.TAKEN):
        reasons.append(WhyNot.STATE)
    if klass_of(need, catalogue) is Klass.C or not catalogue.is_wire_code(need.category):
        reasons.append(WhyNot.SENSITIVE)
    elif share is Share.ONLY_US:
        reasons.append(WhyNot.ONLY_US)
    if need.keep_here or need.practice:
        reasons.append(WhyNot.KEPT_HERE)
    if not consented:
        reasons.append(WhyNot.NO_CONSENT)
    return tuple(reasons)


def content_of(need: Need, *, cell: str, residents: int | None) -> Content:
    """What others see of a need under the label ``cell``.

    Languages and what the task takes leave only where the label is known to stand for 20,000 residents or
    more; elsewhere they could tell one household from another, and are matched after an offer.
    """
    published = PUBLISHED_AS[need.state]
    crowded = residents is not None and residents >= CLASS_B_BOUND
    window = need.window
    return Content(
        category=need.category,
        cell=cell,
        urgency=str(need.urgency),
        helpers="1" if need.helpers == 1 else "2+",
        remote=need.remote,
        status=str(published or PublishedAs.OPEN),
        posted=need.posted_day.isoformat(),
        window=(window.first.isoformat(), window.last.isoformat()) if window else None,
        part_of_day=_text(need.part_of_day),
        effort=_text(need.effort),
        people=_text(need.people),
        requires=tuple(sorted(set(need.requires))[:_MAX_REQUIRES]) if crowded else (),
        languages=tuple(sorted(set(need.languages))[:_MAX_LANGUAGES]) if crowded else (),
        tags=tuple(sorted(set(need.tags))[:_MAX_TAGS]),
        repeats=_text(need.repeats),
    )


def is_urgent(content: Content) -> bool:
    """Whether it goes out at the next ten-minute slot instead of the full hour."""
    return content.urgency == Urgency.TODAY


def expiry(today: date) -> date:
    """The first day on which a summary signed today no longer counts."""
    return today + timedelta(days=LIVE_DAYS)


def renewal_due(expires: date, today: date) -> bool:
    """Whether half of its life is over."""
    return expires - today <= timedelta(days=RENEW_DAYS)


def hour_of(now: datetime) -> int:
    """The number of the full hour, for telling whether one began since the last publication."""
    return int(now.timestamp()) // 3600


def shuffled(items: Sequence[T], random: Random) -> list[T]:
    """The items in an order that says nothing about when they were typed."""
    mixed = list(items)
    for last in range(len(mixed) - 1, 0, -1):
        other = int.from_bytes(random(8), "big") % (last + 1)
        mixed[last], mixed[other] = mixed[other], mixed[last]
    return mixed


def _text(code: StrEnum | None) -> str | None:
    return None if code is None else str(code)
