"""Volunteers who put themselves forward for another group's need, on our board: a coordinator says whether we name
them to that group."""

from collections.abc import Sequence
from dataclasses import dataclass

from node.domain.actors import Actor, volunteer_actor
from node.domain.consents import Consent, Purpose
from node.domain.exchange.away_ask import AskState, AwayAsk
from node.domain.exchange.away_task import WAIT_DAYS, hindered
from node.domain.ids import PersonId
from node.domain.permissions import Permission, require
from node.errors import N_, NotFound, not_suitable
from node.services import links
from node.services.desk import Desk, person_object
from node.services.exchange.away_board import AwayBoard
from node.services.exchange.away_offering import AwayOffering
from node.services.matching.demands import asking
from node.services.matching.roster import Roster
from node.store import away_asks, merges, persons
from node.store.db import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class AskView:
    """One who waits. ``name`` is empty while locked."""

    id: str
    peer: str
    public_id: str
    person_id: PersonId
    name: str
    created_at: int


class AwayAsks:
    """The coordinator's side."""

    def __init__(self, desk: Desk, roster: Roster, board: AwayBoard, offering: AwayOffering) -> None:
        self._desk = desk
        self._roster = roster
        self._board = board
        self._offering = offering

    async def waiting(self, actor: Actor) -> Sequence[AskView]:
        """Everybody who waits for a word of ours, oldest first."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            return [await self._view(tx, each) for each in await away_asks.waiting(tx)]

    async def yes(self, actor: Actor, ask_id: str) -> str:
        """That group hears of her, as she agreed; the task's id.

        Raises ``Conflict`` (``not_suitable`` with ``values["why"]``, or as ``AwayOffering.put_forward``), ``Locked``,
        ``NotFound`` once it is off the map, taken back or decided.
        """
        require(actor, Permission.DISPATCH)
        desk = self._desk
        await self._roster.ready()
        async with desk.db.read() as tx:
            ask, kinds = await self._waiting(tx, ask_id), await asking(tx, desk)
            unseen = await merges.unseen(tx)
        await self._board.one(actor, ask.peer, ask.public_id)
        helper = self._roster.get(ask.person_id)
        why = None if helper is None else hindered(helper, ask.seen, kinds, desk.today, unseen)
        if helper is None or why is not None:
            raise not_suitable(why=str(why or "left"))
        said = Consent(
            purpose=Purpose.DETAILS_TO_GROUP,
            answer=True,
            wording=ask.wording,
            at=ask.created_at,
            by_actor=volunteer_actor(ask.person_id).label,
        )
        return await self._offering.put_forward(
            actor, ask.peer, ask.public_id, helper, ask.seen, said, device=ask.device_hash
        )

    async def no(self, actor: Actor, ask_id: str) -> None:
        """She is not offered for this, and reads so on her page. Raises ``NotFound``."""
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            ask = await self._waiting(tx, ask_id)
            await away_asks.decline(tx, ask_id, self._desk.now)
            await self._desk.record(
                tx, actor, "away.not_offered", person_object(ask.person_id), peer=ask.peer
            )

    async def sweep(self) -> int:
        """What nobody decided in so long is over. On a trusted clock only. Returns how many rows went."""
        async with self._desk.db.write() as tx:
            return await away_asks.sweep(tx, self._desk.now - WAIT_DAYS * links.DAY)

    async def _waiting(self, tx: Tx, ask_id: str) -> AwayAsk:
        found = await away_asks.get(tx, ask_id)
        if found is None or found.state is not AskState.WAITING:
            raise NotFound("no_such_ask", N_("That one was answered already."))
        return found

    async def _view(self, tx: Tx, ask: AwayAsk) -> AskView:
        desk = self._desk
        held = await persons.get(tx, ask.person_id) if desk.unlocked else None
        return AskView(
            id=ask.id,
            peer=ask.peer,
            public_id=ask.public_id,
            person_id=ask.person_id,
            name=desk.open_person(held).name if held else "",
            created_at=ask.created_at,
        )
