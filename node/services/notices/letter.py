"""What a message says, before it is put into words; and who puts it so."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from node.domain.exchange.away_task import Seen
from node.domain.need import Need, PartOfDay, Urgency, Window
from node.domain.notices.answering import Reply
from node.domain.notices.notice import Kind
from node.domain.notices.tasks import Changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """One request as a message may name it: less than a map tells, because mail lies on the disks of others."""

    category: str
    """The clear code: of private kinds of help the broad group, or ``private``."""
    urgency: Urgency
    window: Window | None
    part_of_day: PartOfDay | None

    @classmethod
    def of(cls, need: Need) -> "Want":
        """That request."""
        return cls(
            category=need.category, urgency=need.urgency, window=need.window, part_of_day=need.part_of_day
        )

    @classmethod
    def seen(cls, seen: Seen) -> "Want":
        """A request of another group, as that group told everybody of it."""
        days = [date.fromisoformat(day) for day in seen.window or ()]
        return cls(
            category=seen.category,
            urgency=Urgency(seen.urgency),
            window=Window(first=days[0], last=days[1]) if days else None,
            part_of_day=PartOfDay(seen.part_of_day) if seen.part_of_day else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message to one person. No name and no place: codes, and links that say the rest to her alone."""

    kind: Kind
    languages: tuple[str, ...]
    """That she reads, the best first; the group's own comes last."""
    group: str
    phone: str
    wants: tuple[Want, ...] = ()
    link: str
    """What she is to open."""
    choices_link: str
    """Where she changes or stops it."""
    only_asked: bool = False
    """She has not said yet whether she can: of ``Kind.STALE`` other words."""
    changed: Changed = Changed.WHEN
    """Of ``Kind.MOVED``."""
    reply: Reply | None = None
    """What it answers to a text of hers; only for ``Kind.REPLY``."""
    code: str = ""
    """Digits to type on her page; only for ``Kind.CHAT_CODE``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The same in words of ``language``: twice the same text."""

    language: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """The same as a telephone shows it by itself, in words of ``language``."""

    language: str
    direction: str
    """``ltr`` or ``rtl``."""
    title: str
    """Who writes."""
    body: str
    link: str
    fewer: str
    """The words on the button that leads to ``choices_link``."""
    choices_link: str


class Writer(Protocol):
    """Puts letters into words; the pages' room has the catalogues."""

    def write(self, letter: Letter) -> Written:
        """The letter in the first of its languages that there is."""

    def text(self, letter: Letter, *, can_answer: bool) -> str:
        """The same as a short text. ``can_answer``: answers to it reach us, so it may say which."""

    def notification(self, letter: Letter) -> Notification:
        """The first words of that text, with its links apart."""
