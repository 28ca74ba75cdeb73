"""Lists of people who are rung, who rings, and what was said."""

from collections.abc import Mapping

from node.store.columns.reasons import ABILITY, ACTOR, DAY, HASH, ID, SEALED, STATE, Column, clear

TABLES: Mapping[str, Mapping[str, Column]] = {
    "call_lists": {
        "id": ID,
        "state": STATE,
        "weekdays": STATE,
        "first_day": DAY,
        "last_day": DAY,
        "on_holiday": STATE,
        "paused_until": DAY,
        "language": STATE,
        "by_staff": ACTOR,
        "created_at": DAY,
        "sealed": SEALED,
    },
    "call_callers": {
        "id": ID,
        "list_id": ID,
        "person_id": ID,
        "staff_id": ACTOR,
        "weekdays": ABILITY,
        "link_hash": HASH,
        "device_hash": HASH,
        "since_day": DAY,
    },
    "call_entries": {
        "id": ID,
        "list_id": ID,
        "person_id": ID,
        "state": STATE,
        "paused_until": DAY,
        "place": clear("a number"),
        "caller_id": ID,
        "agreed": STATE,
        "since_day": DAY,
        "sealed": SEALED,
    },
    "call_moved": {"entry_id": ID, "day": DAY, "caller_id": ID},
    "call_words": {
        "id": ID,
        "entry_id": ID,
        "day": DAY,
        "word": STATE,
        "at": DAY,
        "by_actor": ACTOR,
        "taken_back": STATE,
        "note_sealed": SEALED,
    },
    "call_tasks": {
        "id": ID,
        "entry_id": ID,
        "kind": STATE,
        "said_id": ID,
        "raised_at": DAY,
        "taken_by": ACTOR,
        "ended": STATE,
        "ended_at": DAY,
        "ended_by": ACTOR,
    },
}
