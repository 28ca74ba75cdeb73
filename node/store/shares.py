"""Who may see needs of a category: a setting by its code in summaries (class B: the broad group)."""

from node.domain.need import Share
from node.store.db import Tx, kept


async def put(tx: Tx, category: str, share: Share) -> None:
    """Sets it in place of the one before."""
    await tx.execute(
        "INSERT INTO category_settings(category, share) VALUES(?, ?)"
        " ON CONFLICT(category) DO UPDATE SET share = excluded.share",
        (category, share),
    )


@kept
async def all_of(tx: Tx) -> dict[str, Share]:
    """Every setting made; a category that is not there is shared with nobody."""
    rows = await tx.execute_fetchall("SELECT category, share FROM category_settings ORDER BY category")
    return {row["category"]: Share(row["share"]) for row in rows}
