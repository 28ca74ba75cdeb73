""" "I can help" on her own page, and taking that back within seconds."""

from node.domain.actors import Actor
from node.domain.assignment import AssignmentState
from node.domain.ids import AssignmentId, NeedId
from node.errors import N_, Conflict
from node.services import links
from node.services.desk import Desk, need_object
from node.services.dispatch.moves import follow
from node.services.dispatch.picking import offer_herself
from node.services.matching.roster import Roster
from node.services.own.door import hers
from node.services.own.page import OwnPage, gone
from node.store import assignments, needs

SAID_YES = (AssignmentState.INTERESTED, AssignmentState.APPROVED, AssignmentState.CONTACTED)
UNDO_SECONDS = 10
"""So long the page offers it."""
_SLOW_LINE = 20
"""And so much longer it is still done: the tap came in time, the line was slow."""


class OwnOffers:
    """Offering and undoing, signed in. ``device``: the value of the device's cookie."""

    def __init__(self, desk: Desk, roster: Roster, page: OwnPage) -> None:
        self._desk = desk
        self._roster = roster
        self._page = page

    async def offer(self, actor: Actor, need_id: NeedId, device: str) -> AssignmentId:
        """Her yes to something near her, tied to this device; where the group lets helpers it is confirmed at once.

        Raises ``NotFound`` for what is not on her list (any more), ``Conflict`` (``already_taken``, ``moved_on``,
        ``not_suitable``), ``Locked``.
        """
        desk, person = self._desk, hers(actor)
        await self._roster.ready()
        async with desk.db.write() as tx:
            helper, row = self._roster.get(person), await needs.get(tx, need_id)
            if helper is None or row is None or await self._page.fits(tx, helper, row) is None:
                raise gone()
            token = links.new_token(desk.random)  # nobody's to keep: signed in, the task is found without
            task = await offer_herself(
                tx, desk, self._roster, self._page.matching, row, helper, device, token
            )
        await self._roster.refresh(person)
        return task.id

    async def hers(self, actor: Actor, need_id: NeedId) -> AssignmentId | None:
        """Her task on that need, where she has said yes and it goes on."""
        async with self._desk.db.read() as tx:
            mine = await assignments.of_person(tx, hers(actor))
        said = (each.id for each in mine if each.need_id == need_id and each.state in SAID_YES)
        return next(said, None)

    async def undo(self, actor: Actor, task_id: AssignmentId) -> None:
        """As if she had never offered: it stands on her list again. Raises ``Conflict("cannot_undo")`` once the seconds
        are over or a coordinator answered, ``NotFound("link_closed")`` for another's."""
        desk, person = self._desk, hers(actor)
        async with desk.db.write() as tx:
            task = await links.assignment_by(tx, links.OwnTask(person, task_id), desk.now)
            waits = task.state is AssignmentState.INTERESTED
            at_once = task.state is AssignmentState.APPROVED and task.approved_by is None
            soon = desk.now - task.created_at <= UNDO_SECONDS + _SLOW_LINE
            if task.by_staff is not None or not soon or not (waits or at_once):
                raise Conflict(
                    "cannot_undo",
                    N_("That was too long ago to undo. You can still give it back on its own page."),
                )
            await assignments.delete(tx, task.id)
            await desk.record(
                tx, actor, "task.undo", need_object(task.need_id), task=task.id, before=str(task.state)
            )
            await follow(tx, desk, actor, task.need_id)
        await self._roster.refresh(person)
