"""The private thread of a task: a coordinator at the board, the volunteer on her private link or her own page.

Sealed, and shut when her link shuts. Whoever was asked, or waits for our yes, may ask a question in it: she learns
nothing there that her page does not show, and no other volunteer reads it."""

from dataclasses import replace

from node.domain.actors import Actor
from node.domain.assignment import Assignment
from node.domain.dispatch.thread import (
    BEFORE_YES,
    MAX_MESSAGE,
    MOST,
    MOST_BEFORE,
    Message,
    MessageView,
    ThreadView,
    gives_away,
    is_open,
)
from node.domain.ids import AssignmentId, NeedId, new_id
from node.domain.permissions import Permission, require
from node.errors import N_, Conflict, Invalid, NotFound
from node.services import links
from node.services.desk import Desk
from node.services.dispatch.tying import tie
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

        Raises ``Conflict("thread_shut")`` when she could not read it, ``Invalid`` (also where she is not confirmed and
        it holds the person's name, number or street), ``Locked`` (before the yes), ``NotFound``.
        """
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            task = await assignments.get(tx, assignment_id)
            if task is None:
                raise NotFound("no_such_task", N_("There is no such task."))
            if task.state in BEFORE_YES:
                await self._must_be_harmless(tx, task, text)
            await self._add(tx, task, text, by_staff=actor.id or "")
            await messages.seen(tx, task.id, self._desk.now, of_staff=False)

    async def seen(self, actor: Actor, assignment_id: AssignmentId) -> None:
        """Somebody here has read what she wrote; no error when nothing was new."""
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            await messages.seen(tx, assignment_id, self._desk.now, of_staff=False)

    async def by_link(self, key: links.TaskKey, device: str | None) -> ThreadView | None:
        """For the volunteer on her own device; None for anybody else, and when nothing is open. Changes nothing.

        Before the yes it may be that nothing was opened on any device yet: then she may write, and reads how many
        messages wait, but none of them."""
        async with self._desk.db.read() as tx:
            task = await links.assignment_by(tx, key, self._desk.now)
            if self._hers(task, device):
                return await self._view(tx, task)
            if task.state not in BEFORE_YES or task.device_hash is not None:
                return None
            held = await self._view(tx, task)
            wait = sum(line.by is not None for line in held.messages)
            return replace(held, messages=(), open=True, unopened=wait)

    async def answer(self, key: links.TaskKey, device: str, text: str) -> None:
        """The volunteer writes; before the yes that ties the task to this device, as "I can help" does. Raises
        ``NotFound("link_closed")``, ``Conflict`` (``other_device``, ``thread_shut``), ``Invalid``."""
        async with self._desk.db.write() as tx:
            task = await links.assignment_by(tx, key, self._desk.now)
            if task.state in BEFORE_YES:
                task = await tie(tx, self._desk, task, device, by_link=isinstance(key, str))
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
        most = MOST_BEFORE if task.state in BEFORE_YES else MOST
        if len(await messages.of_task(tx, task.id)) >= most:
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

    async def _must_be_harmless(self, tx: Tx, task: Assignment, text: str) -> None:
        desk = self._desk
        desk.must_be_unlocked()
        row = await desk.need_row(tx, task.need_id)
        if row.need.person_id is None:
            return
        person = desk.open_person(await desk.need_person(tx, row.need.person_id))
        details = desk.open_need(row)
        caller = details.caller
        phones = [phone.number for phone in (person.door, person.screen) if phone is not None]
        if gives_away(
            text,
            names=[person.name, *([caller.name] if caller else [])],
            numbers=[*phones, *([caller.phone] if caller else [])],
            places=[person.address, details.place_text],
        ):
            problem = N_(
                "This holds a name, a number or a street of theirs. Volunteers see those only once they are confirmed."
            )
            raise Invalid("gives_away", problem, fields={"text": problem})

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
            before=task.state in BEFORE_YES,
        )
