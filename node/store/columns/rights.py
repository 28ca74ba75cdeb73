"""Consents, holds, breaches, what was erased, and the book of who did what."""

from collections.abc import Mapping

from node.store.columns.reasons import ACTOR, DAY, GROUP, HASH, ID, SEALED, STATE, Column, Protection, clear

TABLES: Mapping[str, Mapping[str, Column]] = {
    "consents": {
        "id": clear("a number"),
        "person_id": ID,
        "need_id": ID,
        "purpose": STATE,
        "answer": STATE,
        "wording": clear("the version of the question that was read out"),
        "at": DAY,
        "by_actor": ACTOR,
        "note_sealed": SEALED,
    },
    "holds": {
        "id": ID,
        "person_id": ID,
        "review_day": DAY,
        "by_staff": ACTOR,
        "at": DAY,
        "sealed": SEALED,
    },
    "breaches": {
        "id": ID,
        "kind": STATE,
        "found_at": DAY,
        "from_at": DAY,
        "until_at": DAY,
        "staff_id": ACTOR,
        "risk": STATE,
        "authority_at": DAY,
        "people_at": DAY,
        "closed_at": DAY,
        "by_staff": ACTOR,
        "sealed": SEALED,
    },
    "breach_people": {"breach_id": ID, "person_id": ID, "how": STATE},
    "erasures": {"id": ID, "kind": STATE, "at": DAY},
    "audit": {
        "seq": clear("a number"),
        "at": DAY,
        "actor": ACTOR,
        "action": STATE,
        "object": clear("a random id with its kind"),
        "codes": clear("codes, ids and counts"),
        "note_sealed": SEALED,
        "note_hash": Column(Protection.INDEX, "a hash of the sealed note"),
        "prev": HASH,
        "hash": HASH,
    },
    "past_audit": {
        "origin": GROUP,
        "seq": clear("a number"),
        "at": DAY,
        "actor": ACTOR,
        "action": STATE,
        "object": clear("a random id with its kind"),
        "codes": clear("codes, ids and counts"),
        "note_sealed": SEALED,
        "note_hash": Column(Protection.INDEX, "a hash of the note as it was sealed in that node"),
        "prev": HASH,
        "hash": HASH,
    },
}
