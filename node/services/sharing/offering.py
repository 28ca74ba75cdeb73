"""What the group offers whoever asks: shown, and changed by whoever may say what others see."""

from collections.abc import Collection

from node.domain.actors import Actor
from node.domain.need import Share
from node.domain.permissions import Permission, require
from node.domain.sharing.standing_offers import StandingOffers
from node.errors import N_, Invalid
from node.services.desk import Desk
from node.services.sharing.sharing import Sharing
from node.store import settings


class Offering:
    """Standing offers of the group. They go out, and are taken back, at the slots that requests have."""

    def __init__(self, desk: Desk, sharing: Sharing) -> None:
        self._desk = desk
        self._sharing = sharing

    async def shown(self) -> StandingOffers:
        """As they stand."""
        async with self._desk.db.read() as tx:
            return StandingOffers.of(await settings.get(tx, settings.OFFERS))

    async def wanted(self, codes: Collection[str], share: Share) -> StandingOffers:
        """What these choices come to; nothing is changed. Raises ``Invalid`` for a kind that never leaves."""
        codes = [wire for code in codes for wire in self._desk.catalogue.wire_codes(code)]
        if share is Share.ONLY_US:
            raise Invalid("bad_share", N_("An offer is for groups we chose, or for anyone."))
        return (await self.shown()).changed(codes, share, self._desk.protocol_day)

    async def offer(self, actor: Actor, offers: StandingOffers) -> None:
        """Sets them; what is not among them is withdrawn. Raises ``Invalid`` (``small_area``) as requests do where the
        group's name beside its area would tell too much: a second yes comes when fewer may be known to live there."""
        require(actor, Permission.SHARE)
        await self._check(offers)
        async with self._desk.db.write() as tx:
            await settings.put(tx, settings.OFFERS, offers.record())
            await self._desk.record(
                tx, actor, "share.offers", "group", share=str(offers.share), kinds=len(offers.since)
            )

    async def _check(self, offers: StandingOffers) -> None:
        if offers.opened(await self.shown()).since:  # what stays or goes needs no leave
            await self._sharing.check_public()
