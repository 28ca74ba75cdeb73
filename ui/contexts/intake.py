"""What the pages of a call are given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from node.domain.board.views import Candidate
from node.domain.intake.intake import KnownPerson
from node.domain.intake.pasted import Pasted
from node.domain.money import NOTHING, Money
from node.domain.need import Need
from node.services.dispatch.series_views import SeriesView
from node.services.intake.drafts import Draft
from node.services.settings.emergency import Emergency
from ui.contexts.common import Heading, OthersSee
from ui.contexts.out_of_area import Elsewhere
from ui.contexts.questions import Asked
from ui.contexts.runs import RunsNear
from ui.words.phonebook import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Everything that is said on a call in one language."""

    code: str
    name: str
    """In its own words."""
    direction: str
    greeting: str
    lines: Sequence[str]
    no_help: Sequence[str]
    danger: Sequence[str]
    consents: Mapping[str, str]
    """Purpose -> the question."""
    wordings: Mapping[str, str]
    """Purpose -> the version of those words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakePage:
    """`/intake`"""

    form: Any
    headings: Sequence[Heading]
    standing: frozenset[str]
    """Headings that are not folded: what this group is asked for most."""
    known: Sequence[KnownPerson] = ()
    lines: Sequence[str] = ()
    """What to say of each in ``known``."""
    looked: bool = False
    """Somebody asked whether we know the number."""
    area: str = ""
    """The area that the place was understood as, to be read back."""
    book: Sequence[Entry] = ()
    """The neighbouring groups' phone book."""
    problem: str = ""
    money_cap: Money = NOTHING
    """What the group gives at once, in ``most``."""
    practice: bool = False
    scripts: Sequence[Script] = ()
    """What is read out, a language each; the first is the reader's."""
    danger: Emergency | None = None
    in_danger: bool = False
    """A word that means danger was typed."""
    saved: Need | None = None
    """The request that this call became, where its page is sent once more."""
    typed_again: Mapping[str, str] = field(default_factory=dict)
    """What was typed then, by the names of the fields on the page that puts a request right."""
    kept: bool = False
    """A half-typed call, as it was left."""
    questions: Sequence[Asked] = ()
    """The group's own."""
    drafts: Sequence[Draft] = ()
    """The reader's half-typed calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenLine:
    """One of the requests that a call became."""

    need_id: str
    kind: str
    reference: str
    candidates: Sequence[Candidate]
    runs: RunsNear | None
    """Rounds that pass near it."""
    others: OthersSee
    """Exactly what other groups see of it, or would."""
    book: Sequence[Entry] = ()
    """Neighbouring groups that take this kind of help."""
    closing: tuple[str, str, Sequence[str]] = ("", "ltr", ())
    """What is said at the end of the call: language, direction, lines."""
    practice: bool = False
    promised_at: int | None = None
    repeats: SeriesView | None = None
    """The rule that was made of it."""
    only_noted: bool = False
    """It repeats, as was said; with ``repeats`` None no rule was made."""
    money: Money = NOTHING
    outside: Elsewhere | None = None
    """The place is further than the group goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenPage:
    """The end of a call: what to read out, and who could go."""

    lines: Sequence[TakenLine]
    danger: Emergency | None = None
    """A word that means danger was said."""
    scripts: Sequence[Script] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPage:
    """`/intake/paper`: the page's questions, to be filled in with a pen."""

    form: Any
    """An empty form of a call: its labels and choices are those of the page."""
    headings: Sequence[Heading]
    money_cap: Money
    scripts: Sequence[Script]
    script: Script
    """The one whose words stand on it."""
    questions: Sequence[Asked]
    """The group's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPlace:
    """A place in a message: as it was written, and the area that it was understood as, if any."""

    text: str
    area: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastePage:
    """`/intake/paste`"""

    danger: Emergency
    text: str = ""
    found: Pasted | None = None
    places: Sequence[FoundPlace] = ()
    scripts: Sequence[Script] = ()
    """What is said first, a language each."""
    in_danger: bool = False
    """A word that means danger stands in it."""
