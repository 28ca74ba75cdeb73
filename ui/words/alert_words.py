"""Words about what members of staff are told by themselves. Every text is a msgid."""

from collections.abc import Callable, Mapping

from node.errors import N_
from ui.i18n import Language

MATTER: Mapping[str, str] = {
    "urgent": N_("Something for today that nobody attends to"),
    "calls": N_("Somebody waits to be rung, for a second yes, or for money back"),
    "neighbours": N_("A neighbouring group waits for an answer"),
    "safety": N_("Somebody feels unsafe, or is not back"),
}
WHEN: Mapping[str, str] = {
    "at_once": N_("At once"),
    "daily": N_("Once a day"),
    "off": N_("Never"),
}

WAITS: Mapping[str, Callable[[Language, int], str]] = {
    "first_look": lambda to, many: to.say_many(
        "One request for today that nobody has looked at",
        "%(num)s requests for today that nobody has looked at",
        many,
    ),
    "nobody_asked": lambda to, many: to.say_many(
        "One request for today for which nobody is asked",
        "%(num)s requests for today for which nobody is asked",
        many,
    ),
    "yes": lambda to, many: to.say_many(
        "One request for today with a helper who waits for our yes",
        "%(num)s requests for today with a helper who waits for our yes",
        many,
    ),
    "call_back": lambda to, many: to.say_many(
        "One person to ring back",
        "%(num)s people to ring back",
        many,
    ),
    "promise": lambda to, many: to.say_many(
        "One call that we promised by now",
        "%(num)s calls that we promised by now",
        many,
    ),
    "hold_over": lambda to, many: to.say_many(
        "One request that was on hold until today",
        "%(num)s requests that were on hold until today",
        many,
    ),
    "ring": lambda to, many: to.say_many(
        "One person to ring after a friendly call",
        "%(num)s people to ring after friendly calls",
        many,
    ),
    "not_rung": lambda to, many: to.say_many(
        "One list of friendly calls on which somebody was not rung",
        "%(num)s lists of friendly calls on which somebody was not rung",
        many,
    ),
    "second_yes": lambda to, many: to.say_many(
        "One thing for everybody to read that waits for a second yes",
        "%(num)s things for everybody to read that wait for a second yes",
        many,
    ),
    "export_yes": lambda to, many: to.say_many(
        "One ask to take data out that waits for a second yes",
        "%(num)s asks to take data out that wait for a second yes",
        many,
    ),
    "receipt": lambda to, many: to.say_many(
        "One receipt that nobody has answered",
        "%(num)s receipts that nobody has answered",
        many,
    ),
    "offer": lambda to, many: to.say_many(
        "One helper of a neighbouring group who waits for our yes",
        "%(num)s helpers of neighbouring groups who wait for our yes",
        many,
    ),
    "handed_over": lambda to, many: to.say_many(
        "One request that a neighbouring group asks us to take over",
        "%(num)s requests that neighbouring groups ask us to take over",
        many,
    ),
    "bell": lambda to, many: to.say_many(
        "One neighbouring group rings: help is wanted there today",
        "Neighbouring groups rang %(num)s times: help is wanted there today",
        many,
    ),
    "door": lambda to, many: to.say_many(
        "One group that would like to be neighbours",
        "%(num)s groups that would like to be neighbours",
        many,
    ),
    "unsafe": lambda to, many: to.say_many(
        "One person told us that they feel unsafe",
        "%(num)s people told us that they feel unsafe",
        many,
    ),
    "visit": lambda to, many: to.say_many(
        "One helper who went alone and is not back in time",
        "%(num)s helpers who went alone and are not back in time",
        many,
    ),
}
"""What waits, and how much of it: by kind of thing (``node.domain.notices.alerts.What``), the words for a number."""
