"""A volunteer feels unsafe and says so on the page of her task: of ours, or of one for another group. Works while
locked; what she writes is for those alone who look after safety."""

from node.domain.assignment import Assignment
from node.domain.exchange.away_task import AwayTask
from node.domain.ids import PersonId
from node.domain.safety.incidents import Source, Teller
from node.services import links
from node.services.desk import Desk
from node.services.safety.incidents import Incidents
from node.services.safety.who_went import who_went
from node.store import assignments, away_tasks, peers
from node.store.db import Tx


class HelpersUnsafe:
    """Takes a task by its key, as every verb of a helper's side: on the device that it is tied to."""

    def __init__(self, desk: Desk, incidents: Incidents) -> None:
        self._desk = desk
        self._incidents = incidents

    async def may(self, key: links.TaskKey) -> None:
        """Looks whether the task is open still; the page says whom to ring, on whatever device. Raises ``NotFound``
        (``link_closed``)."""
        async with self._desk.db.read() as tx:
            await self._task(tx, key)

    async def tell(self, key: links.TaskKey, device: str | None, text: str) -> None:
        """Raises as ``may``, and ``Invalid`` (field ``text``), ``Conflict`` (``other_device``, ``nobody_to_read``)."""
        async with self._desk.db.read() as tx:
            source, about = await self._told_of(tx, key, device)
        await self._incidents.told_by_link(text, source, about=about)

    async def _told_of(
        self, tx: Tx, key: links.TaskKey, device: str | None
    ) -> tuple[Source, list[PersonId | None]]:
        """Which task it is; and who else is known to us of it: whoever asked, and whoever went there as well."""
        task = await self._task(tx, key)
        if not isinstance(key, links.OwnTask) and not links.is_here(task.device_hash, device):
            raise links.other_device()
        if isinstance(task, AwayTask):
            peer = await peers.get(tx, task.peer)
            source = Source(
                teller=Teller.HELPER,
                person=task.person_id,
                group=peer.name if peer else "",
                category=task.seen.category,
            )
            return source, []
        need = (await self._desk.need_row(tx, task.need_id)).need
        source = Source(teller=Teller.HELPER, person=task.person_id, requests=((need.id, need.reference),))
        return source, [need.person_id, *(each.person_id for each in await who_went(tx, need.id))]

    async def _task(self, tx: Tx, key: links.TaskKey) -> Assignment | AwayTask:
        return await self._away(tx, key) or await links.assignment_by(tx, key, self._desk.now)

    async def _away(self, tx: Tx, key: links.TaskKey) -> AwayTask | None:
        if isinstance(key, links.OwnTask):
            found = await away_tasks.get(tx, key.assignment_id)
            return found if found is not None and found.person_id == key.person_id else None
        if not key or await assignments.with_link(tx, links.token_hash(key)) is not None:
            return None
        found = await away_tasks.with_link(tx, links.token_hash(key))
        open_still = (
            found is not None and found.link_expires is not None and found.link_expires > self._desk.now
        )
        return found if open_still else None
