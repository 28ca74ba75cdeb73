"""What other groups need, on our board: which of it we take, who of ours could go, and whom we offered."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from node.domain.actors import Actor
from node.domain.assignment import AssignmentState
from node.domain.assignment_lifecycle import LIVE, AssignmentMove
from node.domain.board.exchange_views import AwayTaskView
from node.domain.board.shares import fair_share
from node.domain.exchange.away_task import (
    AwayCandidate,
    AwayTask,
    Held,
    details_until,
    hindered,
    is_kept_back,
    reach,
    seen_of,
)
from node.domain.matching.matching import this_week
from node.domain.permissions import Permission, require
from node.errors import N_, NotFound
from node.ports import NeighbourhoodReader, SeenNeed
from node.services import links
from node.services.desk import Desk
from node.services.matching.demands import asking
from node.services.matching.roster import Roster
from node.store import away_tasks, merges, peers, persons
from node.store.db import Tx
from node.store.peers import PeerRow
from node.vault import Compartment

SETS = ("public", "peers")
_SOONEST = ("today", "this_week", "whenever")
_BY_PHONE = {
    AssignmentState.INTERESTED: (AssignmentMove.RELEASE,),
    AssignmentState.APPROVED: (AssignmentMove.CONTACT, AssignmentMove.DONE, AssignmentMove.RELEASE),
    AssignmentState.CONTACTED: (AssignmentMove.DONE, AssignmentMove.RELEASE),
}


class AwayBoard:
    """The reading side of ``AwayTasks``."""

    def __init__(self, desk: Desk, roster: Roster, reader: NeighbourhoodReader) -> None:
        self._desk = desk
        self._roster = roster
        self._reader = reader

    async def wanted(self, actor: Actor, limit: int = 200) -> Sequence[SeenNeed]:
        """What neighbouring groups published, of the kinds that we take from each; most urgent first.
        Where that is more than ``limit``, a fair share of each group's."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            known = {row.origin: row for row in await peers.all_of_them(tx)}
        if not known:
            return []
        found = [
            seen
            for seen in await self._reader.needs(sets=SETS, today=self._desk.protocol_day)
            if not seen.own and takes(known.get(seen.origin), seen.summary.category)
        ]
        found.sort(
            key=lambda seen: (
                seen.summary.status != "open",
                _SOONEST.index(str(seen.summary.urgency)),
                seen.summary.posted,
                seen.summary.id,
            )
        )
        return fair_share(found, lambda seen: seen.origin, limit)

    async def one(self, actor: Actor, origin: str, public_id: str) -> SeenNeed:
        """One of them. Raises ``NotFound`` once it is off the map."""
        require(actor, Permission.READ_BOARD)
        found = await self._reader.needs(
            sets=SETS, today=self._desk.protocol_day, origins=[origin], limit=1000
        )
        for seen in found:
            if seen.summary.id == public_id and not seen.own:
                return seen
        raise NotFound("off_the_map", N_("This is off the map: it was met, or taken back."))

    async def can_offer(self, origin: str) -> bool:
        """Whether that group is one we write to: what came through a go-between can be seen, and no more."""
        async with self._desk.db.read() as tx:
            peer = await peers.get(tx, origin)
        return peer is not None and peer.state == "active"

    async def candidates(self, actor: Actor, seen: SeenNeed, limit: int = 5) -> Sequence[AwayCandidate]:
        """Who of ours fits what was published, nearest first. Raises ``Locked``."""
        require(actor, Permission.DISPATCH)
        await self._roster.ready()
        desk, task = self._desk, seen_of(seen.summary)
        async with desk.db.read() as tx:
            offered = {each.person_id for each in await away_tasks.of_need(tx, seen.origin, seen.summary.id)}
            kinds, unseen = await asking(tx, desk), await merges.unseen(tx)
        fitting = [
            AwayCandidate(
                person_id=helper.person_id,
                name=helper.name,
                span=reach(helper, task),
                this_week=this_week(helper, desk.today),
            )
            for helper in self._roster.all_of_them()
            if helper.person_id not in offered and hindered(helper, task, kinds, desk.today, unseen) is None
        ]
        if fitting:
            await desk.look(actor, "look.list", "volunteers")
        fitting.sort(key=lambda each: (each.span or (0, 0), each.this_week, each.name, each.person_id))
        return fitting[:limit]

    async def offered(self, actor: Actor, origin: str, public_id: str) -> Sequence[AwayTaskView]:
        """Whom we offered for one need, oldest first."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            found = [await self._view(tx, each) for each in await away_tasks.of_need(tx, origin, public_id)]
        if found and self._desk.unlocked:
            await self._desk.look(actor, "look.list", "volunteers")
        return found

    async def going_on(self, actor: Actor, days: int = 14) -> Sequence[AwayTaskView]:
        """Everybody who is offered or helping elsewhere, and what changed in the last days; newest first."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            rows = await away_tasks.recent(tx, self._desk.now - days * links.DAY)
            found = [await self._view(tx, each) for each in rows]
        if any(each.name for each in found):
            await self._desk.look(actor, "look.list", "volunteers")
        return found

    async def to_take_back(self, actor: Actor) -> int:
        """How many of those that go on hold what their group keeps back by now."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            rows = await away_tasks.recent(tx, self._desk.now)
        records = [opened(self._desk, each) for each in rows if each.state in LIVE]
        return sum(each is not None and is_kept_back(each) for each in records)

    async def _view(self, tx: Tx, task: AwayTask) -> AwayTaskView:
        desk, peer = self._desk, await peers.get(tx, task.peer)
        held = await persons.get(tx, task.person_id) if task.person_id and desk.unlocked else None
        record = opened(desk, task) if task.state in LIVE else None
        kept = record is not None and is_kept_back(record)
        return AwayTaskView(
            id=task.id,
            peer=task.peer,
            group=peer.name if peer else "",
            public_id=task.public_id,
            person_id=task.person_id,
            name=desk.open_person(held).name if held else "",
            category=task.seen.category,
            state=task.state,
            answer=task.answer,
            span=task.span,
            moves=(AssignmentMove.RELEASE,) if kept else _BY_PHONE.get(task.state, ()),
            kept_back=kept,
            doubted=task.doubted,
            until=_day(until) if (until := details_until(task)) is not None else None,
            holds_details=task.held is Held.HELD and not kept,
            deleted=task.held is Held.DELETED,
            has_link=task.state in LIVE
            and task.link_hash is not None
            and (task.link_expires or 0) > desk.now,
            created_at=task.created_at,
            changed_at=task.changed_at,
            changed_day=_day(task.changed_at),
        )


def _day(at: int) -> date:
    return datetime.fromtimestamp(at, UTC).date()


def opened(desk: Desk, task: AwayTask) -> Mapping[str, Any] | None:
    """The sealed record of a task; None where there is none, or it cannot be read now."""
    if task.sealed is None or not desk.unlocked:
        return None
    return desk.vault.open(Compartment.PEOPLE, "away_tasks", task.id, task.sealed)


def takes(peer: PeerRow | None, category: str) -> bool:
    """Whether we take this kind from that group; what came through a go-between has no row of its own."""
    return peer is None or (peer.state == "active" and (peer.takes is None or category in peer.takes))
