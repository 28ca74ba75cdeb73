"""What the pages about rounds are given: values, never rows."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from node.domain.board.views import HistoryRow, TaskDetails
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.need import Item, Urgency, Window
from node.domain.rounds.run import HandOff, RunDetails, RunMove, RunState, StopState
from node.domain.volunteer import Transport


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """One round in the list."""

    id: str
    day: date
    state: RunState
    driver: str
    waiting: int
    done: int
    undone: int
    """Nobody at home, or a problem."""
    cells: tuple[str, ...]
    """Areas of its stops, in the order to go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopView:
    """One stop as the board's people see it: no name, no street. ``told``: what was said at the door."""

    task: AssignmentId
    need_id: NeedId
    reference: str
    category: str
    """Exact."""
    cell: str | None
    state: StopState
    hand_off: HandOff
    note: str
    told: str
    told_by_phone: bool
    """The person was told who comes."""
    placed: bool
    """Its place is known, so that the order means something."""
    wanted: Window | None
    """Its days, where that of the round is none of them."""
    held: str = ""
    """As ``DriverStop.held``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """One round. ``km``: along its waiting stops as the crow flies, so the road is longer."""

    id: str
    day: date
    state: RunState
    driver_id: PersonId
    driver: str
    details: RunDetails
    stops: tuple[StopView, ...]
    km: float
    has_link: bool
    opened: bool
    """The link was opened on some device."""
    moves: tuple[RunMove, ...]
    history: tuple[HistoryRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One need that waits to be brought."""

    need_id: NeedId
    reference: str
    category: str
    """Exact."""
    urgency: Urgency
    due_day: date | None
    cell: str | None
    window: Window | None
    """Its own days, where it has any."""

    def off(self, day: date) -> bool:
        """Whether a round of that day would not come on one of its days."""
        return self.window is not None and not self.window.holds(day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """What waits in one area, most pressing first. ``day``: by which the first of them should be there."""

    cell: str | None
    day: date | None
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """Somebody who could drive. ``free``: she said that she can on that day. ``elsewhere``: the parts of the day for
    which she is confirmed for something already, empty for some time of it."""

    person_id: PersonId
    name: str
    transport: Transport
    free: bool
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NearRun:
    """A planned round that passes near a need. ``km``: to its nearest stop; None: the same area is all we know."""

    id: str
    day: date
    driver: str
    stops: int
    km: float | None
    clash: bool
    """Whoever drives is sure to be somewhere else at the very time at which this is wanted."""
    wanted: Window | None = None
    """Its days, where that of the round is none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRun:
    """The round that a need is on: its stop's number from 1."""

    id: str
    day: date
    state: RunState
    driver: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A need that could not be put on a round. ``code``: the conflict's code, or a gate's; never why two people must
    not meet."""

    reference: str
    code: str
    wanted: Window | None = None
    """Its days, where that of the round is none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A round that was made or changed, and what could not come on it."""

    run_id: str
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescheduled:
    """A round that is on another day now."""

    before: date
    told: tuple[str, ...]
    """References of those who had been told who comes, and when: they have to be told again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetStop:
    """One stop on paper: what the door takes, and nothing else."""

    number: int
    reference: str
    category: str
    details: TaskDetails
    """Empty where nobody is to go as things are."""
    items: tuple[Item, ...]
    hand_off: HandOff
    note: str
    held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A run sheet: what stays at the desk (digits and kinds), and what goes along."""

    id: str
    day: date
    driver: str
    details: RunDetails
    stops: tuple[SheetStop, ...]


class Stage(StrEnum):
    """What the page behind a round's private link shows."""

    OPEN_HERE = "open_here"
    """Day and number of stops; one tap ties it to this device."""
    OTHER_DEVICE = "other_device"
    PLANNED = "planned"
    """On this device; not set off yet, so no details."""
    UNDER_WAY = "under_way"


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverStop:
    """One line of the round on the phone. No name and no street: those are on the stop's own page."""

    task: AssignmentId
    number: int
    reference: str
    category: str
    cell: str | None
    state: StopState
    items: tuple[Item, ...]
    """What to load; empty until she has set off."""
    held: str = ""
    """Why nobody is to go there as things are: a code; empty: nothing stands against it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverView:
    """The round as whoever drives sees it."""

    stage: Stage
    day: date
    may_start: bool
    """Its day has come."""
    details: RunDetails | None
    """Where it begins; on her own device only."""
    stops: tuple[DriverStop, ...]
    locked: bool
    following: AssignmentId | None
    """The next stop that waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorView:
    """One stop on its own page. ``details`` are None while locked."""

    stop: DriverStop
    of: int
    details: TaskDetails | None
    hand_off: HandOff
    note: str
    following: AssignmentId | None
    """The next one after this."""
