"""Calls with a made-up neighbour, to learn the page by: counted nowhere, given to nobody, gone with one click."""

from node.domain.actors import Actor
from node.domain.need import Need
from node.domain.permissions import Permission, require
from node.errors import N_, Conflict
from node.services.desk import Desk
from node.store import needs, persons


class Practice:
    """Removes what was practised. A practice call itself is ``Intake.take`` with ``practice`` set."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def remove_all(self, actor: Actor) -> int:
        """Every made-up call and neighbour is gone. Returns how many calls there were."""
        require(actor, Permission.TAKE_CALL)
        async with self._desk.db.write() as tx:
            removed = await needs.delete_practice(tx)
            await persons.delete_practice(tx)
            await self._desk.record(tx, actor, "practice.removed", "practice", needs=removed)
        return removed


def refuse(need: Need) -> None:
    """Nobody real is asked about a made-up call, and it goes to no other group. Raises ``Conflict``."""
    if need.practice:
        raise Conflict(
            "practice", N_("This is a practice call. Nobody is asked, and nothing leaves our group.")
        )
