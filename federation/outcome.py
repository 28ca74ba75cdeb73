"""What one page comes to: lines to write, lines refused, and how many of each kind."""

from dataclasses import dataclass, field

from federation.policy import REFUSALS
from federation.store.rows import Batch

REFUSALS_KEPT = 500
"""Of one delivery, for each kind; all are counted."""
OWN_CODES = {
    "keys_missing": "no keys line of this origin is held",
    "over_quota": "the origin has more than we hold of one group",
    "unreadable": "the line could not be read for a reason of ours",
    "empty_line": "a line without bytes",
}
"""Codes of refusals that are ours and not the protocol's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One line that was not taken, and why."""

    line_no: int
    """From 1."""
    code: str
    detail: str


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What one page comes to."""

    batch: Batch = field(default_factory=Batch)
    accepted: int = 0
    hidden: int = 0
    same: int = 0
    older: int = 0
    """Something newer is held, or their epoch is over."""
    expired: int = 0
    waiting: int = 0
    """Made under a head or keys line that has not come."""
    refused: list[Refusal] = field(default_factory=list)
    refused_lines: int = 0
    passed_over: int = 0
    """Lines turned away by our list. Both are counted when pages are added up."""
    forked: set[str] = field(default_factory=set)
    touched: set[tuple[str, str]] = field(default_factory=set)
    """(origin, set) whose registers or head changed."""
    rolled_back: list[tuple[str, str]] = field(default_factory=list)
    """(origin, set) of each head that is below the one held."""
    whole: set[tuple[str, str]] = field(default_factory=set)
    """Those of them that are now exactly what their head counts."""

    def add(self, page: "Outcome") -> None:
        """Adds what another page came to, of its refusals the first ones: a flood of nonsense must not fill the
        memory. What is to be written is not taken over."""
        for name in ("accepted", "hidden", "same", "older", "expired", "waiting"):
            setattr(self, name, getattr(self, name) + getattr(page, name))
        for refusal in page.refused:
            if refusal.code in REFUSALS:
                self.passed_over += 1
                kept = self.passed_over <= REFUSALS_KEPT
            else:
                self.refused_lines += 1
                kept = self.refused_lines <= REFUSALS_KEPT
            if kept:
                self.refused.append(refusal)
        self.rolled_back += page.rolled_back[: REFUSALS_KEPT - len(self.rolled_back)]
        self.forked |= page.forked
