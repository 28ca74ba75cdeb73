"""The personal details that one task needs, for one neighbouring group: what goes, and the words said before."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from node.domain.accounts.levels import Level, covered_need, helper_sees, kind_of
from node.domain.catalogue import catalogue
from node.domain.need import Need, NeedDetails
from node.domain.person import PersonDetails, PhoneKind

WORDING = "handover-en-1"
"""Stands for what is read to the requester before each hand-over, where no text of the group's is named."""
OFFER_WORDING = "offer-en-1"
"""The same for what a volunteer is asked before she is offered to another group."""

MAX_NOTES = 2000
MAX_LINE = 200
KEEP_DAYS = 3
"""How long the helping group keeps the details after the task is done."""


def plain(text: str) -> str:
    """One line without control characters and direction overrides, as messages are allowed to carry it; a line's end
    becomes a stroke."""
    lines = (line.strip() for line in unicodedata.normalize("NFC", text).splitlines())
    joined = " / ".join(line for line in lines if line)
    kept = "".join(
        char for char in joined if unicodedata.category(char) not in ("Cc", "Cs") and char not in _TURNS
    )
    return " ".join(kept.split())


_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """What the helper is told. Empty where the task does not need it."""

    category: str
    """Exact: whoever goes there must know what it is."""
    first_name: str = ""
    safe_to_ring: str = ""
    phone: str = ""
    phone_kind: str = str(PhoneKind.NONE)
    address: str = ""
    doorstep_word: str = ""
    notes: str = ""
    languages: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def content(self) -> dict[str, Any]:
        """As in the message ``handover``; empty values are left out."""
        found: dict[str, Any] = {
            name: list(value) if isinstance(value, tuple) else value
            for name in self.__slots__
            for value in (getattr(self, name),)
        }
        return {name: value for name, value in found.items() if value not in ("", [])}

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "HandOver":
        """Out of the message, or of the record that was sealed of it."""
        lists = ("languages", "requires", "tags")
        found: dict[str, Any] = {
            name: tuple(content[name]) if name in lists else content[name]
            for name in cls.__slots__
            if name in content
        }
        return cls(**found)


def handover_of(need: Need, details: NeedDetails, person: PersonDetails) -> HandOver:
    """What a confirmed helper is told by ``domain.levels``, in the form of a message: of a task done from home no
    address and no doorstep word, of nobody an e-mail address, a family name or the caller.
    """
    kind = kind_of(need, details, catalogue())
    seen, codes = helper_sees(details, person, kind), covered_need(details, Level.TASK, kind)
    return HandOver(
        category=details.category,
        first_name=plain(seen.first_name)[:MAX_LINE],
        safe_to_ring=plain(seen.safe_to_ring)[:MAX_LINE],
        phone=plain(seen.phone)[:MAX_LINE],
        phone_kind=seen.phone_kind,
        address=plain(seen.address)[:MAX_LINE],
        doorstep_word=plain(seen.doorstep_word)[:MAX_LINE],
        notes=plain(seen.notes)[:MAX_NOTES],
        languages=seen.languages,
        requires=codes.requires,
        tags=codes.tags,
    )
