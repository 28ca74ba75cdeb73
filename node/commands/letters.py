"""Sealed letters to neighbouring groups: how they stand, and what a person decides about them."""

from collections.abc import Mapping
from typing import Any

from node.assembly import Services
from node.commands.table import Arguments, command
from node.domain.actors import CONSOLE


@command
async def letters_list(services: Services, given: Arguments) -> Mapping[str, Any]:
    """What goes out with its tries, and what came in and was set aside. Nothing of what is inside."""
    out = await services.letters.outbox(CONSOLE, peer=given["peer"])
    aside = await services.letters.set_aside(CONSOLE)
    return {
        "out": [
            {
                "id": row.id,
                "to": row.peer,
                "kind": row.kind,
                "state": row.state,
                "tries": row.tries,
                "last_try": row.last_try,
                "next_try": row.next_try if row.state == "waiting" else None,
                "answer": row.answer,
                "via": row.via,
                "expires": row.expires,
            }
            for row in out
        ],
        "aside": [
            {
                "id": row.id,
                "from": row.sender,
                "via": row.via,
                "kind": row.kind,
                "reason": row.reason,
                "arrived_at": row.arrived_at,
            }
            for row in aside
        ],
    }


@command
async def letters_release(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Sends what a restore held back."""
    return {"released": await services.letters.release(CONSOLE, given["id"])}


@command
async def letters_drop(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Takes a letter out of the post."""
    await services.letters.drop(CONSOLE, given["id"])
    return {"dropped": given["id"]}
