"""What leaves the group, and what comes."""

from collections.abc import Mapping
from typing import Any

from node.assembly import Services
from node.commands.reporting import report_as_json
from node.commands.table import Arguments, command, plain
from node.domain.actors import CONSOLE
from node.domain.need import Share
from node.errors import N_, Invalid, Misconfigured


@command
async def share(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Who may see which kinds; ``waits``: what widens needs the yes of somebody at the desk.

    As long as nothing was ever shared, nothing is done without ``sure``: the answer is how far what would go out tells
    one request from all others, for a person to read first. ``done`` says which it was.
    """
    choices = choices_of(given["choices"])
    first = await services.privacy.first_time() and {*choices.values()} != {Share.ONLY_US}
    report = report_as_json(await services.privacy.uniqueness(CONSOLE, services.publishing.by_wire(choices)))
    if given.get("dry_run"):
        return {"dry_run": True, "uniqueness": report}
    done = not first or bool(given.get("sure"))
    waits = done and await services.second_yes.share(CONSOLE, choices)
    shared = {"shared": await services.publishing.shared(CONSOLE), "waits": waits, "done": done}
    return {**shared, "uniqueness": report} if first else shared


def choices_of(given: Mapping[str, str]) -> dict[str, Share]:
    """Levels as typed. Raises ``Invalid``."""
    choices: dict[str, Share] = {}
    for category, level in given.items():
        try:
            choices[category] = Share(level)
        except ValueError as error:
            raise Invalid(
                "bad_share",
                N_("%(category)s: write only_us, peers or public, not %(level)s."),
                category=category,
                level=level or "nothing",
            ) from error
    return choices


@command
async def publish(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Now, not at the slot; ``anew``: in a new epoch, since this node is the one that goes on."""
    if not await services.setup.is_done():
        raise Misconfigured(
            "not_set_up", N_("This node has not been set up yet."), hint="mutualaid init, or open /setup"
        )
    report: Mapping[str, Any] = plain(
        await services.publishing.publish(CONSOLE, anew=bool(given.get("anew")))
    )
    return report


@command
async def sync(services: Services, given: Arguments) -> Mapping[str, Any]:
    """One round with every active peer."""
    return {"rounds": plain(await services.peering.sync(CONSOLE))}
