"""Page words for who could go: what counts, how much, and how asking goes. Every text is a msgid."""

from collections.abc import Mapping

from node.domain.matching.scoring import WEIGHTS
from node.errors import N_

FACTOR: Mapping[str, str] = {
    "near": N_("near"),
    "free": N_("few tasks this week"),
    "known": N_("helped this person before, or is their buddy"),
    "language": N_("speaks their language"),
    "hours": N_("has time when it is wanted"),
    "waiting": N_("was not asked for long"),
    "fair": N_("had no more than others this month"),
}
"""What counts, as one says it of somebody."""

HOW_MUCH: Mapping[str, str] = {
    "most": N_("counts most"),
    "much": N_("counts a lot"),
    "some": N_("counts"),
    "little": N_("counts a little"),
}


def how_much(weight: int) -> str:
    """A weight in words, as a code of ``HOW_MUCH``."""
    if weight == max(WEIGHTS.values()):
        return "most"
    return "much" if weight >= 15 else "some" if weight >= 10 else "little"


ORDER: tuple[tuple[str, str], ...] = tuple((str(factor), how_much(each)) for factor, each in WEIGHTS.items())
"""Each factor with how much it counts, what counts most first."""

WARNS = frozenset({"busy_day", "new_here"})
"""Reasons that stand out, because somebody should think twice."""

WHICH: Mapping[str, str] = {
    "today": N_("What is due today"),
    "week": N_("What is due this week"),
    "all": N_("Everything open"),
}
"""Which requests a plan is made for."""

LINE: Mapping[str, str] = {
    "shown": N_("Proposed"),
    "asked": N_("Asked"),
    "left_out": N_("Left out"),
    "stale": N_("No longer held"),
}
"""Where a line of the plan stands."""

EVERY: Mapping[str, str] = {
    "week": N_("every week"),
    "fortnight": N_("every two weeks"),
    "month": N_("every month, on the same weekday"),
}
"""How often something repeats."""

SAID: Mapping[str, str] = {
    "weekly": EVERY["week"],
    "fortnight": EVERY["fortnight"],
    "monthly": EVERY["month"],
    "other": N_("again and again, no days yet"),
}
"""The same as it is said on a call."""

ON_HOLIDAY: Mapping[str, str] = {
    "skip": N_("Leave it out"),
    "before": N_("Come a day earlier"),
    "same": N_("Come all the same"),
}
"""What happens on a day off of the group."""

LEFT_OUT: Mapping[str, str] = {
    "not_now": N_("not this time"),
    "day_off": N_("a day off of ours"),
    "no_day_before": N_("left out: a day off of ours, and there is no free day before it"),
    "twice": N_("another request of this rule is for that day"),
    "closed": N_("closed"),
}
"""Why nobody comes for a day of a rule."""
