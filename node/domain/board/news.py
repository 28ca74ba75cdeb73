"""How far somebody knows a list of the board, so that it can be said how much of it is new."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from node.domain.board.views import QueueRow

_MARK = re.compile(r"([0-9]{1,12})\.([0-9]{1,4})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Everything that changed before the second ``at`` (Unix) is known, and ``known`` requests that changed since.

    Those are of that second: it was not over yet when the list was drawn.
    """

    at: int
    known: int

    @classmethod
    def of(cls, rows: Sequence[QueueRow], now: int) -> Self:
        """The mark of a list that was read at ``now`` or later."""
        return cls(at=now, known=sum(row.changed_at >= now for row in rows))

    @classmethod
    def read(cls, text: str) -> Self | None:
        """What ``str`` made of one; None for anything else."""
        found = _MARK.fullmatch(text)
        return cls(at=int(found[1]), known=int(found[2])) if found else None

    def __str__(self) -> str:
        return f"{self.at}.{self.known}"

    def news(self, changed: int) -> int:
        """How many are news, where the list holds ``changed`` that changed at ``at`` or since."""
        return max(0, changed - self.known)
