"""Page words for people: journeys, steps, how they are reached. Every text is a msgid."""

from collections.abc import Mapping

from node.errors import N_

STANDING: Mapping[str, str] = {
    "applied": N_("Would like to help"),
    "met": N_("We have met"),
    "checked": N_("Checks seen"),
    "active": N_("Helps"),
    "resting": N_("Has a break"),
    "suspended": N_("Stopped for now"),
    "left": N_("Does not help any more"),
}

STANDING_TONE: Mapping[str, str] = {
    "applied": "warm",
    "met": "warm",
    "checked": "warm",
    "active": "good",
    "resting": "wait",
    "suspended": "now",
    "left": "",
}

COMES_NEXT: Mapping[str, str] = {
    "applied": N_("Ring them, and meet: a cup of tea, a walk, a talk. Until then: doorstep and phone only."),
    "met": N_(
        "Look at the safety check that their kinds of help take. Without one they can begin with the rest."
    ),
    "checked": N_("Say welcome, and give them a first small task beside somebody we know."),
}
"""What a coordinator does next, by standing."""

STEP: Mapping[str, str] = {
    "meet": N_("We have met"),
    "check": N_("Checks seen"),
    "welcome": N_("Welcome: one of us"),
    "rest": N_("Give them a break"),
    "resume": N_("Back from the break"),
    "suspend": N_("Stop for now"),
    "lift": N_("Let them help again"),
    "leave": N_("Does not help any more"),
    "return": N_("Helps again"),
    "bar": N_("Keep away for good"),
    "unbar": N_("Lift the ban"),
}
"""The button of each step."""

STEP_MEANS: Mapping[str, tuple[str, ...]] = {
    "rest": (
        N_("They are not asked until they are back."),
        N_("What they have said yes to goes on. Ring them about it."),
    ),
    "suspend": (
        N_("They are not asked any more, from this moment."),
        N_(
            "Their tasks are taken back, and their private links are closed. Ring the people who wait for them."
        ),
        N_("Only whoever looks after safety can let them help again."),
    ),
    "leave": (
        N_("They are not asked any more."),
        N_(
            "Their tasks are taken back, and their private links are closed. Ring the people who wait for them."
        ),
        N_("Name and number stay until somebody erases them."),
    ),
    "bar": (
        N_("This stands above everything: they help nobody, and nobody is sent to them."),
        N_("Tasks on both sides end at once, and private links are closed."),
        N_("Other volunteers are told nothing."),
    ),
    "unbar": (N_("They may help and be helped again. What was taken back stays taken back."),),
    "lift": (N_("They are asked again as before. What was taken back stays taken back."),),
}
"""What happens, one sentence each, before somebody presses the button."""

REASON: Mapping[str, str] = {
    "unsafe": N_("Somebody came to harm, or could have"),
    "dishonest": N_("Money or trust was misused"),
    "rules": N_("Did not keep to what we agreed"),
    "looking_into": N_("We are looking into something"),
    "own_wish": N_("Their own wish"),
    "moved_away": N_("Moved away"),
    "no_answer": N_("We cannot reach them"),
    "cleared_up": N_("It is cleared up"),
    "other": N_("Something else"),
}

CONTACT_BY: Mapping[str, str] = {
    "": N_("No matter"),
    "phone": N_("Ring"),
    "text": N_("Text message"),
    "email": N_("E-mail"),
    "letter": N_("Letter"),
    "visit": N_("Come by"),
}

ALIKE: Mapping[str, str] = {
    "reached": N_("the same number or e-mail address"),
    "name_and_door": N_("the same name and address"),
    "name": N_("the same name"),
    "door": N_("the same address"),
}
"""By what somebody new looks like somebody else."""

TOLD_BY: Mapping[str, str] = {
    "text": N_("I sent them a message"),
    "email": N_("I sent them an e-mail"),
    "letter": N_("I sent them a letter"),
    "visit": N_("I went and told them"),
}
"""That the person knows who comes; by phone stands beside each of these."""

FOUND_ROLE: Mapping[str, str] = {
    "asks": N_("Asked for help"),
    "helps": N_("Helps"),
    "organisation": N_("Organisation"),
    "barred": N_("Kept away"),
}

FIELD: Mapping[str, str] = {
    "name": N_("Name"),
    "contact_name": N_("Whom to ask for"),
    "door": N_("Phone"),
    "screen": N_("Second number"),
    "email": N_("E-mail"),
    "address": N_("Address"),
    "safe_to_ring": N_("Safe to ring"),
    "languages": N_("Languages"),
    "contact_by": N_("Likes to be reached by"),
    "about": N_("What they do"),
    "notes": N_("Notes"),
}
"""What is held about somebody, as the history names it."""
