"""Text messages: how long they are on the air, and which numbers can take one.

A message is counted as telephone networks do (3GPP TS 23.038): in the 7-bit alphabet one holds 160 letters, several
together 153 each, some signs count twice; anything outside of it makes the whole message 16-bit: 70, or 67 each.
"""

import unicodedata
from collections.abc import Sequence

import phonenumbers
from phonenumbers import PhoneNumberType

MOST_SEGMENTS = 2
"""What one text of ours may cost."""
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWICE = frozenset("^{}\\[~]|€\f")
_ALIKE = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "…": "..."}
)
_NOT_MOBILE = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.PAGER,
        PhoneNumberType.VOICEMAIL,
    }
)


def plainer(text: str) -> str:
    """The same in signs of the 7-bit alphabet where that is only a matter of accents and quotation marks (``á`` as
    ``a``: readers of Spanish are used to it, and the message costs half); any other script stays as it is."""
    plain = "".join(_without_accent(sign) for sign in text.translate(_ALIKE))
    return plain if _is_basic(plain) else text


def segments(text: str) -> int:
    """How many messages the network makes of it, and the group pays for; 0 for no text."""
    if _is_basic(text):
        length = len(text) + sum(sign in _TWICE for sign in text)
        whole, part = 160, 153
    else:
        length = len(text.encode("utf-16-be")) // 2
        whole, part = 70, 67
    return min(length, 1) if length <= whole else -(-length // part)


def fitted(needed: Sequence[str], wanted: Sequence[str], most: int = MOST_SEGMENTS) -> str:
    """One text: what it cannot do without, and of the rest, in order of weight, whatever still fits into ``most``."""
    parts = list(needed)
    for part in wanted:
        if segments(_joined([*parts, part])) <= most:
            parts.append(part)
    return _joined(parts)


def mobile(number: str, region: str | None) -> str:
    """As E.164 if a text can be sent to it, else empty. ``region``: the country of numbers without a code."""
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(parsed) or phonenumbers.number_type(parsed) in _NOT_MOBILE:
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _joined(parts: Sequence[str]) -> str:
    return plainer("\n".join(parts))


def _is_basic(text: str) -> bool:
    return all(sign in _BASIC or sign in _TWICE for sign in text)


def _without_accent(sign: str) -> str:
    if sign in _BASIC or sign in _TWICE:
        return sign
    base = unicodedata.normalize("NFD", sign)[0]
    return base if base in _BASIC else sign
