"""A volunteer feels unsafe and says so on the page of her task: of ours, or of one for another group; also when she is
off it again. Works while locked; what she writes is for those alone who look after safety."""

from collections.abc import Sequence
from dataclasses import dataclass

from node.domain.actors import Actor
from node.domain.assignment import Assignment
from node.domain.assignment_lifecycle import LIVE
from node.domain.exchange.away_task import AwayTask
from node.domain.ids import AssignmentId, PersonId
from node.domain.safety.incidents import Source, Teller
from node.errors import NotFound
from node.services import links
from node.services.desk import Desk
from node.services.safety.incidents import Incidents
from node.services.safety.who_went import was_confirmed, who_went
from node.store import assignments, away_tasks, peers
from node.store.db import Tx

AFTER_DAYS = 90
"""So long after she was taken off a task, gave it back, or it was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTask:
    """One that is over, with nothing of whoever asked. ``group``: for which neighbouring group, or empty; ``ended``:
    Unix seconds."""

    id: str
    category: str
    group: str
    ended: int


class HelpersUnsafe:
    """Takes a task by its key, as every verb of a helper's side: on the device that it is tied to."""

    def __init__(self, desk: Desk, incidents: Incidents) -> None:
        self._desk = desk
        self._incidents = incidents

    async def may(self, key: links.TaskKey) -> bool:
        """Looks whether she may say it of that task; the page says whom to ring, on whatever device. Whether its own
        page is open still. Raises ``NotFound`` (``link_closed``)."""
        async with self._desk.db.read() as tx:
            return (await self._behind(tx, key))[2]

    async def left(self, key: links.TaskKey, device: str | None) -> bool:
        """Whether that is a task whose details she could see on this device, and which she is off."""
        async with self._desk.db.read() as tx:
            found = await self._left(tx, key)
        return found is not None and (isinstance(key, links.OwnTask) or links.is_here(found[1], device))

    async def past(self, actor: Actor) -> Sequence[PastTask]:
        """Those of a volunteer who is signed in that are over and of which she may still say it; the latest first."""
        found = []
        async with self._desk.db.read() as tx:
            for task in await assignments.of_person(tx, actor.id or "", since=self._since):
                if task.state not in LIVE and await was_confirmed(tx, task):
                    kind = (await self._desk.need_row(tx, task.need_id)).need.category
                    found.append(PastTask(id=task.id, category=kind, group="", ended=task.changed_at))
            for away in await away_tasks.of_person(tx, actor.id or ""):
                if away.state not in LIVE and away.held_at is not None and away.changed_at >= self._since:
                    peer = await peers.get(tx, away.peer)
                    row = PastTask(
                        id=away.id,
                        category=away.seen.category,
                        group=peer.name if peer else "?",
                        ended=away.changed_at,
                    )
                    found.append(row)
        return sorted(found, key=lambda each: -each.ended)

    async def tell(self, key: links.TaskKey, device: str | None, text: str) -> bool:
        """Whether the task's own page is open still. Raises as ``may``, and ``Invalid`` (field ``text``), ``Conflict``
        (``other_device``, ``nobody_to_read``)."""
        async with self._desk.db.read() as tx:
            task, bound, still = await self._behind(tx, key)
            if not isinstance(key, links.OwnTask) and not links.is_here(bound, device):
                raise links.other_device()
            source, about = await self._told_of(tx, task)
        await self._incidents.told_by_link(text, source, about=about)
        return still

    async def at_a_door(self, task_id: AssignmentId, text: str) -> None:
        """The same of one door of a round, by whoever may (``RunLinks.at_door``). Raises ``NotFound``, ``Invalid`` and
        ``Conflict`` as ``tell`` does."""
        async with self._desk.db.read() as tx:
            task = await assignments.get(tx, task_id)
            if task is None:
                raise links.closed_link()
            source, about = await self._told_of(tx, task)
        await self._incidents.told_by_link(text, source, about=about)

    @property
    def _since(self) -> int:
        return self._desk.now - AFTER_DAYS * links.DAY

    async def _told_of(self, tx: Tx, task: Assignment | AwayTask) -> tuple[Source, list[PersonId | None]]:
        """Which task it is; and who else is known to us of it: whoever asked, and whoever went there as well."""
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

    async def _behind(self, tx: Tx, key: links.TaskKey) -> tuple[Assignment | AwayTask, bytes | None, bool]:
        """The task, the device that it is or was tied to, and whether its own page is open still."""
        away = await self._away(tx, key)
        if away is not None:
            return away, away.device_hash, True
        try:
            task = await links.assignment_by(tx, key, self._desk.now)
        except NotFound:
            left = await self._left(tx, key)
            if left is None:
                raise
            return *left, False
        return task, task.device_hash, True

    async def _left(self, tx: Tx, key: links.TaskKey) -> tuple[Assignment | AwayTask, bytes | None] | None:
        task: Assignment | AwayTask | None
        if isinstance(key, links.OwnTask):
            task, bound = (
                (await assignments.get(tx, key.assignment_id) or await away_tasks.get(tx, key.assignment_id)),
                None,
            )
            if task is not None and task.person_id != key.person_id:
                return None
        else:
            hashed = links.token_hash(key)
            found = await assignments.left(tx, hashed) or await away_tasks.left(tx, hashed)
            task, bound = found if key and found else (None, None)
        if task is None or task.state in LIVE or task.changed_at < self._since:
            return None
        could_see = task.held_at is not None if isinstance(task, AwayTask) else await was_confirmed(tx, task)
        return (task, bound) if could_see else None

    async def _away(self, tx: Tx, key: links.TaskKey) -> AwayTask | None:
        """One for another group, while its page is open."""
        if isinstance(key, links.OwnTask):
            found = await away_tasks.get(tx, key.assignment_id)
            if found is not None and found.person_id != key.person_id:
                return None
        else:
            found = await away_tasks.with_link(tx, links.token_hash(key)) if key else None
        if found is None:
            return None
        live = isinstance(key, links.OwnTask) and found.state in LIVE
        return found if live or (found.link_expires or 0) > self._desk.now else None
