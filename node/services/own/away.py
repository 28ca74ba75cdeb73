"""`/my`: what other groups want near a volunteer, her "I can help" there, and what becomes of it.

She sees what everybody reads on the map, of that only what every gate lets her through. Where the group decided that a
helper's own yes is enough her offer goes out at once; elsewhere a coordinator says first whether she may be named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from node.domain.actors import Actor
from node.domain.assignment import AssignmentState
from node.domain.catalogue import Catalogue
from node.domain.consents import Consent, Purpose
from node.domain.exchange.away_ask import AskState, AwayAsk, shut
from node.domain.exchange.away_task import AwayTask, is_kept_back, seen_of
from node.domain.exchange.followed import FOLLOWED_SECONDS, GOING_ON, AwayRow, Stands, stands
from node.domain.ids import PersonId, new_id
from node.domain.matching.matching import Helper
from node.ports import SeenNeed
from node.services import links
from node.services.desk import Desk, person_object
from node.services.exchange.away_board import opened, takes
from node.services.exchange.away_offering import AwayOffering, must_exchange
from node.services.matching.demands import asking
from node.services.matching.roster import Roster
from node.services.own.door import hers
from node.services.own.page import OwnPage, gone
from node.services.sharing.neighbourhood import Area, NearNeed, Neighbourhood
from node.store import away_asks, away_tasks, merges, peers, settings
from node.store.db import Tx
from node.store.peers import PeerRow

MOST = 8
"""More than anybody reads on a telephone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayNear:
    """Something near her; ``writes``: whether we write to that group, so that she can offer here."""

    need: NearNeed
    writes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hers:
    """Whatever she has to do with other groups."""

    tasks: Sequence[AwayTask]
    asks: Sequence[AwayAsk]
    unseen: frozenset[PersonId]
    """Who signed up and may be somebody we know."""

    def knows(self, need: SeenNeed) -> bool:
        mine = {(each.peer, each.public_id) for each in self.tasks}
        mine |= {(each.peer, each.public_id) for each in self.asks}
        return (need.origin, need.summary.id) in mine


class OwnAway:
    """Reading, offering, taking back."""

    def __init__(
        self,
        desk: Desk,
        roster: Roster,
        page: OwnPage,
        neighbourhood: Neighbourhood,
        offering: AwayOffering,
    ) -> None:
        self._desk = desk
        self._roster = roster
        self._page = page
        self._neighbourhood = neighbourhood
        self._offering = offering

    async def near(self, actor: Actor) -> Sequence[AwayNear]:
        """What she could do for other groups, nearest first; nothing while locked, on a break, or where her place is
        not known."""
        return (await self._all_near(actor))[:MOST]

    async def on_the_map(self, actor: Actor) -> frozenset[tuple[str, str]]:
        """All of it that she can offer for here: origin and public id."""
        rows = await self._all_near(actor)
        return frozenset((each.need.seen.origin, each.need.seen.summary.id) for each in rows if each.writes)

    async def _all_near(self, actor: Actor) -> Sequence[AwayNear]:
        around = await self._page.around(actor)
        if around is None or not around.categories:
            return []
        helper = self._roster.get(hers(actor))
        area = Area(lat=around.lat, lon=around.lon, km=around.km)
        found = await self._neighbourhood.near(area, categories=around.categories)
        async with self._desk.db.read() as tx:
            mine, kinds = await _hers(tx, hers(actor)), await asking(tx, self._desk)
            known = {row.origin: row for row in await peers.all_of_them(tx)}
        fitting = [each for each in found if helper and self._fits(helper, mine, kinds, each.seen)]
        return [AwayNear(need=each, writes=_writes(known, each.seen)) for each in fitting]

    async def one(self, actor: Actor, origin: str, public_id: str) -> AwayNear:
        """One of them, before she says yes. Raises ``Locked``, ``NotFound`` for all others."""
        around = await self._page.around(actor)
        await self._roster.ready()
        helper = self._roster.get(hers(actor))
        area = None if around is None else Area(lat=around.lat, lon=around.lon, km=around.km)
        found = await self._neighbourhood.near(area, origins=[origin], limit=1000)
        need = next((each for each in found if each.seen.summary.id == public_id), None)
        async with self._desk.db.read() as tx:
            mine, kinds = await _hers(tx, hers(actor)), await asking(tx, self._desk)
            if need is None or helper is None or not self._fits(helper, mine, kinds, need.seen):
                raise gone()
            await must_exchange(tx, origin, need.seen.summary.category)
        return AwayNear(need=need, writes=True)

    async def at_once(self) -> bool:
        """Whether her own yes is enough, by the group's rules."""
        async with self._desk.db.read() as tx:
            return await settings.get(tx, settings.CLAIMS) == "helper"

    async def offer(self, actor: Actor, origin: str, public_id: str, device: str, wording: str) -> str:
        """Her yes, in the words of ``wording``; the id of the row that ``followed`` shows. Details open on this device.

        Raises ``NotFound`` for what is not on her list (any more), ``Conflict`` (``gone``, ``offered_enough``, or why
        that group cannot be written to), ``Locked``.
        """
        desk, person = self._desk, hers(actor)
        need = (await self.one(actor, origin, public_id)).need
        seen, bound = seen_of(need.seen.summary), links.device_hash(device)
        helper = self._roster.get(person)
        if helper is None:
            raise gone()
        if await self.at_once():
            said = Consent(
                purpose=Purpose.DETAILS_TO_GROUP,
                answer=True,
                wording=wording,
                at=desk.now,
                by_actor=actor.label,
            )
            return await self._offering.put_forward(
                actor, origin, public_id, helper, seen, said, device=bound
            )
        ask = AwayAsk(
            id=new_id(desk.random),
            peer=origin,
            public_id=public_id,
            person_id=person,
            seen=seen,
            wording=wording,
            device_hash=bound,
            created_at=desk.now,
            changed_at=desk.now,
        )
        async with desk.db.write() as tx:
            if (await _hers(tx, person)).knows(need.seen):
                raise gone()
            await away_asks.insert(tx, ask)
            await desk.record(tx, actor, "away.asked", person_object(person), peer=origin)
        return ask.id

    async def hers(self, actor: Actor, origin: str, public_id: str) -> str | None:
        """The row that ``followed`` shows of that need, where she offered for it and it goes on."""
        rows = await self.followed(actor, None)
        async with self._desk.db.read() as tx:
            mine = await _hers(tx, hers(actor))
        wanted = (origin, public_id)
        its = {each.id for each in mine.tasks if (each.peer, each.public_id) == wanted}
        its |= {each.id for each in mine.asks if (each.peer, each.public_id) == wanted}
        return next((row.id for row in rows if row.id in its and row.stands in GOING_ON), None)

    async def take_back(self, actor: Actor, ask_id: str) -> None:
        """What waits for a coordinator, as if she had never offered. Raises ``NotFound`` for another's, and once it was
        decided: what that group heard of is given back on its own page."""
        person = hers(actor)
        async with self._desk.db.write() as tx:
            ask = await away_asks.get(tx, ask_id)
            if ask is None or ask.person_id != person or ask.state is not AskState.WAITING:
                raise gone()
            await away_asks.delete(tx, ask_id)
            await self._desk.record(tx, actor, "away.taken_back", person_object(person), peer=ask.peer)

    async def followed(self, actor: Actor, device: str | None) -> Sequence[AwayRow]:
        """What goes on and what came to an end lately, what goes on first. Works while locked."""
        desk = self._desk
        async with desk.db.read() as tx:
            mine = await _hers(tx, hers(actor))
            names = {row.origin: row.name for row in await peers.all_of_them(tx)}
        live = await self._on_the_map(mine.asks)
        rows = [_task_row(desk, each, names, device) for each in mine.tasks]
        rows += [_ask_row(each, names, live) for each in mine.asks]
        recent = desk.now - FOLLOWED_SECONDS
        shown = [
            row
            for row in rows
            if row is not None
            and row.stands is not Stands.DONE
            and (row.stands in GOING_ON or row.changed_at > recent)
        ]
        return sorted(shown, key=lambda row: (row.stands not in GOING_ON, -row.changed_at))

    async def done(self, actor: Actor) -> Sequence[AwayRow]:
        """What she has done for other groups, the newest first."""
        async with self._desk.db.read() as tx:
            mine = await away_tasks.of_person(tx, hers(actor))
            names = {row.origin: row.name for row in await peers.all_of_them(tx)}
        rows = [
            _task_row(self._desk, each, names, None) for each in mine if each.state is AssignmentState.DONE
        ]
        return sorted((row for row in rows if row is not None), key=lambda row: -row.changed_at)

    def _fits(self, helper: Helper, mine: _Hers, kinds: Catalogue, need: SeenNeed) -> bool:
        if need.own or need.summary.status != "open" or mine.knows(need):
            return False
        seen, desk = seen_of(need.summary), self._desk
        against = shut(
            helper, seen, kinds, today=desk.today, now=desk.now, elsewhere=mine.tasks, unseen=mine.unseen
        )
        return against is None

    async def _on_the_map(self, asks: Sequence[AwayAsk]) -> set[tuple[str, str]]:
        origins = {each.peer for each in asks}
        if not origins:
            return set()
        found = await self._neighbourhood.near(None, origins=origins, limit=1000)
        return {(each.seen.origin, each.seen.summary.id) for each in found}


async def _hers(tx: Tx, person: PersonId) -> _Hers:
    return _Hers(
        tasks=await away_tasks.of_person(tx, person),
        asks=await away_asks.of_person(tx, person),
        unseen=await merges.unseen(tx),
    )


def _writes(known: Mapping[str, PeerRow], need: SeenNeed) -> bool:
    peer = known.get(need.origin)
    return peer is not None and takes(peer, need.summary.category)


def _task_row(desk: Desk, task: AwayTask, names: dict[str, str], device: str | None) -> AwayRow | None:
    record = opened(desk, task)
    how = stands(task, kept_back=record is not None and is_kept_back(record))
    if how is None:
        return None
    return AwayRow(
        id=task.id,
        stands=how,
        group=names.get(task.peer, ""),
        seen=task.seen,
        changed_at=task.changed_at,
        elsewhere=how in GOING_ON and links.is_elsewhere(task.device_hash, device),
    )


def _ask_row(ask: AwayAsk, names: dict[str, str], live: set[tuple[str, str]]) -> AwayRow:
    if ask.state is AskState.DECLINED:
        how = Stands.NOT_OFFERED
    else:
        how = Stands.ASKED if (ask.peer, ask.public_id) in live else Stands.OVER
    return AwayRow(
        id=ask.id,
        stands=how,
        group=names.get(ask.peer, ""),
        seen=ask.seen,
        changed_at=ask.changed_at,
    )
