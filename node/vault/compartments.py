"""Who may read what: three boxes that open separately."""

from enum import StrEnum


class Compartment(StrEnum):
    """A set of records that share one key pair; access is granted by somebody who has it."""

    PEOPLE = "people"
    """Names, phones, addresses, places, free text: what a coordinator needs."""
    SAFEGUARDING = "safeguarding"
    """Incidents: safety officers only."""
    VETTING = "vetting"
    """Checks of volunteers."""


RESCUED = (Compartment.PEOPLE, Compartment.VETTING)
"""What the group's rescue cards open."""
