"""What the group decided about itself, and public files it keeps."""

from collections.abc import Mapping

from node.store.columns.reasons import DAY, GROUP, HASH, ID, PLACE, STATE, Column, Protection, clear

TABLES: Mapping[str, Mapping[str, Column]] = {
    "settings": {"key": GROUP, "value": GROUP},
    "category_settings": {"category": GROUP, "share": GROUP, "hidden": GROUP},
    "category_names": {"category": GROUP, "language": GROUP, "name": GROUP},
    "resources": dict.fromkeys(
        (
            "id",
            "name",
            "what",
            "kinds",
            "address",
            "area",
            "hours",
            "phone",
            "link",
            "languages",
            "checked_on",
            "week",
        ),
        Column(Protection.PUBLIC, "a place that helps, for anybody to read"),
    ),
    "questions": {
        "id": ID,
        "position": GROUP,
        "kind": STATE,
        "asked": STATE,
        "words": GROUP,
        "choices": GROUP,
    },
    "polls": {
        "id": ID,
        "question": GROUP,
        "choices": GROUP,
        "begun_day": DAY,
        "until_day": DAY,
        "shown": STATE,
        "language": STATE,
        "also": GROUP,
    },
    "poll_counts": {
        "poll_id": ID,
        "choice": STATE,
        "count": clear("how many gave that answer; of no answer is there a row of its own"),
    },
    "texts": {"key": STATE, "language": STATE, "text": GROUP, "changed_at": DAY},
    "wordings": {"version": HASH, "key": STATE, "language": STATE, "text": GROUP, "since": DAY},
    "places": {
        "id": PLACE,
        "country": PLACE,
        "code": PLACE,
        "code_key": PLACE,
        "name": PLACE,
        "name_key": PLACE,
        "admin": PLACE,
        "lat": PLACE,
        "lon": PLACE,
        "accuracy_m": PLACE,
        "source": PLACE,
    },
}
