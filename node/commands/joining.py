"""Becoming neighbours: invitations, and answers to who used one."""

from collections.abc import Mapping
from typing import Any

from node.assembly import Services
from node.commands.table import Arguments, command
from node.domain.actors import CONSOLE
from node.services.exchange.joining import Introduced


@command
async def peers_invite(services: Services, given: Arguments) -> Mapping[str, Any]:
    """An invitation for one other group."""
    made = await services.joining.invite(CONSOLE, role=given["role"])
    return {"link": made.link, "role": made.role, "expires_at": made.expires_at}


@command
async def peers_join(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Uses a group's invitation. ``look``: only says who answers."""
    seen = await services.joining.look(CONSOLE, given["link"], allow_private=given["allow_private"])
    shown = {**_introduced(seen), "answer": "not_asked"}
    if not given["look"]:
        _, shown["answer"] = await services.joining.join(
            CONSOLE, given["link"], role=given["role"], allow_private=given["allow_private"]
        )
    return shown


@command
async def peers_asked(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Groups that used an invitation of ours and wait for an answer."""
    return {"asked": [_introduced(each) for each in await services.joining.asked(CONSOLE)]}


@command
async def peers_approve(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Agrees to a group that asked, or (``decline``) does not."""
    if given["decline"]:
        await services.joining.decline(CONSOLE, given["origin"])
        return {"id": given["origin"], "state": "declined"}
    row = await services.joining.approve(
        CONSOLE, given["origin"], role=given["role"], allow_private=given["allow_private"]
    )
    return {"id": row.origin, "name": row.name, "state": row.state, "role": row.role}


def _introduced(seen: Introduced) -> dict[str, Any]:
    said = seen.profile
    return {
        "id": seen.origin,
        "words": " ".join(seen.words),
        "name": seen.name,
        "url": seen.url,
        "phone": said.phone if said else None,
        "hours": said.hours if said else None,
        "retain_days": said.data_rules.retain_days if said else None,
        "onward": said.data_rules.onward if said else None,
        "role": seen.role,
    }
