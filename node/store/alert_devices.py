"""Browsers that show members of staff what waits, by sign-in name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from node.store.db import Tx

_COLUMNS = "id, handle, endpoint_hash, browser, since, sealed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertDevice:
    """One browser. ``since``: Unix seconds."""

    id: str
    handle: str
    endpoint_hash: bytes
    """Of its address, which nobody can guess: the same browser turned on again is known by it."""
    browser: str
    """``firefox-windows``: as it said of itself; empty where it said nothing."""
    since: int
    sealed: bytes
    """Address and keys."""


async def put(tx: Tx, device: AlertDevice) -> None:
    """That browser shows them from now on, to whoever turned it on there last."""
    await tx.execute("DELETE FROM alert_devices WHERE endpoint_hash = ?", (device.endpoint_hash,))
    await tx.execute(
        f"INSERT INTO alert_devices({_COLUMNS}) VALUES(?, ?, ?, ?, ?, ?)",
        (device.id, device.handle, device.endpoint_hash, device.browser, device.since, device.sealed),
    )


async def drop(tx: Tx, device_id: str, handle: str | None = None) -> bool:
    """It takes none any more. ``handle``: only if it is that account's. Whether there was one."""
    cursor = await tx.execute(
        "DELETE FROM alert_devices WHERE id = ? AND handle = coalesce(?, handle)", (device_id, handle)
    )
    return cursor.rowcount == 1


async def any_at_all(tx: Tx) -> bool:
    """Whether anybody turned it on."""
    async with tx.execute("SELECT 1 FROM alert_devices LIMIT 1") as cursor:
        return await cursor.fetchone() is not None


async def of(tx: Tx, handle: str) -> Sequence[AlertDevice]:
    """That account's, the latest first."""
    return await _select(tx, "handle = ?", handle)


async def all_of_them(tx: Tx) -> Sequence[AlertDevice]:
    """Everybody's, the latest first."""
    return await _select(tx, "1")


async def _select(tx: Tx, condition: str, *values: Any) -> Sequence[AlertDevice]:
    async with tx.execute(
        f"SELECT {_COLUMNS} FROM alert_devices WHERE {condition} ORDER BY since DESC, id", values
    ) as cursor:
        return [
            AlertDevice(
                id=row["id"],
                handle=row["handle"],
                endpoint_hash=row["endpoint_hash"],
                browser=row["browser"],
                since=row["since"],
                sealed=row["sealed"],
            )
            for row in await cursor.fetchall()
        ]
