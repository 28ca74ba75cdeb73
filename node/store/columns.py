"""Every column of ``group.db``, and why it may lie readable on the disk - or that it does not.

A column that is missing here fails the build. What is ``clear`` is random ids, states, days, the fields that
a published summary could carry, and what volunteers agreed to; everything else about people is ``sealed``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Protection(StrEnum):
    """How a column lies on the disk."""

    CLEAR = "clear"
    SEALED = "sealed"
    """A box of the vault."""
    KEY = "key"
    """A public key, or a private one wrapped or sealed."""
    INDEX = "index"
    """A keyed or plain hash of something long and random: it can be compared, not read."""
    PUBLIC = "public"
    """Published, or made to be."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column's protection and the reason for it."""

    protection: Protection
    reason: str


def _clear(reason: str) -> Column:
    return Column(Protection.CLEAR, reason)


_ID = _clear("a random id")
_STATE = _clear("a state or code from a closed list")
_DAY = _clear("a day or time of our own doing")
_SUMMARY = _clear("a field that a published summary could carry, in its coarse form")
_ABILITY = _clear("a volunteer's abilities and limits, as codes")
_GROUP = _clear("about the group, not about a person")
_ACTOR = _clear("the kind and random id of who did it")
_SEALED = Column(Protection.SEALED, "personal")
_PUBLIC = Column(Protection.PUBLIC, "signed and given to others")
_PUBLIC_KEY = Column(Protection.KEY, "the public half")
_WRAPPED = Column(Protection.KEY, "a private half, under a password, a cookie's secret or sealed to a holder")
_HASH = Column(Protection.INDEX, "a hash")
_PLACE = _clear("a public place file")

COLUMNS: Mapping[str, Mapping[str, Column]] = {
    "settings": {"key": _GROUP, "value": _GROUP},
    "category_settings": {"category": _GROUP, "share": _GROUP, "hidden": _GROUP},
    "staff": {
        "id": _ID,
        "handle": _clear("the sign-in name, chosen by its owner and asked for before anything is open"),
        "roles": _STATE,
        "state": _STATE,
        "public_key": _PUBLIC_KEY,
        "wrapped_key": _WRAPPED,
        "kdf": _clear("what a password costs"),
        "created_at": _DAY,
    },
    "compartments": {"name": _STATE, "public_key": _PUBLIC_KEY, "rescue_sealed": _WRAPPED},
    "compartment_members": {
        "compartment": _STATE,
        "staff_id": _ID,
        "sealed_key": _WRAPPED,
        "granted_by": _ACTOR,
        "granted_at": _DAY,
    },
    "sessions": {
        "id": _HASH,
        "staff_id": _ID,
        "wrapped_key": _WRAPPED,
        "created_at": _DAY,
        "last_seen": _DAY,
        "expires_at": _DAY,
    },
    "persons": {
        "id": _ID,
        "state": _STATE,
        "sealed": _SEALED,
        "phone_index": Column(Protection.INDEX, "keyed from the compartment's private key"),
        "email_index": Column(Protection.INDEX, "keyed from the compartment's private key"),
        "created_day": _DAY,
        "updated_day": _DAY,
    },
    "volunteers": {
        "person_id": _ID,
        "state": _STATE,
        "paused_until": _ABILITY,
        "abilities": _ABILITY,
        "takes": _ABILITY,
        "languages": _ABILITY,
        "transport": _ABILITY,
        "radius_km": _ABILITY,
        "max_per_week": _ABILITY,
        "days_off": _ABILITY,
        "cleared": _ABILITY,
    },
    "checks": {"id": _ID, "person_id": _ID, "sealed": _SEALED},
    "apart": {"id": _ID, "sealed": _SEALED},
    "needs": {
        "id": _ID,
        "person_id": _ID,
        "reference": _clear("a random number to read out"),
        "state": _STATE,
        "category": _clear("class A its code, class B its broad group, class C only 'private'"),
        "cell": _clear("the label of the partition a summary would carry; none for class C"),
        "urgency": _SUMMARY,
        "window_from": _SUMMARY,
        "window_to": _SUMMARY,
        "part_of_day": _SUMMARY,
        "effort": _SUMMARY,
        "people": _SUMMARY,
        "helpers": _SUMMARY,
        "remote": _SUMMARY,
        "requires": _SUMMARY,
        "languages": _SUMMARY,
        "tags": _SUMMARY,
        "repeats": _SUMMARY,
        "keep_here": _STATE,
        "channel": _STATE,
        "posted_day": _SUMMARY,
        "due_day": _DAY,
        "hold_until": _DAY,
        "close_reason": _STATE,
        "duplicate_of": _ID,
        "closed_day": _DAY,
        "told_by_phone": _STATE,
        "to_check": _STATE,
        "round": _clear("how often it was reopened"),
        "sealed": _SEALED,
        "created_at": _DAY,
        "changed_at": _DAY,
        "import_key": Column(Protection.INDEX, "keyed from the compartment's private key"),
        "by_staff": _ACTOR,
    },
    "assignments": {
        "id": _ID,
        "need_id": _ID,
        "person_id": _ID,
        "state": _STATE,
        "created_at": _DAY,
        "changed_at": _DAY,
        "round": _clear("how often it was reopened"),
        "by_staff": _ACTOR,
        "approved_by": _ACTOR,
        "link_hash": _HASH,
        "link_expires": _DAY,
        "device_hash": _HASH,
    },
    "consents": {
        "id": _clear("a number"),
        "person_id": _ID,
        "need_id": _ID,
        "purpose": _STATE,
        "answer": _STATE,
        "wording": _clear("the version of the question that was read out"),
        "at": _DAY,
        "by_actor": _ACTOR,
        "note_sealed": _SEALED,
    },
    "published": {
        "public_id": _PUBLIC,
        "need_id": _ID,
        "set_name": _PUBLIC,
        "kind": _PUBLIC,
        "content": _PUBLIC,
        "epoch": _PUBLIC,
        "seq": _PUBLIC,
        "expires": _PUBLIC,
        "max_expires": _PUBLIC,
        "line": _PUBLIC,
    },
    "own_position": {"id": _GROUP, "epoch": _PUBLIC, "seq": _PUBLIC},
    "own_lines": {"name": _PUBLIC, "epoch": _PUBLIC, "seq": _PUBLIC, "line": _PUBLIC},
    "peers": {
        "origin": _GROUP,
        "url": _GROUP,
        "name": _GROUP,
        "state": _GROUP,
        "allow_private": _GROUP,
        "added_at": _DAY,
    },
    "audit": {
        "seq": _clear("a number"),
        "at": _DAY,
        "actor": _ACTOR,
        "action": _STATE,
        "object": _clear("a random id with its kind"),
        "codes": _clear("codes, ids and counts"),
        "note_sealed": _SEALED,
        "note_hash": Column(Protection.INDEX, "a hash of the sealed note"),
        "prev": _HASH,
        "hash": _HASH,
    },
    "erasures": {"id": _ID, "kind": _STATE, "at": _DAY},
    "places": {
        "id": _PLACE,
        "country": _PLACE,
        "code": _PLACE,
        "code_key": _PLACE,
        "name": _PLACE,
        "name_key": _PLACE,
        "admin": _PLACE,
        "lat": _PLACE,
        "lon": _PLACE,
        "accuracy_m": _PLACE,
        "source": _PLACE,
    },
    "imports": {
        "id": _ID,
        "at": _DAY,
        "by_actor": _ACTOR,
        "mapping": _GROUP,
        "rows": _GROUP,
        "added": _GROUP,
        "skipped": _GROUP,
    },
    "import_rows": {
        "row_key": Column(Protection.INDEX, "keyed from the compartment's private key"),
        "part": _STATE,
        "need_id": _ID,
        "import_id": _ID,
    },
}
"""Table -> column -> how it lies on the disk."""
