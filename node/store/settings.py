"""What the group decides: typed settings, each a JSON value under its key. None of them is personal data."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from node.store.db import Tx

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One setting: its key, how its stored JSON becomes a value, and what it is until somebody sets it."""

    key: str
    read: Callable[[Any], T]
    default: T


def _place(value: Any) -> tuple[float, float] | None:
    return None if value is None else (float(value[0]), float(value[1]))


def _maybe(value: Any) -> str | None:
    return None if value is None else str(value)


def _maybe_int(value: Any) -> int | None:
    return None if value is None else int(value)


GROUP_NAME: Setting[str] = Setting("group_name", str, "")
LANGUAGE: Setting[str] = Setting("language", str, "en")
PLACE: Setting[tuple[float, float] | None] = Setting("place", _place, None)
"""The middle of the group's area: latitude, longitude in degrees."""
PHONE: Setting[str] = Setting("phone", str, "")
"""The group's own telephone, for its public pages."""
HOURS: Setting[str] = Setting("hours", str, "")
PUBLIC_URL: Setting[str] = Setting("public_url", str, "")
REGION: Setting[str | None] = Setting("region", _maybe, None)
"""Two-letter country of telephone numbers written without a country code."""
DONE: Setting[bool] = Setting("set_up", bool, False)
STARTING_CODE: Setting[str | None] = Setting("starting_code", _maybe, None)
"""The hash of the one-time starting code, in hex; None when there is none."""
ORIGIN: Setting[str] = Setting("origin", str, "")
"""The node's id: the did:key of its root key."""
RESCUE_PUBLIC: Setting[str | None] = Setting("rescue_public", _maybe, None)
"""The public key that the rescue cards open, in hex."""
SAFEGUARDING_RESCUE_PUBLIC: Setting[str | None] = Setting("safeguarding_rescue_public", _maybe, None)
"""The same for the cards that open ``safeguarding``, printed by the first safety officer."""
CARD_PROOFS: Setting[list[str]] = Setting("card_proofs", list, [])
"""Slow hashes of four words of each rescue card, in hex, to check words that are typed back."""
CARDS_CONFIRMED: Setting[bool] = Setting("cards_confirmed", bool, False)
"""Whether somebody typed words of the printed rescue cards back."""
KDF: Setting[str] = Setting("kdf", str, "")
"""What one password costs on this machine (see ``node.vault.keys.Kdf``); measured at set-up."""
TRUSTED_AT: Setting[int | None] = Setting("trusted_at", _maybe_int, None)
"""Unix seconds of the last moment at which the clock was trusted."""
RESTORED_AT: Setting[int | None] = Setting("restored_at", _maybe_int, None)
"""Unix seconds of a restore whose new epoch has not been published yet; None otherwise."""
DEVICE_KEY: Setting[str] = Setting("device_key", str, "")
"""In hex: marks browsers that somebody signed in on before. Only guards the queue of the sign-in page."""
CARDS_OPENED_AT: Setting[int | None] = Setting("cards_opened_at", _maybe_int, None)
"""When rescue cards were last used, for the notice that every member of staff sees."""


async def get(tx: Tx, setting: Setting[T]) -> T:
    """The stored value, or the default."""
    rows = list(await tx.execute_fetchall("SELECT value FROM settings WHERE key = ?", (setting.key,)))
    return setting.read(json.loads(rows[0]["value"])) if rows else setting.default


async def put(tx: Tx, setting: Setting[T], value: T) -> None:
    """Stores a value in place of the one before."""
    await tx.execute(
        "INSERT INTO settings(key, value) VALUES (?, ?)"
        " ON CONFLICT(key) DO UPDATE SET value = excluded.value",
        (setting.key, json.dumps(value)),
    )


async def take_out(tx: Tx, setting: Setting[T]) -> None:
    """Back to the default."""
    await tx.execute("DELETE FROM settings WHERE key = ?", (setting.key,))
