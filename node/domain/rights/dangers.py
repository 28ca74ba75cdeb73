"""What may go wrong with what we hold, how likely and how bad that is, and what is done about it, as tables.

The page fills them in from live settings, so that no paper says what the node does not do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from node.errors import N_


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
    NO_STANDBY = "no_standby"
    """No key lies in a file: nothing can be read after a restart before somebody signed in."""


class Weight(StrEnum):
    """How likely something is, and how much it would hurt."""

    LOW = "low"
    SOME = "some"
    HIGH = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class Danger:
    """One line of the assessment (GDPR 35). ``facts`` are looked up; the rest is how the program is built."""

    what: str
    whom: str
    done: Sequence[str]
    facts: Sequence[Fact] = ()
    left: str
    """What stays all the same."""
    likely: Weight
    """As we estimate it for a group in which every one of ``facts`` stands (``likelihood``)."""
    grave: Weight
    where_carried: bool = False
    """Only where a way for messages is set up."""


def likelihood(danger: Danger, facts: Mapping[Fact, bool]) -> Weight:
    """How likely it is today: one step more where something that should be in place is not."""
    steps = list(Weight)
    more = any(not facts[fact] for fact in danger.facts)
    return steps[min(steps.index(danger.likely) + more, len(steps) - 1)]


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
    Fact.NO_STANDBY: (
        N_("The key is in no file"),
        N_(
            "A key lies in a file, so that messages go out while the records are closed: whoever has the whole machine "
            "reads the addresses of those who work here, and the password of the mail server"
        ),
        "/settings/mail",
    ),
}  # fmt: skip
"""How a fact reads when it is so, when it is not, and where it is put right."""

DANGERS: Sequence[Danger] = (
    Danger(
        what=N_("The machine, its card or a backup is stolen"),
        whom=N_("Everybody whose name we hold; somebody might learn who needed help"),
        done=(
            N_("Names, numbers, addresses and notes lie sealed"),
            N_("After a power cut nobody reads who asked or helps until somebody signs in"),
        ),
        facts=(Fact.NO_STANDBY, Fact.BACKUP, Fact.CARDS),
        left=N_("Whoever reads the memory of a running machine reads what it has open."),
        likely=Weight.LOW,
        grave=Weight.HIGH,
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
        likely=Weight.SOME,
        grave=Weight.HIGH,
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
        likely=Weight.LOW,
        grave=Weight.HIGH,
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
        likely=Weight.LOW,
        grave=Weight.HIGH,
    ),
    Danger(
        what=N_("Somebody else reads a message, or a mailbox or telephone that messages go to"),
        whom=N_("Whoever is written to, and whoever a message is about"),
        done=(
            N_("In a message stand a code, a kind of help, a day and a link: no name, no address of a home"),
            N_("A link to come in works once and runs out; a door opens on one phone or computer only"),
        ),
        left=N_(
            "Whoever reads it first can be quicker with a link, or ask for a new one. Whoever carries messages sees "
            "who is written to, and when."
        ),
        likely=Weight.SOME,
        grave=Weight.SOME,
        where_carried=True,
    ),
    Danger(
        what=N_("Data are lost, or nobody can open them"),
        whom=N_("People who wait for help"),
        done=(N_("What was saved survives a power cut; backups; three rescue cards, of which two open"),),
        facts=(Fact.TWO_HOLDERS, Fact.CARDS, Fact.BACKUP),
        left=N_("Without cards and without the last password nothing opens any more."),
        likely=Weight.LOW,
        grave=Weight.HIGH,
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
        left=N_(
            "A backup that lies elsewhere holds it until it is brought back and cleaned. Reports about safety stay "
            "until somebody who may read them removes them; sign-in names stay."
        ),
        likely=Weight.LOW,
        grave=Weight.SOME,
    ),
    Danger(
        what=N_("Something gets out and nobody says so"),
        whom=N_("Whoever it was about"),
        done=(N_("A log that works out who is affected and counts the three days"),),
        facts=(Fact.NO_OPEN_BREACH, Fact.CONTACT, Fact.HTTPS),
        left=N_("What nobody notices is written nowhere."),
        likely=Weight.LOW,
        grave=Weight.SOME,
    ),
)
