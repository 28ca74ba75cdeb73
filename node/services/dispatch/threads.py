"""The private thread of a task: a coordinator at the board, the volunteer on her private link. Sealed, and shut when
the details shut."""

from node.domain.actors import Actor
from node.domain.assignment import Assignment
from node.domain.dispatch.thread import MAX_MESSAGE, MOST, Message, MessageView, ThreadView, is_open
from node.domain.ids import AssignmentId, NeedId, new_id
from node.domain.permissions import Permission, require
from node.errors import N_, Conflict, Invalid, NotFound
from node.services import links
from node.services.desk import Desk
from node.store import assignments, messages
from node.store.db import Tx


class Threads:
    """Read, write, seen; from both ends."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def of_need(self, actor: Actor, need_id: NeedId) -> dict[AssignmentId, ThreadView]:
        """By task, those in which something was written or can be."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            found = {task.id: await self._view(tx, task) for task in await assignments.of_need(tx, need_id)}
        return {task: thread for task, thread in found.items() if thread.open or thread.messages}

    async def tasks_of(self, actor: Actor, need_id: NeedId) -> frozenset[AssignmentId]:
        """Ids of the need's tasks. Raises ``NotFound`` for a need that there is not."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            await self._desk.need_row(tx, need_id)
            return frozenset(task.id for task in await assignments.of_need(tx, need_id))

    async def write(self, actor: Actor, assignment_id: AssignmentId, text: str) -> None:
        """To the volunteer, who reads it on her link. What she wrote counts as seen with it.

        Raises ``Conflict("thread_shut")`` when she could not read it, ``Invalid``, ``NotFound``.
        """
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            task = await assignments.get(tx, assignment_id)
            if task is None:
                raise NotFound("no_such_task", N_("There is no such task."))
            await self._add(tx, task, text, by_staff=actor.id or "")
            await messages.seen(tx, task.id, self._desk.now, of_staff=False)

    async def seen(self, actor: Actor, assignment_id: AssignmentId) -> None:
        """Somebody here has read what she wrote; no error when nothing was new."""
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            await messages.seen(tx, assignment_id, self._desk.now, of_staff=False)

    async def by_link(self, key: links.TaskKey, device: str | None) -> ThreadView | None:
        """For the volunteer on her own device; None for anybody else, and when nothing is open. Changes nothing."""
        async with self._desk.db.read() as tx:
            task = await links.assignment_by(tx, key, self._desk.now)
            return await self._view(tx, task) if self._hers(task, device) else None

    async def answer(self, key: links.TaskKey, device: str, text: str) -> None:
        """The volunteer writes. Raises ``NotFound("link_closed")``, ``Conflict`` (``other_device``, ``thread_shut``),
        ``Invalid``."""
        async with self._desk.db.write() as tx:
            task = await links.assignment_by(tx, key, self._desk.now)
            if not self._hers(task, device):
                raise links.other_device()
            await self._add(tx, task, text, by_staff=None)
            await messages.seen(tx, task.id, self._desk.now, of_staff=True)

    def _hers(self, task: Assignment, device: str | None) -> bool:
        tied = links.is_here(task.device_hash, device)
        return tied and is_open(task, self._desk.now)

    async def _add(self, tx: Tx, task: Assignment, text: str, *, by_staff: str | None) -> None:
        if not is_open(task, self._desk.now):
            raise Conflict(
                "thread_shut", N_("Nobody could read this: the private link is not open. Ring instead.")
            )
        said = text.strip()
        if not 0 < len(said) <= MAX_MESSAGE:
            problem = N_("That is too long.") if said else N_("Please fill this in.")
            raise Invalid("message", problem, fields={"text": problem})
        if len(await messages.of_task(tx, task.id)) >= MOST:
            raise Conflict("thread_full", N_("That is a lot of writing. Ring instead."))
        message_id = new_id(self._desk.random)
        await messages.insert(
            tx,
            Message(
                id=message_id,
                need_id=task.need_id,
                assignment_id=task.id,
                by_staff=by_staff,
                at=self._desk.now,
                seen_at=None,
                sealed=self._desk.seal_note("messages", message_id, said) or b"",
            ),
        )

    async def _view(self, tx: Tx, task: Assignment) -> ThreadView:
        handles = await self._desk.handles(tx)
        return ThreadView(
            assignment_id=task.id,
            messages=tuple(
                MessageView(
                    at=message.at,
                    by=None if message.by_staff is None else handles.get(message.by_staff, ""),
                    text=self._desk.open_note("messages", message.id, message.sealed),
                    new=message.by_staff is None and message.seen_at is None,
                )
                for message in await messages.of_task(tx, task.id)
            ),
            open=is_open(task, self._desk.now),
            locked=not self._desk.unlocked,
        )
