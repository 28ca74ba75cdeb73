"""When something went wrong with a node's identity: a new signing key, a second copy, everything taken back."""

from collections.abc import Mapping
from typing import Any

from node.assembly import Services
from node.commands.table import Arguments, command, plain
from node.domain.actors import CONSOLE


@command
async def keys_new(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Makes the next signing key and asks for it to be named."""
    asked: Mapping[str, Any] = plain(await services.signing_keys.ask(CONSOLE, stolen=given["stolen"]))
    return asked


@command
async def keys_paste(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Takes the line that the cards signed."""
    taken: Mapping[str, Any] = plain(await services.signing_keys.paste(CONSOLE, given["line"]))
    return taken


@command
async def erase_all(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Takes back everything that was ever shared."""
    report: Mapping[str, Any] = plain(await services.publishing.erase_all(CONSOLE))
    return report
