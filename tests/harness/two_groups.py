"""Two groups' desks and a courier between them: no network, no keys, but every message held against the schema."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema

import schemas
from node.domain.ids import NeedId, new_id
from node.domain.need import Share
from node.domain.sharing.publication import Content, content_of
from node.errors import Conflict
from node.ports import SeenNeed
from node.services.exchange.away_links import AwayLinks
from node.services.exchange.away_tasks import AwayTasks
from node.services.exchange.correspondence import Handler
from node.services.exchange.exchange import Exchange
from node.services.exchange.peer_offers import PeerOffers
from node.services.exchange.referrals import Referrals
from node.services.exchange.rings import Rings
from node.store import peers, published, shares
from node.store.db import Tx
from node.store.peers import PeerRow
from node.store.published import PublishedRow
from protocol.identity import KeyPair
from tests.harness.office import HOME, Office, open_office

NORTH = KeyPair.from_seed(b"n" * 32).did
SOUTH = KeyPair.from_seed(b"s" * 32).did


@dataclass(frozen=True, kw_only=True)
class Letter:
    """As the letters' service hands it over."""

    id: str
    kind: str
    sender: str
    need: str | None
    time: int
    content: Mapping[str, Any]


def fits(kind: str, content: Mapping[str, Any]) -> None:
    """Raises unless the content fits the schema of its kind."""
    whole = schemas.load("direct.v1")
    name = {"state?": "ask_state"}.get(kind, kind)
    jsonschema.validate(content, {**whole["$defs"][name], "$defs": whole["$defs"]})


@dataclass
class Courier:
    """Implements ``Correspondence``: what was put lies in ``sent`` until somebody carries it."""

    office: Office
    origin: str
    sent: list[tuple[str, Letter]] = field(default_factory=list)
    ever: list[tuple[str, Letter]] = field(default_factory=list)
    handlers: dict[str, Handler] = field(default_factory=dict)
    acted_on: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    """Groups that cannot be written to."""

    async def prepare(
        self,
        to: str,
        kind: str,
        *,
        need: str | None,
        content: Mapping[str, Any],
        expires_days: int = 14,
        person: str | None = None,
    ) -> tuple[str, Letter]:
        if to in self.unknown:
            raise Conflict("no_box_key", "We cannot write to that group yet.")
        fits(kind, content)
        office = self.office
        return to, Letter(
            id=new_id(office.desk.random),
            kind=kind,
            sender=self.origin,
            need=need,
            time=office.desk.now,
            content=dict(content),
        )

    async def put(self, tx: Tx, prepared: tuple[str, Letter]) -> str:
        self.sent.append(prepared)
        self.ever.append(prepared)
        return prepared[1].id

    def on(self, kind: str, handler: Handler) -> None:
        self.handlers[kind] = handler

    async def take(self, letter: Letter) -> None:
        """Acted on once, in one write, like the inbox does."""
        async with self.office.db.write() as tx:
            if letter.id not in self.acted_on:
                await self.handlers[letter.kind](tx, letter)
                self.acted_on.add(letter.id)

    def kinds(self) -> list[str]:
        """Of everything that was ever put."""
        return [letter.kind for _, letter in self.ever]


class Map:
    """Implements what these services ask of ``NeighbourhoodReader``."""

    def __init__(self, own: str) -> None:
        self.own = own
        self.found: list[SeenNeed] = []

    async def needs(self, **asked: Any) -> Sequence[SeenNeed]:
        origins = asked.get("origins")
        return [seen for seen in self.found if origins is None or seen.origin in origins]

    async def origins(self) -> Sequence[Any]:
        return ()


@dataclass
class Group:
    """One group's desk with everything that works with others."""

    name: str
    origin: str
    office: Office
    courier: Courier
    map: Map
    exchange: Exchange

    @property
    def offers(self) -> PeerOffers:
        return self.exchange.offers

    @property
    def away(self) -> AwayTasks:
        return self.exchange.away

    @property
    def links(self) -> AwayLinks:
        return self.exchange.links

    @property
    def passed(self) -> Referrals:
        return self.exchange.passed

    @property
    def bells(self) -> Rings:
        return self.exchange.bells


class Two:
    """North has the needs, south the volunteers (but either may)."""

    def __init__(self, north: Group, south: Group) -> None:
        self.north = north
        self.south = south
        self._ids = 0

    def advance(self, **step: float) -> None:
        """Both clocks."""
        for group in (self.north, self.south):
            group.office.clock.advance(**step)

    async def publish(self, need: NeedId) -> str:
        """As the slot does: north's published row, and what south reads; gives the public id."""
        self._ids += 1
        desk = self.north.office.desk
        public_id = f"{'P' * 19}{self._ids:02d}A"
        async with desk.db.write() as tx:
            row = await desk.need_row(tx, need)
            await shares.put(tx, row.need.category, Share.PUBLIC)
            content: Content = content_of(row.need, cell=row.need.cell or "", residents=None)
            expires = desk.today + timedelta(days=14)
            await published.put(
                tx,
                PublishedRow(
                    public_id=public_id,
                    need_id=need,
                    set_name="public",
                    kind="summary",
                    content=content.to_json(),
                    epoch=1,
                    seq=self._ids,
                    expires=expires,
                    max_expires=expires,
                    line=b"-",
                ),
            )
        summary = content.summary(
            origin=NORTH, epoch=1, seq=self._ids, set="public", id=public_id, expires=expires
        )
        self.south.map.found.append(
            SeenNeed(
                origin=NORTH,
                origin_name="North",
                own=False,
                summary=summary,
                origin_state="complete",
                last_heard=None,
            )
        )
        return public_id

    async def carry(self, *, twice: bool = False) -> int:
        """Everything that both owe is told and delivered, until nothing is left; returns how many letters."""
        carried = 0
        while True:
            for group in (self.north, self.south):
                await group.exchange.tell()
            waiting = [
                (to, letter) for group in (self.north, self.south) for to, letter in group.courier.sent
            ]
            if not waiting:
                return carried
            for group in (self.north, self.south):
                group.courier.sent.clear()
            for to, letter in waiting:
                other = self.north if to == NORTH else self.south
                for _ in range(2 if twice else 1):
                    await other.courier.take(letter)
                carried += 1
            assert carried < 100, "they never stop writing to each other"


async def _group(folder: Path, name: str, origin: str, other: PeerRow, stack: list[Any]) -> Group:
    folder.mkdir()
    opened = open_office(folder)
    office = await opened.__aenter__()
    stack.append(opened)
    async with office.db.write() as tx:
        await peers.put(tx, other)
    courier, chart = Courier(office, origin), Map(origin)
    exchange = Exchange(office.desk, office.roster, office.matching, office.intake, chart, courier)
    return Group(name=name, origin=origin, office=office, courier=courier, map=chart, exchange=exchange)


def peer(origin: str, name: str, **changes: Any) -> PeerRow:
    """A neighbouring group as the operators entered it."""
    settings: dict[str, Any] = {"url": None, "state": "active", "allow_private": False, "added_at": 1}
    return PeerRow(origin=origin, name=name, **(settings | changes))


@asynccontextmanager
async def two_groups(folder: Path) -> AsyncIterator[Two]:
    """Both desks, open, each with the other among its neighbours."""
    stack: list[Any] = []
    try:
        north = await _group(folder / "north", "North", NORTH, peer(SOUTH, "South", ask_now=True), stack)
        south = await _group(folder / "south", "South", SOUTH, peer(NORTH, "North", ask_now=True), stack)
        yield Two(north, south)
    finally:
        for opened in stack:
            await opened.__aexit__(None, None, None)


__all__ = ["HOME", "NORTH", "SOUTH", "Two", "peer", "two_groups"]
