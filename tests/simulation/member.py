"""One node of the simulated world: group desk, neighbourhood store, ingest and sync, all real."""

import hashlib
import random
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from federation.ingest import Ingest, IngestReport
from federation.policy import Quota
from federation.store import NeighbourhoodStore
from federation.store.rows import Position
from federation.sync import RoundReport, Sync
from node.errors import Conflict
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
    ) -> IngestReport:
        report = await super().lines(
            lines, via=via, end_of_round=end_of_round, behind=behind, position=position
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

    def __init__(self, world: "World", name: str, folder: Path, seed: int) -> None:
        self.world = world
        self.name = name
        self.random = random.Random(seed)
        self.clock = SkewedClock(world.clock)
        self.peers = PeerList()
        root = KeyPair.from_seed(hashlib.sha256(f"{seed} root".encode()).digest())
        self.origin = root.did
        self.url = url_of(name)
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

    async def _open(self) -> None:
        self.store = await NeighbourhoodStore.open(
            self._file, clock=self.clock, own_origin=self.origin, random=self.random.randbytes
        )
        self.ingest = WatchedIngest(self.store, self.peers, self.clock, quota=QUOTA)
        self.ingest.member = self
        client = WireClient(self.world, self)
        self.sync = Sync(self.store, self.ingest, client, self.peers, self.clock, random=self.random.random)

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

    async def fetch_back(self) -> None:
        await self.sync.all()

    async def own_position(self) -> tuple[int, int] | None:
        return await self.store.own_position(self.origin)

    # Talking

    async def talk(self, other: "Member") -> RoundReport:
        """One round with a peer."""
        return await self.sync.peer(other.origin)

    async def learn_keys(self, caller: "Member") -> None:
        """What ``federation.routes`` does with the header ``Mac-Keys``."""
        if (await self.store.origin(caller.origin)).op_key is None:
            line = (await caller.desk.own_keys_lines())[0]
            await self.ingest.lines([line], via=caller.origin, end_of_round=False)

    async def carry_file_to(self, other: "Member") -> None:
        """A bundle on a USB stick, of those sets that are held whole: a file cannot say what it lacks."""
        allow = await self.ingest.follow_policy()
        sets = {(origin, "public") for origin in allow.served}
        whole = {
            one.head.origin
            for one in await self.store.sets_held(sets)
            if one.head.state in ("complete", "pending")
        }
        lines: list[bytes | BadLine] = list(await self.store.lines_of(sorted(whole), {"public"}))
        await other.ingest.lines(lines, via=None, end_of_round=True)
