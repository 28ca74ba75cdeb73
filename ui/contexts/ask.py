"""What the pages of somebody who asks for help are given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from node.domain.intake.asked import Followed
from node.domain.settings.texts import Said
from node.services.settings.emergency import Emergency
from ui.contexts.common import Heading, OthersSee
from ui.contexts.intake import TakenLine
from ui.contexts.out_of_area import Elsewhere
from ui.contexts.questions import Asked
from ui.contexts.steps import Walk
from ui.words.phonebook import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPage:
    """One page of `/ask`"""

    form: Any
    walk: Walk
    headings: Sequence[Heading]
    rules: Emergency
    """Whom to ring in danger, and the words that mean it."""
    danger: Emergency | None = None
    """One of those words was typed."""
    problem: str = ""
    questions: Sequence[Asked] = ()
    """The group's own."""
    privacy: Sequence[Said] = ()
    """Why the group keeps what."""
    scope: Mapping[str, Said] = field(default_factory=dict)
    """What the group does, where and when."""
    area: str = ""
    """How the place was understood, on the last page."""
    outside: Elsewhere | None = None
    """The place is further than the group goes; said on the next page and on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentPage:
    """After it was sent: what to keep."""

    lines: Sequence[TakenLine]
    link: str
    """The private link, whole."""
    danger: Emergency | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPage:
    """`/a/<link>`: how far each request is."""

    base: str
    """The link's own address, without the site's."""
    rows: Sequence[tuple[Followed, OthersSee]]
    urgencies: Mapping[str, str]
    book: Mapping[str, Entry] = field(default_factory=dict)
    """By id, the phone book's lines of groups to which one of them was handed on."""
    problem: str = ""
    told: bool = False
    """What felt unsafe was just written down."""
    shown_to_desk: str = ""
    """Of which request, where the desk looks at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DonePage:
    """`/a/<link>/done`: how one request went of which we have not heard yet that it is done."""

    base: str
    asked: Followed


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsafePage:
    """`/a/<link>/unsafe`, and the same under a task."""

    base: str
    back: str
    """The page that one came from; empty for none that is open still."""
    number: str
    """The emergency number."""
    text: str = ""
    problem: str = ""
    helps: bool = False
    """It is a volunteer, on the page of her task."""
