"""What travels between groups as a file in somebody's pocket."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from node.assembly import Services
from node.commands.table import Arguments, command, plain
from node.domain.actors import CONSOLE
from node.errors import N_, NotFound


@command
async def bundle_export(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Set ``public`` as held, or what one peer may get of these sets."""
    to = await _peer_named(services, given["for"]) if given["for"] else None
    content = await services.carrier.export(given["sets"], to=to)
    return {"lines": content.count(b"\n"), "content": base64.b64encode(content).decode()}


async def _peer_named(services: Services, named: str) -> str:
    """A neighbouring group by its id, its name or its address."""
    found = [
        view.peer.origin
        for view in await services.peering.list(CONSOLE)
        if named in (view.peer.origin, view.peer.url) or named.casefold() == view.peer.name.casefold()
    ]
    if len(found) != 1:
        raise NotFound(
            "no_peer",
            N_("Say which neighbouring group by its id: %(found)s of them are called %(name)s."),
            found=len(found),
            name=named,
        )
    return found[0]


@command
async def bundle_w3c(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Our own public statements as W3C documents, one JSON text a line."""
    documents = await services.documents.public(CONSOLE)
    content = b"".join(json.dumps(each, ensure_ascii=False).encode() + b"\n" for each in documents)
    return {"documents": len(documents), "content": base64.b64encode(content).decode()}


@command
async def bundle_import(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Takes a bundle in, and says what is missing."""
    brought = await services.carrier.take(base64.b64decode(given["content"]))
    missing = [
        (f"{each.set_name}: " if each.set_name else "")
        + each.words % {"name": each.name, "held": each.held, "counted": each.counted}
        for each in brought.missing
    ]
    return {**plain(brought), "missing": missing}
