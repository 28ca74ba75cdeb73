"""What may be held about how somebody is reached: what must fit, and what a change changed."""

from node.domain.intake.intake import MAX_LINE, MAX_TEXT
from node.domain.person import PersonDetails, Phone, PhoneKind
from node.domain.reach import is_email, is_phone
from node.errors import N_

FIELDS = (
    "name", "contact_name", "door", "screen", "email", "address", "safe_to_ring", "languages", "contact_by", "about",
    "notes",
)  # fmt: skip
"""The fields of ``PersonDetails`` that a person types; the place follows from the address."""

_LINES = ("name", "contact_name", "email", "address", "safe_to_ring", "contact_by")


def problems(details: PersonDetails) -> dict[str, str]:
    """Every field that does not fit, with what to do about it (a msgid); empty when all is well."""
    found: dict[str, str] = {}
    for name in ("door", "screen"):
        phone: Phone | None = getattr(details, name)
        if phone is not None and phone.number and not is_phone(phone.number):
            found[name] = N_("This does not look like a phone number.")
    if details.email and not is_email(details.email):
        found["email"] = N_("This does not look like an e-mail address.")
    for name in _LINES:
        if len(getattr(details, name)) > MAX_LINE:
            found.setdefault(name, N_("This is too long. Shorten it, please."))
    for name in ("notes", "about"):
        if len(getattr(details, name)) > MAX_TEXT:
            found.setdefault(name, N_("This is too long. Shorten it, please."))
    if not any((details.name, details.address, details.best_phone, details.email)):
        found.setdefault(
            "name", N_("Something must be left, or nobody knows who this is. Erase them instead.")
        )
    return found


def changes(before: PersonDetails, after: PersonDetails) -> dict[str, tuple[str, str]]:
    """Field -> (what it was, what it is), in words, for every field that changed."""
    pairs = ((name, in_words(getattr(before, name)), in_words(getattr(after, name))) for name in FIELDS)
    return {name: (was, now) for name, was, now in pairs if was != now}


def in_words(value: object) -> str:
    """One field as text: a number with whose it is, languages with blanks between them."""
    match value:
        case Phone(number=number, kind=PhoneKind.OWN):
            return number
        case Phone(number=number, kind=kind):
            return f"{number} ({kind})".strip()
        case tuple():
            return " ".join(map(str, value))
        case None:
            return ""
        case _:
            return str(value)
