"""The group's own wordings, and every wording it ever had, by the name that consents record."""

from node.store.db import Tx, kept


@kept
async def own(tx: Tx) -> dict[tuple[str, str], str]:
    """(key, language) -> the group's wording."""
    async with tx.execute("SELECT key, language, text FROM texts") as cursor:
        return {(row["key"], row["language"]): row["text"] for row in await cursor.fetchall()}


async def put(tx: Tx, key: str, language: str, text: str, at: int) -> None:
    """The wording in place of the one before. ``at``: Unix seconds."""
    await tx.execute(
        "INSERT INTO texts(key, language, text, changed_at) VALUES(?, ?, ?, ?)"
        " ON CONFLICT(key, language) DO UPDATE SET text = excluded.text, changed_at = excluded.changed_at",
        (key, language, text, at),
    )


async def take_out(tx: Tx, key: str, language: str) -> None:
    """Back to our wording."""
    await tx.execute("DELETE FROM texts WHERE key = ? AND language = ?", (key, language))


async def keep_wording(tx: Tx, version: str, key: str, language: str, text: str, at: int) -> None:
    """So that a consent which names it can be read later; the same words are kept once."""
    await tx.execute(
        "INSERT OR IGNORE INTO wordings(version, key, language, text, since) VALUES(?, ?, ?, ?, ?)",
        (version, key, language, text, at),
    )


async def wording(tx: Tx, version: str) -> tuple[str, str, str] | None:
    """Key, language and text of one that was in use, if it was the group's own or was ever replaced."""
    async with tx.execute("SELECT key, language, text FROM wordings WHERE version = ?", (version,)) as cursor:
        row = await cursor.fetchone()
    return (row["key"], row["language"], row["text"]) if row else None
