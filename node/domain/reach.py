"""What counts as a phone number and as an e-mail address; their comparable form is the vault's business."""

MIN_DIGITS = 5
MAX_DIGITS = 15


def digits(text: str) -> str:
    """Only the digits, of whatever script, as 0-9."""
    return "".join(str(int(character)) for character in text if character.isdecimal())


def is_phone(text: str) -> bool:
    """Whether somebody could be rung on this: 5 to 15 digits, however they are grouped."""
    return MIN_DIGITS <= len(digits(text)) <= MAX_DIGITS


def is_email(text: str) -> bool:
    """Whether it has the shape of an address; whether it works only a mail can tell."""
    name, at, host = text.strip().rpartition("@")
    return bool(at and name and "." in host) and not any(character.isspace() for character in text.strip())
