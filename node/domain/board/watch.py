"""What waits too long: helpers nobody hears from, and decisions that nobody takes.

Times are Unix seconds. The hours stand in one table with their reasons; only how long a decision may wait is the
group's own setting, because a street looks at its board in the evening and a staffed desk within the hour.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from node.domain.assignment import AssignmentState
from node.domain.ids import AssignmentId, NeedId
from node.domain.need import Urgency

HOUR = 3600
DAY = 24 * HOUR


class Word(StrEnum):
    """How a helper's task stands by the clock."""

    FINE = "fine"
    QUIET = "quiet"
    """Somebody here should ask."""
    OVER = "over"
    """The task ends by itself and the place is free again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long nothing may be heard. Counted from the last word, and not before ``lead`` days before (negative:
    after) the day help is due."""

    quiet_hours: int
    over_hours: int
    quiet_lead: int
    over_lead: int
    reason: str


S = AssignmentState

PATIENCE: Mapping[AssignmentState, Patience] = {
    S.PROPOSED: Patience(
        quiet_hours=24,
        over_hours=72,
        quiet_lead=10_000,
        over_lead=10_000,
        reason="people answer within a day or not at all; three days block a place for somebody else",
    ),
    S.INTERESTED: Patience(
        quiet_hours=24,
        over_hours=72,
        quiet_lead=10_000,
        over_lead=10_000,
        reason="after three days without our yes she has made other plans",
    ),
    S.APPROVED: Patience(
        quiet_hours=24,
        over_hours=120,
        quiet_lead=1,
        over_lead=-5,
        reason="somebody asks on the third day whether help came, and has two days for it",
    ),
    S.CONTACTED: Patience(
        quiet_hours=24,
        over_hours=7 * 24,
        quiet_lead=-1,
        over_lead=-7,
        reason="help was on its way; a week after its day nobody will still report it",
    ),
}
"""State -> patience. Done and ended tasks are not waited for."""


def word(state: AssignmentState, heard_at: int, due: date | None, now: int) -> Word:
    """How a task stands. ``heard_at``: the last move or message; ``due``: the day help should have come by."""
    patience = PATIENCE.get(state)
    if patience is None:
        return Word.FINE
    if now >= max(heard_at + patience.over_hours * HOUR, _from(due, patience.over_lead)):
        return Word.OVER
    if now >= max(heard_at + patience.quiet_hours * HOUR, _from(due, patience.quiet_lead)):
        return Word.QUIET
    return Word.FINE


def ends_within_a_day(state: AssignmentState, heard_at: int, due: date | None, now: int) -> bool:
    """Whether the task stands and ends by itself tomorrow, unless something is heard of it."""
    over = Word.OVER
    return word(state, heard_at, due, now) is not over and word(state, heard_at, due, now + DAY) is over


def _from(due: date | None, lead: int) -> int:
    if due is None or lead >= 10_000:
        return 0
    return int(datetime(due.year, due.month, due.day, tzinfo=UTC).timestamp()) - lead * DAY


HAPPENED_DAYS = 3
"""So many days after it was due somebody asks whether help came: sooner it may still come, later nobody knows."""


class Waits(StrEnum):
    """For what decision."""

    FIRST_LOOK = "first_look"
    """A need in the sorting tray."""
    YES = "yes"
    """A volunteer who said "I can help"."""
    NOBODY_ASKED = "nobody_asked"
    """A need for today that volunteers may see, and nobody is asked, offers or comes."""
    SECOND_YES = "second_yes"
    """What everybody could read waits for a second person's yes."""
    EXPORT_YES = "export_yes"
    """Somebody asked to take all data out, and a second person has to agree."""
    RECEIPT = "receipt"
    """Somebody laid money out and waits for an answer."""
    CALL_BACK = "call_back"
    """The day has come on which somebody wanted to ring again."""
    PROMISE = "promise"
    """We said that we ring by an hour that is near, or past."""
    HANDED_ON = "handed_on"
    """A whole request of ours that a neighbouring group was asked to take over, and has not answered."""
    TAKE_OVER = "take_over"
    """The same there: theirs, that waits for our answer."""
    CAME_HOME = "came_home"
    """One that nobody there took or finished: it is ours again, and nothing has been done with it since."""
    RING = "ring"
    """After a friendly call somebody has to ring."""


PROMISED = frozenset({Waits.CALL_BACK, Waits.PROMISE, Waits.RING})
"""What one person took upon herself: nobody else does it, while she cannot even see it."""

HOURS: Mapping[Waits, int] = {
    Waits.SECOND_YES: 24,
    Waits.EXPORT_YES: 4,
    Waits.RECEIPT: 72,
    Waits.CALL_BACK: 24,
    Waits.PROMISE: 1,
    Waits.HANDED_ON: 24,
    Waits.TAKE_OVER: 24,
    Waits.CAME_HOME: 0,
}
"""What has a limit of its own, whatever the group's: a text for everybody may be read tomorrow, and money is counted
once or twice a week; a neighbouring group has a day; a call-back has the whole of its day; an hour that we named is
soon past; an ask to take data out ends by itself after a day; what came home has waited already."""


class Because(StrEnum):
    """Why it is shown to every coordinator."""

    LONG = "long"
    """It waits longer than the group allows."""
    AWAY = "away"
    """Whoever took it is not on now, and somebody else is."""
    GONE = "gone"
    """Whoever took it works here no more."""
    SIGNED_OUT = "signed_out"
    """Whoever promised it is signed in nowhere: on no device could she see it."""


URGENT_WAIT_HOURS = 1
"""For today's needs, whatever the group's own limit: half a morning is lost after that."""
BETWEEN_GROUPS = frozenset({Waits.HANDED_ON, Waits.TAKE_OVER})
"""For which that holds, too, although they have a limit of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One thing that waits for a coordinator. ``decider``: the staff id that took it, None for the public form and for
    what is anybody's. ``id``: the need's id where ``reference`` names it, else a task's, or empty for all of a kind."""

    id: str
    reference: str
    waits: Waits
    since: int
    urgency: Urgency
    decider: str | None
    many: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated:
    """A decision that everybody should see. ``hours``: how long it has waited, whole hours."""

    decision: Decision
    because: Because
    hours: int


def escalated(
    decisions: Iterable[Decision],
    *,
    now: int,
    limit_hours: int,
    on_now: frozenset[str],
    staff: frozenset[str],
    signed_in: frozenset[str],
) -> list[Escalated]:
    """What nobody decided in time, or whose decider is away; the longest waiting first.

    ``on_now``: staff ids of the present shift, empty when the group keeps no rota or nobody is on (then only time
    counts: there is nobody else to turn to). ``staff``: ids of everybody who works here; ``signed_in``: of those
    who are signed in on some device.
    """
    found = []
    for decision in decisions:
        because = _because(decision, now, limit_hours, on_now, staff)
        if because is None and decision.waits in PROMISED and decision.decider not in {None, *signed_in}:
            because = Because.SIGNED_OUT
        if because is not None:
            hours = max(0, now - decision.since) // HOUR
            found.append(Escalated(decision=decision, because=because, hours=hours))
    return sorted(found, key=lambda each: (each.decision.since, each.decision.waits, each.decision.id))


def _because(
    decision: Decision, now: int, limit_hours: int, on_now: frozenset[str], staff: frozenset[str]
) -> Because | None:
    limit = HOURS.get(decision.waits, limit_hours)
    if decision.urgency is Urgency.TODAY and (
        decision.waits not in HOURS or decision.waits in BETWEEN_GROUPS
    ):
        limit = min(limit, URGENT_WAIT_HOURS)
    if now - decision.since >= limit * HOUR:
        return Because.LONG
    if decision.decider is None:
        return None
    if decision.decider not in staff:
        return Because.GONE
    return Because.AWAY if on_now and decision.decider not in on_now else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A live task. ``heard_at``: the last move or message; ``due``: the day help should have come by."""

    id: AssignmentId
    need_id: NeedId
    state: AssignmentState
    due: date | None
    heard_at: int

    def word(self, now: int) -> Word:
        """How it stands by the clock."""
        return word(self.state, self.heard_at, self.due, now)


def ask_whether(today: date) -> date:
    """Needs that were due on this day or earlier are asked about."""
    return today - timedelta(days=HAPPENED_DAYS)
