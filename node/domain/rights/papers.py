"""What the law wants written down, as a table: what is done with data and why (``dangers``: what may go wrong).

The pages fill them in from live settings, so that no paper says what the node does not do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from node.errors import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One line of the record of processing (GDPR 30). All texts are msgids."""

    what: str
    whose: str
    which: str
    basis: str
    who_sees: str
    kept: str
    """A rule of ``domain.presets`` in days, or a code of ``KEPT``."""
    special: str = ""
    """Where it may tell of health (GDPR 9) or of crimes (GDPR 10): by which condition, as far as we can say."""


KEPT: Mapping[str, str] = {
    "day": N_("one day"),
    "until_asked": N_("until they say no, then two weeks after their last request"),
    "while_here": N_("while they work here"),
    "account": N_(
        "a stopped account stays, with its sign-in name, its jobs and its sealed key, so that the history can be "
        "read; where they were signed in goes"
    ),
    "check": N_("as long as their record as a volunteer; the paper itself is never kept"),
    "for_good": N_(
        "as long as the group exists: random numbers and codes; the words in it go with the person"
    ),
    "incident": N_(
        "at least a year after the last word about it, then until somebody who may read it removes it; also when "
        "somebody in it is erased"
    ),
    "calls": N_("what came of a call for ninety days; the rest as long as they are on the list"),
    "books": N_("amount, day and number for the books; the words in it go with the request or the person"),
}
"""How long, where no rule of the group says it."""

_AGREED = N_("They asked us for it (agreement; legitimate interest of neighbours helping each other)")
_LAW = N_("We have to (law), and people must be safe (legitimate interest)")

_SAID_YES = N_("It may tell of health: they were asked and said yes (explicit consent, article 9(2)(a))")
_SAFETY = N_(
    "It may tell of health or of a crime: substantial public interest, as the law of your country has it (articles "
    "9(2)(g) and 10)"
)
_CHECK = N_("It may tell of crimes: only as the law of your country lets you ask for it (article 10)")

ACTIVITIES: Sequence[Activity] = (
    Activity(
        what=N_("Helping somebody who asks"),
        whose=N_("People who ask for help, and who rings for them"),
        which=N_(
            "Name, phone, address, e-mail if we may write, what is needed, how it is safe to ring, what was said "
            "about it"
        ),
        basis=_AGREED,
        who_sees=N_(
            "Whoever takes calls here; the one volunteer who was confirmed, as much as the task takes"
        ),
        kept="keep_requests_days",
        special=_SAID_YES,
    ),
    Activity(
        what=N_("Knowing somebody again who rings"),
        whose=N_("People who asked for help before"),
        which=N_("Name, phone, address, languages"),
        basis=N_("They said that we may keep it (consent)"),
        who_sees=N_("Whoever takes calls here, each look written down"),
        kept="keep_askers_days",
    ),
    Activity(
        what=N_("Asking the right volunteer"),
        whose=N_("Volunteers, and those who would like to be"),
        which=N_("Name, phone, address, what they do and when, who knows them"),
        basis=_AGREED,
        who_sees=N_("Whoever finds volunteers here"),
        kept="keep_left_days",
    ),
    Activity(
        what=N_("Friendly calls"),
        whose=N_("People whom somebody rings to hear how they are"),
        which=N_("Name, phone, what helps on the telephone, what came of each call"),
        basis=N_("They said yes to being rung (consent), on the first call at the latest"),
        who_sees=N_("Whoever finds volunteers here; the one who rings, a number at a time, on its day"),
        kept="calls",
        special=_SAID_YES,
    ),
    Activity(
        what=N_("Passing on what somebody gives"),
        whose=N_("People who offer things, or something now and then"),
        which=N_("Name, phone, address, what they offer and until when"),
        basis=N_("They said that we may keep it (consent)"),
        who_sees=N_("Whoever takes calls here; names, each look written down"),
        kept="keep_requests_days",
    ),
    Activity(
        what=N_("Safety checks"),
        whose=N_("Volunteers"),
        which=N_("Which check was seen, by whom, until when"),
        basis=_LAW,
        who_sees=N_("Only who was let into these records"),
        kept="check",
        special=_CHECK,
    ),
    Activity(
        what=N_("Reports about safety"),
        whose=N_("Anybody in a case of safety"),
        which=N_("What happened, when and to whom, and what was done about it"),
        basis=_LAW,
        who_sees=N_("Only who was let into these records"),
        kept="incident",
        special=_SAFETY,
    ),
    Activity(
        what=N_("Showing neighbouring groups that help is wanted"),
        whose=N_("People who ask and said yes to it"),
        which=N_("Kind of help, a wide area, roughly when: codes, no name, nothing that anybody typed"),
        basis=N_("They said yes (consent); it is withdrawn when help has come"),
        who_sees=N_("The groups, or everybody, as set for each kind of help"),
        kept="until_asked",
        special=_SAID_YES,
    ),
    Activity(
        what=N_("Telling people by messages what they wanted to know"),
        whose=N_("Volunteers, and people who asked and said that we may write"),
        which=N_(
            "E-mail address, mobile number, address in a chat, or what a browser gave us for notifications; what each "
            "was told, as codes and days"
        ),
        basis=N_("They chose it, and end it with one press (consent)"),
        who_sees=N_(
            "Our mail server; the gateway for texts, the chat and the makers of browsers, where we use them: the "
            "address, a kind of help, a day and a link. They may be in another country"
        ),
        kept="keep_left_days",
        special=_SAID_YES,
    ),
    Activity(
        what=N_("Telling whoever works here what waits"),
        whose=N_("Coordinators who gave an address for it"),
        which=N_("The address, what they chose, and what they were told, as codes and times"),
        basis=N_("They chose it, and end it with one press (consent)"),
        who_sees=N_(
            "Nobody else here; our mail server, or the gateway for texts or the chat: the address, and how many "
            "things wait"
        ),
        kept="while_here",
    ),
    Activity(
        what=N_("Passing one task on to a neighbouring group"),
        whose=N_("People who said yes to it, asked each time"),
        which=N_("What the one volunteer there has to know, sealed for that group"),
        basis=N_("They said yes (consent)"),
        who_sees=N_("That group; it deletes it days after the task"),
        kept="details_days",
        special=_SAID_YES,
    ),
    Activity(
        what=N_("Giving a whole request to a neighbouring group"),
        whose=N_("People who said yes to it, asked each time"),
        which=N_("Name, phone, address, what is needed and how it is safe to ring, sealed for that group"),
        basis=N_("They said yes (consent)"),
        who_sees=N_("That group, which answers for it from then on and keeps it by its own rules"),
        kept="keep_requests_days",
        special=_SAID_YES,
    ),
    Activity(
        what=N_("Paying back what somebody laid out"),
        whose=N_("Volunteers who paid for something, and for which request"),
        which=N_("Amount, day, the number on the slip, a few words; no photograph"),
        basis=N_("They asked for it (agreement), and the books of the group (legitimate interest)"),
        who_sees=N_("Whoever finds volunteers here"),
        kept="books",
    ),
    Activity(
        what=N_("Knowing who did what"),
        whose=N_("Everybody here, and who was looked at"),
        which=N_("Random numbers, codes and times; reasons sealed"),
        basis=_LAW,
        who_sees=N_("Admins and safety officers"),
        kept="for_good",
    ),
    Activity(
        what=N_("Letting people work here"),
        whose=N_("Coordinators and others who sign in"),
        which=N_("Sign-in name, jobs, a sealed key, where they are signed in"),
        basis=_AGREED,
        who_sees=N_("Everybody who works here"),
        kept="account",
    ),
)


class Carried(StrEnum):
    """A way by which messages leave the machine, where it is set up."""

    MAIL = "mail"
    TEXTS = "texts"
    CHAT = "chat"
    ROOM = "room"
    """The group's own chat room, which is told of requests in codes."""
    PUSH = "push"
