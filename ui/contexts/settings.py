"""What the templates of the settings pages are given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from node.domain.catalogue import Named
from node.domain.settings.kit import Part
from node.domain.settings.opening import Standing
from node.domain.settings.presets import Rule
from node.domain.settings.questions import Question
from node.domain.settings.resources import Resource
from node.domain.settings.texts import Said, Text
from node.services.settings.resources import Brought
from node.services.settings.rules import RulesNow


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRow:
    """One text in the list: its key, and whether the group wrote its own in some language."""

    key: str
    own: bool
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesPage:
    """`/settings/rules`"""

    now: RulesNow
    table: Mapping[str, Rule]
    typed: Mapping[str, str]
    """What was just typed, where it did not fit."""
    fields: Mapping[str, str]
    """Key -> what is wrong."""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRow:
    """One thing looked at. ``says`` and ``todo`` are msgids with places for ``values``."""

    sign: str
    says: str
    todo: str
    values: Mapping[str, str]
    where: str
    """The page on which it is put right, if there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksPage:
    """`/settings/checks`"""

    rows: Sequence[CheckRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class TodoRow:
    """One thing that is left to set up."""

    code: str
    words: str
    minutes: int
    where: str
    must: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """One place that helps."""

    place: Resource
    standing: Standing | None
    """None where its hours are only words."""
    changes_on: date | None = None
    """The day on which that changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpNearbyPage:
    """`/help-nearby`"""

    rows: Sequence[PlaceRow]
    untold: int
    """Places that are left out because nobody can say whether they are open."""
    kinds: Sequence[str]
    """Codes that some place stands for."""
    kind: str
    open_now: bool
    """Whether only what is open is shown."""
    times: bool
    """Whether any place says its hours as times."""
    any: bool
    """Whether there is a place at all."""
    today: date
    edits: bool
    """Whether the reader keeps the list."""
    brought: Brought | None = None
    waits: bool = False
    """What it brought waits for a second yes."""
    problem: str = ""

    def address(self, *, kind: str = "", open_now: bool = False) -> str:
        """This page with these filters."""
        asked = {
            name: value for name, value in (("kind", kind), ("open", "now" if open_now else "")) if value
        }
        return f"/help-nearby?{urlencode(asked)}" if asked else "/help-nearby"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacePage:
    """`/help-nearby/edit`"""

    id: str
    form: Any
    headings: Sequence[Any]
    """Of ``ui.contexts.common.Heading``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionsPage:
    """`/settings/questions`: each question, its words, and its answers to choose from."""

    rows: Sequence[tuple[Question, str, Sequence[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPage:
    """`/settings/questions/edit`"""

    id: str
    form: Any
    language: str
    languages: Sequence[str]
    own_in: Sequence[str]
    """Languages it is written in."""
    elsewhere: str
    """What is said instead, in a language in which it is not written yet."""
    choices: Sequence[tuple[str, str, str]]
    """Code, what was typed, and what is said where nothing is typed."""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRow:
    """How a question was answered: words and times."""

    asked: str
    times: int
    lines: Sequence[tuple[str, int]]
    gone: bool
    """Whether it is asked no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersPage:
    """`/settings/questions/answers`"""

    rows: Sequence[CountRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class KitPage:
    """`/settings/kit`: each part of ours with every line of it."""

    parts: Sequence[tuple[Part, Sequence[str]]]
    left_out: Sequence[str]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One thing that taking a starter kit would change, in words."""

    what: str
    language: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KitLookPage:
    """`/settings/kit/look`: what a file would change."""

    group: str
    parts: Sequence[tuple[Part, Sequence[ChangeRow]]]
    left_out: Sequence[str]
    file: str
    mark: str
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRow:
    """One kind of help in the table."""

    code: str
    shared: str
    """As all groups call it."""
    name: str
    """As this group does; empty for the same."""
    hidden: bool
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindsPage:
    """`/settings/kinds`"""

    parts: Sequence[tuple[Named, Sequence[KindRow]]]
    language: str
    languages: Sequence[str]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextsPage:
    """`/settings/texts`: all of them in a list, one of them open."""

    parts: Sequence[tuple[str, Sequence[TextRow]]]
    text: Text
    now: Said
    default: str
    default_language: str
    language: str
    languages: Sequence[str]
    own_in: Sequence[str]
    """Languages in which this one has the group's own words."""
    form: Any
    problem: str = ""
