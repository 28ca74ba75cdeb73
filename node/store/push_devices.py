"""Browsers that show notifications, and the node's key towards the services that bring them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from node.domain.ids import PersonId
from node.store.db import Tx

KEY_ROW = "push"


@dataclass(frozen=True, slots=True, kw_only=True)
class PushDevice:
    """One browser in which she is signed in. ``since``: Unix seconds."""

    id: str
    session_id: bytes
    endpoint_hash: bytes
    """Of its address, which nobody can guess: the same browser turned on again is known by it."""
    since: int
    sealed: bytes
    """Address and keys."""


async def put(tx: Tx, device: PushDevice) -> None:
    """That browser shows them from now on, for whoever is signed in there now."""
    await tx.execute(
        "DELETE FROM push_devices WHERE session_id = ? OR endpoint_hash = ?",
        (device.session_id, device.endpoint_hash),
    )
    await tx.execute(
        "INSERT INTO push_devices(id, session_id, endpoint_hash, since, sealed) VALUES(?, ?, ?, ?, ?)",
        (device.id, device.session_id, device.endpoint_hash, device.since, device.sealed),
    )


async def drop(tx: Tx, device_id: str) -> None:
    """It takes none any more."""
    await tx.execute("DELETE FROM push_devices WHERE id = ?", (device_id,))


async def drop_of_session(tx: Tx, session_id: bytes) -> bool:
    """She turned it off there. Whether it was on."""
    return (await tx.execute("DELETE FROM push_devices WHERE session_id = ?", (session_id,))).rowcount == 1


async def any_at_all(tx: Tx) -> bool:
    """Whether anybody turned it on."""
    async with tx.execute("SELECT 1 FROM push_devices LIMIT 1") as cursor:
        return await cursor.fetchone() is not None


async def sessions_of(tx: Tx, person_id: str) -> Collection[bytes]:
    """In which of her browsers it is on."""
    async with tx.execute(
        "SELECT session_id FROM push_devices WHERE session_id IN (SELECT id FROM own_sessions WHERE person_id = ?)",
        (person_id,),
    ) as cursor:
        return frozenset(bytes(row[0]) for row in await cursor.fetchall())


async def since(tx: Tx, person_id: str) -> Sequence[int]:
    """When she turned it on in each of her browsers (Unix seconds), the latest first."""
    async with tx.execute(
        "SELECT since FROM push_devices WHERE session_id IN (SELECT id FROM own_sessions WHERE person_id = ?) "
        "ORDER BY since DESC",
        (person_id,),
    ) as cursor:
        return [int(row[0]) for row in await cursor.fetchall()]


async def of_persons(tx: Tx, now: int) -> Sequence[tuple[PersonId, PushDevice]]:
    """Everybody's, the latest first; none where she is signed in no more."""
    async with tx.execute(
        "SELECT s.person_id, d.id, d.session_id, d.endpoint_hash, d.since, d.sealed FROM push_devices d "
        "JOIN own_sessions s ON s.id = d.session_id WHERE s.expires_at > ? ORDER BY d.since DESC, d.id",
        (now,),
    ) as cursor:
        return [
            (
                PersonId(row["person_id"]),
                PushDevice(
                    id=row["id"],
                    session_id=row["session_id"],
                    endpoint_hash=row["endpoint_hash"],
                    since=row["since"],
                    sealed=row["sealed"],
                ),
            )
            for row in await cursor.fetchall()
        ]


# --- the key


async def key(tx: Tx) -> tuple[bytes, bytes] | None:
    """Its public half (an uncompressed point), and the box of the private one; None before it is made."""
    async with tx.execute("SELECT public, sealed FROM push_key WHERE id = ?", (KEY_ROW,)) as cursor:
        row = await cursor.fetchone()
    return None if row is None else (row["public"], row["sealed"])


async def put_key(tx: Tx, public: bytes, sealed: bytes) -> None:
    """Made once: what browsers gave us is good for this one alone, so another never takes its place."""
    await tx.execute(
        "INSERT OR IGNORE INTO push_key(id, public, sealed) VALUES(?, ?, ?)", (KEY_ROW, public, sealed)
    )
