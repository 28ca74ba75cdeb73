"""Money that is asked for: how much, and the most that a group gives at once. Whole hundredths, never rounded."""

import re
import unicodedata
from dataclasses import dataclass

from babel.numbers import get_territory_currencies

CATEGORY = "money"
"""The kind of help that is nothing but money."""
MOST_HUNDREDTHS = 10_000_000
"""More than that is a slip of the keyboard."""

_GROUPED = re.compile(r"\d{1,3}(?P<mark>[ .,'])\d{3}(?:(?P=mark)\d{3})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """``asked`` and ``most`` in hundredths of ``currency`` (ISO 4217; empty where the group's country is not known).

    ``asked`` 0: nobody said how much. ``most`` 0: no cap.
    """

    asked: int = 0
    most: int = 0
    currency: str = ""

    @property
    def over(self) -> bool:
        """Whether more is asked for than is given."""
        return bool(self.most) and self.asked > self.most

    @property
    def told(self) -> str:
        """One line for whoever helps, also in another country."""
        amounts = [("", self.asked), ("max. ", self.most)]
        said = ", ".join(f"{word}{plain(amount)}" for word, amount in amounts if amount)
        return " ".join(part for part in (self.currency, said) if part) if said else ""


NOTHING = Money()


def parse(text: str) -> int | None:
    """What people type - ``45``, ``£45.50``, ``45,5 €``, ``1.200`` - in hundredths; 0 for nothing, None for what is no
    amount, or too much.

    A mark before exactly three digits parts thousands; before one or two it is the decimal mark.
    """
    digits = "".join(_western(c) for c in text.strip())
    bare = re.sub(r"^[^\d.,-]+|[^\d]+$", "", digits).strip()
    if not digits:
        return 0
    found = re.fullmatch(r"(?P<whole>[\d .,']*?\d)(?:[.,](?P<part>\d{1,2}))?", bare)
    if not found:
        return None
    whole = found["whole"]
    if not whole.isdecimal():
        if not _GROUPED.fullmatch(whole):
            return None
        whole = re.sub(r"\D", "", whole)
    amount = int(whole) * 100 + int((found["part"] or "0").ljust(2, "0"))
    return amount if 0 < amount <= MOST_HUNDREDTHS else None


def currency_of(region: str | None) -> str:
    """The money that people in that country pay with (CLDR); empty where we do not know."""
    known = get_territory_currencies(region.upper()) if region else []
    return str(known[0]) if known else ""


def plain(hundredths: int) -> str:
    """As it is typed: ``45`` or ``45.50``; ``parse`` gives it back."""
    whole, part = divmod(hundredths, 100)
    return f"{whole}.{part:02}" if part else str(whole)


def _western(c: str) -> str:
    if c.isdecimal():
        return str(unicodedata.decimal(c))
    return {"٫": ".", "٬": ",", "\u00a0": " ", "\u202f": " ", "’": "'"}.get(c, c)
