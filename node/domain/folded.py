"""How typed texts are compared: small letters without accents, single blanks, nothing but letters and digits."""

import unicodedata


def folded(text: str) -> str:
    """The text as it is compared."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = (letter if letter.isalnum() else " " for letter in plain if not unicodedata.combining(letter))
    return " ".join("".join(letters).split())


def only_digits(text: str) -> str:
    """The digits of a text."""
    return "".join(letter for letter in text if letter.isdecimal())
