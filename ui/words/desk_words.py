"""Page words for triage and follow-up. Every text is a msgid."""

from collections.abc import Mapping

from node.errors import N_

CONTACT: Mapping[str, str] = {
    "no_answer": N_("Rang: no answer"),
    "spoke": N_("Rang: spoke"),
    "left_message": N_("Left a message"),
    "text_sent": N_("Text sent"),
    "visited": N_("Visited"),
    "other": N_("Something else"),
}
"""The entries of the calls, one key each."""

CONTACT_ICON: Mapping[str, str] = {
    "no_answer": "phone",
    "spoke": "check",
    "left_message": "note",
    "text_sent": "note",
    "visited": "walk",
    "other": "plus",
}

MOVE: Mapping[str, str] = {
    "open": N_("Volunteers may be asked"),
    "hold": N_("Put on hold"),
    "close": N_("Closed"),
    "reopen": N_("Opened again"),
    "refer": N_("Passed to a neighbouring group"),
    "take_back": N_("Taken back from the neighbouring group"),
    "ask": N_("Somebody was asked"),
    "offered": N_("Somebody offered"),
    "assign": N_("Somebody was confirmed straight away"),
    "confirm": N_("Somebody was confirmed"),
    "decline": N_("Somebody said no"),
    "withdraw": N_("A helper was taken back"),
    "release": N_("A helper gave it back"),
    "contact": N_("A helper is on the way"),
    "done": N_("A helper says it is done"),
    "told": N_("They were told who comes"),
    "happened_well": N_("It went well: closed"),
    "happened_partly": N_("It went partly well: closed"),
    "happened_not": N_("Nobody came: open again"),
}
"""The last move on a request, beside the button that takes it back."""

WAITS: Mapping[str, str] = {
    "first_look": N_("nobody has looked at it yet"),
    "yes": N_("a volunteer can help and waits for your yes"),
    "nobody_asked": N_("it is wanted today, and nobody is asked"),
    "second_yes": N_("waits for a second yes before everybody can read it"),
    "export_yes": N_("somebody asked to take data out, and waits for a second yes"),
    "receipt": N_("money laid out, and no answer yet"),
    "call_back": N_("we wanted to ring again"),
    "promise": N_("we said that we ring back by now"),
    "handed_on": N_("a neighbouring group was asked to take it over, and has not answered"),
    "take_over": N_("a neighbouring group asks us to take a request over, and waits for our answer"),
    "came_home": N_("a neighbouring group did not take it: it is ours again, and nobody has seen to it"),
    "ring": N_("somebody has to be rung after a friendly call"),
}
"""For what decision something waits."""

WAITS_AT: Mapping[str, tuple[str, str]] = {
    "second_yes": ("/settings/public", "approve_public"),
    "export_yes": ("/export", "export"),
    "receipt": ("/receipts", "dispatch"),
    "take_over": ("/board/referrals/", "read_board"),
    "ring": ("/calls/see-to/", "read_person"),
}
"""Where what is no single request is decided, and what one must be allowed to do there."""

NEXT: Mapping[str, str] = {
    "look": N_("Is it clear what is wanted, and safe to send somebody? Then let volunteers be asked."),
    "ready": N_("It is on hold. Is it ready again? Then let volunteers be asked."),
    "answer": N_("Somebody can help and waits for your yes."),
    "find": N_("Nobody is on their way yet: choose who could go."),
    "wait": N_("Somebody was asked and has not answered. Wait, ring them, or ask somebody else."),
    "coming": N_("All is arranged, and the person knows. Nothing to do until somebody has been there."),
    "elsewhere": N_("A neighbouring group has it, or was asked to take it."),
    "over": N_("It is closed. There is nothing to do."),
}
"""What to do next about one request (``node.domain.board.next_step``); to tell and to ask have words of their own."""

KEYS: Mapping[str, str] = {
    "j": N_("the next request on the list"),
    "k": N_("the one before"),
    "Enter": N_("open it"),
    "a": N_("to whom you could ask"),
    "c": N_("write down a call"),
    "1–6": N_("after c: what came of the call, in the order of the buttons, written down at once"),
    "n": N_("a new call"),
    "/": N_("look for somebody, or for the number of a request"),
    "?": N_("this list"),
}
"""The keys of the board (static/js/board-keys.js)."""

PART: Mapping[str, str] = {
    "morning": N_("Morning"),
    "afternoon": N_("Afternoon"),
    "evening": N_("Evening"),
}
"""Parts of a day as headings."""

WENT: Mapping[str, str] = {
    "well": N_("It went well"),
    "partly": N_("It went partly well"),
    "not": N_("Nobody came"),
}
"""How the one who asked says it went."""

WENT_FOR_HELPER: Mapping[str, str] = {
    "well": N_("It went well"),
    "partly": N_("It went partly well"),
    "not": N_("It could not be done"),
}
"""How a helper says it went."""

FIELD: Mapping[str, str] = {
    "category": N_("Kind of help"),
    "channel": N_("Came in"),
    "repeats": N_("Just once, or again and again?"),
    "urgency": N_("How soon"),
    "window": N_("When"),
    "part_of_day": N_("Time of day"),
    "effort": N_("How long"),
    "people": N_("How many live there"),
    "helpers": N_("Helpers"),
    "requires": N_("What it takes"),
    "tags": N_("What else it takes"),
    "languages": N_("Languages"),
    "doorstep_word": N_("Doorstep word"),
    "place_text": N_("Where"),
    "answers": N_("Our questions"),
    "notes": N_("Notes"),
    "items": N_("Things"),
    "money": N_("Money"),
    "caller": N_("Who asked"),
    "caller_name": N_("Name of the one who rings"),
    "caller_phone": N_("Number of the one who rings"),
    "caller_tie": N_("How they know each other"),
    "caller_safe": N_("When and how is it safe to ring?"),
    "caller_agrees": N_("The person knows about this call and agrees"),
}
"""What was put right about a request."""

WHOSE: Mapping[str, str] = {"no": N_("They themselves"), "yes": N_("Somebody for them")}
"""Who asked."""
