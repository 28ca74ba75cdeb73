"""Unusual looks at people's details in one week: rules as a table, and what they find among the looks.

A finding is a reason to ask, never a verdict: whoever is on at night looks at night.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from node.domain.folded import folded

NIGHT = (23, 6)
"""Hours of the group's own clock, from and before."""
WITHIN_DAYS = 7
"""Whoever did something for somebody so many days before or after a look had a task there."""


class Rule(StrEnum):
    """What is unusual about a look."""

    MANY = "many"
    NIGHT = "night"
    SAME_NAME = "same_name"
    SAME_STREET = "same_street"
    NO_TASK = "no_task"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """From how many different people in one week on it is shown, and why."""

    people: int
    reason: str


RULES: Mapping[Rule, Limit] = {
    Rule.MANY: Limit(people=80, reason="twice what a whole week of phone shifts takes"),
    Rule.NIGHT: Limit(people=1, reason="nobody rings at night, and nobody is on"),
    Rule.SAME_NAME: Limit(people=1, reason="it may be a relative, who did not choose to be read by one"),
    Rule.SAME_STREET: Limit(people=1, reason="a neighbour of one's own is the likeliest to be looked up"),
    Rule.NO_TASK: Limit(
        people=5, reason="a wrong click happens; five people in a week without a task do not"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look of one member of staff at one person's details. ``hour``: 0 to 23, by the group's own clock."""

    staff: str
    person: str
    at: int
    hour: int
    task: bool
    """Whether that member of staff did anything for that person within ``WITHIN_DAYS``."""
    same_name: bool
    same_street: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule that one member of staff met: at whom, the one looked at first at the top."""

    staff: str
    rule: Rule
    people: tuple[str, ...]


def fits(rule: Rule, look: Look) -> bool:
    """Whether one look counts for one rule."""
    match rule:
        case Rule.MANY:
            return True
        case Rule.NIGHT:
            return look.hour >= NIGHT[0] or look.hour < NIGHT[1]
        case Rule.SAME_NAME:
            return look.same_name
        case Rule.SAME_STREET:
            return look.same_street
        case Rule.NO_TASK:
            return not look.task


def unusual(looks: Iterable[Look], rules: Mapping[Rule, Limit] = RULES) -> Sequence[Finding]:
    """What the rules find, by member of staff, in the order of the table."""
    held = sorted(looks, key=lambda look: (look.at, look.person))
    found = []
    for staff in sorted({look.staff for look in held}):
        for rule, limit in rules.items():
            people = tuple(dict.fromkeys(x.person for x in held if x.staff == staff and fits(rule, x)))
            if len(people) >= limit.people:
                found.append(Finding(staff=staff, rule=rule, people=people))
    return found


def same_name(handle: str, name: str) -> bool:
    """Whether a sign-in name and a person's name end in the same word: a family's, as far as one can tell."""
    ours, theirs = folded(handle).split(), folded(name).split()
    return len(theirs) > 1 and bool(ours) and len(ours[-1]) > 2 and ours[-1] == theirs[-1]


def street(address: str) -> str:
    """The street of an address without its number, as far as one can tell; empty when there is none."""
    first = folded(address.partition(",")[0].partition("\n")[0])
    return " ".join(word for word in first.split() if not any(letter.isdigit() for letter in word))
