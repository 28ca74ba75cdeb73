"""Finding a person by phone or e-mail without keeping either readable: a keyed hash of the normal form."""

import hmac
import unicodedata
from typing import Literal

import phonenumbers

from node.vault.keys import derive

Kind = Literal["phone", "email", "row", "twin"]


def normal(kind: Kind, text: str, region: str | None) -> str:
    """The one spelling of a phone (E.164 where it can be told), an e-mail (case folded), a row key (as it
    is) or a name with an address (letters and digits alone, case folded, without accents).

    ``region`` is the two-letter country whose numbers are written without a country code; without one, such a
    number is its digits without leading zeros.
    """
    if kind == "email":
        return unicodedata.normalize("NFC", text.strip()).casefold()
    if kind == "row":
        return text
    if kind == "twin":
        plain = unicodedata.normalize("NFKD", text).casefold()
        return "".join(c for c in plain if c.isalnum() or c == "\n")
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return "".join(str(unicodedata.decimal(c)) for c in text if c.isdecimal()).lstrip("0")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def key(compartment_private: bytes, kind: Kind) -> bytes:
    """The 32 bytes that hashes of this kind are keyed with; only the opened compartment yields them."""
    return derive(compartment_private, f"blind/{kind}")


def keyed(compartment_private: bytes, kind: Kind, text: str, region: str | None) -> bytes:
    """32 bytes: HMAC-SHA256 under that key."""
    return under(key(compartment_private, kind), kind, text, region)


def under(hash_key: bytes, kind: Kind, text: str, region: str | None = None) -> bytes:
    """The same under a key that is at hand: that of a node before this one."""
    return hmac.digest(hash_key, normal(kind, text, region).encode(), "sha256")
