"""What the law wants written down, as tables: what is done with data and why, what may go wrong and what is done.

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


KEPT: Mapping[str, str] = {
    "day": N_("one day"),
    "until_asked": N_("until they say no, then two weeks after their last request"),
    "while_here": N_("while they work here"),
    "check": N_("while they help; the paper itself is never kept"),
    "for_good": N_(
        "as long as the group exists: random numbers and codes; the words in it go with the person"
    ),
    "incident": N_("until the safety officer ends it"),
    "calls": N_("what came of a call for ninety days; the rest as long as they are on the list"),
    "books": N_("amount, day and number for the books; the words in it go with the request or the person"),
}
"""How long, where no rule of the group says it."""

_AGREED = N_("They asked us for it (agreement; legitimate interest of neighbours helping each other)")
_LAW = N_("We have to (law), and people must be safe (legitimate interest)")

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
        what=N_("Safety checks and safety notes"),
        whose=N_("Volunteers; anybody in a case of safety"),
        which=N_("Which check was seen, by whom, until when; what happened"),
        basis=_LAW,
        who_sees=N_("Only who was let into these records"),
        kept="incident",
    ),
    Activity(
        what=N_("Showing neighbouring groups that help is wanted"),
        whose=N_("People who ask and said yes to it"),
        which=N_("Kind of help, a wide area, roughly when: codes, no name, nothing that anybody typed"),
        basis=N_("They said yes (consent); it is withdrawn when help has come"),
        who_sees=N_("The groups, or everybody, as set for each kind of help"),
        kept="until_asked",
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
    ),
    Activity(
        what=N_("Giving a whole request to a neighbouring group"),
        whose=N_("People who said yes to it, asked each time"),
        which=N_("Name, phone, address, what is needed and how it is safe to ring, sealed for that group"),
        basis=N_("They said yes (consent)"),
        who_sees=N_("That group, which answers for it from then on and keeps it by its own rules"),
        kept="keep_requests_days",
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
        kept="while_here",
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


class Fact(StrEnum):
    """Something that is looked up when the paper is drawn: whether a safeguard really stands."""

    TWO_HOLDERS = "two_holders"
    CARDS = "cards"
    BACKUP = "backup"
    HTTPS = "https"
    CONTACT = "contact"
    SECOND_YES = "second_yes"
    PUBLIC_TWO = "public_two"
    NOTHING_OVERDUE = "nothing_overdue"
    NO_OPEN_BREACH = "no_open_breach"


@dataclass(frozen=True, slots=True, kw_only=True)
class Danger:
    """One line of the assessment (GDPR 35). ``facts`` are looked up; the rest is how the program is built."""

    what: str
    whom: str
    done: Sequence[str]
    facts: Sequence[Fact] = ()
    left: str
    """What stays all the same."""


FACT_WORDS: Mapping[Fact, tuple[str, str, str]] = {
    Fact.TWO_HOLDERS: (
        N_("Two people can open each kind of record"), N_("Only one person can open some records"), "/team",
    ),
    Fact.CARDS: (N_("The rescue cards were checked"), N_("The rescue cards were not checked yet"), "/cards"),
    Fact.BACKUP: (
        N_("There is a backup of the last eight days"), N_("There is no backup of the last eight days"),
        "/settings/checks",
    ),
    Fact.HTTPS: (N_("The pages travel sealed (https)"), N_("The pages do not travel sealed"), "/settings/checks"),
    Fact.CONTACT: (
        N_("Whom to ask about data is said"), N_("Nobody said whom to ask about data"),
        "/settings/texts?text=privacy.contact",
    ),
    Fact.SECOND_YES: (
        N_("Two people decide where a safety check is needed"),
        N_("One coordinator alone may decide where a safety check is needed"), "/settings/rules",
    ),
    Fact.PUBLIC_TWO: (
        N_("A second person says yes before something is shown to everybody"),
        N_("One person alone may show something to everybody, in two steps"), "/settings/rules",
    ),
    Fact.NOTHING_OVERDUE: (
        N_("Nothing is kept longer than the rules say"), N_("Something waits to be removed"), "/privacy/removals",
    ),
    Fact.NO_OPEN_BREACH: (
        N_("Nobody waits to be told of data that got out"), N_("Somebody has to be told of data that got out"),
        "/privacy/breaches",
    ),
}  # fmt: skip
"""How a fact reads when it is so, when it is not, and where it is put right."""

DANGERS: Sequence[Danger] = (
    Danger(
        what=N_("The machine, its card or a backup is stolen"),
        whom=N_("Everybody whose name we hold; somebody might learn who needed help"),
        done=(
            N_("Names, numbers, addresses and notes lie sealed; the key is in no file"),
            N_("After a power cut nobody reads anything until somebody signs in"),
        ),
        facts=(Fact.BACKUP, Fact.CARDS),
        left=N_("Whoever reads the memory of a running machine reads what it has open."),
    ),
    Danger(
        what=N_("Somebody here looks without a reason"),
        whom=N_("People who asked for help, neighbours of ours among them"),
        done=(
            N_("Each look is written down, with who and when, in a chain that shows if a line is taken out"),
            N_("The admin’s job alone opens no names"),
            N_("People can ask when they were looked at"),
        ),
        left=N_("A look is seen afterwards, not prevented."),
    ),
    Danger(
        what=N_("A volunteer learns too much, or comes to harm somebody"),
        whom=N_("People who are alone, ill or afraid"),
        done=(
            N_("A volunteer sees only what the task takes, after our yes, on one device, for some days"),
            N_("Kinds of help name the safety check they take; who must not meet is never brought together"),
        ),
        facts=(Fact.SECOND_YES,),
        left=N_("No check sees into a person."),
    ),
    Danger(
        what=N_("Other groups or everybody learn who asked"),
        whom=N_("People in places where few live, and in delicate needs"),
        done=(
            N_("Only codes and wide areas leave, only with three times yes; delicate kinds never leave"),
            N_("Before the first sharing the page counts how far one request would stand out"),
        ),
        facts=(Fact.PUBLIC_TWO,),
        left=N_("Who knows the street may still guess."),
    ),
    Danger(
        what=N_("Data are lost, or nobody can open them"),
        whom=N_("People who wait for help"),
        done=(N_("What was saved survives a power cut; backups; three rescue cards, of which two open"),),
        facts=(Fact.TWO_HOLDERS, Fact.CARDS, Fact.BACKUP),
        left=N_("Without cards and without the last password nothing opens any more."),
    ),
    Danger(
        what=N_("Data are kept for ever"),
        whom=N_("Everybody who ever rang"),
        done=(
            N_(
                "What is over goes by itself; the day stands on a page before; erased means erased in backups too"
            ),
        ),
        facts=(Fact.NOTHING_OVERDUE,),
        left=N_("A backup that lies elsewhere holds it until it is brought back and cleaned."),
    ),
    Danger(
        what=N_("Something gets out and nobody says so"),
        whom=N_("Whoever it was about"),
        done=(N_("A log that works out who is affected and counts the three days"),),
        facts=(Fact.NO_OPEN_BREACH, Fact.CONTACT, Fact.HTTPS),
        left=N_("What nobody notices is written nowhere."),
    ),
)
