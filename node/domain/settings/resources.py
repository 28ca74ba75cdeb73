"""Other help that there is around: food banks, shelters, guidance. Public: nothing of a person stands in it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from node.domain.catalogue import Catalogue
from node.domain.need import SHARED_LANGUAGES
from node.domain.settings.opening import Week
from node.errors import N_, Invalid

MOST_LETTERS = {
    "name": 120,
    "what": 1000,
    "address": 300,
    "area": 200,
    "hours": 300,
    "phone": 60,
    "link": 300,
}
"""Field -> letters at most."""
STALE_DAYS = 180
"""After half a year somebody should look whether it is still so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One place that helps. ``kinds``: codes of the kinds of help; ``languages``: codes."""

    id: str
    name: str
    what: str = ""
    kinds: tuple[str, ...] = ()
    address: str = ""
    area: str = ""
    """For whom, or how far around."""
    hours: str = ""
    """In words."""
    week: Week = ()
    """As times; empty where nobody gave them."""
    phone: str = ""
    link: str = ""
    languages: tuple[str, ...] = ()
    checked_on: date | None = None
    """The day on which somebody made sure that all of it is right."""

    def stale(self, today: date) -> bool:
        """Whether somebody should look again."""
        return self.checked_on is None or (today - self.checked_on).days > STALE_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a file of places brought: those that can be kept, and for each other one its number and the reason."""

    found: tuple[Resource, ...]
    refused: tuple[tuple[int, str], ...] = field(default=())


def problems(resource: Resource, catalogue: Catalogue) -> dict[str, str]:
    """Field -> what does not fit; empty if all does."""
    found: dict[str, str] = {}
    if not resource.name.strip():
        found["name"] = N_("Please fill this in.")
    for name, most in MOST_LETTERS.items():
        text = getattr(resource, name)
        if len(text) > most:
            found[name] = N_("That is too long.")
        elif any(not letter.isprintable() and letter != "\n" for letter in text):
            found[name] = N_("There is a letter in it that cannot be shown. Please type it anew.")
    if resource.link and not resource.link.startswith(("https://", "http://")):
        found["link"] = N_("A link begins with https://")
    if any(code not in catalogue for code in resource.kinds):
        found["kinds"] = N_("There is no such kind of help.")
    if not set(resource.languages) <= SHARED_LANGUAGES:
        found["languages"] = N_("Please choose one of these.")
    return found


def checked(resource: Resource, catalogue: Catalogue) -> Resource:
    """The same. Raises ``Invalid`` with the fields."""
    if found := problems(resource, catalogue):
        raise Invalid("resource", N_("Some answers need another look."), fields=found)
    return resource


def as_text(value: Any) -> str:
    """A text of a foreign file, without what cannot be shown."""
    text = value if isinstance(value, str) else ""
    kept = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(kept.split())
