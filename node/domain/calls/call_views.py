"""What pages show of lists of calls: the lists, one of them, the sheet of a day, a task, and a caller's own link."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from node.domain.calls.call_lines import Line
from node.domain.calls.call_list import CallList, CallTask, CallWord, Entry, ListDetails, Rhythm, Silence
from node.domain.calls.missed import NotRung
from node.domain.ids import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerView:
    """Somebody who rings. ``staff``: one of us; ``here``: the reader herself; ``gone``: cannot ring at present."""

    id: str
    name: str
    person_id: PersonId | None
    staff: bool
    here: bool
    gone: bool
    weekdays: tuple[int, ...]
    entries: int
    """How many people she usually rings."""
    has_link: bool
    opened: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLine:
    """One list among the others. Counts are of today; all 0 where nobody is rung today."""

    each: CallList
    name: str
    people: int
    callers: Sequence[str]
    today: bool
    due: int
    reached: int
    nobody: int
    """Due today, and there is nobody to ring them."""
    next: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRungLine:
    """One list with calls that nobody made. The name is empty while locked."""

    missing: NotRung
    list_name: str
    red: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidView:
    """One word about a call: what, when (Unix seconds), by whom, and what was noted."""

    id: str
    word: CallWord
    day: date
    at: int
    by: str
    note: str
    taken_back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """One person on a list, named."""

    entry: Entry
    name: str
    note: str
    barred: bool
    caller: str
    """The name of who usually rings; empty for nobody."""
    last: SaidView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListView:
    """One list with who rings, and everybody on it by name if somebody looked."""

    each: CallList
    details: ListDetails
    people: int
    entries: Sequence[EntryView]
    """Empty before somebody looks."""
    revealed: bool
    callers: Sequence[CallerView]
    may_ring: Sequence["MayRing"]
    next: Sequence[date]


@dataclass(frozen=True, slots=True, kw_only=True)
class MayRing:
    """Somebody who could ring: a volunteer whom nothing stands against, or one of us."""

    key: str
    """``v:`` and a person's id, or ``s:`` and a staff id."""
    name: str
    speaks: bool
    """The language of the list, if it has one."""
    said_so: bool
    """A volunteer who said that she rings people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLine:
    """One call of a day."""

    entry_id: str
    person_id: PersonId
    number: int
    name: str
    phone: str
    phone_kind: str
    safe_to_ring: str
    note: str
    languages: tuple[str, ...]
    agreed: bool
    caller_id: str | None
    outcome: CallWord | None
    silence: Silence
    said: Sequence[SaidView]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The calls of one caller; ``caller`` None: nobody can ring these."""

    caller: CallerView | None
    lines: Sequence[CallLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySheet:
    """Who is rung on a day, by whom, in what order."""

    each: CallList
    details: ListDetails
    day: date
    rings: bool
    """Anybody is rung that day."""
    open: bool
    """What came of a call may be noted."""
    revealed: bool
    """With names and numbers."""
    shares: Sequence[Share]
    there: Sequence[CallerView]
    """Who could ring that day."""
    next: date | None

    @property
    def lines(self) -> Sequence[CallLine]:
        """All calls of the day."""
        return [line for share in self.shares for line in share.lines]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """One thing for a coordinator, on the board: no name. ``list_name`` is empty while locked."""

    task: CallTask
    list_name: str
    keeper: str
    """The handle of who looks after it, else of who made the list; empty when that one works here no more."""
    taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView:
    """The same; ``revealed``: with whom it is about, after a look that was written down."""

    line: TaskLine
    revealed: bool
    list_id: str
    person_id: PersonId
    name: str = ""
    phone: str = ""
    phone_kind: str = ""
    safe_to_ring: str = ""
    note: str = ""
    said: Sequence[SaidView] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """What a list brings on a day, for the sheet of that day."""

    list_id: str
    name: str
    due: int
    nobody: int
    """Of these, how many nobody can ring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnList:
    """A list that somebody is on, for her page."""

    list_id: str
    list_name: str
    entry: Entry
    last: SaidView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Somebody we know by the number in a line."""

    person_id: PersonId
    name: str
    same_name: bool
    barred: bool
    on_list: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One pasted line, and whom it may be."""

    line: Line
    known: tuple[Known, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """What became of a line: somebody new, or the known person who was chosen. ``sure``: somebody looked at what was
    doubtful in it, and it is right."""

    line: Line
    person_id: PersonId | None = None
    sure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewList:
    """What a coordinator typed about a list."""

    name: str
    note: str = ""
    rhythm: Rhythm
    language: str = ""
    callers: tuple[str, ...] = ()
    """Keys of ``MayRing``."""
    agreed: bool = False
    """They all said yes to being rung."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """How many came onto the list, and how many were on it already."""

    list_id: str
    added: int
    there: int


class CallStage(StrEnum):
    """How a caller's link stands."""

    OPEN_HERE = "open_here"
    OTHER_DEVICE = "other_device"
    NOT_TODAY = "not_today"
    TODAY = "today"


@dataclass(frozen=True, slots=True, kw_only=True)
class MyCall:
    """One of a caller's calls of today, without a name."""

    entry_id: str
    number: int
    outcome: CallWord | None
    open: bool
    """There is something to ring for still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MyCalls:
    """`/c/<token>`"""

    stage: CallStage
    day: date
    next: date | None = None
    name: str = ""
    note: str = ""
    calls: Sequence[MyCall] = field(default_factory=tuple)
    following: str | None = None
    locked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OneCall:
    """Whom to ring now, on the device that opened the link; a look that was written down."""

    entry_id: str
    number: int
    of: int
    first_name: str
    phone: str
    phone_kind: str
    safe_to_ring: str
    note: str
    languages: tuple[str, ...]
    agreed: bool
    tried: int
    """How often nobody answered today."""
    following: str | None
    locked: bool
