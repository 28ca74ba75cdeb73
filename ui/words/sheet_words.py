"""Words of the pages that bring sheets in and take data out. Every text is a msgid."""

from collections.abc import Mapping

from node.errors import N_
from ui.words import words

SORT: Mapping[str, str] = {
    "needs": N_("Requests for help"),
    "volunteers": N_("Volunteers"),
    "matches": N_("Help that happened: who asked, who went"),
}
MANY: Mapping[str, str] = {
    "needs": N_("requests"),
    "volunteers": N_("volunteers"),
    "matches": N_("times that somebody helped"),
}
FIELD: Mapping[str, str] = {
    "id": N_("Its number in the sheet"),
    "posted": N_("Day they asked or signed up"),
    "closed": N_("Day it was over, or help came"),
    "status": N_("How it stands"),
    "name": N_("Name"),
    "family_name": N_("Family name, if in a column of its own"),
    "phone": N_("Phone"),
    "email": N_("E-mail"),
    "address": N_("Address"),
    "postcode": N_("Postcode"),
    "town": N_("Town"),
    "place": N_("Part of town, or another place"),
    "languages": N_("Language"),
    "safe_to_ring": N_("When it is safe to ring"),
    "people": N_("How many people in the home"),
    "categories": N_("What kind of help"),
    "urgency": N_("How soon"),
    "repeats": N_("Whether it repeats"),
    "notes": N_("Notes"),
    "keep_here": N_("To stay with us, never shown to others"),
    "groups_see": N_("They say that other groups may see it"),
    "transport": N_("How they get about"),
    "radius_km": N_("How far they go"),
    "max_per_week": N_("How often a week"),
    "hours": N_("When they can, in words"),
    "hours_mon": N_("When they can on Monday"),
    "hours_tue": N_("When they can on Tuesday"),
    "hours_wed": N_("When they can on Wednesday"),
    "hours_thu": N_("When they can on Thursday"),
    "hours_fri": N_("When they can on Friday"),
    "hours_sat": N_("When they can on Saturday"),
    "hours_sun": N_("When they can on Sunday"),
    "hours_morning": N_("On which days in the morning"),
    "hours_afternoon": N_("On which days in the afternoon"),
    "hours_evening": N_("On which days in the evening"),
    "helper": N_("Who helped"),
    "helper_phone": N_("Phone of who helped"),
    "helper_email": N_("E-mail of who helped"),
    "request": N_("Number of the request in a sheet that came before"),
    "helper_number": N_("Number of the volunteer in a sheet that came before"),
}
"""What a column may mean."""

_OVER: Mapping[str, str] = {f"closed:{code}": words.CLOSE_REASON[code] for code in words.CLOSE_REASON}
MEANING: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "needs": {
        "status": {"new": N_("New, to be sorted"), "open": N_("Open"), **_OVER},
        "urgency": words.URGENCY,
        "repeats": {"none": N_("Once"), **words.REPEATS},
    },
    "volunteers": {
        "status": {
            "applied": N_("New: nobody has met them yet"),
            "active": N_("Helps"),
            "paused": N_("Has a break"),
            "left": N_("Has left"),
        },
        "transport": words.TRANSPORT,
    },
    "matches": {"status": _OVER},
}
"""Sort -> field -> code -> what a word in the sheet may mean."""

LIST: Mapping[str, str] = {
    "request": N_("In which sheet do the numbers of requests stand?"),
    "helper_number": N_("In which sheet do the numbers of volunteers stand?"),
}
"""Asked where more than one came before."""
ORDER: Mapping[str, str] = {
    "dmy": N_("The day first: 3/4 is the 3rd of April"),
    "mdy": N_("The month first: 3/4 is the 4th of March"),
}
ENCODING: Mapping[str, str] = {
    "": N_("As it should be (UTF-8)"),
    "windows-1252": N_("An older Windows, in western Europe or the Americas"),
}
TAKEN_OUT: Mapping[str, str] = {
    "everything": N_("Everything, sealed"),
    "needs": N_("Requests for help"),
    "volunteers": N_("Volunteers"),
    "matches": N_("Help that happened"),
}
