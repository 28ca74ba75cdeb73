"""Finding a person by phone or e-mail without keeping either readable: a keyed hash of the normal form."""

import hmac
import unicodedata
from typing import Literal

import phonenumbers

from node.vault.keys import derive

Kind = Literal["phone", "email", "row"]


def normal(kind: Kind, text: str, region: str | None) -> str:
    """The one spelling of a phone (E.164 where it can be told), an e-mail (case folded) or a row key (as it
    is).

    ``region`` is the two-letter country whose numbers are written without a country code; without one, such a
    number is its digits without leading zeros.
    """
    if kind == "email":
        return unicodedata.normalize("NFC", text.strip()).casefold()
    if kind == "row":
        return text
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return "".join(str(unicodedata.decimal(c)) for c in text if c.isdecimal()).lstrip("0")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def keyed(compartment_private: bytes, kind: Kind, text: str, region: str | None) -> bytes:
    """32 bytes: HMAC-SHA256 under a key that only the opened compartment yields."""
    key = derive(compartment_private, f"blind/{kind}")
    return hmac.digest(key, normal(kind, text, region).encode(), "sha256")
