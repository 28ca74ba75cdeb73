"""What we tell other groups about their volunteers on our needs: it follows from the rows, and is sent by the clock."""

from dataclasses import replace
from typing import Any

from node.domain.actors import SYSTEM
from node.domain.assignment import AssignmentState
from node.domain.assignment_lifecycle import FILLS_A_PLACE, AssignmentMove
from node.domain.exchange.away_task import MOST_DAYS
from node.domain.need import NeedState
from node.domain.peer_offer import PeerOffer, Word, due, revoke_unheard, span_between, stands
from node.services.desk import Desk
from node.services.dispatch.moves import move_assignment
from node.services.exchange.correspondence import Correspondence, sealed_now
from node.store import assignments, needs, outbox, peer_offers
from node.store.db import Tx
from node.store.needs import NeedRow


class OfferWords:
    """Answers, revocations and states, as the rows owe them."""

    def __init__(self, desk: Desk, post: Correspondence) -> None:
        self._desk = desk
        self._post = post

    async def tell(self) -> int:
        """Sends whatever is due by the rows; works while locked. Returns how many messages that were."""
        async with self._desk.db.read() as tx:
            waiting = [offer.id for offer in await peer_offers.unsettled(tx) if await self._due(tx, offer)]
        return sum([await self._tell(offer_id) for offer_id in waiting])

    async def _tell(self, offer_id: str) -> bool:
        desk = self._desk
        async with desk.db.read() as tx:
            offer = await peer_offers.get(tx, offer_id)
            message = await self._due(tx, offer) if offer else None
        if offer is None or message is None:
            return False
        kind, content = message
        prepared = await sealed_now(
            self._post,
            offer.peer,
            kind,
            need=offer.public_id,
            content={"helper": offer.helper, **content},
            re=offer.re,
        )
        if prepared is None:
            return False
        async with desk.db.write() as tx:
            offer = await peer_offers.get(tx, offer_id)
            if offer is None or await self._due(tx, offer) != message:
                return False
            if content.get("answer") == Word.TAKEN and offer.assignment_id is not None:
                held = await assignments.get(tx, offer.assignment_id)
                if held is not None and held.state in (AssignmentState.PROPOSED, AssignmentState.INTERESTED):
                    await move_assignment(tx, desk, SYSTEM, held, AssignmentMove.DECLINE)
            await self._post.put(tx, prepared)
            said = offer.said
            if kind == "revoke":
                said = Word.REVOKE
                # Details that are not on their way yet do not leave any more.
                at = offer.details_at or desk.now
                await outbox.recall(tx, offer.peer, "handover", need=offer.public_id, at=at)
            elif kind == "answer":
                said = Word(content["answer"])
            await peer_offers.update(tx, replace(offer, said=said, asked=None, changed_at=desk.now))
        return True

    async def _due(self, tx: Tx, offer: PeerOffer) -> tuple[str, dict[str, Any]] | None:
        """The message that is due: its kind and content."""
        held = await assignments.get(tx, offer.assignment_id) if offer.assignment_id else None
        state = held.state if held else None
        row = await needs.get(tx, offer.need_id)
        over = row is None or row.need.state in (NeedState.CLOSED, NeedState.REFERRED)
        unheard = revoke_unheard(offer, self._desk.now, held_days=MOST_DAYS) and not await outbox.is_open(
            tx, offer.peer, "revoke", need=offer.public_id
        )
        word = due(offer, state, filled=row is None or await filled(tx, row), over=over, unheard=unheard)
        if word is Word.REVOKE:
            return "revoke", {}
        if word is not None:
            return "answer", {"answer": str(word)}
        if offer.asked is None:
            return None
        now = stands(offer, state)
        if offer.asked == "offer" and now in (Word.YES, Word.NO, Word.TAKEN):
            # The same answer: the distance is that of where the first offer said she is, wherever this one says.
            told = span_between(row.need.cell, offer.stated) if row is not None and now == Word.YES else None
            return "answer", {"answer": now} | ({"span": list(told)} if told else {})
        return "state", {"state": now}


async def filled(tx: Tx, row: NeedRow) -> bool:
    """Whether all places of the need are, in its present round."""
    places = [
        each
        for each in await assignments.of_need(tx, row.need.id)
        if each.round == row.need.round and each.state in FILLS_A_PLACE
    ]
    return len(places) >= row.need.helpers
