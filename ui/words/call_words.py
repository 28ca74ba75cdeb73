"""Page words for lists of calls. Every text is a msgid."""

from collections.abc import Mapping

from node.domain.calls.call_list import WEEK
from node.errors import N_
from ui.i18n import Language
from ui.words import words

WORD: Mapping[str, str] = {
    "fine": N_("Answered, all is well"),
    "no_answer": N_("No answer"),
    "wants": N_("Would like help"),
    "worried": N_("I am worried"),
}
"""One button each, in the order of their number keys."""
WORD_ICON: Mapping[str, str] = {"fine": "check", "no_answer": "phone", "wants": "hand", "worried": "warn"}

OUTCOME: Mapping[str, str] = {
    "fine": N_("All is well"),
    "no_answer": N_("No answer yet"),
    "wants": N_("Would like help"),
    "worried": N_("Somebody is worried"),
}
TONE: Mapping[str, str] = {"fine": "good", "no_answer": "wait", "wants": "warm", "worried": "now"}

TASK: Mapping[str, str] = {
    "no_answer": N_("No answer twice in a row"),
    "wants": N_("Would like help"),
    "worried": N_("A caller is worried"),
}
TASK_DO: Mapping[str, str] = {
    "no_answer": N_(
        "Ring at another time of day. Ring a neighbour or the family. If nobody knows more, send somebody who is near."
    ),
    "wants": N_("Ring back, or write it down as a request now. Once it is one, this goes away by itself."),
    "worried": N_("Ring now. If nobody answers, send somebody who is near, or ring the emergency number."),
}

ENTRY: Mapping[str, str] = {
    "on": N_("is rung"),
    "paused": N_("has a pause"),
    "off": N_("off the list"),
}
ENTRY_TONE: Mapping[str, str] = {"on": "good", "paused": "wait", "off": ""}

LIST: Mapping[str, str] = {"running": N_("Goes on"), "paused": N_("Has a pause"), "ended": N_("Over")}
LIST_TONE: Mapping[str, str] = {"running": "good", "paused": "wait", "ended": ""}

ON_HOLIDAY: Mapping[str, str] = {
    "same": N_("They are rung all the same"),
    "skip": N_("Nobody is rung"),
    "before": N_("They are rung the day before"),
}

WEEKDAYS: Mapping[str, str] = {str(at): name for at, name in enumerate(words.WEEKDAY.values())}
"""The number of a weekday, 0 Monday, to its name."""


def days_in_words(weekdays: tuple[int, ...], language: Language) -> str:
    """ "every day", "Monday, Thursday"."""
    if set(weekdays) >= set(WEEK):
        return language.say(N_("every day"))
    if not weekdays:
        return language.say(N_("no day at present"))
    return language.listed(language.say(WEEKDAYS[str(day)]) for day in weekdays)
