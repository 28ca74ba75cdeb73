"""What sharing would give away: counted before anything is shared, and the bound for small groups."""

from collections.abc import Mapping
from dataclasses import replace

from node.domain.actors import Actor
from node.domain.catalogue import Klass
from node.domain.need import NeedState, Share
from node.domain.need_lifecycle import PUBLISHED_AS, PublishedAs
from node.domain.permissions import Permission, require
from node.domain.sharing.publication import content_of, klass_of, why_not
from node.domain.sharing.standing_offers import StandingOffers
from node.domain.sharing.uniqueness import Uniqueness, report
from node.errors import N_, Invalid
from node.services.desk import Desk
from node.store import needs, published, settings, shares
from protocol.cells import CLASS_B_BOUND

_STATES = tuple(state for state in NeedState if PUBLISHED_AS[state] in (PublishedAs.OPEN, PublishedAs.TAKEN))


class Privacy:
    """Reads the clear part of needs only; works while the records are closed."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def uniqueness(self, actor: Actor, choices: Mapping[str, Share] | None = None) -> Uniqueness:
        """The report over what would be shared: with ``choices`` (by code in summaries) in place of the settings
        made, or, without any, as if every kind that can leave were shared.
        """
        require(actor, Permission.SHARE)
        desk = self._desk
        async with desk.db.read() as tx:
            made = await shares.all_of(tx)
            agreed = await published.agreed_needs(tx)
            home = await settings.get(tx, settings.PLACE)
            rows = await needs.in_states(tx, _STATES)
        found = []
        for row in rows:
            need = row.need
            share = Share.PUBLIC
            if choices is not None:
                share = choices.get(need.category, made.get(need.category, Share.ONLY_US))
            against = why_not(need, share, need.id in agreed, desk.catalogue)
            klass = klass_of(need, desk.catalogue)
            if against or klass is Klass.C:
                continue
            partition = desk.partitions[klass]
            cell = need.cell or (partition.label(*home) if home else None)
            if cell is None:
                continue
            residents = partition.residents(cell)
            found.append((need.id, content_of(need, cell=cell, residents=residents), residents))
        return report(found)

    async def first_time(self) -> bool:
        """Whether nothing was ever shared: then the report is to be read first."""
        async with self._desk.db.read() as tx:
            made = await shares.all_of(tx)
        return all(share is Share.ONLY_US for share in made.values())

    async def served(self) -> int | None:
        """How many people live where the group helps, as it said itself; None if it did not say."""
        async with self._desk.db.read() as tx:
            return await settings.get(tx, settings.RESIDENTS)

    def check_served(self, residents: int | None) -> None:
        """Raises ``Invalid`` for what cannot be a number of residents."""
        if residents is not None and not 1 <= residents <= 100_000_000:
            message = N_("Please give the number of people who live where you help, roughly.")
            raise Invalid("residents", message, fields={"residents": message})

    async def say_served(self, actor: Actor, residents: int | None) -> bool:
        """Says how many people live where the group helps. Under 20,000 its own name beside a label would narrow the
        label down, so what was public is for chosen groups (and through a hub its members) from now on; whether that
        changed anything. Raises ``Invalid``.
        """
        require(actor, Permission.SHARE)
        self.check_served(residents)
        narrowed = False
        async with self._desk.db.write() as tx:
            await settings.put(tx, settings.RESIDENTS, residents)
            if residents is not None and residents < CLASS_B_BOUND:
                for wire, share in (await shares.all_of(tx)).items():
                    if share is Share.PUBLIC:
                        await shares.put(tx, wire, Share.PEERS)
                        narrowed = True
                offers = StandingOffers.of(await settings.get(tx, settings.OFFERS))
                if offers.since and offers.share is Share.PUBLIC:
                    narrowed = True
                    await settings.put(tx, settings.OFFERS, replace(offers, share=Share.PEERS).record())
            await self._desk.record(
                tx, actor, "share.residents", "group", residents=residents, narrowed=narrowed
            )
        return narrowed
