"""Safety checks of volunteers: what one record says, what of it matching may rely on, and when one ends.

A record says which check was seen, when, by whom, what was decided and when it is looked at again; never the
paper itself. Records are sealed; ``Volunteer.cleared`` is the clear sum of them, and ``after`` is the only rule by
which it changes, so that it equals ``fold`` of the records at any time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from node.domain.catalogue import CheckLevel
from node.domain.ids import PersonId
from node.domain.volunteer import Cleared
from node.errors import N_

LEVELS = (CheckLevel.MET, CheckLevel.ID, CheckLevel.CRIMINAL_RECORD)
"""What can be seen, weakest first."""

REMIND_DAYS = (60, 30, 7)
"""So many days before a check ends, and after, it is one step more urgent (safety.md asks for these three)."""

OVER = 0
"""Stands for a check that is over."""

HOLDS_DAYS: Mapping[CheckLevel, int | None] = {
    CheckLevel.MET: None,
    CheckLevel.ID: None,
    CheckLevel.CRIMINAL_RECORD: 3 * 365,
}
"""What a page proposes; None: no end. Police records say what was so on one day; three years is what most
services go by."""

MOST_YEARS_AHEAD = 10
"""A day to look again that lies further away is a slip of the keyboard."""


class Decision(StrEnum):
    """What came of it."""

    CLEARED = "cleared"
    NOT_CLEARED = "not_cleared"
    """It did not satisfy, or it is taken back: she holds this check no more, nor a stronger one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One record. ``at``: Unix seconds of the noting; ``review``: the last day it holds, None for no end."""

    level: CheckLevel
    seen: date
    by: str
    """The staff id of whoever saw it."""
    decision: Decision
    review: date | None
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """A check that ends soon, or has ended. ``days``: until its last day; negative: since."""

    person_id: PersonId
    level: CheckLevel
    until: date
    days: int

    @property
    def band(self) -> int:
        """The smallest of ``REMIND_DAYS`` that it is within, before or after; the largest for what ended longer ago."""
        return min((limit for limit in REMIND_DAYS if abs(self.days) <= limit), default=max(REMIND_DAYS))

    @property
    def urgent(self) -> bool:
        """Whether it is over, or will be within the shortest of ``REMIND_DAYS``."""
        return self.days <= min(REMIND_DAYS)

    @property
    def long_over(self) -> bool:
        """Whether it ended longer ago than the longest of ``REMIND_DAYS``: shown until somebody saw to it."""
        return self.days < -max(REMIND_DAYS)


def problems(
    level: str, seen: date | None, decision: str, review: date | None, today: date
) -> dict[str, str]:
    """Every field that does not fit, with what to do about it (a msgid); empty when all is well."""
    found: dict[str, str] = {}
    if level not in {str(each) for each in LEVELS}:
        found["level"] = N_("Choose a safety check from the list.")
    if decision not in set(Decision):
        found["decision"] = N_("Say what you decided.")
    if seen is None:
        found["seen"] = N_("Say on which day it was seen.")
    elif seen > today:
        found["seen"] = N_("This day has not come yet.")
    if review is not None and (review <= today or review.year > today.year + MOST_YEARS_AHEAD):
        found["review"] = N_("Choose a day in the next ten years.")
    return found


def usual_review(level: CheckLevel, seen: date) -> date | None:
    """The day that a page proposes."""
    days = HOLDS_DAYS.get(level)
    return None if days is None else seen + timedelta(days=days)


def after(cleared: Iterable[Cleared], check: Check) -> tuple[Cleared, ...]:
    """What matching may rely on once ``check`` is noted: the later record of a level takes the place of the one
    before, and one that did not satisfy takes the stronger ones away too. Weakest first."""
    at = LEVELS.index(check.level)
    kept = [
        each
        for each in cleared
        if each.check != check.level
        and (check.decision is Decision.CLEARED or LEVELS.index(CheckLevel(each.check)) < at)
    ]
    if check.decision is Decision.CLEARED:
        kept.append(Cleared(check=check.level, until=check.review))
    return tuple(sorted(kept, key=lambda each: LEVELS.index(CheckLevel(each.check))))


def fold(checks: Iterable[Check]) -> tuple[Cleared, ...]:
    """The same from nothing, records in the order in which they were noted."""
    cleared: tuple[Cleared, ...] = ()
    for check in checks:
        cleared = after(cleared, check)
    return cleared


def reminder(renewal: Renewal) -> int:
    """Which of ``REMIND_DAYS`` it is time for; ``OVER`` once the last day is past."""
    return OVER if renewal.days < 0 else renewal.band


def renewals(person_id: PersonId, cleared: Iterable[Cleared], today: date) -> list[Renewal]:
    """Checks of one volunteer that end within the longest of ``REMIND_DAYS``, or have ended, however long ago. One that
    a stronger check outlasts needs nothing."""
    held = tuple(cleared)
    found = []
    for each in held:
        if each.until is None or (each.until - today).days > max(REMIND_DAYS) or _outlasted(each, held):
            continue
        found.append(
            Renewal(
                person_id=person_id,
                level=CheckLevel(each.check),
                until=each.until,
                days=(each.until - today).days,
            )
        )
    return found


def _outlasted(one: Cleared, held: Iterable[Cleared]) -> bool:
    order = LEVELS.index(CheckLevel(one.check))
    assert one.until is not None
    return any(
        LEVELS.index(CheckLevel(other.check)) > order and (other.until is None or other.until > one.until)
        for other in held
    )


def record(check: Check) -> dict[str, Any]:
    """As it is sealed."""
    return {
        "level": str(check.level),
        "seen": check.seen.isoformat(),
        "by": check.by,
        "decision": str(check.decision),
        "review": check.review.isoformat() if check.review else None,
        "at": check.at,
    }


def check_from(value: Mapping[str, Any]) -> Check:
    """The record again."""
    return Check(
        level=CheckLevel(value["level"]),
        seen=date.fromisoformat(value["seen"]),
        by=value["by"],
        decision=Decision(value["decision"]),
        review=date.fromisoformat(value["review"]) if value["review"] else None,
        at=value["at"],
    )
