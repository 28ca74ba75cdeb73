"""Checks, visits, incidents, who must not meet whom."""

from collections.abc import Mapping

from node.store.columns.reasons import ABILITY, ACTOR, DAY, GROUP, ID, SEALED, STATE, Column, clear

TABLES: Mapping[str, Mapping[str, Column]] = {
    "checks": {"id": ID, "person_id": ID, "sealed": SEALED},
    "apart": {"id": ID, "sealed": SEALED},
    "kind_demands": {"category": GROUP, "check_level": GROUP, "going": GROUP},
    "visits": {
        "id": ID,
        "assignment_id": ID,
        "need_id": ID,
        "person_id": ID,
        "started_at": DAY,
        "expected_at": DAY,
        "rung": clear("a number"),
        "rung_at": DAY,
        "ended_at": DAY,
        "ended": STATE,
    },
    "check_reminders": {
        "person_id": ID,
        "level": ABILITY,
        "until": ABILITY,
        "days": clear("a number"),
        "at": DAY,
        "done_at": DAY,
        "done_by": ACTOR,
    },
    "incidents": {"id": ID, "state": STATE},
    "incident_readers": {"incident_id": ID, "staff_id": ACTOR},
    "incident_ended": {"incident_id": ID, "staff_id": ACTOR, "ended_by": ACTOR, "ended_at": DAY},
    "incident_parts": {"id": ID, "incident_id": ID, "sealed": SEALED},
}
