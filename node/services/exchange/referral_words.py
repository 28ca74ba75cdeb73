"""What we tell other groups about needs passed on, either way: it follows from the rows, and is sent by the clock."""

from dataclasses import replace

from node.domain.exchange.referral import Referral, State, owed, revoke_unheard
from node.services.desk import Desk
from node.services.exchange.correspondence import Correspondence, sealed_now
from node.store import needs, outbox, peers, referrals
from node.store.db import Tx


class ReferralWords:
    """Answers, outcomes and revocations, as the rows owe them."""

    def __init__(self, desk: Desk, post: Correspondence) -> None:
        self._desk = desk
        self._post = post

    async def tell(self) -> int:
        """Sends whatever the rows owe; works while locked. Returns how many messages that were."""
        async with self._desk.db.read() as tx:
            waiting = [each.id for each in await referrals.unsettled(tx)]
        return sum([await self._tell(ref) for ref in waiting])

    async def _tell(self, ref: str) -> bool:
        async with self._desk.db.read() as tx:
            referral = await referrals.get(tx, ref)
            message = await self._owed(tx, referral)
        if referral is None or message is None:
            return False
        kind, content = message
        prepared = await sealed_now(
            self._post, referral.peer, kind, need=None, content={"ref": ref, **content}, re=referral.re
        )
        if prepared is None:
            return False
        async with self._desk.db.write() as tx:
            now = await referrals.get(tx, ref)
            if now is None or await self._owed(tx, now) != message:
                return False
            await self._post.put(tx, prepared)
            if kind == "state":
                await referrals.update(tx, replace(now, asked=False))
                return True
            told = {"answer": content.get("answer"), "outcome": "closed"}.get(kind, kind)
            state = State.ENDED if kind == "outcome" else now.state
            # A word that is said again changes nothing: the days are counted from when it was taken back.
            at = now.changed_at if now.state is State.TAKEN_BACK else self._desk.now
            await referrals.update(
                tx, replace(now, told=told, state=state, changed_at=at, said_at=self._desk.now)
            )
        return True

    async def _owed(self, tx: Tx, referral: Referral | None) -> tuple[str, dict[str, str]] | None:
        if referral is None:
            return None
        row = await needs.get(tx, referral.need_id) if referral.need_id else None
        unheard = revoke_unheard(referral, self._desk.now) and not await outbox.is_open(
            tx, referral.peer, "revoke", need=None
        )
        if unheard:  # who is no neighbour any more cannot be written to
            peer = await peers.get(tx, referral.peer)
            unheard = peer is not None and peer.state != "left"
        state, reason = (row.need.state, row.need.close_reason) if row else (None, None)
        gone = row is None or not row.sealed
        return owed(referral, state, reason, unheard=unheard, gone=gone)
