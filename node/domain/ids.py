"""Random ids: 16 random bytes as 22 base64url characters, with no time and no order inside."""

import base64
from collections.abc import Callable
from typing import NewType

PersonId = NewType("PersonId", str)
NeedId = NewType("NeedId", str)
AssignmentId = NewType("AssignmentId", str)
StaffId = NewType("StaffId", str)
DraftId = NewType("DraftId", str)
MergeId = NewType("MergeId", str)
HoldId = NewType("HoldId", str)
BreachId = NewType("BreachId", str)
GiftId = NewType("GiftId", str)

Random = Callable[[int], bytes]
"""A source of n random bytes, ``os.urandom`` outside tests."""

ID_BYTES = 16
REFERENCE_DIGITS = 9


def new_id(random: Random) -> str:
    """A fresh id; wrap it in the NewType of what it names."""
    return base64.urlsafe_b64encode(random(ID_BYTES)).rstrip(b"=").decode("ascii")


def new_reference(random: Random) -> str:
    """Nine random digits to read out over the phone, stored without spaces; the first is never 0."""
    span = 9 * 10 ** (REFERENCE_DIGITS - 1)
    return str(10 ** (REFERENCE_DIGITS - 1) + int.from_bytes(random(16), "big") % span)


def spoken_reference(reference: str) -> str:
    """``"123456789"`` as ``"123 456 789"``."""
    return " ".join(reference[i : i + 3] for i in range(0, len(reference), 3))
