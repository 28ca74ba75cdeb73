"""Lists of people who are rung to hear how they are: the rhythm, who is on a list, what came of a call - as tables.

Nothing here is a to-do that could be forgotten: who is due on a day follows from the rhythm and the entries, and what
waits for a coordinator follows from the words that were said (``raised_by``).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from node.domain.dispatch.series import OnHoliday, SeriesState, moved_day
from node.domain.ids import PersonId
from node.domain.lifecycle import step
from node.errors import N_

KIND = "phone_call"
"""The kind of help a call is: whoever rings needs the safety check that it asks for."""
MOST_ENTRIES = 200
"""On one list; more is a second list."""
MAX_NOTE = 500
"""Characters of a note about a person, or of what was said on a call."""
MAX_NAME = 80
"""Characters of a list's name."""
ECHO_SECONDS = 20 * 60
"""The same word again within this time is the same ring: a second tap, or two who write up the same paper."""
PAPER_DAYS = 7
"""So many days back a call may be written up, and is missed where it was not: whoever rings from a sheet of paper does
not come by every day."""
WEEK = tuple(range(7))
_A_HOLIDAY_IN_A_ROW = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """On which days: weekdays (0 Monday), from a first to a last day, and what becomes of the group's days off."""

    weekdays: tuple[int, ...]
    first_day: date
    last_day: date | None = None
    on_holiday: OnHoliday = OnHoliday.SAME


@dataclass(frozen=True, slots=True, kw_only=True)
class CallList:
    """One list. Its name and note lie sealed (``ListDetails``). Its states are those of everything that repeats."""

    id: str
    state: SeriesState
    rhythm: Rhythm
    paused_until: date | None = None
    """The first day again; None with state paused: until somebody says so. Of one that goes on, since when."""
    language: str = ""
    """In which the calls are held; empty: whatever each of them speaks."""
    by_staff: str
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDetails:
    """The sealed part: a name that may say a street, and what every caller should know."""

    name: str
    note: str = ""


class EntryState(StrEnum):
    ON = "on"
    PAUSED = "paused"
    """In hospital, away: with a first day again, or until somebody says so."""
    OFF = "off"


class EntryMove(StrEnum):
    PAUSE = "pause"
    RESUME = "resume"
    TAKE_OFF = "take_off"
    PUT_BACK = "put_back"


ENTRY_MOVES: Mapping[tuple[EntryState, EntryMove], EntryState] = {
    (EntryState.ON, EntryMove.PAUSE): EntryState.PAUSED,
    (EntryState.PAUSED, EntryMove.PAUSE): EntryState.PAUSED,
    (EntryState.PAUSED, EntryMove.RESUME): EntryState.ON,
    (EntryState.ON, EntryMove.TAKE_OFF): EntryState.OFF,
    (EntryState.PAUSED, EntryMove.TAKE_OFF): EntryState.OFF,
    (EntryState.OFF, EntryMove.PUT_BACK): EntryState.ON,
}
"""Every allowed move."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One person on one list. A note about the calls lies sealed."""

    id: str
    list_id: str
    person_id: PersonId
    state: EntryState = EntryState.ON
    paused_until: date | None = None
    """The first day again; of somebody who is on again, since when."""
    place: int = 0
    """From 0: the order to ring."""
    caller_id: str | None = None
    """Who usually rings; of a caller who is gone it stands for nobody."""
    agreed: bool = False
    """Somebody heard her say yes to being rung; until then the first question of the call is just that."""
    since_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Somebody who rings: a volunteer (``person_id``) or one of us (``staff_id``). Only hashes of link and device."""

    id: str
    list_id: str
    person_id: PersonId | None = None
    staff_id: str | None = None
    weekdays: tuple[int, ...] = WEEK
    """The days of the week on which she can."""
    link_hash: bytes | None = None
    device_hash: bytes | None = None
    since_day: date


class CallWord(StrEnum):
    """What came of one ring."""

    FINE = "fine"
    """Answered, and all is well."""
    NO_ANSWER = "no_answer"
    WANTS = "wants"
    """Answered, and would like some help."""
    WORRIED = "worried"
    """Answered or not: the caller is worried."""


WEIGHT: Mapping[CallWord, int] = {
    CallWord.NO_ANSWER: 0,
    CallWord.FINE: 1,
    CallWord.WANTS: 2,
    CallWord.WORRIED: 3,
}
"""Of several words on one day the heaviest stands, whatever the order in which they came in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One word about one ring; ``at`` in Unix seconds. ``taken_back``: it was a slip."""

    id: str
    entry_id: str
    day: date
    word: CallWord
    at: int
    by_actor: str
    taken_back: bool = False


class Silence(StrEnum):
    """How often in a row nobody answered."""

    HEARD = "heard"
    ONCE = "once"
    OFTEN = "often"


class TaskKind(StrEnum):
    """What a coordinator has to see to."""

    NO_ANSWER = "no_answer"
    WANTS = "wants"
    WORRIED = "worried"


AFTER: Mapping[tuple[Silence, CallWord], tuple[Silence, TaskKind | None]] = {
    (Silence.HEARD, CallWord.FINE): (Silence.HEARD, None),
    (Silence.HEARD, CallWord.NO_ANSWER): (Silence.ONCE, None),
    (Silence.HEARD, CallWord.WANTS): (Silence.HEARD, TaskKind.WANTS),
    (Silence.HEARD, CallWord.WORRIED): (Silence.HEARD, TaskKind.WORRIED),
    (Silence.ONCE, CallWord.FINE): (Silence.HEARD, None),
    (Silence.ONCE, CallWord.NO_ANSWER): (Silence.OFTEN, TaskKind.NO_ANSWER),
    (Silence.ONCE, CallWord.WANTS): (Silence.HEARD, TaskKind.WANTS),
    (Silence.ONCE, CallWord.WORRIED): (Silence.HEARD, TaskKind.WORRIED),
    (Silence.OFTEN, CallWord.FINE): (Silence.HEARD, None),
    (Silence.OFTEN, CallWord.NO_ANSWER): (Silence.OFTEN, TaskKind.NO_ANSWER),
    (Silence.OFTEN, CallWord.WANTS): (Silence.HEARD, TaskKind.WANTS),
    (Silence.OFTEN, CallWord.WORRIED): (Silence.HEARD, TaskKind.WORRIED),
}
"""(how it stood, what was said) -> (how it stands, what a coordinator has to see to). No answer twice in a row is a
task; what she wants, and a worry, are one at once."""

SETTLES = frozenset({CallWord.FINE, CallWord.WANTS})
"""Somebody spoke with her: a task because nobody answered is over by itself."""


class TaskEnd(StrEnum):
    """How a task was over."""

    DONE = "done"
    """A coordinator says so."""
    ANSWERED = "answered"
    """She answered after all."""
    REQUEST = "request"
    """It became a request."""
    SLIP = "slip"
    """The word it came from was a slip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTask:
    """One thing for a coordinator. At most one of each kind stands open for an entry."""

    id: str
    entry_id: str
    kind: TaskKind
    said_id: str
    """The word it came from."""
    raised_at: int
    taken_by: str | None = None
    """The staff id of who looks after it."""
    ended: TaskEnd | None = None
    ended_at: int | None = None


def rings_on(rhythm: Rhythm, day: date, holidays: Collection[date]) -> bool:
    """Whether somebody is rung that day: one of its weekdays, or the last day before one that is a day off."""
    if day in holidays and rhythm.on_holiday is not OnHoliday.SAME:
        return False
    if _is_own(rhythm, day):
        return True
    if rhythm.on_holiday is not OnHoliday.BEFORE:
        return False
    for ahead in range(1, _A_HOLIDAY_IN_A_ROW):
        later = day + timedelta(days=ahead)
        if later not in holidays:
            return False
        if _is_own(rhythm, later) and moved_day(later, rhythm.on_holiday, holidays) == day:
            return day >= rhythm.first_day
    return False


def _is_own(rhythm: Rhythm, day: date) -> bool:
    last = rhythm.last_day
    return day.weekday() in rhythm.weekdays and rhythm.first_day <= day and (last is None or day <= last)


def next_days(rhythm: Rhythm, start: date, holidays: Collection[date], many: int) -> list[date]:
    """The next days from ``start`` on; fewer where the rhythm ends before, or within sixty days."""
    ahead = (start + timedelta(days=each) for each in range(60))
    return [day for day in ahead if rings_on(rhythm, day, holidays)][:many]


def list_rings(each: CallList, day: date, holidays: Collection[date]) -> bool:
    """Whether anybody of that list is rung that day."""
    running = each.state is SeriesState.RUNNING
    back = each.state is SeriesState.PAUSED and each.paused_until is not None and day >= each.paused_until
    return (running or back) and rings_on(each.rhythm, day, holidays)


def is_on(entry: Entry, day: date) -> bool:
    """Whether she is rung that day, if her list is."""
    if entry.state is EntryState.PAUSED:
        return entry.paused_until is not None and day >= entry.paused_until
    return entry.state is EntryState.ON


def on_its_day(day: date, today: date) -> bool:
    """Whether what came of that day's calls may be noted: for some days, because of what is on paper."""
    return day <= today <= day + timedelta(days=PAPER_DAYS)


def share_out(
    entries: Sequence[Entry],
    callers: Sequence[str],
    moved: Mapping[str, str],
    unfit: Collection[tuple[str, str]],
) -> dict[str, str | None]:
    """Entry -> who rings her that day, None where nobody can.

    ``callers``: who is there that day, in order; ``moved``: entry -> caller for that day alone; ``unfit``: (entry,
    caller) who must not have to do with each other. Everybody is rung by whom she knows, if that one is there; the
    others are shared out so that all have about as many.
    """

    def fits(entry: Entry, caller: str | None) -> bool:
        return caller in callers and (entry.id, caller) not in unfit

    found: dict[str, str | None] = {}
    for entry in entries:
        wanted = (moved.get(entry.id), entry.caller_id)
        found[entry.id] = next((each for each in wanted if fits(entry, each)), None)
    load = {caller: sum(each == caller for each in found.values()) for caller in callers}
    for entry in entries:
        free = [caller for caller in callers if fits(entry, caller)]
        if found[entry.id] is None and free:
            found[entry.id] = min(free, key=lambda caller: load[caller])
            load[found[entry.id] or ""] += 1
    return found


def in_blocks(entries: Sequence[Entry], callers: Sequence[str]) -> dict[str, str]:
    """Entry -> caller: neighbours on the list stay together, and all callers have as many, give or take one."""
    if not callers:
        return {}
    return {entry.id: callers[at * len(callers) // len(entries)] for at, entry in enumerate(entries)}


def outcome(said: Iterable[Said]) -> CallWord | None:
    """What came of the calls of one day, None if nothing was said."""
    words = [each.word for each in said if not each.taken_back]
    return max(words, key=lambda word: WEIGHT[word], default=None)


def is_echo(before: Iterable[Said], word: CallWord, day: date, at: int) -> bool:
    """Whether the same was just said about the same call."""
    near = (each for each in before if not each.taken_back and abs(at - each.at) < ECHO_SECONDS)
    return any(each.word is word and each.day == day for each in near)


def in_order(said: Iterable[Said]) -> list[Said]:
    """By the day of the call, and on one day by when it was said: what is typed from paper comes in late. Of two in
    the same second the one that was written first stands first."""
    return sorted(said, key=lambda said: (said.day, said.at))


def raised_by(said: Iterable[Said]) -> tuple[Silence, tuple[tuple[Said, TaskKind], ...]]:
    """How it stands after all these words in their order, and what each of them raised. Echoes raise nothing."""
    silence, raised = Silence.HEARD, []
    heard: list[Said] = []
    for each in in_order(said):
        if each.taken_back or is_echo(heard, each.word, each.day, each.at):
            continue
        heard.append(each)
        silence, task = AFTER[silence, each.word]
        if task is not None:
            raised.append((each, task))
    return silence, tuple(raised)


def problems(rhythm: Rhythm, name: str, note: str, today: date) -> dict[str, str]:
    """Every field that does not fit (a msgid); empty when all is well."""
    found: dict[str, str] = {}
    if not name.strip() or len(name) > MAX_NAME:
        found["name"] = N_("Give the list a name, not too long.")
    if not rhythm.weekdays or not set(rhythm.weekdays) <= set(WEEK):
        found["weekdays"] = N_("Choose at least one day of the week.")
    if rhythm.last_day is not None and rhythm.last_day < max(rhythm.first_day, today):
        found["last_day"] = N_("The last day is before the first.")
    if len(note) > MAX_NOTE:
        found["note"] = N_("This is too long. Shorten it, please.")
    return found


def after_entry(state: EntryState, move: EntryMove) -> EntryState:
    """The next state. Raises ``Conflict("moved_on")`` when the table has no such move."""
    return step(ENTRY_MOVES, state, move, of="somebody on a list of calls")
