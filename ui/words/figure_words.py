"""Page words for the group's own figures: what each is called, and what it counts. Every text is a msgid."""

from collections.abc import Mapping

from node.errors import N_

COUNT: Mapping[str, tuple[str, str]] = {
    "came_in": (N_("Requests that came in"), N_("Every request dated in these days, however it came.")),
    "by_phone": (N_("Calls taken"), N_("Those of them that somebody asked for by phone.")),
    "open_now": (N_("Open now"), N_("Not closed and not passed on, at this moment.")),
    "unmet": (N_("Open for more than 48 hours"), N_("At this moment, and nobody is confirmed to help yet.")),
    "active": (N_("Volunteers who help"), N_("At this moment: welcomed, and not resting.")),
    "resting": (N_("Volunteers who rest"), N_("At this moment: they said that they pause.")),
    "newcomers": (N_("New volunteers"), N_("Written down in these days, and still with us.")),
    "calls_answered": (N_("Friendly calls answered"), N_("A person on a day, whoever rang and how often.")),
    "calls_missed": (N_("Friendly calls not answered"), N_("Rung on a day, and nobody answered.")),
    "rounds": (N_("Rounds driven"), N_("Rounds of these days that are over.")),
    "doors": (N_("Doors delivered to"), N_("Stops of these rounds where it was handed over.")),
}

GROUPS: Mapping[str, tuple[str, ...]] = {
    N_("Requests"): ("came_in", "by_phone", "open_now", "unmet"),
    N_("People who help"): ("active", "resting", "newcomers"),
    N_("Calls and rounds"): ("calls_answered", "calls_missed", "rounds", "doors"),
}
"""The parts of the page that are single numbers, in their order."""

WAIT: Mapping[str, tuple[str, str]] = {
    "first_answer": (
        N_("Until somebody was asked or offered"),
        N_("From when it was written down. Without what came from a sheet."),
    ),
    "done": (N_("Until the help was done"), N_("From when it was written down, for what is done by now.")),
}
