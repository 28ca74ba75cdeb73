"""Reports about safety that are over: whoever may read one removes it, once it is old enough and holds nobody."""

from node.domain.actors import Actor
from node.domain.permissions import Permission, require
from node.domain.safety.incidents import KEPT_AT_LEAST
from node.errors import N_, Conflict
from node.services.desk import Desk
from node.services.safety.incidents import Incidents
from node.store import erasures, holds, incidents
from node.store.erasures import Erasure
from node.vault.keys import KeyPair


class OldReports:
    """Takes the reader's own key, as ``Incidents`` does."""

    def __init__(self, desk: Desk, reports: Incidents) -> None:
        self._desk = desk
        self._reports = reports

    async def remove(self, actor: Actor, key: KeyPair | None, incident_id: str) -> None:
        """Deletes it for everybody who could read it, also out of a backup that is put back (the ledger names it).

        Raises ``NotFound`` as ``Incidents.look``, which this is, too; ``Conflict``: ``still_open``; ``too_soon`` (the
        last word about it, also one that this reader lacks, is less than ``KEPT_AT_LEAST`` ago); ``held`` (the record
        of somebody whom it names is).
        """
        require(actor, Permission.TELL_INCIDENT)
        desk, seen = self._desk, await self._reports.look(actor, key, incident_id)
        source = seen.parts[0].source
        named = {*seen.parts[0].about, *((source.person,) if source and source.person else ())}
        async with desk.db.write() as tx:
            if dict(await incidents.all_of_them(tx)).get(incident_id) != "closed":
                raise Conflict("still_open", N_("It is still being looked into."))
            unread = await incidents.last_word(tx, incident_id) + KEPT_AT_LEAST
            if desk.now < max(seen.may_go_at, unread):
                raise Conflict("too_soon", N_("A report stays for a year after the last word about it."))
            if any(
                [await holds.is_held(tx, person) or await holds.is_held_with(tx, person) for person in named]
            ):
                raise Conflict(
                    "held", N_("The record of somebody in it is held. End the hold first, if it is over.")
                )
            await incidents.delete(tx, incident_id)
            await erasures.add(tx, Erasure(id=incident_id, kind=erasures.INCIDENT, at=desk.now))
            await desk.record(tx, actor, "incident.removed", f"incident:{incident_id}")
        await desk.db.fold()
