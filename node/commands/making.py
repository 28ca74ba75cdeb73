"""Making a node, and asking how it does."""

from collections.abc import Mapping
from typing import Any

from node.assembly import Services
from node.commands.table import Arguments, command
from node.domain.actors import CONSOLE
from node.domain.safety.checks import worst
from node.errors import N_, Conflict, Invalid
from node.services.accounts.setup import SetupAnswers
from node.services.sharing.neighbourhood import parse_area
from node.services.sharing.standing import as_json


@command
async def init(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Sets the node up, as ``/setup`` does. ``cards``: rescue cards that whoever asks has kept already;
    ``made_up``: the board opens with a neighbour to try it with."""
    area = parse_area(given["at"], None)
    code = await _starting_code(services)
    if area is None:
        raise Invalid("no_place", N_("Say where the group is, as latitude, comma, longitude: 51.44,-2.58"))
    made = await services.setup.complete(
        SetupAnswers(
            code=code,
            language="en",
            group_name=given["name"],
            place=(area.lat, area.lon),
            handle=given["admin"],
            password=given["password"],
            public_url=given["public_url"],
            zone=given.get("zone", ""),
        ),
        cards=given["cards"],
    )
    if given.get("made_up"):
        await services.made_up.welcome(made.actor, "en")
    return {"id": made.origin, "words": " ".join(made.words), "name": given["name"]}


@command
async def token(services: Services, given: Arguments) -> Mapping[str, Any]:
    """A new starting code."""
    return {"starting_code": await _starting_code(services)}


async def _starting_code(services: Services) -> str:
    code = await services.setup.starting_code()
    if code is None:
        raise Conflict("already_set_up", N_("This node has been set up already. Please sign in."))
    return code


@command
async def status(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Who this node is and how it does."""
    return as_json(await services.standing.status())


@command
async def check(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Whether everything works, from outside in, and what is to be done where it does not."""
    found = await services.checks.look(CONSOLE)
    return {
        "worst": str(worst(found)),
        "checks": [
            {
                "code": each.code,
                "sign": str(each.outcome.sign),
                "says": each.outcome.says % each.values,
                "todo": each.outcome.todo % each.values,
            }
            for each in found
        ],
    }


@command
async def trust_clock(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Somebody looked at the time and says that it is right."""
    return {"time": (await services.timekeeper.confirm(CONSOLE)).isoformat(timespec="seconds")}


@command
async def audit(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Whether the record of who did what still holds, row by row."""
    checked = await services.standing.record(CONSOLE)
    return {"holds": checked.broken_at is None, "rows": checked.rows, "broken_at": checked.broken_at}
