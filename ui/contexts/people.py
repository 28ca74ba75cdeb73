"""What the pages about people are given: one frozen dataclass a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from node.domain.board.views import VolunteerRow
from node.domain.calls.call_views import OnList
from node.domain.intake.intake import KnownPerson
from node.domain.people.portraits import Found, NewcomerRow, PersonView, Removal
from node.domain.people.street_team import ListLine, TeamView
from node.domain.settings.texts import Said
from node.services.dispatch.buddies import PairView
from node.services.dispatch.series_views import SeriesView
from node.services.people.merging import Double
from node.services.people.patch_links import PatchView
from ui.contexts.common import Heading
from ui.contexts.questions import Asked, Told


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage:
    """`/people`"""

    text: str = ""
    """What was looked for."""
    found: Sequence[Found] = ()
    more: bool = False
    """There may be more than are shown."""
    removals: Sequence[Removal] = ()
    too_many: bool = False
    """So many are due at once that somebody has to say yes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteersPage:
    """`/volunteers`"""

    newcomers: Sequence[NewcomerRow]
    rows: Sequence[VolunteerRow]
    organisations: Sequence[VolunteerRow]
    left: Sequence[VolunteerRow]
    links_asked: int = 0
    """So many asked for a link to their own page."""
    team: str = ""
    """The street team whose people these are; empty for everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerFormPage:
    """`/volunteers/add`"""

    form: Any
    headings: Sequence[Heading]
    problem: str = ""
    organisation: bool = False
    questions: Sequence[Asked] = ()
    """The group's own."""
    person_id: str = ""
    """Of somebody we know, who helps, too; empty for somebody new."""
    known: Sequence[KnownPerson] = ()
    """Whom we know by the number, the e-mail address, or name and address that were typed."""
    lines: Sequence[str] = ()
    """What a card of each says."""
    picked: str | None = None
    """Who of them it is; empty: nobody of them; None: nobody has said."""
    helping: str = ""
    """Of whom it turned out that they help already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpsPage:
    """`/people/<id>/helps`"""

    person_id: str
    name: str
    form: Any
    headings: Sequence[Heading]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """`/people/<id>`: closed until the look is recorded."""

    person_id: str
    person: PersonView | None
    form: Any = None
    """Name, number, address, to be changed."""
    others: Sequence[VolunteerRow] = ()
    matches: Sequence[Found] = ()
    """Whom somebody looked for, to say that they live here too."""
    apart_from: Sequence[Found] = ()
    """Whom somebody looked for, to keep them apart, or to say that they may meet again."""
    problem: str = ""
    answers: Sequence[Told] = ()
    """To the group's own questions."""
    doubles: Sequence[Double] = ()
    """Records that may be the same person."""
    pairs: Sequence[PairView] = ()
    series: Sequence[SeriesView] = ()
    calls: Sequence[OnList] = ()
    """Lists on which they are rung."""
    question: Said | None = None
    """The words in which people are asked whether we may keep their details."""
    said: str = ""
    """The msgid of what was just done."""
    mail_back: bool = False
    """Mail to their address came back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPage:
    """`/people/<id>/step/<step>`: what it means, and why."""

    person_id: str
    step: str
    form: Any
    asks_day: bool
    tomorrow: date
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetTeamsPage:
    """`/street-teams`"""

    teams: Sequence[TeamView]
    link: str = ""
    """Just made, shown this once."""
    link_of: str = ""
    """The captain it is for."""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchPage:
    """`/p/<token>`"""

    token: str
    view: PatchView
    areas: Mapping[str, str] = field(default_factory=dict)
    shown_to_desk: str = ""
    """Of which team, where the desk looks at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetTeamPage:
    """`/street-teams/<id>`, `/street-teams/add` and the captain's list"""

    team: TeamView | None
    form: Any
    lines: Sequence[ListLine] = ()
    areas: Mapping[str, str] = field(default_factory=dict)
