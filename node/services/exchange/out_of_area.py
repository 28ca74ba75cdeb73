"""Places where we do not go: which neighbouring group answers there, and whether a request may be given to it."""

from node.domain.actors import Actor
from node.domain.exchange.out_of_area import Answers, Outside, goes_there, outside
from node.domain.exchange.referral import MayPassOn
from node.domain.ids import NeedId
from node.domain.need import Point
from node.domain.permissions import Permission, require
from node.ports import NeighbourhoodReader
from node.services.desk import Desk
from node.store import may_pass_on, peers, settings
from node.store.peers import PeerRow


class OutOfArea:
    """Reads only; giving a request away is ``Referrals``. Works while locked, but for ``of_need``."""

    def __init__(self, desk: Desk, reader: NeighbourhoodReader) -> None:
        self._desk = desk
        self._reader = reader

    async def at(self, point: Point | None) -> Outside | None:
        """What is said of that place; None where we go, and where nobody knows."""
        async with self._desk.db.read() as tx:
            home, km = await settings.get(tx, settings.PLACE), await settings.get(tx, settings.AREA_KM)
            if home is None or point is None or goes_there(home, point, km):
                return None
            writes = frozenset(each.origin for each in await peers.all_of_them(tx) if _writes(each))
            own = await settings.get(tx, settings.ORIGIN)
        seen = await self._reader.origins()
        others = [
            (each.origin, each.profile)
            for each in seen
            if each.profile and each.visible and each.origin != own
        ]
        silent = {
            each.origin: since for each in seen if (since := each.silent_since(self._desk.now)) is not None
        }
        return outside(point, km, others, writes, silent)

    async def line_of(self, origin: str) -> Answers | None:
        """What that neighbouring group says about itself, as the phone book has it; None where it told us nothing, or
        nothing of it is shown."""
        async with self._desk.db.read() as tx:
            peer = await peers.get(tx, origin)
        found = [each for each in await self._reader.origins() if each.origin == origin and each.visible]
        if peer is None or not found or found[0].profile is None:
            return None
        return Answers(
            origin=origin,
            profile=found[0].profile,
            writes=_writes(peer),
            silent_since=found[0].silent_since(self._desk.now),
        )

    async def of_need(self, actor: Actor, need_id: NeedId) -> Outside | None:
        """The same of the place of a request of ours; None while locked. Raises ``NotFound``."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            row = await self._desk.need_row(tx, need_id)
        if not self._desk.unlocked or not row.sealed:
            return None
        return await self.at(self._desk.open_need(row).point)

    async def allowed(self, actor: Actor, need_id: NeedId) -> MayPassOn | None:
        """The yes that somebody gave on the page when she asked, if it still can be followed."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            may = await may_pass_on.of_need(tx, need_id)
            peer = await peers.get(tx, may.peer) if may else None
        return may if peer is not None and _writes(peer) else None


def _writes(peer: PeerRow) -> bool:
    return peer.state == "active" and peer.role != "reader"
