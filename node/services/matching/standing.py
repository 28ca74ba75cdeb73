"""Whether what a yes was given for holds when somebody sets out: who goes beside a newcomer, and the safety check."""

from collections.abc import Collection

from node.domain.actors import Actor, ActorKind
from node.domain.assignment import Assignment, AssignmentState, Fallen
from node.domain.assignment_lifecycle import COMING
from node.domain.catalogue import Category
from node.domain.ids import PersonId
from node.domain.matching.matching import lapsed
from node.domain.person import PersonKind
from node.domain.volunteer import new_here
from node.errors import N_, Conflict
from node.services.desk import Desk
from node.services.matching.demands import asking
from node.store import assignments, persons, volunteers
from node.store.db import Tx
from node.store.needs import NeedRow

_TO_HELPER = {
    Fallen.ALONE: N_(
        "Please do not go yet: ring us first. As things are you would go alone, and we would like to send somebody "
        "along."
    ),
    Fallen.CHECK_OVER: N_(
        "Please do not go yet: ring us first. Your safety check has ended, and this task takes one."
    ),
}
_TO_DESK = {
    Fallen.ALONE: N_(
        "Nobody of us has met them, and as things are they would go alone. First confirm somebody we know, or take "
        "the task back."
    ),
    Fallen.CHECK_OVER: N_("Their safety check has ended. First write down a new one, or take the task back."),
}


async def fallen(
    tx: Tx, desk: Desk, row: NeedRow, task: Assignment, *, beside: Collection[AssignmentState] = COMING
) -> Fallen | None:
    """What stands against going, by the rows as they are; None if nothing does. ``beside``: how the task of
    whoever goes along may stand.

    Works while locked: a kind that cannot be told then counts as one at somebody's door, and as one that takes
    whichever check of hers is over. A check that was never seen is none that ended: what was confirmed before the group
    asked for more, or to meet everybody first (the rule ``newcomers``), stays confirmed. Nothing for another group's
    volunteer, whose own group looks after her.
    """
    volunteer = await volunteers.get(tx, task.person_id)
    if volunteer is None:
        return None
    kind = await _kind(tx, desk, row)
    if lapsed(volunteer, None if kind is None else kind.check, desk.today):
        return Fallen.CHECK_OVER
    if not await _new(tx, task.person_id):
        return None
    tags = desk.open_need(row).tags if desk.unlocked and row.sealed else row.need.tags
    if row.need.remote or (kind is not None and kind.outside(tags)):
        return None
    for other in await assignments.of_need(tx, task.need_id):
        along = other.id != task.id and other.state in beside and other.round == row.need.round
        if along and await volunteers.get(tx, other.person_id) and not await _new(tx, other.person_id):
            return None
    return Fallen.ALONE


async def must_stand(tx: Tx, desk: Desk, actor: Actor, row: NeedRow, task: Assignment) -> None:
    """Raises ``Conflict`` with the code of a ``Fallen``, in words for whoever wants to set out, or for the desk."""
    found = await fallen(tx, desk, row, task)
    if found is not None:
        words = _TO_DESK if actor.kind is ActorKind.STAFF else _TO_HELPER
        raise Conflict(str(found), words[found], need_id=row.need.id)


async def _kind(tx: Tx, desk: Desk, row: NeedRow) -> Category | None:
    kinds = await asking(tx, desk)
    code = desk.open_need(row).category if desk.unlocked and row.sealed else row.need.category
    return kinds.category(code) if code in kinds else None


async def _new(tx: Tx, person_id: PersonId) -> bool:
    """Whether nobody of us has met that volunteer; an organisation nobody has to meet."""
    volunteer, held = await volunteers.get(tx, person_id), await persons.get(tx, person_id)
    organisation = held is not None and held.person.kind is PersonKind.ORGANISATION
    return volunteer is not None and new_here(volunteer) and not organisation
