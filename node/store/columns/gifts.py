"""What people have to give."""

from collections.abc import Mapping

from node.store.columns.reasons import ACTOR, DAY, HASH, ID, SEALED, STATE, Column

TABLES: Mapping[str, Mapping[str, Column]] = {
    "gifts": {
        "id": ID,
        "person_id": ID,
        "sort": STATE,
        "state": STATE,
        "told_day": DAY,
        "until_day": DAY,
        "ended_day": DAY,
        "by_staff": ACTOR,
        "link_hash": HASH,
        "sealed": SEALED,
    },
}
