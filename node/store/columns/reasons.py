"""How a column may lie on the disk, and the reasons that many columns share."""

from dataclasses import dataclass
from enum import StrEnum


class Protection(StrEnum):
    """How a column lies on the disk."""

    CLEAR = "clear"
    SEALED = "sealed"
    """A box of the vault."""
    KEY = "key"
    """A public key, or a private one wrapped or sealed."""
    INDEX = "index"
    """A keyed or plain hash of something long and random: it can be compared, not read."""
    PUBLIC = "public"
    """Published, or made to be."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column's protection and the reason for it."""

    protection: Protection
    reason: str


def clear(reason: str) -> Column:
    """Readable on the disk, and why it may be."""
    return Column(Protection.CLEAR, reason)


ID = clear("a random id")
STATE = clear("a state or code from a closed list")
DAY = clear("a day or time of our own doing")
SUMMARY = clear("a field that a published summary could carry, in its coarse form")
ABILITY = clear("a volunteer's abilities and limits, as codes")
GROUP = clear("about the group, not about a person")
ACTOR = clear("the kind and random id of who did it")
SEALED = Column(Protection.SEALED, "personal")
PUBLIC = Column(Protection.PUBLIC, "signed and given to others")
PUBLIC_KEY = Column(Protection.KEY, "the public half")
WRAPPED = Column(Protection.KEY, "a private half, under a password, a cookie's secret or sealed to a holder")
HASH = Column(Protection.INDEX, "a hash")
KEYED = Column(Protection.INDEX, "keyed from the compartment's private key")
PLACE = clear("a public place file")
