"""Asking neighbours now: for what is needed today, a bell at the desks of groups that agreed to be rung."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from node.domain.actors import SYSTEM, Actor
from node.domain.board.exchange_views import GroupName, NoBell
from node.domain.consents import Purpose
from node.domain.ids import NeedId, new_id
from node.domain.need import NeedState, Share, Urgency
from node.domain.permissions import Permission, require
from node.domain.sharing.publication import why_not
from node.errors import N_, Conflict, NotFound
from node.logs import logger
from node.ports import NeighbourhoodReader, SeenNeed
from node.services import links
from node.services.desk import Desk, need_object
from node.services.exchange.correspondence import Correspondence, Message
from node.store import consents, peers, published, rings, shares
from node.store.db import Tx
from node.store.peers import PeerRow
from node.store.published import PublishedRow
from node.store.rings import Ring

log = logger("exchange")
MOST_A_DAY = 5
"""Rings to, or taken from, one group in 24 hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A ring at our desk, with what the group published of its need."""

    id: str
    group: str
    seen: SeenNeed
    at: int


class Rings:
    """Ring, and hear others ring."""

    def __init__(self, desk: Desk, reader: NeighbourhoodReader, post: Correspondence) -> None:
        self._desk = desk
        self._reader = reader
        self._post = post
        self._fetch: set[str] = set()

    async def askable(self, actor: Actor, need_id: NeedId) -> Sequence[GroupName]:
        """Whom we could ring about this need now; nobody where it is not for today, or not on the map."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            row = await self._desk.need_row(tx, need_id)
            out = await published.of_need(tx, need_id)
            ready = row.need.urgency is Urgency.TODAY and row.need.state in (
                NeedState.OPEN,
                NeedState.OFFERED,
            )
            if out is None or not ready:
                return ()
            return [
                GroupName(origin=peer.origin, name=peer.name)
                for peer in await peers.all_of_them(tx)
                if _rings(peer)
                and _gets(peer, out)
                and await rings.about(tx, "out", peer.origin, out.public_id) is None
            ]

    async def why_nobody(self, actor: Actor, need_id: NeedId) -> NoBell | None:
        """Why ``askable`` is empty for that need; None where it is not. Works while locked."""
        if await self.askable(actor, need_id):
            return None
        desk = self._desk
        async with desk.db.read() as tx:
            need = (await desk.need_row(tx, need_id)).need
            if need.urgency is not Urgency.TODAY or need.state not in (NeedState.OPEN, NeedState.OFFERED):
                return NoBell.LATER
            if not any(_rings(peer) for peer in await peers.all_of_them(tx)):
                return NoBell.NO_NEIGHBOURS
            share = (await shares.all_of(tx)).get(need.category, Share.ONLY_US)
            agreed = await consents.answer(tx, need_id, Purpose.GROUPS_SEE)
            against = [str(each) for each in why_not(need, share, agreed, desk.catalogue)]
            out = await published.of_need(tx, need_id)
            known = [each for each in await peers.all_of_them(tx) if _rings(each)]
        if against:
            return NoBell(against[0])
        if out is None:
            return NoBell.NOT_YET
        return NoBell.RUNG if any(_gets(each, out) for each in known) else NoBell.NOT_GIVEN

    async def ring(self, actor: Actor, need_id: NeedId, origins: Collection[str]) -> int:
        """Rings these groups, once for each need and at most five times a day each; returns how many were rung.

        Raises ``Conflict`` where nobody could be.
        """
        require(actor, Permission.DISPATCH)
        desk, rung = self._desk, 0
        refused: Conflict | None = None
        for peer in [each for each in await self.askable(actor, need_id) if each.origin in origins]:
            async with desk.db.read() as tx:
                out = await published.of_need(tx, need_id)
            if out is None:
                break
            try:
                letter = await self._post.prepare(
                    peer.origin, "ring", need=out.public_id, content={}, expires_days=1
                )
            except Conflict as error:
                refused = error
                continue
            async with desk.db.write() as tx:
                often = await rings.since(tx, "out", peer.origin, desk.now - links.DAY)
                if often >= MOST_A_DAY or await rings.about(tx, "out", peer.origin, out.public_id):
                    refused = Conflict(
                        "rung_enough", N_("That group was rung five times today. Phone them instead.")
                    )
                    continue
                ring = Ring(
                    id=new_id(desk.random), way="out", peer=peer.origin, public_id=out.public_id, at=desk.now
                )
                await rings.insert(tx, ring)
                await self._post.put(tx, letter)
                await desk.record(tx, actor, "need.ring", need_object(need_id), peer=peer.origin)
            rung += 1
        if not rung:
            raise refused or Conflict("nobody_to_ring", N_("There is nobody to ring about this now."))
        return rung

    async def heard(self, actor: Actor) -> Sequence[Rung]:
        """Rings of the last day that nobody has looked at, whose need is still on the map."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            unseen = await rings.unseen(tx, self._desk.now - links.DAY)
        if not unseen:
            return ()
        found = await self._reader.needs(
            sets=("public", "peers"), today=self._desk.protocol_day, origins={ring.peer for ring in unseen}
        )
        on_map = {(seen.origin, seen.summary.id): seen for seen in found if seen.summary.status == "open"}
        return [
            Rung(id=ring.id, group=seen.origin_name, seen=seen, at=ring.at)
            for ring in unseen
            if (seen := on_map.get((ring.peer, ring.public_id))) is not None
        ]

    async def seen(self, actor: Actor, ring_id: str) -> None:
        """Somebody at the desk has it; the bell goes. A second time changes nothing. Raises ``NotFound``."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.write() as tx:
            ring = await rings.get(tx, ring_id)
            if ring is None or ring.way != "in":
                raise NotFound("no_such_ring", N_("There is no such bell."))
            if ring.seen_at is None:
                await rings.seen(tx, ring_id, self._desk.now, actor.label)
                await self._desk.record(tx, actor, "ring.seen", f"ring:{ring_id}", peer=ring.peer)

    async def arrived(self, tx: Tx, letter: Message) -> None:
        """``ring``: only from groups that we let ring, once for each need, and not too often."""
        peer = await peers.get(tx, letter.sender)
        if peer is None or letter.need is None or peer.state != "active" or not peer.ask_now:
            return
        often = await rings.since(tx, "in", peer.origin, self._desk.now - links.DAY)
        if often >= MOST_A_DAY or await rings.about(tx, "in", peer.origin, letter.need):
            log.info("ring_passed_over", why="too_many")
            return
        ring = Ring(id=letter.id, way="in", peer=peer.origin, public_id=letter.need, at=self._desk.now)
        await rings.insert(tx, ring)
        self._fetch.add(peer.origin)  # by a job: nothing is asked of the network inside a write
        await self._desk.record(tx, SYSTEM, "ring.heard", f"ring:{ring.id}", peer=peer.origin)

    def to_fetch(self) -> Sequence[str]:
        """Who rang since this was last asked: their news is wanted now, so that what they ring about is on the board.
        Lost with the process; then it comes with their next news."""
        found, self._fetch = sorted(self._fetch), set()
        return found

    async def sweep(self) -> None:
        """Old rings go."""
        async with self._desk.db.write() as tx:
            await rings.forget(tx, self._desk.now - 30 * links.DAY)


def _gets(peer: PeerRow, out: PublishedRow) -> bool:
    """Whether what was published of the need goes to that group: else the bell would ring about nothing."""
    return peer.gives == "both" or (peer.gives == "public" and out.set_name == "public")


def _rings(peer: PeerRow) -> bool:
    return peer.state == "active" and peer.role != "reader"
