"""Page words for what people have to give. Every text is a msgid."""

from collections.abc import Mapping

from node.errors import N_

SORT: Mapping[str, str] = {
    "thing": N_("Something I give away"),
    "standing": N_("Something I lend, or do now and then"),
}
"""As whoever has it says it."""

SORT_SHORT: Mapping[str, str] = {
    "thing": N_("To give away"),
    "standing": N_("Now and then"),
}
"""As the desk reads it."""

WAY: Mapping[str, str] = {
    "either": N_("Either is fine"),
    "fetch": N_("Somebody fetches it, or comes here"),
    "brought": N_("I bring it, or come"),
}

WAY_SHORT: Mapping[str, str] = {
    "either": N_("Can be fetched, or is brought"),
    "fetch": N_("Has to be fetched"),
    "brought": N_("Is brought"),
}

STATE: Mapping[str, str] = {
    "new": N_("New"),
    "open": N_("On the list"),
    "given": N_("Somebody has it"),
    "gone": N_("Gone"),
}

TONE: Mapping[str, str] = {"new": "warm", "open": "good", "given": "", "gone": ""}

MOVE: Mapping[str, str] = {
    "keep": N_("It still stands"),
    "give": N_("Somebody has it now"),
    "end": N_("It is gone"),
    "back": N_("Back on the list"),
}

SYMBOL: Mapping[str, str] = {"keep": "check", "give": "heart", "end": "cross", "back": "back"}
