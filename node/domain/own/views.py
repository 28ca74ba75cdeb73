"""What a volunteer's own page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from node.domain.assignment import AssignmentState, Fallen
from node.domain.board.views import Reason
from node.domain.need import PartOfDay, Urgency, Window
from node.domain.own.over import Over
from node.domain.volunteer import Volunteer


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTaskRow:
    """One task of hers. What stands here anybody may read on the map; the rest opens on the task's own page."""

    id: str
    state: AssignmentState
    category: str
    cell: str | None
    urgency: Urgency
    window: Window | None
    part_of_day: PartOfDay | None
    due_day: date | None
    posted_day: date
    """Since when it is known; what is wanted "this week" may be any day from then to ``due_day``."""
    remote: bool
    changed_at: int
    elsewhere: bool = False
    """Its details open on another device."""
    thanked: bool = False
    """Whoever asked said on their own page that it went well."""
    group: str = ""
    """The other group that it is for; its kind of help is then a shared code."""
    others_go: bool = False
    """She is asked or waits for a yes, and every place is filled by others."""
    held: Fallen | None = None
    """Why she is not to go as things are."""
    over: Over | None = None
    """How it came to nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearRow:
    """Something she could do: what a map tells, and how far it is as honestly as it is known."""

    need_id: str
    category: str
    cell: str | None
    urgency: Urgency
    window: Window | None
    part_of_day: PartOfDay | None
    effort: str | None
    requires: tuple[str, ...]
    tags: tuple[str, ...]
    helpers: int
    posted_day: date
    """When it was asked for: what tells one from another of the same kind."""
    where: Reason
    """``from_home``, ``span`` {near, far in kilometres; no far: open}, ``same_district``,
    ``other_district`` or ``place_unknown``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Where she looks for what other groups want: WGS 84 degrees, kilometres, shared codes of kinds of help."""

    lat: float
    lon: float
    km: float
    categories: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnView:
    """``/my``. ``name`` is empty and ``near`` is None while locked, and while she is on a pause ``near`` is empty."""

    name: str
    locked: bool
    volunteer: Volunteer
    tasks: Sequence[OwnTaskRow]
    """Going on, the next first."""
    near: Sequence[NearRow] | None
    paused: bool
    done: int
    """How many she has done."""
    over: Sequence[OwnTaskRow] = ()
    """What came to nothing lately and not by her, the newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDevice:
    """One browser in which she is signed in. Times are Unix seconds; ``id`` lets nobody in."""

    id: str
    browser: str
    since: int
    last_seen: int
    here: bool
    told: bool = False
    """It shows notifications."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPasskey:
    """One passkey of hers. Times are Unix seconds; ``id`` lets nobody in."""

    id: str
    browser: str
    """In which it was made."""
    made_at: int
    last_used: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRow:
    """Somebody who would like a link. ``found``: the volunteers whom we know by what was typed, id to name."""

    id: str
    at: int
    typed: str
    found: dict[str, str]
