"""Our line in the neighbours' phone book."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from node.assembly import Services
from node.commands.table import Arguments, command
from node.domain.actors import CONSOLE
from node.errors import N_, Invalid


@command
async def card(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Shows it, and changes what is given: at the next slot, or once somebody at the desk says yes (``waits``)."""
    changes = {name: value for name, value in given.items() if value is not None}
    if not changes:
        return {"card": await services.card.shown()}
    try:
        until = date.fromisoformat(changes.pop("until")) if "until" in changes else None
    except ValueError as error:
        raise Invalid("bad_until", N_("Write the day as YYYY-MM-DD.")) from error
    waits = await services.second_yes.card(CONSOLE, until=until, **changes)
    return {"card": await services.card.shown(), "waits": waits}
