"""Data that got out: what happened, who is affected, what has to be said to whom and by when."""

from dataclasses import dataclass
from enum import StrEnum

from node.domain.ids import BreachId, PersonId, StaffId

AUTHORITY_HOURS = 72
"""GDPR 33(1): so long after somebody of ours knew, the authority must know, unless there is no risk for anybody."""


class BreachKind(StrEnum):
    """What happened."""

    LOST_DEVICE = "lost_device"
    """A phone or laptop on which somebody of us was signed in."""
    HELPER_DEVICE = "helper_device"
    """A volunteer's phone: private links of tasks, rounds and calls were open on it."""
    ACCOUNT = "account"
    """Somebody else signed in as one of us, or one of us looked without a reason."""
    WRONG_HANDS = "wrong_hands"
    """A paper, a message, a link went to the wrong person."""
    DISK = "disk"
    """The machine, its card or a backup is gone: names on it are sealed, so nobody is read by that alone."""
    OTHER = "other"


BY_ACCOUNT = frozenset({BreachKind.LOST_DEVICE, BreachKind.ACCOUNT})
"""Where the record of looks tells whose data were seen."""


class Risk(StrEnum):
    """For the people whose data they are."""

    NONE = "none"
    SOME = "some"
    """The authority is told."""
    HIGH = "high"
    """The people are told as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """Who is affected, worked out from the record."""

    seen: tuple[PersonId, ...]
    """Shown in that span, through that account or on that paper."""
    could: tuple[PersonId, ...]
    """Not shown, but the account could have looked them up, or a link of that volunteer have opened them."""
    sign_ins: int
    """How often that account signed in within the span."""
    away: int = 0
    """Tasks of that volunteer for other groups in the span: whose people those are their groups know, and must hear."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One entry of the log. Times are Unix seconds; ``what`` and ``done`` are empty while locked."""

    id: BreachId
    kind: BreachKind
    found_at: int
    from_at: int
    until_at: int
    staff_id: StaffId | None
    handle: str
    risk: Risk
    authority_at: int | None
    people_at: int | None
    closed_at: int | None
    by: str
    what: str
    done: str
    seen: tuple[PersonId, ...]
    could: int
    helper_id: PersonId | None = None
    """Whose phone it was; None while locked, too."""

    @property
    def authority_by(self) -> int | None:
        """Until when the authority has to know; None where it has not, or knows."""
        if self.risk is Risk.NONE or self.authority_at is not None:
            return None
        return self.found_at + AUTHORITY_HOURS * 3600

    @property
    def people_wait(self) -> bool:
        """The people have to be told, and were not."""
        return self.risk is Risk.HIGH and self.people_at is None
