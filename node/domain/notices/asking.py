"""What somebody who asked on the page is told by itself: steps that matter to her, each once, and only while it is so.

A message says that there is something to read, never what: the rest stands behind her private link.
"""

from dataclasses import dataclass
from typing import Self

from node.domain.ids import NeedId
from node.domain.intake.asked import HELPED
from node.domain.need import CloseReason, Need, NeedState
from node.domain.notices.notice import DAY, Kind
from node.domain.notices.tasks import SETTLES

COMES = frozenset({Kind.FOUND, Kind.NEW_DAY})
"""After these she counts on somebody."""
ABOUT_ASKING = COMES | {Kind.LOOKING, Kind.ENDED, Kind.HOW}
"""Messages to whoever asked."""
SILENT = frozenset({CloseReason.DUPLICATE, CloseReason.REMOVED})
"""Ends of a record, not of what she asked for."""
FRESH = 7 * DAY
"""So long, in seconds, a change is news to her."""
_THING = "asker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing she is told of a request."""

    need_id: NeedId
    round: int
    kind: Kind
    task: str = ""
    """Who comes, as the id of that task; empty where nobody does."""
    day: str = ""
    """The day it is on, as ``2026-05-04``; empty while none is named."""

    @property
    def thing(self) -> str:
        """How it is named as something that was told."""
        return ":".join((_THING, self.need_id, str(self.round), self.kind, self.task, self.day))

    @classmethod
    def of(cls, thing: str) -> Self | None:
        """What a thing names; None for any other."""
        kind, *rest = thing.split(":")
        if kind != _THING:
            return None
        need_id, round, said, task, day = rest
        return cls(need_id=NeedId(need_id), round=int(round), kind=Kind(said), task=task, day=day)


def about(need_id: NeedId) -> str:
    """What all things about that request begin with."""
    return f"{_THING}:{need_id}:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """How her request stands."""

    need: Need
    """With the day of its round, if whoever comes first comes on one."""
    coming: tuple[str, ...]
    """Tasks of this round that are confirmed, the longest first."""
    changed_at: int
    """When anything of it changed last (Unix seconds)."""
    said: bool = False
    """She, or somebody for her, told us how it went."""
    off_by_her: bool = False
    """She called it off herself."""

    @property
    def day(self) -> str:
        """The day that somebody named, or that of the round; empty for none."""
        return self.need.window.first.isoformat() if self.need.window else ""

    def is_news(self, now: int) -> bool:
        """Whether it changed long enough ago to be meant, and not so long that it is no news."""
        return now - FRESH < self.changed_at <= now - SETTLES


def news(stands: Stands, known: Told | None) -> Told | None:
    """What to tell her next; ``known``: what she was told last. None: nothing that she does not know."""
    kind = _kind(stands, known)
    if kind is None or (
        known and (known.kind, known.round) == (kind, stands.need.round) and kind not in COMES
    ):
        return None
    if kind not in COMES:
        return Told(need_id=stands.need.id, round=stands.need.round, kind=kind)
    task = known.task if known and known.task in stands.coming else stands.coming[0]
    return Told(need_id=stands.need.id, round=stands.need.round, kind=kind, task=task, day=stands.day)


def holds(told: Told, stands: Stands) -> bool:
    """Whether that is still how it stands, at the moment when the message goes."""
    if told.round != stands.need.round:
        return False
    if _is_over(stands.need):
        return _ending(stands) is told.kind
    if told.kind in COMES:
        return told.task in stands.coming and told.day == stands.day and not stands.need.told_by_phone
    return told.kind is Kind.LOOKING and not stands.coming


def _kind(stands: Stands, known: Told | None) -> Kind | None:
    if _is_over(stands.need):
        return _ending(stands)
    counted = known if known and known.kind in COMES and known.round == stands.need.round else None
    if not stands.coming:
        return Kind.LOOKING if counted or (known and known.kind is Kind.ENDED) else None
    if stands.need.told_by_phone:
        return None
    if counted is None or counted.task not in stands.coming:
        return Kind.FOUND
    return Kind.NEW_DAY if stands.day not in ("", counted.day) else None


def _is_over(need: Need) -> bool:
    return need.state in (NeedState.REPORTED, NeedState.CLOSED)


def _ending(stands: Stands) -> Kind | None:
    need = stands.need
    if need.state is NeedState.REPORTED or need.close_reason in HELPED:
        return None if stands.said else Kind.HOW
    return None if stands.off_by_her or need.close_reason in SILENT else Kind.ENDED
