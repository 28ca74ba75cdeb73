"""Whole files in and out."""

from collections.abc import Mapping

from node.store.columns.reasons import ACTOR, DAY, GROUP, ID, KEYED, SEALED, STATE, Column

TABLES: Mapping[str, Mapping[str, Column]] = {
    "imports": {
        "id": ID,
        "at": DAY,
        "by_actor": ACTOR,
        "mapping": GROUP,
        "rows": GROUP,
        "done": GROUP,
        "added": GROUP,
        "skipped": GROUP,
        "to_check": GROUP,
        "closed": GROUP,
    },
    "import_rows": {
        "row_key": KEYED,
        "part": STATE,
        "need_id": ID,
        "import_id": ID,
    },
    "import_others": {
        "row_key": KEYED,
        "kind": STATE,
        "thing_id": ID,
        "import_id": ID,
    },
    "import_numbers": {
        "number_key": KEYED,
        "kind": STATE,
        "row_key": KEYED,
        "import_id": ID,
    },
    "sheet_drafts": {
        "id": ID,
        "staff_id": ACTOR,
        "sheet_sealed": SEALED,
        "state_sealed": SEALED,
        "import_id": ID,
        "created_at": DAY,
        "changed_at": DAY,
    },
    "sheet_mappings": {"name": GROUP, "sort": STATE, "text": GROUP, "changed_at": DAY, "sealed": SEALED},
    "export_asks": {
        "id": ID,
        "what": STATE,
        "by_staff": ACTOR,
        "at": DAY,
        "state": STATE,
        "decided_by": ACTOR,
        "decided_at": DAY,
    },
}
