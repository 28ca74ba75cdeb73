"""Calls that nobody made, read from the clear columns alone: also while the records are closed."""

from collections.abc import Sequence
from datetime import date, timedelta

from node.domain.calls.call_list import PAPER_DAYS
from node.domain.calls.missed import NotRung, not_rung
from node.store import call_lists, settings
from node.store.db import Tx, kept


@kept
async def all_of_them(tx: Tx, today: date) -> Sequence[tuple[NotRung, bytes]]:
    """Every list of which a call is missing, with its sealed part, the one that waits longest first."""
    holidays, found = await settings.holidays(tx), []
    words = await _last_words(tx, today - timedelta(days=PAPER_DAYS))
    for each, sealed in await call_lists.standing(tx):
        barred = await call_lists.barred_of(tx, each.id)
        entries = [entry for entry, _ in await call_lists.entries(tx, each.id) if entry.id not in barred]
        missing = not_rung(each, entries, words, today, holidays)
        if missing is not None:
            found.append((missing, sealed))
    return sorted(found, key=lambda each: (each[0].first, each[0].list_id))


async def _last_words(tx: Tx, since: date) -> dict[str, date]:
    # By the day, not by who was rung: of a whole winter only the last days count, and every page of the desk asks.
    async with tx.execute(
        "SELECT entry_id, MAX(day) FROM call_words INDEXED BY call_words_by_day "
        "WHERE day >= ? AND taken_back = 0 GROUP BY entry_id",
        (since.isoformat(),),
    ) as cursor:
        return {row[0]: date.fromisoformat(row[1]) for row in await cursor.fetchall()}
