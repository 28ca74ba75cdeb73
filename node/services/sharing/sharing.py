"""Who may see that help of a kind is wanted: the group's settings, by the codes that stand in summaries."""

from collections.abc import Mapping

from node.domain.actors import Actor
from node.domain.catalogue import Klass
from node.domain.consents import Purpose
from node.domain.need import Need, Share
from node.domain.permissions import Permission, require
from node.domain.settings.widening import is_small
from node.domain.sharing.publication import why_not
from node.domain.sharing.standing_offers import StandingOffers
from node.errors import N_, Invalid
from node.services.desk import Desk
from node.store import consents, settings, shares
from node.store.db import Tx
from node.store.peers import PeerRow


async def is_small_here(tx: Tx, desk: Desk) -> bool:
    """Whether so few people live where the group helps, by the population table or as it says, that its name beside a
    label gives one of them away. The table may have come, or changed, after somebody chose what is public."""
    return desk.partitions[Klass.B].too_small or is_small(await settings.get(tx, settings.RESIDENTS))


def narrowed(share: Share, *, small: bool) -> Share:
    """For whom it is now: what is shared with anyone goes to chosen groups while the area is ``small``."""
    return Share.PEERS if small and share is Share.PUBLIC else share


async def goes_to(tx: Tx, desk: Desk, need: Need, peer: PeerRow) -> bool:
    """Whether that group may know of the need now: by its kind, by what the group shares and gives to this one, by the
    need itself and by its owner."""
    made = (await shares.all_of(tx)).get(need.category, Share.ONLY_US)
    share = narrowed(made, small=await is_small_here(tx, desk))
    agreed = await consents.answer(tx, need.id, Purpose.GROUPS_SEE)
    given = peer.gives == "both" or (peer.gives == "public" and share is Share.PUBLIC)
    return peer.state == "active" and given and not why_not(need, share, agreed, desk.catalogue)


class Sharing:
    """Sets and shows them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def share(self, actor: Actor, choices: Mapping[str, Share]) -> None:
        """Sets who may see which kinds; ``all`` stands for every kind that can leave at all.

        A kind that goes out under a broad name (class B) takes its whole broad group with it. Raises
        ``Invalid`` for an unknown kind, and for one that never leaves.
        """
        require(actor, Permission.SHARE)
        found, before = self.by_wire(choices), await self.shared(actor)
        if any(share is Share.PUBLIC and before.get(code) is not share for code, share in found.items()):
            await self.check_public()
        async with self._desk.db.write() as tx:
            for wire, share in found.items():
                await shares.put(tx, wire, share)
                await self._desk.record(tx, actor, "share.set", f"category:{wire}", share=str(share))

    async def check_public(self) -> None:
        """Raises ``Invalid`` (``small_area``) if nothing may go out to everybody under the group's own name."""
        if await self._small():
            raise Invalid(
                "small_area",
                N_(
                    "So few people live in your area that a public map could give one away."
                    " Share with groups you chose, or through a hub of your district."
                ),
                hint="fewer than 20,000 residents, by the population table or as the group said",
            )

    @property
    def small_by_table(self) -> bool:
        """Whether the population table itself says so, whatever the group says."""
        return self._desk.partitions[Klass.B].too_small

    def by_wire(self, choices: Mapping[str, Share]) -> dict[str, Share]:
        """The same choices by their codes in summaries; raises as ``share``."""
        return {
            wire: share for code, share in choices.items() for wire in self._desk.catalogue.wire_codes(code)
        }

    async def _small(self) -> bool:
        """Whether so few people live where the group helps that its name beside a label gives one of them away."""
        async with self._desk.db.read() as tx:
            return await is_small_here(tx, self._desk)

    async def kept_closer(self) -> bool:
        """Whether something is to be shown to anyone, and goes to chosen groups only because the area is small."""
        async with self._desk.db.read() as tx:
            if not await is_small_here(tx, self._desk):
                return False
            offers = StandingOffers.of(await settings.get(tx, settings.OFFERS))
            public = offers.share is Share.PUBLIC and bool(offers.since)
            return public or Share.PUBLIC in (await shares.all_of(tx)).values()

    async def shared(self, actor: Actor) -> dict[str, Share]:
        """The setting of every kind that can leave, by its code in summaries."""
        require(actor, Permission.SHARE)
        async with self._desk.db.read() as tx:
            made = await shares.all_of(tx)
        return {wire: made.get(wire, Share.ONLY_US) for wire in self._desk.catalogue.wire_codes("all")}
