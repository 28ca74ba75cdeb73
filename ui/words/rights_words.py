"""The words of the pages about who may do and see what, and about people's rights over their data."""

from collections.abc import Mapping

from node.domain.accounts.levels import Field, Level, TaskKind
from node.domain.permissions import Permission as P
from node.domain.rights import papers
from node.errors import N_
from ui.words import desk_words, gift_words, notice_words, people_words, words

PERMISSION: Mapping[P, str] = {
    P.READ_BOARD: N_("See the requests on the board"),
    P.TAKE_CALL: N_("Take a call"),
    P.ASK: N_("Ask for help"),
    P.READ_PERSON: N_("Look up names, phones and addresses (each look is written down)"),
    P.TRIAGE: N_("Say what is urgent, and let volunteers be asked"),
    P.DISPATCH: N_("Ask and confirm volunteers, close requests"),
    P.OFFER: N_("Answer and report on one’s own task"),
    P.MANAGE_VOLUNTEERS: N_("Take on volunteers and change what they do"),
    P.CHECK: N_("Say that a safety check was seen"),
    P.APPLY: N_("Ask to become a volunteer"),
    P.KEEP_APART: N_("Keep two people apart"),
    P.BAR: N_("Keep somebody away for good"),
    P.ERASE: N_("Erase a person"),
    P.IMPORT: N_("Bring in a sheet"),
    P.EXPORT: N_("Take everything out in one sealed file"),
    P.SHARE: N_("Say what others may see"),
    P.PUBLISH: N_("Send out what others may see"),
    P.PEERS: N_("Decide about neighbouring groups"),
    P.PLACES: N_("Bring in place names"),
    P.SETTINGS: N_("Change the settings"),
    P.STAFF: N_("Add people who work here, and stop them"),
    P.BACKUP: N_("Make backups"),
    P.LOCK: N_("Lock the records"),
    P.READ_AUDIT: N_("Read who did what"),
    P.SAFETY_RULES: N_("Say which help takes which safety check"),
    P.TELL_INCIDENT: N_("Tell the safety officer that something happened"),
    P.SAFEGUARD: N_("Read and settle safety notes, if let into them"),
    P.SEE_AS: N_("See pages as somebody else sees them"),
    P.APPROVE_PUBLIC: N_("Say yes before something is shown to everybody"),
    P.RIGHTS: N_("Give people a copy of their data, take back a consent, keep a record for a reason"),
    P.PRIVACY: N_("See what is removed when, and write down data that got out"),
}
"""What may be allowed, in everybody's words."""

FIELD: Mapping[Field, str] = {
    Field.AREA: N_("Roughly where, when, how long"),
    Field.EXACT_KIND: N_("Exactly what kind of help, where it is delicate"),
    Field.FIRST_NAME: N_("First name"),
    Field.PHONE: N_("One phone number, and when it is safe to ring"),
    Field.ADDRESS: N_("Address"),
    Field.DOORSTEP_WORD: N_("Doorstep word"),
    Field.NOTES: N_("What is wanted, and what is good to know"),
    Field.LANGUAGES: N_("Languages"),
    Field.PLACE: N_("The place, if it is not at home"),
    Field.FULL_NAME: N_("Full name"),
    Field.SECOND_PHONE: N_("Second phone number"),
    Field.EMAIL: N_("E-mail"),
    Field.CALLER: N_("Who rang for them"),
    Field.ANSWERS: N_("Columns of an old sheet, and what a person answered to our own questions"),
    Field.ASKED_BY_US: N_("Answers to our own questions"),
    Field.ABOUT: N_("Notes about the person"),
    Field.REACHED_BY: N_("How they like to be told things"),
    Field.POINT: N_("The exact spot on a map"),
}

LEVEL: Mapping[Level, str] = {
    Level.MAP: N_("Anybody, on the map"),
    Level.ASKED: N_("A volunteer who was asked"),
    Level.TASK: N_("The confirmed volunteer, on one phone or computer"),
    Level.BOARD: N_("Whoever works here, on the board"),
    Level.LOOK: N_("Whoever works here, after a look that is written down"),
}

TASK_KIND: Mapping[TaskKind, str] = {
    TaskKind.FROM_HOME: N_("by phone or computer"),
    TaskKind.DOORSTEP: N_("as far as the door"),
    TaskKind.TOGETHER: N_("inside or on the way"),
}

ROLE_NAME: Mapping[str, str] = {
    "admin": N_("Admin"),
    "coordinator": N_("Coordinator"),
    "triage": N_("First look"),
    "safety": N_("Safety"),
}
"""Short, for the heads of columns."""

KEPT: Mapping[str, str] = {
    "request": N_("What was said about a request"),
    "gift": N_("What somebody offered"),
    "asker": N_("Somebody for whom nothing is open any more"),
    "left": N_("Somebody who left, or never began to help"),
    "not_kept": N_("Somebody who said no to being kept"),
}
"""What goes by itself."""

PURPOSE: Mapping[str, str] = {
    "help_you": N_("That we help"),
    "groups_see": N_("Other groups may see that help is wanted, without a name"),
    "details_to_group": N_("A helping group gets the details"),
    "keep_details": N_("That we keep the details"),
    "ring": N_("That we ring now and then"),
}

TOOK_BACK: Mapping[str, str] = {
    "taken-back-spoken": N_("taken back, in words"),
    "taken-back-written": N_("taken back, in writing"),
    "as-chosen": N_("as they chose it on their page"),
}

SECTION: Mapping[str, str] = {
    "person": N_("You"),
    "helps": N_("How you help"),
    "requests": N_("What you asked for"),
    "repeats": N_("What comes again"),
    "tasks": N_("What you did for others"),
    "buddies": N_("Standing pairs"),
    "standing_in": N_("What you do for longer"),
    "offered": N_("What you offered"),
    "receipts": N_("What you laid out"),
    "calls": N_("When we ring you"),
    "notices": N_("Messages that went to you by themselves"),
    "answers": N_("What you agreed to"),
    "said_about": N_("What somebody said for you"),
    "street_teams": N_("Your street teams"),
    "changes": N_("What was done"),
    "looks": N_("When somebody of us looked"),
}
"""The parts of a copy, in the order in which they are read."""

COPY: Mapping[str, str] = {
    "name": N_("Name"), "door": N_("Phone"), "screen": N_("Second number"), "email": N_("E-mail"),
    "address": N_("Address"), "safe_to_ring": N_("Safe to ring"), "languages": N_("Languages"),
    "contact_by": N_("Likes to be reached by"), "contact_name": N_("Whom to ask for"), "about": N_("What they do"),
    "notes": N_("Notes"), "kind_of_record": N_("Kind of record"), "kept_away": N_("Kept away"),
    "since": N_("Since"), "changed": N_("Last changed"), "lives_with": N_("Others in the household"),
    "state": N_("How it stands"), "stage": N_("How far"), "kinds": N_("Kinds of help"), "takes": N_("Can manage"),
    "transport": N_("Gets around by"), "radius_km": N_("Kilometres"), "max_per_week": N_("A week at most"),
    "hours": N_("Hours"), "days_off": N_("Days off"), "checks": N_("Safety checks"), "check": N_("Which"),
    "passkeys": N_("Your passkeys"), "made_at": N_("Made"), "last_used": N_("Last used"),
    "until": N_("Until"), "reference": N_("Reference"), "on": N_("Asked on"), "closed": N_("Closed on"),
    "came_by": N_("Came in by"), "somebody_rang_for_them": N_("Somebody rang for you"),
    "category": N_("Kind of help"), "doorstep_word": N_("Doorstep word"), "place_text": N_("Where"),
    "effort": N_("How long"), "people": N_("How many people"), "requires": N_("What it takes"),
    "tags": N_("Good to know"), "items": N_("Things"), "leftovers": N_("From an old sheet"),
    "calls": N_("Calls about it"), "how": N_("How"), "note": N_("Note"), "how_it_went": N_("How it went"),
    "answer": N_("Answer"), "put_right": N_("Put right"), "fields": N_("What"), "helpers": N_("Helpers"),
    "at": N_("When"), "changed_at": N_("Last changed"), "messages": N_("Messages"), "by_us": N_("From us"),
    "text": N_("Text"), "day": N_("Day"), "purpose": N_("What for"), "wording": N_("Which words"),
    "words": N_("The words"), "what": N_("What"), "by": N_("By"), "rung": N_("When we rang"),
    "said_yes": N_("You said yes to being rung"), "answers": N_("Answers to our own questions"),
    "asked": N_("We asked"), "before": N_("Before that"), "call_back": N_("We promised to ring"),
    "every": N_("How often"), "amount": N_("Amount"), "number": N_("Number"), "paused_until": N_("Has a break until"),
    "rest_days": N_("Days of rest after a hard task"), "money": N_("Money"),
    "no_messages": N_("You want no messages"), "urgent": N_("Wanted today"), "sent": N_("Messages"),
    "digest": N_("What else fits, once a day"), "way": N_("How"), "message": N_("Message"),
    "sort": N_("What sort"), "how_far": N_("How it stands"), "told": N_("Told us on"),
    "you_help": N_("You help"), "visits": N_("When you set out alone"), "back_at": N_("Back again"),
    "much": N_("How much, or when"), "gets_there": N_("How it gets to somebody"),
}  # fmt: skip
"""What a line of a copy is called."""

COPY_CODES: Mapping[str, Mapping[str, str]] = {
    "came_by": words.CHANNEL, "effort": words.EFFORT, "people": words.PEOPLE, "transport": words.TRANSPORT,
    "how": desk_words.CONTACT, "check": words.SAFETY_CHECK, "contact_by": people_words.CONTACT_BY,
    "kind_of_record": {"person": N_("a person"), "organisation": N_("an organisation")},
    "stage": people_words.STANDING,
    "answer": desk_words.WENT, "way": notice_words.WAY, "message": notice_words.KIND,
    "sort": {
        **gift_words.SORT_SHORT, "repeat": N_("a visit that repeats"), "calls": N_("friendly calls"),
        "round": N_("a round"),
    },
     "gets_there": gift_words.WAY_SHORT, "how_far": gift_words.STATE,
}  # fmt: skip
"""Line of a copy -> what its codes mean."""

STATE: Mapping[str, str] = {
    "new": N_("To look at"), "open": N_("Looking for someone"), "offered": N_("Somebody was asked"),
    "assigned": N_("Somebody comes"), "in_progress": N_("On the way"), "reported": N_("Done, says the helper"),
    "closed": N_("Closed"), "on_hold": N_("On hold"), "referred": N_("With a neighbouring group"),
    "proposed": N_("Asked"), "interested": N_("Said: I can help"), "approved": N_("Confirmed"),
    "contacted": N_("On the way"), "done": N_("Done"), "declined": N_("Said no"), "released": N_("Given back"),
    "withdrawn": N_("Taken back by us"), "expired": N_("No answer in time"), "active": N_("Helps"),
    "paused": N_("Has a break"), "suspended": N_("Stopped"), "left": N_("Left"), "claimed": N_("Handed in"),
    "paid": N_("Paid back"), "refused": N_("Not paid back"),
    "waiting": N_("Waiting"), "sent": N_("Sent"), "failed": N_("Did not arrive"),
    "given_up": N_("Too late to send"), "suppressed": N_("Not sent after all"),
    "agreed": N_("Agreed"), "planned": N_("Planned"), "under_way": N_("On the way"), "over": N_("Over"),
    "called_off": N_("Called off"),
    "on": N_("We ring you"), "off": N_("We do not ring you any more"),
}  # fmt: skip
"""Where anything in a copy stands."""

BY: Mapping[str, str] = {
    **ROLE_NAME, "volunteer": N_("a volunteer"), "system": N_("by itself"), "anonymous": N_("on the public page"),
    "console": N_("at the machine"), "staff": N_("one of us"),
}  # fmt: skip
"""In which job somebody looked."""

BREACH: Mapping[str, str] = {
    "lost_device": N_("A phone or laptop of ours is gone"),
    "helper_device": N_("A volunteer’s phone is gone"),
    "account": N_("Somebody looked who should not have"),
    "wrong_hands": N_("A paper or message went to the wrong person"),
    "disk": N_("The machine, its card or a backup is gone"),
    "other": N_("Something else"),
}

RISK: Mapping[str, str] = {
    "none": N_("Nothing: nobody can make anything of it"),
    "some": N_("Something: tell the authority within three days"),
    "high": N_("Much: tell the authority, and the people themselves"),
}

LIKELY: Mapping[str, str] = {
    "low": N_("hardly"),
    "some": N_("it may well be"),
    "high": N_("it is to be expected"),
}
GRAVE: Mapping[str, str] = {"low": N_("a little"), "some": N_("much"), "high": N_("very much")}
"""Of a danger, by ``papers.Weight``."""

KEPT_FOR: Mapping[str, str] = papers.KEPT
"""How long, where no rule of the group says it."""

CARRIED = {
    "mail": N_(
        "E-mail: our mail server, and the one where your address is. They see your address and the message."
    ),
    "texts": N_(
        "Texts: the gateway that sends them for us, and your telephone company. They see your number and the text."
    ),
    "chat": N_(
        "Chat (%(name)s): whoever runs it. They see your address there and, as far as they read along, the message."
    ),
    "room": N_(
        "Our group’s own chat: that help is wanted, as a code, with the kind of help and a wide area; never a "
        "delicate kind."
    ),
    "push": N_(
        "Notifications: whoever makes your browser. They see that something came, not what: it is sealed for your "
        "device."
    ),
}
"""Way by which messages leave the machine -> who carries them, and what those see."""
