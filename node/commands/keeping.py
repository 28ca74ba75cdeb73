"""Backups, restoring, and the rescue cards."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from node import assembly
from node.assembly import Services
from node.clock import SystemClock
from node.commands.table import Arguments, command, plain
from node.domain.actors import CONSOLE
from node.services.sheets import backup as backups
from node.store.db import Database


@command
async def backup(services: Services, given: Arguments) -> Mapping[str, Any]:
    """A sealed copy; written by the node, so that it never leaves its hands unsealed."""
    report: Mapping[str, Any] = plain(
        await services.backup.backup(CONSOLE, Path(given["file"]), given["passphrase"])
    )
    return report


@command
async def rescue(services: Services, given: Arguments) -> Mapping[str, Any]:
    """A new password for an account, by two rescue cards; recorded, and announced to all staff."""
    opened = await services.rescue.open(
        CONSOLE, given["cards"], given["as"], given["password"], anyway=bool(given.get("anyway"))
    )
    return {"account": given["as"], "opened": list(opened)}


async def restore(
    file: Path,
    target: Path,
    passphrase: str,
    ledger_of: Path | None,
    *,
    alone: Callable[..., Any] | None = None,
) -> Mapping[str, Any]:
    """Into a new folder; there is no node to ask yet.

    ``ledger_of``: the old data folder, if it can still be read. Who was erased there since the backup was made is
    erased again before the new folder gets its name. ``alone`` runs one command on the services of a folder: with it
    the neighbours are asked right away what happened since the backup; without it the node asks at its first slot.
    """
    ledger = await assembly.erased_in(ledger_of) if ledger_of else ()
    again = 0

    async def replay(db: Database) -> None:
        nonlocal again
        again = await assembly.erase_again(db, ledger, SystemClock(), os.urandom)

    report = plain(await backups.restore(file, target, passphrase, SystemClock(), replay=replay))
    told = await alone(target, "look_back", {}) if alone else {}
    return {**report, "erased_again": again, **told}


@command
async def look_back(services: Services, given: Arguments) -> Mapping[str, Any]:
    """After a restore: what the neighbours know of the time since the backup."""
    if not await services.setup.is_done():
        return {}
    told = await services.recovery.look_back()
    status = await services.standing.status()
    return {
        "neighbours_asked": told.asked,
        "neighbours_answered": told.answered,
        "closed_since": status.closed_since,
        "lost": status.lost,
    }
