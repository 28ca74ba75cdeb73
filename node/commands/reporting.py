"""How reports are shown by commands."""

from collections.abc import Mapping
from typing import Any

from node.domain.sharing.uniqueness import Uniqueness

SHOWN_ROWS = 50
"""Unique needs that are told one by one; the counts are of all."""


def report_as_json(report: Uniqueness) -> Mapping[str, Any]:
    """As commands show it: counts, and the needs that are the only ones of their kind."""
    return {
        "needs": report.needs,
        "unique": report.unique,
        "few": report.few,
        "not_unique_without": dict(report.by_field),
        "least_residents": report.least_residents,
        "residents_unknown": report.uncounted,
        "rows": [
            {
                "need_id": row.need_id,
                "category": row.content.category,
                "cell": row.content.cell,
                "residents": row.residents,
                "told_by": list(row.told_by),
            }
            for row in report.rows[:SHOWN_ROWS]
        ],
    }
