"""What the group asks of whoever does a kind of help, beyond the shared list."""

from collections.abc import Mapping

from node.domain.catalogue import CheckLevel, Going
from node.store.db import Tx, kept


@kept
async def all_of_them(tx: Tx) -> Mapping[str, tuple[CheckLevel, Going]]:
    """Code of the kind -> (safety check, how one goes)."""
    async with tx.execute("SELECT category, check_level, going FROM kind_demands") as cursor:
        return {row[0]: (CheckLevel(row[1]), Going(row[2])) for row in await cursor.fetchall()}


async def put(tx: Tx, category: str, check: CheckLevel, going: Going) -> None:
    """From now on that is asked for this kind."""
    await tx.execute(
        "INSERT INTO kind_demands(category, check_level, going) VALUES(?, ?, ?) "
        "ON CONFLICT(category) DO UPDATE SET check_level = excluded.check_level, going = excluded.going",
        (category, check, going),
    )


async def drop(tx: Tx, category: str) -> None:
    """Only what everybody asks for it."""
    await tx.execute("DELETE FROM kind_demands WHERE category = ?", (category,))
