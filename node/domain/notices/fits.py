"""Which requests are told at once, and which of those that fit make somebody's digest."""

from collections.abc import Iterable
from datetime import date, timedelta

from node.domain.need import Need, Urgency
from node.domain.notices.notice import DIGEST_MOST


def is_urgent(need: Need, today: date) -> bool:
    """Wanted today: its day is today, or was yesterday and nobody came; without a day, said so since yesterday. What is
    overdue for longer is for the coordinators to look at."""
    yesterday = today - timedelta(days=1)
    if need.due_day is not None:
        return yesterday <= need.due_day <= today and need.urgency is not Urgency.WHENEVER
    return need.urgency is Urgency.TODAY and need.posted_day >= yesterday


def for_digest(fitting: Iterable[tuple[float, Need]]) -> list[Need]:
    """At most ``DIGEST_MOST``, the best fitting of all, in the order of their days; ``fitting``: points and request."""
    best = sorted(fitting, key=lambda each: (-each[0], each[1].id))[:DIGEST_MOST]
    return sorted((need for _, need in best), key=lambda need: (need.due_day or date.max, need.id))
