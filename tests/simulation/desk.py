"""A group's own side: the real ``group.db`` and the real publishing, with needs that come and go at random."""

import random
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from node.clock import Clock
from node.domain.actors import CONSOLE
from node.domain.catalogue import Klass, catalogue
from node.domain.consents import Consent, Purpose
from node.domain.ids import NeedId, new_id
from node.domain.need import Channel, Need, NeedState, Share, Urgency
from node.ports import OwnStatements
from node.services.accounts.keyring import Keyring
from node.services.desk import Desk
from node.services.sharing.publishing import Publishing
from node.services.sharing.timekeeping import Timekeeper
from node.store import consents, needs, own_lines, published, settings
from node.store.db import Database
from node.store.needs import NeedRow
from node.store.own_lines import OwnLine
from node.vault import Vault
from protocol import codec
from protocol.cells import partition_for
from protocol.identity import KeyPair
from protocol.statements import Keys
from tests.simulation import disk

CATEGORIES = ("groceries", "cooked_meal", "repairs")
FOR_PEERS = "repairs"
"""This one goes to the groups that we chose, and no further."""
PLACE = (51.4545, -2.5879)
_OPEN_STATES = (NeedState.OPEN, NeedState.ASSIGNED)


class GroupDesk:
    """One group's needs, and what it signs of them."""

    def __init__(
        self, folder: Path, name: str, root: KeyPair, clock: Clock, source: random.Random, own: OwnStatements
    ) -> None:
        self._file = folder / "group.db"
        self._backup = folder / "backup.db"
        self._name = name
        self._clock = clock
        self._random = source
        self._own = own
        self._backed_up = False
        self.root = root
        self.keyring = Keyring(folder / "op.key")
        self.db: Database
        self.keys_line = b""
        self.publishing: Publishing
        self.timekeeper: Timekeeper

    async def set_up(self, template: Path) -> None:
        """A new group, from an empty migrated ``group.db``."""
        op = self.keyring.create(self._random.randbytes)
        shutil.copyfile(template, self._file)
        await self._open()
        line = codec.write(Keys(origin=self.root.did, rev=1, epoch_floor=1, op_key=op.did), self.root)
        self.keys_line = line
        async with self.db.write() as tx:
            await settings.put(tx, settings.ORIGIN, self.root.did)
            await settings.put(tx, settings.GROUP_NAME, self._name)
            await settings.put(tx, settings.PLACE, PLACE)
            await own_lines.put(tx, OwnLine(name="keys", epoch=1, seq=1, line=line))
        await self.timekeeper.confirm(CONSOLE)
        shares = {**dict.fromkeys(CATEGORIES, Share.PUBLIC), FOR_PEERS: Share.PEERS}
        await self.publishing.share(CONSOLE, shares)

    async def _open(self) -> None:
        self.db = await Database.open(self._file)
        desk = Desk(
            db=self.db,
            vault=Vault(),
            clock=self._clock,
            random=self._random.randbytes,
            catalogue=catalogue(),
            partitions={Klass.A: partition_for("A", None), Klass.B: partition_for("B", None)},
        )
        self.timekeeper = Timekeeper(self.db, self._clock)
        await self.timekeeper.load()
        self.publishing = Publishing(desk, self.keyring, self._own, trusted=self.timekeeper.trusted)

    async def close(self) -> None:
        """Closes the database."""
        await self.db.close()

    async def restart(self) -> None:
        """The process begins again over the same file."""
        await self.close()
        await self._open()

    async def back_up(self) -> None:
        """Keeps what the file holds now."""
        disk.keep_copy(self._file, self._backup)
        self._backed_up = True

    async def copied_to(self, other: "GroupDesk") -> None:
        """Everything of ours onto another machine; no key is made anew."""
        disk.keep_copy(self._file, other._file)
        other._file.chmod(0o600)
        other.keyring = self.keyring
        other.keys_line = self.keys_line
        await other._open()

    async def moved_to(self, own: OwnStatements) -> None:
        """Hands its lines to another neighbourhood from now on."""
        self._own = own
        await self.restart()

    async def begin_anew(self) -> None:
        """What an operator does who found a second copy of the node: stops one, and restores the other from what it
        holds."""
        async with self.db.write() as tx:
            await settings.put(tx, settings.RESTORED_AT, int(self._clock.now().timestamp()))

    async def restore(self) -> bool:
        """The last backup becomes the group's data, as ``mutualaid restore`` leaves it; False without one."""
        if not self._backed_up:
            return False
        await self.close()
        disk.put_back(self._backup, self._file)
        await self._open()
        async with self.db.write() as tx:
            now = int(self._clock.now().timestamp())
            await settings.put(tx, settings.RESTORED_AT, now)
            await settings.put(tx, settings.TRUSTED_AT, now)
        await self.timekeeper.load()
        return True

    async def new_need(self) -> None:
        """Somebody rings."""
        now, draw = int(self._clock.now().timestamp()), self._random
        need = Need(
            id=NeedId(new_id(draw.randbytes)),
            person_id=None,
            reference=f"{draw.randrange(10**9):09}",
            state=NeedState.OPEN,
            category=draw.choice(CATEGORIES),
            cell=None,
            urgency=draw.choice(list(Urgency)),
            channel=Channel.PHONE,
            posted_day=self._clock.now().date(),
            created_at=now,
            changed_at=now,
        )
        async with self.db.write() as tx:
            await needs.insert(tx, NeedRow(need=need, sealed=b""))
            yes = Consent(
                purpose=Purpose.GROUPS_SEE, answer=True, wording="en-1", at=now, by_actor=CONSOLE.label
            )
            await consents.add(tx, yes, person_id=None, need_id=need.id)

    async def something_happens(self) -> None:
        """Needs come, are taken, are free again, are closed."""
        draw = self._random
        for _ in range(draw.choice((0, 0, 1, 1, 2))):
            await self.new_need()
        async with self.db.write() as tx:
            for row in await needs.in_states(tx, _OPEN_STATES):
                if draw.random() < 0.15:
                    state = draw.choice((*_OPEN_STATES, NeedState.CLOSED, NeedState.CLOSED))
                    await needs.update(tx, NeedRow(need=replace(row.need, state=state), sealed=b""))

    async def own_keys_lines(self) -> list[bytes]:
        """What ``GET node`` answers."""
        async with self.db.read() as tx:
            found = [await own_lines.get(tx, name) for name in ("keys", "profile")]
        return [each.line for each in found if each is not None]

    async def out(self, today: date) -> Sequence[published.PublishedRow]:
        """Every register that is out and still counts."""
        async with self.db.read() as tx:
            return [row for row in await published.all_of(tx) if row.expires > today]
