"""What we tell other groups of our volunteers' tasks for them: it follows from the rows, and the clock sends it."""

from dataclasses import replace
from typing import Any

from node.domain.exchange.away_task import AwayTask, Held, Tell, owed
from node.services.desk import Desk
from node.services.exchange.correspondence import Correspondence, sealed_now
from node.store import away_tasks


class AwayWords:
    """Receipts, outcomes, deletions and states, as the rows owe them."""

    def __init__(self, desk: Desk, post: Correspondence) -> None:
        self._desk = desk
        self._post = post

    async def tell(self) -> int:
        """Sends whatever is owed by the rows; works while locked. Returns how many messages that were."""
        async with self._desk.db.read() as tx:
            waiting = [task.id for task in await away_tasks.unsettled(tx) if owed(task)]
        told = 0
        for task_id in waiting:
            async with self._desk.db.read() as tx:
                task = await away_tasks.get(tx, task_id)
            for tell in owed(task) if task else ():
                told += await self._tell(task_id, tell)
        return told

    async def _tell(self, task_id: str, tell: Tell) -> bool:
        async with self._desk.db.read() as tx:
            task = await away_tasks.get(tx, task_id)
        if task is None:
            return False
        content = {"helper": task.helper} | _content(tell, task)
        prepared = await sealed_now(
            self._post, task.peer, str(tell), need=task.public_id, content=content, re=task.re
        )
        if prepared is None:
            return False
        async with self._desk.db.write() as tx:
            now = await away_tasks.get(tx, task_id)
            if now is None or tell not in owed(now) or _content(tell, now) != _content(tell, task):
                return False
            await self._post.put(tx, prepared)
            await away_tasks.update(tx, _told(now, tell))
        return True


def _content(tell: Tell, task: AwayTask) -> dict[str, Any]:
    match tell:
        case Tell.OUTCOME:
            return {"state": str(task.state)}
        case Tell.STATE:
            return {"state": str(task.state), "details": str(task.held)}
        case _:
            return {}


def _told(task: AwayTask, tell: Tell) -> AwayTask:
    match tell:
        case Tell.RECEIPT:
            return replace(task, told_held=Held.HELD)
        case Tell.OUTCOME:
            return replace(task, told_state=str(task.state))
        case Tell.DELETED:
            return replace(task, told_held=Held.DELETED)
        case Tell.STATE:
            return replace(task, asked=False)
