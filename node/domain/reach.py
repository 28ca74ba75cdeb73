"""Phone numbers and e-mail addresses in one comparable form, and what counts as one."""

import phonenumbers

MIN_DIGITS = 5
MAX_DIGITS = 15


def digits(text: str) -> str:
    """Only the digits, of whatever script, as 0-9."""
    return "".join(str(int(character)) for character in text if character.isdecimal())


def phone_key(text: str, region: str | None) -> str | None:
    """The number in international form, or its bare digits where it cannot be told; None if it is no number.

    ``region`` is the group's country (``GB``), for numbers written without their country's prefix.
    """
    bare = digits(text)
    if not MIN_DIGITS <= len(bare) <= MAX_DIGITS:
        return None
    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return bare
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def email_key(text: str) -> str | None:
    """The address folded for comparison; None if it is none."""
    folded = text.strip().casefold()
    name, at, host = folded.rpartition("@")
    return folded if at and name and "." in host and not any(c.isspace() for c in folded) else None
