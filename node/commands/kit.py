"""The starter kit: how the group works, without people."""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from node.assembly import Services
from node.commands.table import Arguments, command, plain
from node.domain.actors import CONSOLE
from node.domain.settings.kit import Part


@command
async def kit_export(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Ours, and what stayed out of it."""
    kit = await services.kits.ours(CONSOLE)
    text = await services.kits.give(CONSOLE, [Part(each) for each in given["parts"]] or tuple(Part))
    return {"content": text, "left_out": plain(kit.left_out)}


@command
async def kit_import(services: Services, given: Arguments) -> Mapping[str, Any]:
    """What a file would change; with ``take``, that is done, or ``waits`` for the yes of somebody at the desk."""
    content = b64decode(given["content"])
    parts = frozenset(Part(each) for each in given["parts"]) or frozenset(Part)
    looked = await services.kits.look(CONSOLE, content)
    shown = [each for each in looked.changes if each.part in parts]
    waits = bool(given["take"]) and await services.second_yes.kit(CONSOLE, content, parts, mark=looked.mark)
    return {
        "group": looked.kit.group,
        "taken": bool(given["take"]) and not waits,
        "waits": waits,
        "changes": plain(shown),
        "left_out": plain(looked.kit.left_out),
    }
