"""What others may see of our needs, as of now: which ones, in which set, with which words. Nothing is signed here, and
nothing personal is read.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from node.domain.catalogue import Klass
from node.domain.consents import Purpose
from node.domain.need import Need, NeedState, Share
from node.domain.need_lifecycle import PUBLISHED_AS, PublishedAs
from node.domain.settings.card import standing_today
from node.domain.sharing.outgoing import Wanted
from node.domain.sharing.publication import Content, WhyNot, content_of, klass_of, why_not
from node.domain.sharing.standing_offers import StandingOffers
from node.services.desk import Desk
from node.services.sharing.sharing import is_small_here, narrowed
from node.store import consents, needs, published, settings, shares
from node.store.db import Tx
from protocol.statements import Summary

_SEEN_STATES = tuple(
    state for state in NeedState if PUBLISHED_AS[state] in (PublishedAs.OPEN, PublishedAs.TAKEN)
)
_NOT_YET = (NeedState.NEW, NeedState.ON_HOLD)
"""States from which a need comes (back) to the board."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Exactly what others see of a need."""

    now: Summary | None
    """The statement that is out, None if nothing is."""
    next: Content | None
    """What the next slot sends, None if nothing."""
    would: Content | None
    """What would go out if the need were open, when nothing but its state speaks against it."""
    set_name: str | None
    """``public`` or ``peers``, for ``next`` and ``would``."""
    why_not: tuple[WhyNot, ...]
    """Everything that speaks against it; empty if it is or will be seen."""


class WhatGoes:
    """Looks at needs as the next slot will."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def preview(self, need_id: str) -> Preview:
        """Exactly what others see of a need, now and after the next slot. Raises ``NotFound``."""
        async with self._desk.db.read() as tx:
            need = (await self._desk.need_row(tx, need_id)).need
            made = (await shares.all_of(tx)).get(need.category, Share.ONLY_US)
            share = narrowed(made, small=await is_small_here(tx, self._desk))
            agreed = await consents.answer(tx, need.id, Purpose.GROUPS_SEE)
            home = await settings.get(tx, settings.PLACE)
            row = await published.of_need(tx, need.id)
            origin = await settings.get(tx, settings.ORIGIN)
        reasons = why_not(need, share, agreed, self._desk.catalogue)
        content = would = None
        if not reasons:
            content = self._content(need, home)
        elif reasons == (WhyNot.STATE,) and need.state in _NOT_YET:
            would = self._content(replace(need, state=NeedState.OPEN), home)
        if not reasons and content is None:
            reasons = (WhyNot.NO_PLACE,)
        out = row.planned() if row else None
        return Preview(
            now=out.content.summary(
                origin=origin,
                epoch=row.epoch,
                seq=row.seq,
                set=row.set_name,
                id=row.public_id,
                expires=row.expires,
            )
            if out and out.content and row
            else None,
            next=content,
            would=would,
            set_name=str(share) if content or would else None,
            why_not=reasons,
        )

    async def wanted(self, tx: Tx, home: tuple[float, float] | None) -> dict[str, Wanted]:
        """By need: all that is to be out now. ``home``: where the group is. Looked at anew at each slot: where so few
        people live, what is shared with anyone goes to chosen groups, and what is out already is withdrawn."""
        desk = self._desk
        small = await is_small_here(tx, desk)
        made, agreed = await shares.all_of(tx), await published.agreed_needs(tx)
        wanted: dict[str, Wanted] = {}
        for row in await needs.in_states(tx, _SEEN_STATES):
            need = row.need
            share = narrowed(made.get(need.category, Share.ONLY_US), small=small)
            if why_not(need, share, need.id in agreed, desk.catalogue):
                continue
            content = self._content(need, home)
            if content is not None:
                wanted[need.id] = Wanted(need_id=need.id, set_name=str(share), content=content)
        return wanted | await self._offers(tx, home, small=small)

    async def _offers(self, tx: Tx, home: tuple[float, float] | None, *, small: bool) -> dict[str, Wanted]:
        """What the group offers, while it is open itself, under the label that its profile names."""
        state, until = (
            await settings.get(tx, settings.GROUP_STATE),
            await settings.get(tx, settings.STATE_UNTIL),
        )
        if home is None or standing_today(state, until, self._desk.today)[0] != "open":
            return {}
        offers = StandingOffers.of(await settings.get(tx, settings.OFFERS))
        offers = replace(offers, share=narrowed(offers.share, small=small))
        return offers.wanted(self._desk.partitions[Klass.B].label(*home))

    def _content(self, need: Need, home: tuple[float, float] | None) -> Content | None:
        """A need whose place is not known goes out at the group's own area; None if that is not known
        either.
        """
        partition = self._desk.partitions[klass_of(need, self._desk.catalogue)]
        cell = need.cell or (partition.label(*home) if home else None)
        if cell is None:
            return None
        posted = replace(need, posted_day=self._posted(need))
        return content_of(posted, cell=cell, residents=partition.residents(cell))

    def _posted(self, need: Need) -> date:
        """The day as others count it: the UTC day of the moment it came in, if it was posted on that day here. A
        need that was taken while the clock ran ahead must not stop all the others."""
        desk = self._desk
        here = need.posted_day == desk.zone.day(need.created_at)
        return min(
            datetime.fromtimestamp(need.created_at, UTC).date() if here else need.posted_day,
            desk.protocol_day,
        )
