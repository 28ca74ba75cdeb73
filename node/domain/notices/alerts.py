"""What members of staff are told by themselves while nobody looks at the board: which thing, to whom, when.

A *thing* is one matter that waits, read from the rows: ids and codes, never what somebody typed. What was told once is
never told again to the same account; what somebody attended to is no thing any more.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from node.domain.board.watch import URGENT_WAIT_HOURS
from node.domain.dispatch.wave import out_of_quiet
from node.domain.notices.notice import DAY, HOUR, MINUTE
from node.domain.permissions import Permission
from node.domain.zone import Zone


class Matter(StrEnum):
    """What somebody may choose to be told of: four, and no more."""

    URGENT = "urgent"
    CALLS = "calls"
    NEIGHBOURS = "neighbours"
    SAFETY = "safety"


class When(StrEnum):
    """How somebody is told of a matter."""

    OFF = "off"
    AT_ONCE = "at_once"
    DAILY = "daily"


WHENS: Mapping[Matter, tuple[When, ...]] = {
    Matter.URGENT: (When.AT_ONCE, When.DAILY, When.OFF),
    Matter.CALLS: (When.AT_ONCE, When.DAILY, When.OFF),
    Matter.NEIGHBOURS: (When.AT_ONCE, When.DAILY, When.OFF),
    Matter.SAFETY: (When.AT_ONCE, When.OFF),
}
"""What makes sense: whether somebody is safe is nothing for tomorrow morning."""


class What(StrEnum):
    """What kind of thing waits."""

    FIRST_LOOK = "first_look"
    """A request for today that nobody has looked at."""
    NOBODY_ASKED = "nobody_asked"
    """One for which nobody is asked."""
    YES = "yes"
    """One for which somebody said "I can help", and waits for our yes."""
    CALL_BACK = "call_back"
    """A day on which somebody wanted to ring again has come."""
    PROMISE = "promise"
    """An hour by which we said that somebody rings is here, or past."""
    HOLD_OVER = "hold_over"
    """A request was on hold until today."""
    RING = "ring"
    """After a friendly call somebody has to ring."""
    NOT_RUNG = "not_rung"
    """A list of friendly calls on which somebody was not rung on a day of theirs."""
    SECOND_YES = "second_yes"
    """What everybody could read waits for a second person's yes."""
    EXPORT_YES = "export_yes"
    """Somebody asked to take all data out, and a second person has to agree."""
    RECEIPT = "receipt"
    """Somebody laid money out and waits for an answer."""
    OFFER = "offer"
    """A neighbouring group's volunteer waits for our yes."""
    HANDED_OVER = "handed_over"
    """A neighbouring group asks us to take a whole request over."""
    DOOR = "door"
    """A group would like to be neighbours."""
    BELL = "bell"
    """A neighbouring group rings: it asks for help now, with what is wanted there today."""
    UNSAFE = "unsafe"
    """Somebody pressed "I feel unsafe"."""
    VISIT = "visit"
    """Somebody who went alone is not back, and nobody has rung yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a kind of thing belongs to. ``asks``: what one must be allowed to do to attend to it; None: to read what is
    told about safety."""

    matter: Matter
    asks: Permission | None


RULES: Mapping[What, Rule] = {
    What.FIRST_LOOK: Rule(matter=Matter.URGENT, asks=Permission.TRIAGE),
    What.NOBODY_ASKED: Rule(matter=Matter.URGENT, asks=Permission.DISPATCH),
    What.YES: Rule(matter=Matter.URGENT, asks=Permission.DISPATCH),
    What.CALL_BACK: Rule(matter=Matter.CALLS, asks=Permission.TAKE_CALL),
    What.PROMISE: Rule(matter=Matter.CALLS, asks=Permission.TAKE_CALL),
    What.HOLD_OVER: Rule(matter=Matter.CALLS, asks=Permission.TAKE_CALL),
    What.RING: Rule(matter=Matter.CALLS, asks=Permission.TRIAGE),
    What.NOT_RUNG: Rule(matter=Matter.CALLS, asks=Permission.TRIAGE),
    What.SECOND_YES: Rule(matter=Matter.CALLS, asks=Permission.APPROVE_PUBLIC),
    What.EXPORT_YES: Rule(matter=Matter.CALLS, asks=Permission.EXPORT),
    What.RECEIPT: Rule(matter=Matter.CALLS, asks=Permission.DISPATCH),
    What.OFFER: Rule(matter=Matter.NEIGHBOURS, asks=Permission.DISPATCH),
    What.HANDED_OVER: Rule(matter=Matter.NEIGHBOURS, asks=Permission.DISPATCH),
    What.DOOR: Rule(matter=Matter.NEIGHBOURS, asks=Permission.PEERS),
    What.BELL: Rule(matter=Matter.URGENT, asks=Permission.DISPATCH),
    What.UNSAFE: Rule(matter=Matter.SAFETY, asks=None),
    What.VISIT: Rule(matter=Matter.SAFETY, asks=Permission.READ_BOARD),
}

EVERYBODY_MINUTES: Mapping[What, int] = {
    What.VISIT: 15,
    What.FIRST_LOOK: 60,
    What.NOBODY_ASKED: 60,
    What.YES: 60,
    What.BELL: 30,
    What.PROMISE: 30,
}
"""Who is on is told first; if it still waits so many minutes later, so is everybody who may attend to it."""
NOT_ONES_OWN = frozenset({What.SECOND_YES, What.EXPORT_YES})
PROMISE_AHEAD = 15 * MINUTE
"""So long before the hour that we named: whoever is told can still keep it."""
BUNDLE = 5 * MINUTE
"""What is not urgent waits so long for company, so that one message tells what came in the same minutes."""
CODE_LASTS, CODE_TRIES = HOUR, 5
MOST_CODES = 5
"""In an hour: nobody fills a stranger's mailbox through this page."""
ORPHAN_DAYS = 90
"""So long what moved in from another node waits for an account of that sign-in name."""


class Kind(StrEnum):
    """What a message is about."""

    CODE = "code"
    """The digits by which an address is confirmed."""
    SAFETY = "safety"
    NEWS = "news"
    """Everything else."""


LASTS: Mapping[Kind, int] = {Kind.CODE: CODE_LASTS, Kind.SAFETY: DAY, Kind.NEWS: 12 * HOUR}
"""So long, in seconds, a message is worth sending after it was due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One thing that waits."""

    what: What
    id: str
    """Random ids and days; with ``what`` it names the thing for good."""
    by: str | None = None
    """The staff id of whoever promised it."""
    late: int = 0
    """Whole minutes since it should have been attended to."""

    @property
    def key(self) -> str:
        """As it is remembered: ``visit:<id>:<time>``."""
        return f"{self.what}:{self.id}"

    @property
    def matter(self) -> Matter:
        """What it belongs to."""
        return RULES[self.what].matter


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertChoices:
    """What one account wants to be told; as it is until she chooses."""

    urgent: When = When.AT_ONCE
    calls: When = When.DAILY
    neighbours: When = When.DAILY
    safety: When = When.AT_ONCE

    def when(self, matter: Matter) -> When:
        """Her choice for that matter."""
        return {
            Matter.URGENT: self.urgent,
            Matter.CALLS: self.calls,
            Matter.NEIGHBOURS: self.neighbours,
            Matter.SAFETY: self.safety,
        }[matter]

    @property
    def fits(self) -> bool:
        """Whether each choice is one of ``WHENS``."""
        return all(self.when(matter) in whens for matter, whens in WHENS.items())


NOTHING = AlertChoices(urgent=When.OFF, calls=When.OFF, neighbours=When.OFF, safety=When.OFF)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """An account to which messages may go."""

    handle: str
    staff_id: str
    may: frozenset[Permission]
    reads_safety: bool
    """Whether she may read what is told about safety."""
    choices: AlertChoices

    def may_hear(self, what: What) -> bool:
        """Whether that kind of thing is hers to attend to."""
        asks = RULES[what].asks
        return self.reads_safety if asks is None else asks in self.may

    def wants(self, thing: Thing) -> bool:
        """Whether it is hers to attend to, and she did not choose to hear nothing of that."""
        return self.may_hear(thing.what) and self.choices.when(thing.matter) is not When.OFF

    @property
    def matters(self) -> tuple[Matter, ...]:
        """Those of which something may ever be hers."""
        return tuple(
            matter
            for matter in Matter
            if any(rule.matter is matter and self.may_hear(what) for what, rule in RULES.items())
        )


def hears(
    thing: Thing, listeners: Iterable[Listener], on_now: Collection[str], *, when: When = When.AT_ONCE
) -> list[Listener]:
    """Who is told of it now. ``on_now``: staff ids of the present shift; empty where no rota is kept, or nobody is on.

    Once a day everybody reads who chose that. At once: whoever promised it, if she listens, and while she is not on,
    who is on, too; else who is on; else everybody, and so it is too when it waits ``EVERYBODY_MINUTES`` longer. Nobody
    is asked for a second yes to what she did herself. "I feel unsafe" goes to all who may read it,
    and somebody who is not back also to them at once.
    """
    able = [
        each
        for each in listeners
        if each.may_hear(thing.what) and each.choices.when(RULES[thing.what].matter) is when
    ]
    if thing.what in NOT_ONES_OWN:
        able = [each for each in able if each.staff_id != thing.by]
    if when is not When.AT_ONCE or thing.what is What.UNSAFE:
        return able
    on = [each for each in able if each.staff_id in on_now]
    last = EVERYBODY_MINUTES.get(thing.what)
    if last is not None and thing.late >= last:
        return able
    if thing.by is not None and (hers := [each for each in able if each.staff_id == thing.by]):
        return hers if thing.by in on_now else [each for each in able if each in hers or each in on]
    if not on:
        return able
    if thing.what is What.VISIT:
        return [each for each in able if each in on or each.reads_safety]
    return on


def known_already(thing: Thing, told: Collection[str]) -> bool:
    """Whether an account that was told these keys knows of it: of the very thing, or, of a request that waits for our
    yes, of the neighbouring group's volunteer for whom it waits. ``offer:<need>:<round>:<id>`` names those."""
    if thing.key in told:
        return True
    return thing.what is What.YES and any(key.startswith(f"{What.OFFER}:{thing.id}:") for key in told)


def urgent_minutes(decide_hours: int) -> int:
    """So long a request for today may wait for a coordinator: the board's own rule."""
    return min(decide_hours, URGENT_WAIT_HOURS) * 60


def kind_of(thing: Thing) -> Kind:
    """In which message it is told."""
    return Kind.SAFETY if thing.matter is Matter.SAFETY else Kind.NEWS


def goes_at(
    things: Collection[Thing], now: int, quiet: tuple[int, int], zone: Zone, *, bundle: bool = True
) -> int:
    """When a message with these goes, in Unix seconds. ``quiet``: the group's quiet hours, which safety does not wait
    for. ``bundle``: False for what is told once a day, which has its company already."""
    matters = {thing.matter for thing in things}
    if Matter.SAFETY in matters:
        return now
    at = now if not bundle or Matter.URGENT in matters else now + BUNDLE
    return out_of_quiet(at, quiet[0], quiet[1], zone)


def counted(things: Iterable[Thing]) -> Sequence[tuple[What, int]]:
    """How many of each kind, in the order of ``What``: all that a message says of them."""
    number: dict[What, int] = dict.fromkeys(What, 0)
    for thing in things:
        number[thing.what] += 1
    return [(what, many) for what, many in number.items() if many]
