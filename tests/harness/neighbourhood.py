"""Several real nodes in one process: real files, real HTTP on loopback, one clock that a test moves.

Nobody sleeps: a test does one thing (publish, sync, advance the clock) and looks.
"""

import random
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Self

import h3

from node import commands
from node.app import Node, begin, listening, open_node
from node.assembly import Services
from node.config import Config
from node.domain.actors import CONSOLE, Actor
from node.domain.need import Share
from node.services.accounts.passwords import Passwords
from node.vault.keys import QUICK
from protocol import rescue
from tests.harness.clock import FakeClock

PASSWORD = "made-up password"
BRISTOL = (51.4545, -2.5879)


class Member:
    """One group's node of the cast, which can be stopped and started again."""

    def __init__(
        self,
        name: str,
        at: tuple[float, float],
        folder: Path,
        clock: FakeClock,
        seed: int,
        *,
        reachable: bool = True,
    ) -> None:
        self.name = name
        self.at = at
        self.folder = folder
        self.clock = clock
        self.random = random.Random(seed)
        self.url = ""
        self.reachable = reachable
        """Else it has no address that it would tell anybody."""
        self.cards: tuple[str, ...] = ()
        self.staff: Actor = CONSOLE
        self.node: Node
        self._stack = AsyncExitStack()
        self._port = 0

    @property
    def services(self) -> Services:
        return self.node.services

    async def start(self) -> None:
        """Opens the folder and listens - on the same port as before, so that others still find it."""
        told = self.url if self.reachable else ""
        config = Config(data=self.folder, listen="127.0.0.1:0", public_url=told)
        self.node = await self._stack.enter_async_context(
            open_node(config, self.clock, self.random.randbytes, passwords=Passwords(QUICK))
        )
        self.url = await self._stack.enter_async_context(listening(self.node, "127.0.0.1", self._port))
        self._port = int(self.url.rpartition(":")[2])
        if self.reachable and config.public_url != self.url:
            self.node.network.answers_to(self.url)
        await begin(self.node)

    async def stop(self) -> None:
        """As a service manager would."""
        await self._stack.aclose()
        self._stack = AsyncExitStack()

    async def set_up(self) -> None:
        """Through the same command as ``mutualaid init``; then its first coordinator signs in."""
        self.cards = rescue.split(self.random.randbytes(rescue.SEED_LENGTH))
        made = await commands.run(
            self.services,
            "init",
            {
                "name": self.name.title(),
                "at": f"{self.at[0]},{self.at[1]}",
                "public_url": self.url if self.reachable else "",
                "admin": "kim",
                "password": PASSWORD,
                "cards": self.cards,
            },
        )
        self.id = str(made["id"])
        self.words = str(made["words"])
        await self.sign_in()

    async def sign_in(self) -> str:
        """The first coordinator's; gives the cookie."""
        signed = await self.services.access.sign_in("kim", PASSWORD)
        self.staff = signed.actor
        return signed.cookie

    async def share_everything(self) -> None:
        """Every kind with anyone (what may never leave stays all the same)."""
        await self.services.publishing.share(CONSOLE, {"all": Share.PUBLIC})


class Neighbourhood:
    """The cast. Use as an async context."""

    def __init__(self, folder: Path, clock: FakeClock | None = None) -> None:
        self.folder = folder
        self.clock = clock or FakeClock()
        self.members: dict[str, Member] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for member in self.members.values():
            await member.stop()

    async def add(
        self,
        name: str,
        at: tuple[float, float] = BRISTOL,
        *,
        population: bool = True,
        set_up: bool = True,
        reachable: bool = True,
    ) -> Member:
        """A new node, set up and listening."""
        folder = self.folder / name
        folder.mkdir(mode=0o700)
        if population:
            (folder / "population.csv").write_text(made_up_population())
        member = Member(name, at, folder, self.clock, seed=len(self.members) + 1, reachable=reachable)
        self.members[name] = member
        await member.start()
        if set_up:
            await member.set_up()
        return member

    async def befriend(self, *members: Member) -> None:
        """Each allows each."""
        for one in members:
            for other in members:
                if one is not other:
                    await one.services.peering.add(CONSOLE, other.url, did=other.id, allow_private=True)

    async def publish(self, *members: Member) -> None:
        """Each, now."""
        for member in members:
            await member.services.publishing.publish(CONSOLE)

    async def sync(self, *members: Member) -> None:
        """One round of each with all its peers; every round must succeed."""
        for member in members:
            for each in await member.services.peering.sync(CONSOLE):
                assert each.ok, (member.name, each)


def made_up_population(middle: tuple[float, float] = BRISTOL, rings: int = 30, seed: int = 7) -> str:
    """A table of a made-up city: crowded in the middle, thinner outside, empty cells between."""
    source = random.Random(seed)
    heart = h3.latlng_to_cell(*middle, 8)
    lines = ["h3,population"]
    for ring in range(rings):
        for cell in sorted(h3.grid_ring(heart, ring)):
            people = source.randrange(0, max(200, 6000 - 220 * ring))
            if source.random() > 0.15:
                lines.append(f"{cell},{people}")
    return "\n".join(lines) + "\n"


__all__ = ["BRISTOL", "PASSWORD", "Member", "Neighbourhood", "made_up_population"]
