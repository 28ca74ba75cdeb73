"""Money that somebody laid out for a task, and that the group pays back: its life-cycle as a table, and the cap.

Amounts are whole hundredths of the group's own currency (pence, cents); nothing is ever reckoned in fractions.
No photograph is kept: the number on the slip and a few words are enough to find it in the box.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from node.domain.ids import NeedId, PersonId
from node.domain.lifecycle import step
from node.errors import N_

MAX_AMOUNT = 1_000_000
"""Hundredths: nobody lays out more for a neighbour."""
HOW_MUCH = N_("Write how much it was, like 12.50.")
MAX_NUMBER = 60
MAX_NOTE = 500
"""Characters."""


class ReceiptState(StrEnum):
    CLAIMED = "claimed"
    PAID = "paid"
    REFUSED = "refused"


class ReceiptMove(StrEnum):
    PAY = "pay"
    REFUSE = "refuse"
    TAKE_BACK = "take_back"
    """Paid or refused by mistake: it waits again."""


class How(StrEnum):
    """How it was paid back."""

    CASH = "cash"
    TRANSFER = "transfer"
    OTHER = "other"


S, M = ReceiptState, ReceiptMove

MOVES: Mapping[tuple[ReceiptState, ReceiptMove], ReceiptState] = {
    (S.CLAIMED, M.PAY): S.PAID,
    (S.CLAIMED, M.REFUSE): S.REFUSED,
    (S.PAID, M.TAKE_BACK): S.CLAIMED,
    (S.REFUSED, M.TAKE_BACK): S.CLAIMED,
}
"""Every allowed move; what is not here is refused, so nothing is paid twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One slip. Clear: ids, days, states. ``person_id``: who laid it out; None once she is erased."""

    id: str
    person_id: PersonId | None
    need_id: NeedId | None
    day: date
    state: ReceiptState = ReceiptState.CLAIMED
    how: How | None = None
    settled_day: date | None = None
    settled_by: str | None = None
    """A staff id."""
    by_actor: str
    at: int
    """Unix seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What is sealed of it: hundredths, and the number that stands on it."""

    amount: int
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptView:
    """One line of the list."""

    receipt: Receipt
    slip: Slip
    who: str
    """Empty once the person is erased."""
    note: str
    reference: str
    settled_by: str
    """A staff handle."""
    moves: tuple[ReceiptMove, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What was laid out in a month, by its first day: waiting, paid back, and not paid back, in hundredths."""

    first: date
    claimed: int = 0
    paid: int = 0
    refused: int = 0


def after(state: ReceiptState, move: ReceiptMove) -> ReceiptState:
    """The next state. Raises ``Conflict("moved_on")`` when the table has no such move."""
    return step(MOVES, state, move, of="receipt")


def cap_of(rule: int, most: int) -> int:
    """The most that is paid back for one request, in hundredths; 0: no cap. ``rule``: the group's, for any request;
    ``most``: what was agreed for this one (``Money.most``), which counts instead, less or more."""
    return most or rule


def over_cap(cap: int, counted: Iterable[int], amount: int) -> bool:
    """Whether a task's slips would come to more than its cap; a cap of 0 is none. Refused slips do not count."""
    return cap > 0 and sum(counted) + amount > cap


def same_slip(one: Slip, on: date, other: Slip, other_on: date) -> bool:
    """Whether two claims for one request may be one slip, told by whoever helped and by us: the same amount under the
    same number; where one has none, of the same day. Spaces, dashes and capitals of a number do not count."""
    if one.amount != other.amount:
        return False
    numbers = [_plain(each.number) for each in (one, other)]
    return numbers[0] == numbers[1] if all(numbers) else on == other_on


def _plain(number: str) -> str:
    return "".join(each for each in number.casefold() if each.isalnum())


def by_month(lines: Iterable[tuple[date, ReceiptState, int]]) -> tuple[Month, ...]:
    """Totals of (day of the slip, state, amount), the latest month first."""
    sums: dict[date, dict[ReceiptState, int]] = {}
    for day, state, amount in lines:
        month = sums.setdefault(day.replace(day=1), dict.fromkeys(ReceiptState, 0))
        month[state] += amount
    return tuple(
        Month(
            first=first,
            claimed=sums[first][S.CLAIMED],
            paid=sums[first][S.PAID],
            refused=sums[first][S.REFUSED],
        )
        for first in sorted(sums, reverse=True)
    )


def problems(amount: int | None, number: str, note: str, day: date, today: date) -> dict[str, str]:
    """Every field that does not fit (a msgid); empty when all is well."""
    found: dict[str, str] = {}
    if amount is None or not 0 < amount <= MAX_AMOUNT:
        found["amount"] = HOW_MUCH
    if len(number) > MAX_NUMBER:
        found["number"] = N_("That is too long.")
    if len(note) > MAX_NOTE:
        found["note"] = N_("This is too long. Shorten it, please.")
    if day > today:
        found["day"] = N_("This day has not come yet.")
    return found


def hundredths(text: str) -> int | None:
    """``12.50``, ``12,5`` or ``12`` in hundredths; None for anything else."""
    whole, dot, part = text.strip().replace(",", ".").partition(".")
    if not (whole.isdecimal() and whole.isascii() and len(whole) <= 7):
        return None
    if dot and not (part.isdecimal() and part.isascii() and len(part) <= 2):
        return None
    return int(whole + part.ljust(2, "0"))
