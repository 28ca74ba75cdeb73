"""Whom a need that comes again is offered to first: whoever took the rule over, then a buddy."""

from node.domain.actors import Actor
from node.domain.assignment import AssignmentState
from node.domain.dispatch.series import PairState
from node.domain.dispatch.wave import Wave, WaveState
from node.domain.ids import NeedId, PersonId
from node.domain.matching.matching import gate
from node.services.desk import Desk, need_object
from node.services.dispatch import asking
from node.services.matching.matching import Matching
from node.services.matching.roster import Roster
from node.store import buddies, waves
from node.store.db import Tx
from node.store.waves import Asked


async def ask_first(
    tx: Tx,
    desk: Desk,
    roster: Roster,
    matching: Matching,
    actor: Actor,
    person_id: PersonId,
    need_id: NeedId,
    first: PersonId | None,
) -> PersonId | None:
    """Asks ``first``, else the first of her standing pairs who can; with nobody, the need is on the board like every
    other. Call ``Roster.ready`` before. Returns who was asked."""
    row = await desk.need_row(tx, need_id)
    wanted = await matching.wanted(tx, row)
    standing = [
        pair.helper_id
        for pair in await buddies.of_person(tx, person_id)
        if pair.state is PairState.AGREED and pair.person_id == person_id
    ]
    order: list[PersonId] = [*([first] if first else []), *standing]
    for helper_id in order:
        helper = roster.get(helper_id)
        if helper is None or gate(helper, wanted, desk.now) is not None:
            continue
        # As a wave of one: whoever sits at the board is told to write to her, and a yes of another thanks her.
        await waves.put(
            tx,
            Wave(
                need_id=need_id,
                round=row.need.round,
                state=WaveState.ASKING,
                number=1,
                goes_on=False,
                next_at=None,
                by_staff=None,
                started_at=desk.now,
                changed_at=desk.now,
            ),
        )
        proposed = AssignmentState.PROPOSED
        task = await asking.begin(tx, desk, matching, actor, need_id, helper_id, proposed)
        await waves.add_asked(tx, Asked(assignment_id=task.id, need_id=need_id, number=1))
        await desk.record(tx, actor, "series.buddy", need_object(need_id), task=task.id)
        return helper_id
    return None
