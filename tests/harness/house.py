"""One group's locked-away side without a server: database, vault, sign-in, team and set-up, quick
passwords."""

import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from node.domain.actors import Actor
from node.services.accounts.access import Access
from node.services.accounts.keyring import Keyring
from node.services.accounts.passwords import Passwords
from node.services.accounts.rescue import Rescue
from node.services.accounts.setup import SetUp, Setup, SetupAnswers
from node.services.accounts.team import Team
from node.services.sheets.backup import Backup
from node.store.db import Database
from node.vault import Vault
from node.vault.keys import QUICK
from tests.harness.clock import FakeClock

PASSWORD = "a quiet password"


def seeded(seed: str) -> Callable[[int], bytes]:
    """A source of bytes that is the same at each run."""
    state = {"count": 0}

    def draw(count: int) -> bytes:
        state["count"] += 1
        return hashlib.shake_256(f"{seed}/{state['count']}".encode()).digest(count)

    return draw


@dataclass
class House:
    """The parts, ready to be used together."""

    folder: Path
    clock: FakeClock
    db: Database
    vault: Vault
    access: Access
    team: Team
    setup: Setup
    rescue: Rescue
    keyring: Keyring
    backup: Backup

    async def found(self, **changes: Any) -> SetUp:
        """Sets the group up."""
        code = await self.setup.starting_code()
        assert code is not None
        return await self.setup.complete(answers(code=code, **changes))

    async def first(self) -> Actor:
        """Sets the group up and signs its first coordinator in."""
        await self.found()
        return (await self.access.sign_in("Mina", PASSWORD)).actor


def answers(**changes: Any) -> SetupAnswers:
    """What a made-up group answers."""
    given: dict[str, Any] = {
        "code": "",
        "language": "en",
        "group_name": "Knowle Neighbours",
        "place": (51.44, -2.57),
        "phone": "+44 117 496 0123",
        "hours": "9 to 5",
        "handle": "Mina",
        "password": PASSWORD,
        "public_url": "http://127.0.0.1:8080",
    }
    return SetupAnswers(**(given | changes))


@asynccontextmanager
async def house(folder: Path, *, clock: FakeClock | None = None, seed: str = "house") -> AsyncIterator[House]:
    """Opens (or opens again, locked, as after a power cut) the group that lives in ``folder``."""
    clock = clock or FakeClock()
    random = seeded(seed)
    folder.mkdir(parents=True, exist_ok=True)
    db = await Database.open(folder / "group.db")
    try:
        vault = Vault()
        passwords = Passwords(QUICK)
        access = Access(db, vault, clock, random, passwords=passwords)
        await access.load()
        keyring = Keyring(folder / "op.key")
        yield House(
            folder=folder,
            clock=clock,
            db=db,
            vault=vault,
            access=access,
            team=Team(db, vault, clock, random, passwords=passwords),
            setup=Setup(db, access, keyring, clock, random, passwords=passwords),
            rescue=Rescue(db, access, clock, passwords=passwords),
            keyring=keyring,
            backup=Backup(db, clock, folder=folder, kdf=QUICK),
        )
    finally:
        await db.close()
