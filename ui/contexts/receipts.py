"""What the pages about receipts are given."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from node.domain.rounds.receipt import Month, ReceiptView


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptsPage:
    """`/receipts`"""

    waiting: Sequence[ReceiptView]
    settled: Sequence[ReceiptView]
    """The latest first."""
    months: Sequence[Month]
    owed: Sequence[tuple[str, int]]
    """Who is owed how much, most first."""
    money: Callable[[int], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """On the page of a request: what was laid out for it. ``payers``: who could have, id to name."""

    receipts: Sequence[ReceiptView]
    payers: Mapping[str, str]
    cap: int
    today: date
    money: Callable[[int], str]
    typed: Any = None
    """The form, after something in it was not right yet."""
