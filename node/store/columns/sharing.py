"""What leaves in public, and what was lost or closed meanwhile."""

from collections.abc import Mapping

from node.store.columns.reasons import ACTOR, DAY, GROUP, ID, PUBLIC, STATE, Column, clear

TABLES: Mapping[str, Mapping[str, Column]] = {
    "proposals": {
        "id": ID,
        "kind": STATE,
        "subject": STATE,
        "value": clear("what would be shown to everybody in the group's own name"),
        "by_staff": ACTOR,
        "at": DAY,
        "state": STATE,
        "decided_by": ACTOR,
        "decided_at": DAY,
    },
    "published": {
        "public_id": PUBLIC,
        "need_id": ID,
        "set_name": PUBLIC,
        "kind": PUBLIC,
        "content": PUBLIC,
        "epoch": PUBLIC,
        "seq": PUBLIC,
        "expires": PUBLIC,
        "max_expires": PUBLIC,
        "line": PUBLIC,
    },
    "own_position": {"id": GROUP, "epoch": PUBLIC, "seq": PUBLIC},
    "own_lines": {"name": PUBLIC, "epoch": PUBLIC, "seq": PUBLIC, "line": PUBLIC},
    "lost": {
        "public_id": PUBLIC,
        "set_name": PUBLIC,
        "content": PUBLIC,
        "found_at": DAY,
        "settled_at": DAY,
        "settled_by": ACTOR,
    },
    "closed_since": {"need_id": ID, "how": STATE, "heard_day": DAY, "found_at": DAY},
}
