"""What sharing would give away, and how small the group is."""

from collections.abc import Mapping
from typing import Any

from node.assembly import Services
from node.commands.reporting import report_as_json
from node.commands.sharing import choices_of
from node.commands.table import Arguments, command
from node.domain.actors import CONSOLE


@command
async def uniqueness(services: Services, given: Arguments) -> Mapping[str, Any]:
    """The report over what would be shared with these settings, or with everything shared."""
    typed = given["choices"]
    choices = services.publishing.by_wire(choices_of(typed)) if typed else None
    return report_as_json(await services.privacy.uniqueness(CONSOLE, choices))


@command
async def residents(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Says, or shows, how many people live where the group helps."""
    before, waits = await services.publishing.shared(CONSOLE), False
    if given["number"] is not None:
        waits = await services.second_yes.residents(CONSOLE, given["number"])
    return {
        "residents": await services.privacy.served(),
        "public_became_peers": await services.publishing.shared(CONSOLE) != before,
        "waits": waits,
    }
