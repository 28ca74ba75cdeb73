"""What the node looks at from outside in, what it may find, and what is to be done then: one table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from node.errors import N_


class Sign(StrEnum):
    """How bad it is."""

    FINE = "fine"
    LOOK = "look"
    """It works; somebody should see to it some time."""
    WRONG = "wrong"
    """Something does not work, or data could be lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One thing that can be found. ``says`` and ``todo`` are msgids with places from the check's values."""

    sign: Sign
    says: str
    todo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a check found: a key of ``OUTCOMES``, and what stands in its places."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def outcome(self) -> Outcome:
        """Its row of the table."""
        return OUTCOMES[self.code]


F, L, W = Sign.FINE, Sign.LOOK, Sign.WRONG

OUTCOMES: Mapping[str, Outcome] = {
    "address.ok": Outcome(sign=F, says=N_("%(url)s leads here.")),
    "address.unset": Outcome(
        sign=L,
        says=N_("This site does not know its own address."),
        todo=N_(
            "Write public_url into node.toml. Without it neighbours cannot find you; everything else works."
        ),
    ),
    "address.silent": Outcome(
        sign=W,
        says=N_("Nobody answers at %(url)s."),
        todo=N_(
            "Is the name right, and does your router or server let people in? Ask it from a phone without Wi-Fi."
        ),
    ),
    "address.other": Outcome(
        sign=W,
        says=N_("At %(url)s another group's site answers."),
        todo=N_("Put the right address into node.toml, or stop the other program that uses it."),
    ),
    "https.ok": Outcome(sign=F, says=N_("The connection is sealed (HTTPS).")),
    "https.plain": Outcome(
        sign=W,
        says=N_("The connection is not sealed: others on the way could read what people write."),
        todo=N_("Put a web server with HTTPS in front, as the guide for operators says."),
    ),
    "https.home": Outcome(sign=F, says=N_("Only this machine can reach the site, so it needs no HTTPS.")),
    "clock.ok": Outcome(sign=F, says=N_("The clock is right: %(now)s.")),
    "clock.alone": Outcome(
        sign=L,
        says=N_("The clock says %(now)s, and follows no time server."),
        todo=N_("Turn time synchronisation on (timedatectl set-ntp true)."),
    ),
    "clock.wrong": Outcome(
        sign=W,
        says=N_("The clock says %(now)s, and that cannot be believed. Nothing goes out."),
        todo=N_("Set the clock; if it is right, run mutualaid trust-clock."),
    ),
    "clock.doubted": Outcome(
        sign=W,
        says=N_(
            "The clock says %(now)s, and that cannot be believed. Nothing goes out. "
            "Neighbouring groups that say the same: %(agree)s of %(neighbours)s."
        ),
        todo=N_("Set the clock; if it is right, run mutualaid trust-clock."),
    ),
    "mail.none": Outcome(
        sign=F, says=N_("No mail is set up, and nothing needs it: links are copied by hand.")
    ),
    "mail.ok": Outcome(sign=F, says=N_("The mail server %(host)s lets us in.")),
    "mail.silent": Outcome(
        sign=W,
        says=N_("The mail server %(host)s does not answer: no mail goes out."),
        todo=N_("Look at its name and port, under “Mail”. What waits is sent when it answers again."),
    ),
    "mail.refused": Outcome(
        sign=W,
        says=N_("The mail server %(host)s does not let us in: %(said)s"),
        todo=N_("Look at the user name and the password, under “Mail”. What waits is sent afterwards."),
    ),
    "disk.ok": Outcome(sign=F, says=N_("There is room on the disk: %(free)s GB.")),
    "disk.low": Outcome(
        sign=W,
        says=N_("The disk is nearly full: %(free)s MB are left."),
        todo=N_("Make room: old backups are often the biggest files."),
    ),
    "map.ok": Outcome(sign=F, says=N_("There is a map of streets under the areas.")),
    "map.none": Outcome(sign=F, says=N_("No map of streets is here, and nothing needs it.")),
    "map.vector": Outcome(
        sign=L,
        says=N_("The map file holds vector tiles, and only pictures can be shown."),
        todo=N_("Put one with raster tiles (PNG, JPEG, WebP) in its place, as the guide for operators says."),
    ),
    "map.cut_off": Outcome(
        sign=L,
        says=N_("The map file breaks off: it was not copied whole."),
        todo=N_("Copy it again. Until then the map has no streets."),
    ),
    "map.not_one": Outcome(
        sign=L,
        says=N_("The map file is none that can be shown."),
        todo=N_("It must be a PMTiles archive of version 3 with pictures in it."),
    ),
    "map.damaged": Outcome(
        sign=L,
        says=N_("The map file is damaged."),
        todo=N_("Copy it again. Until then the map has no streets."),
    ),
    "map.unreadable": Outcome(
        sign=L,
        says=N_("The map file cannot be read."),
        todo=N_("It must be a plain file that the program may read."),
    ),
    "backup.ok": Outcome(sign=F, says=N_("Days since the last backup: %(days)s.")),
    "backup.old": Outcome(
        sign=L,
        says=N_("Days since the last backup: %(days)s."),
        todo=N_("Run mutualaid backup, and keep the file on another machine."),
    ),
    "backup.never": Outcome(
        sign=W,
        says=N_("There is no backup yet."),
        todo=N_("Run mutualaid backup, and keep the file on another machine."),
    ),
    "cards.ok": Outcome(sign=F, says=N_("The rescue cards were printed and checked.")),
    "cards.unchecked": Outcome(
        sign=W,
        says=N_("Nobody has checked the rescue cards."),
        todo=N_("Type some of their words back, and give them to three people."),
    ),
    "holders.ok": Outcome(sign=F, says=N_("Two people or more can open the records.")),
    "holders.one": Outcome(
        sign=W,
        says=N_("Only one person can open some of the closed records."),
        todo=N_("Let a second one open them, under “Who works here”."),
    ),
    "second_yes.ok": Outcome(sign=F, says=N_("Enough coordinators to decide.")),
    "second_yes.alone": Outcome(
        sign=W,
        says=N_("Two people must decide about some kinds of help, and there is one coordinator."),
        todo=N_("Add a coordinator, or change who confirms, under “How we work”."),
    ),
}

WHERE: Mapping[str, str] = {
    "cards": "/cards",
    "holders": "/team",
    "second_yes": "/settings/rules",
    "mail": "/settings/mail",
}
"""The first part of a code -> the page on which it is put right."""

DISK_LOW_MB = 200
BACKUP_OLD_DAYS = 8
"""A week and a day: a weekly backup that was missed once."""


def backup_code(days: int | None) -> str:
    """Of the last backup's age in days; None: there is none."""
    if days is None:
        return "backup.never"
    return "backup.ok" if days <= BACKUP_OLD_DAYS else "backup.old"


def worst(found: list[Found]) -> Sign:
    """The worst sign of all of them."""
    order = list(Sign)
    return max((each.outcome.sign for each in found), key=order.index, default=Sign.FINE)
