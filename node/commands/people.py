"""Who may sign in."""

from collections.abc import Mapping
from typing import Any

from node.assembly import Services
from node.commands.table import Arguments, command, plain
from node.domain.actors import CONSOLE, Role
from node.errors import N_, Invalid
from node.vault import Compartment


@command
async def staff_list(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Everybody who may sign in."""
    return {"staff": plain(await services.team.members(CONSOLE))}


@command
async def staff_add(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Another account; who adds it hands on the records that its roles need and they hold."""
    roles = frozenset(_role(name) for name in given["roles"])
    async with services.access.acting_as(given["as"], given["password"]) as actor:
        wanted = {Compartment.PEOPLE, Compartment.VETTING} if roles - {Role.ADMIN} else set()
        added = await services.team.add_staff(actor, given["name"], given["new_password"], roles, wanted)
    return {"id": added, "name": given["name"], "roles": sorted(roles), "holds": sorted(wanted)}


def _role(name: str) -> Role:
    try:
        return Role(name)
    except ValueError as error:
        raise Invalid(
            "no_role",
            N_("There is no role %(name)s: write admin, coordinator, triage or safety."),
            name=name,
        ) from error
