"""What a block ends, or the end of the talks: what another group's volunteers do for us, and what we gave it to do. A
new id of that group ends what our own do for it, too.
"""

from dataclasses import dataclass

from node.domain.actors import Actor
from node.domain.assignment import Assignment, AssignmentState
from node.domain.assignment_lifecycle import LIVE, AssignmentMove
from node.domain.exchange.referral import State, Way
from node.domain.need_lifecycle import NeedMove
from node.domain.peer_offer import PeerOffer, Word
from node.domain.permissions import Permission, may, require
from node.services.desk import Desk, need_object
from node.services.dispatch.call_about import ring_today
from node.services.dispatch.moves import move_assignment, move_need
from node.services.exchange.away_tasks import become, forget
from node.services.exchange.referrals import Referrals
from node.store import assignments, away_tasks, needs, peer_offers, referrals
from node.store.db import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class AtStake:
    """What goes on with one group. Numbers of tasks and requests."""

    theirs: int = 0
    """Its volunteers on our requests, offered or confirmed."""
    given: int = 0
    """Requests of ours that it was asked to take over, or took."""
    ours: int = 0
    """Our volunteers on its requests."""
    waiting: int = 0
    """Requests that it asked us to take over, and nobody decided on."""


class Blocking:
    """Reads, and cuts. What that group has to be told of it follows from the rows, as always: a ``revoke`` is the one
    letter that goes to a group that is blocked or left, because it closes what lies there."""

    def __init__(self, desk: Desk, passed: Referrals) -> None:
        self._desk = desk
        self._passed = passed

    async def at_stake(self, actor: Actor, origin: str) -> AtStake:
        """What a block of that group, or leaving it, would end or leave. Works while locked."""
        if not may(actor, Permission.READ_BOARD):
            require(actor, Permission.PEERS)
        async with self._desk.db.read() as tx:
            passed = await referrals.going_on(tx, origin)
            return AtStake(
                theirs=len(await _live(tx, origin)),
                given=sum(each.way is Way.OUT for each in passed),
                waiting=sum(each.way is Way.IN and each.state is State.ASKED for each in passed),
                ours=sum(each.state in LIVE for each in await away_tasks.to_ask(tx, origin)),
            )

    async def cut(self, tx: Tx, actor: Actor, origin: str) -> None:
        """In the write that blocks, or before the talks end: its volunteers are taken off our requests, what we gave
        it comes back to our board, and what it asked of us goes. Whoever was told that somebody comes is to be rung
        today. Our own volunteers stay where they are needed: people decide that."""
        for offer, held in await _live(tx, origin):
            sure = offer.said is Word.YES
            move = AssignmentMove.WITHDRAW if sure else AssignmentMove.DECLINE
            await move_assignment(tx, self._desk, actor, held, move)
            if sure:
                await self._ring(tx, actor, held)
        for each in await referrals.going_on(tx, origin):
            if each.way is Way.IN:
                if each.state is State.ASKED:
                    await self._passed.refuse(tx, actor, each)
                continue
            row = await needs.get(tx, each.need_id) if each.need_id else None
            await self._passed.call_back(tx, each)
            if row is not None:
                await move_need(tx, self._desk, actor, row, NeedMove.TAKE_BACK)

    async def end(self, tx: Tx, actor: Actor, origin: str) -> None:
        """``cut``, where that group has another id now: nobody can take anything back under the old one any more, so
        our own volunteers do not go on either. What was handed over goes with this write, and they hear of it as of a
        ``revoke``."""
        await self.cut(tx, actor, origin)
        for task in await away_tasks.to_ask(tx, origin):
            if task.state in LIVE:
                await become(tx, self._desk, actor, task, AssignmentState.WITHDRAWN, "away.group_over")
            else:
                await forget(tx, self._desk, actor, task)

    async def _ring(self, tx: Tx, actor: Actor, held: Assignment) -> None:
        """Puts it before everybody at the board: a helper was promised, and does not come."""
        desk = self._desk
        await ring_today(tx, desk, held.need_id, actor.id or "")
        await desk.record(tx, actor, "need.group_over", need_object(held.need_id), task=held.id)


async def _live(tx: Tx, origin: str) -> list[tuple[PeerOffer, Assignment]]:
    found = []
    for offer in await peer_offers.unsettled(tx):
        held = await assignments.get(tx, offer.assignment_id) if offer.assignment_id else None
        if offer.peer == origin and held is not None and held.state in LIVE:
            found.append((offer, held))
    return found
