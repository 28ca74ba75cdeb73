"""What each template is given: one frozen dataclass a page (``page``), and ``site`` for the frame around it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from node.domain.actors import Actor
from node.domain.catalogue import Category, Named
from node.domain.intake import KnownPerson
from node.domain.permissions import Permission, may
from node.domain.views import Candidate, NeedView, PersonView, QueueRow, TaskView, VolunteerRow
from node.ports import Round
from node.services.peering import PeerView
from node.services.publishing import Preview


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The frame: whose site this is, who reads it, and the seal of its forms."""

    group: str
    phone: str
    hours: str
    actor: Actor
    path: str
    seal: str
    said: str
    """The msgid of what was just done, or empty."""
    locked: bool
    https: bool

    @property
    def staff(self) -> bool:
        """Whether somebody is signed in."""
        return self.actor.kind == "staff"

    def may(self, permission: str) -> bool:
        """Whether the reader may do it."""
        return may(self.actor, Permission(permission))


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """One heading of kinds of help, with its kinds."""

    heading: Named
    kinds: Sequence[Category]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontPage:
    """`/`"""

    headings: Sequence[Named]
    nearby: int
    """Open requests that anybody may see, over all groups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """A page that is one form: set-up, sign-in."""

    form: Any
    problem: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardsPage:
    """The three rescue cards, shown once."""

    cards: Sequence[str]
    words: Sequence[str]
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage:
    """What happened, what is saved, what to do, a reference."""

    title: str
    what: str
    saved: str
    todo: str
    reference: str
    picture: str
    way_out: str
    way_out_words: str
    who: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One saved filter of the board."""

    code: str
    count: int | None
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A line above the board, and where to put it right."""

    words: str
    link: str = ""
    link_words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPage:
    """`/board` and `/board/<id>`"""

    filters: Sequence[Filter]
    chosen: str
    rows: Sequence[QueueRow]
    areas: Mapping[str, str]
    """Where areas are, in words, as far as that is known."""
    notices: Sequence[Notice] = ()
    """What every member of staff should see until it is put right."""
    need: NeedView | None = None
    others_see: Preview | None = None
    """Exactly what other groups see of it."""
    slot_at: int = 0
    """When the next news goes out, Unix seconds."""
    candidates: Sequence[Candidate] = ()
    in_mind: Sequence[VolunteerRow] = ()
    in_mind_id: str = ""
    why_not: str = ""
    link: str = ""
    """A private link that was just made; shown this once."""
    link_for: str = ""
    taken_by: str = ""
    """Why something did not go through, in words."""
    taken_title: str = ""
    still_open: Sequence[QueueRow] = ()
    """After somebody else was quicker: what to turn to next."""
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakePage:
    """`/intake` and `/ask`"""

    form: Any
    headings: Sequence[Heading]
    known: Sequence[KnownPerson] = ()
    looked: bool = False
    """Somebody asked whether we know the number."""
    area: str = ""
    """The area that the place was understood as, to be read back."""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenLine:
    """One of the requests that a call became."""

    need_id: str
    kind: str
    reference: str
    candidates: Sequence[Candidate]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenPage:
    """The end of a call: what to read out, and who could go."""

    lines: Sequence[TakenLine]
    public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteersPage:
    """`/volunteers`"""

    rows: Sequence[VolunteerRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerFormPage:
    """`/volunteers/add`"""

    form: Any
    headings: Sequence[Heading]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpsPage:
    """`/people/<id>/helps`"""

    person_id: str
    name: str
    form: Any
    headings: Sequence[Heading]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """One member of staff; what the reader may do with the account."""

    id: str
    handle: str
    roles: Sequence[str]
    holds: Sequence[str]
    suspended: bool
    is_reader: bool
    may_get: Sequence[tuple[str, str]]
    """Records that the reader may let them read: code and words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamPage:
    """`/team`"""

    rows: Sequence[MemberRow]
    form: Any
    """For one more; None for whoever may not add anybody."""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """`/people/<id>`: closed until the look is recorded."""

    person_id: str
    person: PersonView | None
    others: Sequence[VolunteerRow] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPage:
    """`/t/<token>`"""

    task: TaskView
    token: str
    map: Markup | None
    area: str = ""
    """Roughly where, in words, if that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearRow:
    """One line of the table beside the map."""

    kind: str
    urgency: str
    status: str
    origin: str
    url: str
    phone: str
    freshness: str
    heard: int | None
    distance: str
    window: str
    takes: Sequence[str]
    sign: str
    """The area's letter on the map."""
    area: str
    """Where that is, in words, if it is known."""
    first_of_area: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NearPage:
    """`/near`"""

    form: Any
    rows: Sequence[NearRow]
    groups: int
    map: Markup | None
    where: str
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeersPage:
    """`/peers`"""

    rows: Sequence[PeerView]
    own_words: Sequence[str]
    own_id: str
    own_url: str
    form: Any
    problem: str = ""
    fetched: Sequence[Round] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRow:
    """What one kind of help does outside."""

    code: str
    name: str
    share: str
    never: bool
    members: Sequence[str]
    """The kinds that go out together under this one broad name, if there are several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsPage:
    """`/settings`"""

    rows: Sequence[tuple[Named, Sequence[ShareRow]]]
    next_at: int | None
    problem: str = ""
