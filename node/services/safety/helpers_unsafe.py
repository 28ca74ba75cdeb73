"""A volunteer feels unsafe and says so on the page of her task: of ours, or of one for another group. Works while
locked; what she writes is for those alone who look after safety."""

from node.domain.exchange.away_task import AwayTask
from node.domain.ids import PersonId
from node.services import links
from node.services.desk import Desk
from node.services.safety.incidents import Incidents
from node.store import assignments, away_tasks
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
            about = await self._about(tx, key, device)
        await self._incidents.told_by_helper(text, about=about)

    async def _about(self, tx: Tx, key: links.TaskKey, device: str | None) -> tuple[PersonId, ...]:
        """Herself, and whoever asked, where that is somebody of ours."""
        person, tied, asker = await self._task(tx, key)
        if not isinstance(key, links.OwnTask) and not links.is_here(tied, device):
            raise links.other_device()
        return tuple(each for each in (person, asker) if each is not None)

    async def _task(
        self, tx: Tx, key: links.TaskKey
    ) -> tuple[PersonId | None, bytes | None, PersonId | None]:
        """Whose it is, the device that it is tied to, and who asked."""
        away = await self._away(tx, key)
        if away is not None:
            return away.person_id, away.device_hash, None
        task = await links.assignment_by(tx, key, self._desk.now)
        need = (await self._desk.need_row(tx, task.need_id)).need
        return task.person_id, task.device_hash, need.person_id

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
