"""One node of the simulated world: group desk, neighbourhood store, ingest and sync, all real."""

import hashlib
import random
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from federation import own
from federation.carrying import Carrying
from federation.ingest import Ingest, IngestReport
from federation.policy import Quota
from federation.push import Pusher
from federation.store import NeighbourhoodStore
from federation.store.rows import Position
from federation.sync import RoundReport, Sync
from node.errors import Conflict
from node.ports import Asked, OwnHeld, OwnStanding
from protocol.bundle import BadLine
from protocol.identity import KeyPair
from tests.simulation import disk
from tests.simulation.desk import GroupDesk
from tests.simulation.network import WireClient, url_of
from tests.unit.federation.groups import PeerList, StillClock

if TYPE_CHECKING:
    from tests.simulation.hostile import Badness
    from tests.simulation.world import World

QUOTA = Quota(live=60, withdrawals=400, hidden=60)
"""Of each other origin; small, so that a flood of a few hundred lines is one."""


class SkewedClock:
    """The world's time, wrong by so many seconds."""

    def __init__(self, world: StillClock) -> None:
        self._world = world
        self.skew = 0.0

    def now(self) -> datetime:
        return self._world.now() + timedelta(seconds=self.skew)

    def monotonic(self) -> float:
        return self._world.monotonic()

    def synchronised(self) -> bool:
        return False

    def zone_name(self) -> str:
        return "UTC"


class WatchedIngest(Ingest):
    """The real one; what it says of each page is noted."""

    member: "Member"

    async def lines(
        self,
        lines: Iterable[bytes | BadLine],
        *,
        via: str | None,
        end_of_round: bool,
        behind: Collection[str] = (),
        position: Position | None = None,
        apart: bool = False,
        first: int = 1,
    ) -> IngestReport:
        report = await super().lines(
            lines,
            via=via,
            end_of_round=end_of_round,
            behind=behind,
            position=position,
            apart=apart,
            first=first,
        )
        if via is not None:
            self.member.world.watch.took(self.member, via, report)
        return report

    def begins_again(self, carrier: str) -> None:
        super().begins_again(carrier)
        self.member.world.watch.forgot(self.member, carrier)


class OwnRefused(Exception):
    """The node would not take a line of its own."""


class Member:
    """Implements ``node.ports.OwnStatements`` for its own desk, as ``node.network`` does."""

    def __init__(
        self, world: "World", name: str, folder: Path, seed: int, *, original: "Member | None" = None
    ) -> None:
        self.world = world
        self.name = name
        self.random = random.Random(seed)
        self.clock = SkewedClock(world.clock)
        self.peers = original.peers if original else PeerList()
        root = KeyPair.from_seed(hashlib.sha256(f"{seed} root".encode()).digest())
        root = original.desk.root if original else root
        self.origin = root.did
        self.url = original.url if original else url_of(name)
        self.hidden = False
        """Behind a router: it calls others and pushes, and nobody can call it."""
        self.badness: Badness | None = None
        self.desk = GroupDesk(folder, name, root, self.clock, self.random, self)
        self._file = folder / "neighbourhood.db"
        self._copy = folder / "older.db"
        self.copied = False
        self.store: NeighbourhoodStore
        self.ingest: WatchedIngest
        self.sync: Sync

    async def set_up(self, template: Path) -> None:
        """A new group with a few needs."""
        folder = template.parent / self.name
        folder.mkdir()
        await self.desk.set_up(template)
        self.world.watch.signed(self, [self.desk.keys_line])
        await self._open()
        for _ in range(self.random.randrange(1, 4)):
            await self.desk.new_need()

    async def clone(self, name: str, seed: int) -> "Member":
        """A second machine with a copy of this one's data: its card was copied, and both were started."""
        folder = self._file.parent.parent / name
        folder.mkdir()
        twin = Member(self.world, name, folder, seed, original=self)
        await self.desk.copied_to(twin.desk)
        await twin._open()
        return twin

    async def replaced_by(self, twin: "Member") -> None:
        """This machine was switched off; the other one goes on in its place."""
        await self.close()
        self.desk, self.store, self.ingest, self.sync = twin.desk, twin.store, twin.ingest, twin.sync
        self.clock, self._file, self._copy, self.copied = twin.clock, twin._file, twin._copy, twin.copied
        self.ingest.member = self
        await self.desk.moved_to(self)

    async def _open(self) -> None:
        self.store = await NeighbourhoodStore.open(
            self._file, clock=self.clock, own_origin=self.origin, random=self.random.randbytes
        )
        self.ingest = WatchedIngest(self.store, self.peers, self.clock, quota=QUOTA)
        self.ingest.member = self
        client = WireClient(self.world, self)
        pusher = Pusher(self.store, self.ingest, client, self.clock, wanted=lambda: self.hidden)
        self.sync = Sync(
            *(self.store, self.ingest, client, self.peers, self.clock),
            random=self.random.random,
            pusher=pusher,
        )

    async def close(self) -> None:
        """The end of the run."""
        await self.store.close()
        await self.desk.close()

    # What happens to a machine

    def keep_copy(self) -> None:
        """What the disk would hold of the neighbourhood if the power went now."""
        disk.keep_copy(self._file, self._copy)
        self.copied = True

    async def power_cut(self, *, older: bool) -> bool:
        """The process dies; ``older``: the last commits of the neighbourhood store are lost with it. Gives
        whether they were."""
        lost = older and self.copied
        await self.store._db.close()  # not cleanly: the file does not say so
        if lost:
            disk.put_back(self._copy, self._file)
        await self._open()
        await self.desk.restart()
        with suppress(OwnRefused):  # all this as ``node.app.begin``
            await self.desk.publishing.catch_up()
        if self.desk.timekeeper.trusted():
            await self.ingest.new_day()
        return lost

    async def slot(self) -> str:
        """What the jobs of a slot do; gives the code of what stopped the publishing, or nothing."""
        if await self.desk.timekeeper.note():
            await self.ingest.new_day()
        try:
            await self.desk.publishing.slot()
        except Conflict as stopped:
            return stopped.code
        except OwnRefused as refused:
            return str(refused)
        return ""

    async def restore(self, *, empty: bool) -> bool:
        """The group's data comes back from its backup; ``empty``: onto a new machine, where the neighbourhood
        begins anew."""
        if not await self.desk.restore():
            return False
        if empty:
            await self.store.close()
            disk.remove(self._file)
            self.copied = False
            await self._open()
        return True

    # node.ports.OwnStatements

    async def ingest_own(self, lines: Sequence[bytes]) -> None:
        self.world.watch.signed(self, lines)
        report = await self.ingest.lines(list(lines), via=None, end_of_round=True)
        if report.refused:
            raise OwnRefused(f"own line refused: {report.refused[0].code}")

    async def fetch_back(self) -> Asked:
        reports = await self.sync.all()
        return Asked(asked=len(reports), answered=sum(report.ok for report in reports))

    async def own_standing(self) -> OwnStanding:
        return OwnStanding(
            position=await self.own_position(),
            keys_rev=(await self.store.origin(self.origin)).keys_rev,
            contradicted=await own.contradicted(self.store, self.origin),
        )

    async def own_held(self) -> OwnHeld:
        held = await own.held_of(self.store, self.origin)
        return OwnHeld(
            position=await self.own_position(), items=held.items, whole=held.whole, heard=held.heard
        )

    async def own_position(self) -> tuple[int, int] | None:
        return await self.store.own_position(self.origin)

    # Talking

    async def talk(self, other: "Member") -> RoundReport:
        """One round with a peer."""
        return await self.sync.peer(other.origin)

    async def learn_keys(self, caller: "Member") -> None:
        """What ``federation.answering`` does with the header ``Mac-Keys``."""
        if (await self.store.origin(caller.origin)).op_key is None:
            line = (await caller.desk.own_keys_lines())[0]
            await self.ingest.lines([line], via=caller.origin, end_of_round=False)

    async def carry_file_to(self, other: "Member") -> None:
        """A bundle on a USB stick: to a neighbour all that it may get, to anybody else what is public."""
        known = self.peers.peers.get(other.origin)
        to = other.origin if known is not None and self.world.chosen(self.origin, other) else None
        packed = await Carrying(self.store, self.ingest).pack(
            ["public", "peers"] if to else ["public"], to=to
        )
        await Carrying(other.store, other.ingest).take(packed)
