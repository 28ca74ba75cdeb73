"""A volunteer's own page: one-time links in, sessions, who asked for a link, calendars, and what a device sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from sqlite3 import Row

from node.domain.ids import PersonId
from node.store.db import Tx

_SESSION = "id, person_id, device, created_at, last_seen, expires_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSession:
    """One browser in which a volunteer is signed in. ``id`` is a hash of its cookie; times are Unix seconds."""

    id: bytes
    person_id: PersonId
    device: str
    """Browser and system as a code."""
    created_at: int
    last_seen: int
    expires_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAsk:
    """Somebody typed a number or an address and would like a link. ``sealed`` holds what was typed."""

    id: str
    at: int
    sealed: bytes


# --- one-time links


async def put_link(tx: Tx, person_id: str, link_hash: bytes, *, now: int, until: int, by: str | None) -> None:
    """The link of that person from now on; the one before stops working."""
    await tx.execute(
        "INSERT OR REPLACE INTO own_links(person_id, link_hash, made_at, expires_at, by_staff) VALUES(?,?,?,?,?)",
        (person_id, link_hash, now, until, by),
    )


async def link_owner(tx: Tx, link_hash: bytes, now: int) -> PersonId | None:
    """Whose link it is, None once it was used, replaced or has run out."""
    async with tx.execute(
        "SELECT person_id FROM own_links WHERE link_hash = ? AND expires_at > ?", (link_hash, now)
    ) as cursor:
        row = await cursor.fetchone()
    return PersonId(row["person_id"]) if row else None


async def drop_link(tx: Tx, person_id: str) -> None:
    """It was used, or its owner must not come in any more."""
    await tx.execute("DELETE FROM own_links WHERE person_id = ?", (person_id,))


# --- sessions


async def add_session(tx: Tx, session: OwnSession) -> None:
    """One more browser."""
    await tx.execute(
        f"INSERT INTO own_sessions({_SESSION}) VALUES(?,?,?,?,?,?)",
        (
            session.id,
            session.person_id,
            session.device,
            session.created_at,
            session.last_seen,
            session.expires_at,
        ),
    )


async def session(tx: Tx, id: bytes) -> OwnSession | None:
    """One session, run out or not."""
    async with tx.execute(f"SELECT {_SESSION} FROM own_sessions WHERE id = ?", (id,)) as cursor:
        row = await cursor.fetchone()
    return _session(row) if row else None


async def sessions_of(tx: Tx, person_id: str, now: int) -> Sequence[OwnSession]:
    """Where that person is signed in, the latest used first."""
    async with tx.execute(
        f"SELECT {_SESSION} FROM own_sessions WHERE person_id = ? AND expires_at > ? ORDER BY last_seen DESC, id",
        (person_id, now),
    ) as cursor:
        return [_session(row) for row in await cursor.fetchall()]


async def seen(tx: Tx, id: bytes, *, at: int, until: int) -> None:
    """It was used, so it stays for longer."""
    await tx.execute("UPDATE own_sessions SET last_seen = ?, expires_at = ? WHERE id = ?", (at, until, id))


async def end_session(tx: Tx, id: bytes) -> None:
    """Signs one browser out."""
    await tx.execute("DELETE FROM own_sessions WHERE id = ?", (id,))


async def drop_old_sessions(tx: Tx, now: int) -> None:
    """Forgets what has run out."""
    await tx.execute("DELETE FROM own_sessions WHERE expires_at <= ?", (now,))


async def shut_out(tx: Tx, person_id: str) -> None:
    """Link, sessions, passkeys and calendar of somebody who must not come in any more."""
    for table in ("own_links", "own_sessions", "own_passkeys", "own_feeds"):
        await tx.execute(f"DELETE FROM {table} WHERE person_id = ?", (person_id,))


# --- who asked for a link


async def add_ask(tx: Tx, ask: OwnAsk, *, most: int, since: int) -> None:
    """Kept unless so many wait already; those from before ``since`` (Unix seconds) go."""
    await tx.execute("DELETE FROM own_asks WHERE at < ?", (since,))
    if await count_asks(tx, since) < most:
        await tx.execute("INSERT INTO own_asks(id, at, sealed) VALUES(?,?,?)", (ask.id, ask.at, ask.sealed))


async def asks(tx: Tx, since: int) -> Sequence[OwnAsk]:
    """Who waits, the longest first."""
    async with tx.execute(
        "SELECT id, at, sealed FROM own_asks WHERE at >= ? ORDER BY at, rowid", (since,)
    ) as cursor:
        return [OwnAsk(id=row["id"], at=row["at"], sealed=row["sealed"]) for row in await cursor.fetchall()]


async def count_asks(tx: Tx, since: int) -> int:
    """How many wait."""
    async with tx.execute("SELECT count(*) AS many FROM own_asks WHERE at >= ?", (since,)) as cursor:
        row = await cursor.fetchone()
    return int(row["many"]) if row else 0


async def drop_ask(tx: Tx, id: str) -> bool:
    """It was answered; whether there was one."""
    return (await tx.execute("DELETE FROM own_asks WHERE id = ?", (id,))).rowcount > 0


# --- calendars


async def put_feed(tx: Tx, person_id: str, link_hash: bytes, now: int) -> None:
    """The address of that person's calendar from now on; the one before stops working."""
    await tx.execute(
        "INSERT OR REPLACE INTO own_feeds(person_id, link_hash, made_at) VALUES(?,?,?)",
        (person_id, link_hash, now),
    )


async def feed_since(tx: Tx, person_id: str) -> int | None:
    """Since when there is one (Unix seconds)."""
    async with tx.execute("SELECT made_at FROM own_feeds WHERE person_id = ?", (person_id,)) as cursor:
        row = await cursor.fetchone()
    return int(row["made_at"]) if row else None


async def feed_owner(tx: Tx, link_hash: bytes) -> PersonId | None:
    """Whose calendar it is."""
    async with tx.execute("SELECT person_id FROM own_feeds WHERE link_hash = ?", (link_hash,)) as cursor:
        row = await cursor.fetchone()
    return PersonId(row["person_id"]) if row else None


async def drop_feed(tx: Tx, person_id: str) -> None:
    """Its address stops working."""
    await tx.execute("DELETE FROM own_feeds WHERE person_id = ?", (person_id,))


# --- what a device sent


async def sent_first(tx: Tx, id: bytes, assignment_id: str, *, at: int, since: int) -> bool:
    """Notes that this was done now; False where it was done before. Notes older than ``since`` go."""
    await tx.execute("DELETE FROM own_sent WHERE at < ?", (since,))
    cursor = await tx.execute(
        "INSERT OR IGNORE INTO own_sent(id, assignment_id, at) VALUES(?,?,?)", (id, assignment_id, at)
    )
    return cursor.rowcount > 0


def _session(row: Row) -> OwnSession:
    return OwnSession(
        id=row["id"],
        person_id=PersonId(row["person_id"]),
        device=row["device"],
        created_at=row["created_at"],
        last_seen=row["last_seen"],
        expires_at=row["expires_at"],
    )
