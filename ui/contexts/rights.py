"""What the pages about permissions and rights are given."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from node.domain.accounts.leaving import Leaving
from node.domain.ids import PersonId
from node.domain.rights.breach import Affected, Breach
from node.domain.rights.dangers import Danger, Fact, Weight
from node.domain.rights.papers import Activity
from node.domain.rights.retention import Due, Hold
from node.domain.settings.texts import Said
from node.services.people.copies import FreeNote
from node.services.rights.papers import NoticeFacts, PaperFacts
from node.services.settings.agreements import Agreement
from node.services.sharing.second_yes import Waiting
from ui.contexts.settings import ChangeRow


@dataclass(frozen=True, slots=True, kw_only=True)
class RolesPage:
    """`/team/roles`: both tables, with msgids."""

    roles: Sequence[str]
    may: Sequence[tuple[str, Sequence[bool]]]
    """What may be done, and by which of ``roles``."""
    levels: Sequence[str]
    sees: Sequence[tuple[str, Sequence[Sequence[str] | None]]]
    """What may be seen, and at which of ``levels``: None not at all, an empty list always, else only for tasks of
    these kinds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EyesRow:
    """Somebody whose eyes can be lent. ``name`` in words; empty for anybody."""

    code: str
    name: str
    allowed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SeeAsPage:
    """`/see-as`"""

    rows: Sequence[EyesRow]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRow:
    """One browser in which the reader is signed in. Times are Unix seconds."""

    id: str
    browser: str
    system: str
    since: int
    last_seen: int
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicesPage:
    """`/devices`"""

    rows: Sequence[DeviceRow]
    keys: bool = True
    """The keys of the board are on, on this device."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingPage:
    """`/team/<id>/leaving`"""

    plan: Leaving
    records: Mapping[str, str]
    """What each compartment is called."""
    own: bool
    """It is the reader's own account."""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonsDataPage:
    """`/people/<id>/data`"""

    person_id: PersonId
    agreed: Sequence[Agreement]
    can_take_back: frozenset[str]
    holds: Sequence[Hold]
    form: Any
    copy: Mapping[str, Any] | None
    """Everything, after a recorded look."""
    notes: Sequence[FreeNote] = ()
    """Our own words in it, to be read before it is handed over."""
    without: Collection[str] = ()
    """Those that are left out, by id."""
    problem: str = ""
    held_with: Sequence[PersonId] = ()
    """Because of whose records this one stays too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalsPage:
    """`/privacy/removals`"""

    days: Sequence[tuple[str, Sequence[Any]]]
    """Day (``YYYY-MM-DD``) -> what goes on it."""
    held: Sequence[Due]
    holds: Sequence[Hold]
    too_many: bool
    """More is due than goes by itself at once."""
    waits_until: date | None = None
    """A rule is new here: before that day nothing goes by it."""
    stuck: bool = False
    """The job could not remove something when it tried last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachesPage:
    """`/privacy/breaches`"""

    log: Sequence[Breach]
    form: Any
    affected: Affected | None
    """Worked out, before it is written down."""
    now: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePage:
    """`/privacy`"""

    facts: NoticeFacts
    why: Said
    contact: Said
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersPage:
    """`/privacy/record`, `/privacy/assessment`, `/privacy/agreement`"""

    facts: PaperFacts
    contact: Said
    activities: Sequence[Activity]
    dangers: Sequence[tuple[Danger, Weight]]
    """Each with how likely it is today."""
    fact_words: Mapping[Fact, tuple[str, str, str]]
    """How a fact reads when it is so, when it is not, and where it is put right."""
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPage:
    """`/settings/public`. ``kits``: the lines that a starter kit which waits would change, by the proposal's id."""

    rows: Sequence[Waiting]
    kits: Mapping[str, Sequence[ChangeRow]] = field(default_factory=dict)
    problem: str = ""
