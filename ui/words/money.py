"""Amounts in the money of the group's country, as its people write them."""

from dataclasses import dataclass
from decimal import Decimal

from babel.core import Locale
from babel.numbers import format_currency, format_decimal, get_territory_currencies

HUNDREDTHS = Decimal(100)


@dataclass(frozen=True, slots=True)
class Money:
    """Writes hundredths. ``code``: ISO 4217, empty where the country is not known."""

    code: str
    locale: Locale

    def __call__(self, hundredths: int) -> str:
        """``£12.50``; without a country ``12.50``."""
        amount = Decimal(hundredths) / HUNDREDTHS
        if not self.code:
            return str(format_decimal(amount, format="#,##0.00", locale=self.locale))
        return str(format_currency(amount, self.code, locale=self.locale))


def of(region: str | None, locale: Locale) -> Money:
    """The money of that country (ISO 3166-1, two letters)."""
    codes = get_territory_currencies(region) if region else []
    return Money(codes[0] if codes else "", locale)
