"""What the group calls the kinds of help, and which of them it does not offer."""

from node.store.db import Tx


async def names(tx: Tx) -> dict[tuple[str, str], str]:
    """(category, language) -> the group's own name."""
    async with tx.execute("SELECT category, language, name FROM category_names") as cursor:
        return {(row["category"], row["language"]): row["name"] for row in await cursor.fetchall()}


async def put_name(tx: Tx, category: str, language: str, name: str) -> None:
    """The group's name in place of the one before; an empty one goes back to the shared name."""
    if not name:
        await tx.execute(
            "DELETE FROM category_names WHERE category = ? AND language = ?", (category, language)
        )
        return
    await tx.execute(
        "INSERT INTO category_names(category, language, name) VALUES(?, ?, ?)"
        " ON CONFLICT(category, language) DO UPDATE SET name = excluded.name",
        (category, language, name),
    )


async def hidden(tx: Tx) -> frozenset[str]:
    """Codes of kinds that are not offered on forms."""
    async with tx.execute("SELECT category FROM category_settings WHERE hidden = 1") as cursor:
        return frozenset(row["category"] for row in await cursor.fetchall())


async def hide(tx: Tx, category: str, hidden: bool) -> None:
    """Takes a kind off the forms or puts it back; who may see it stays as it is."""
    await tx.execute(
        "INSERT INTO category_settings(category, share, hidden) VALUES(?, 'only_us', ?)"
        " ON CONFLICT(category) DO UPDATE SET hidden = excluded.hidden",
        (category, int(hidden)),
    )
