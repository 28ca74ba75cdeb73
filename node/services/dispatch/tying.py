"""A task is tied to the device that first did something with it; from then on it opens on no other."""

from dataclasses import replace

from node.domain.actors import volunteer_actor
from node.domain.assignment import Assignment
from node.services import links
from node.services.desk import Desk, need_object
from node.store import assignments
from node.store.db import Tx


async def tie(tx: Tx, desk: Desk, task: Assignment, device: str, *, by_link: bool) -> Assignment:
    """The task, tied to ``device`` (the value of its cookie) if it was to none. ``by_link``: she came by its private
    link. Raises ``Conflict`` (``other_device``)."""
    bound = links.tie(task.device_hash, device)
    if bound is None:
        return task
    if not by_link and task.link_hash is None:
        # Nobody has that link; but whatever is open for so long after the task is counted by it.
        task = links.with_new_link(task, links.new_token(desk.random), desk.now)
    tied = replace(task, device_hash=bound)
    await assignments.update(tx, tied)
    await desk.record(
        tx, volunteer_actor(task.person_id), "task.device", need_object(task.need_id), task=task.id
    )
    return tied
