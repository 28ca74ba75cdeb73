"""Made-up groups that publish, a list of peers in memory and a clock that stands still."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from federation.ports import Peer, PeerState
from protocol import b64, codec
from protocol.envelope import sign
from protocol.head import Entry, entry_of, make_head
from protocol.identity import KeyPair
from protocol.statements import DataRules, Keys, Limits, Profile, Register, Statement, Summary, Withdrawal
from protocol.trust import Advice, Farewell, Vouch

START = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
EPOCH = int(START.timestamp()) - 3600
TODAY = START.date()
CELL = "85194ad7fffffff"
CELLS = ("85194ad7fffffff", "85194ad3fffffff", "87194ad30ffffff")


class StillClock:
    """Time moves when a test says so."""

    def __init__(self, start: datetime = START) -> None:
        self.time = start

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.time.timestamp()

    def advance(self, **span: float) -> None:
        self.time += timedelta(**span)


@dataclass
class PeerList:
    """The host's allow list."""

    peers: dict[str, Peer] = field(default_factory=dict)

    async def list(self) -> Sequence[Peer]:
        return list(self.peers.values())

    async def get(self, origin: str) -> Peer | None:
        return self.peers.get(origin)

    def put(
        self,
        origin: str,
        url: str | None = None,
        *,
        state: PeerState = "active",
        name: str = "",
        **terms: Any,
    ) -> None:
        self.peers[origin] = Peer(
            origin=origin, url=url, name=name or origin, state=state, allow_private=True, **terms
        )

    def set_state(self, origin: str, state: PeerState) -> None:
        self.peers[origin] = replace(self.peers[origin], state=state)


def ident(text: str) -> str:
    """A random-looking public id, the same each time."""
    return b64.encode(hashlib.sha256(text.encode()).digest()[:16])


class Group:
    """One group that publishes. ``summary``, ``withdrawal`` and ``head`` return signed lines."""

    def __init__(self, name: str, *, epoch: int = EPOCH, urls: tuple[str, ...] = ()) -> None:
        self.name = name
        self.root = KeyPair.from_seed(hashlib.sha256(f"{name} root".encode()).digest())
        self.op = KeyPair.from_seed(hashlib.sha256(f"{name} op".encode()).digest())
        self.epoch = epoch
        self.floor = epoch - 10
        self.seq = 0
        self.urls = urls
        self.rev = 1
        self.entries: dict[tuple[str, str], Entry] = {}
        self.held: dict[str, bytes] = {}

    @property
    def origin(self) -> str:
        return self.root.did

    @property
    def did(self) -> str:
        return self.op.did

    def sign(self, message: bytes) -> bytes:
        return self.op.sign(message)

    async def own_keys_lines(self) -> list[bytes]:
        return [self.keys(), self.profile()]

    def keys(self, **changes: Any) -> bytes:
        plain = Keys(origin=self.origin, rev=self.rev, epoch_floor=self.floor, op_key=self.op.did)
        return codec.write(replace(plain, **changes), self.root)

    def profile(self, **changes: Any) -> bytes:
        plain = Profile(
            origin=self.origin,
            epoch=self.epoch,
            seq=1,
            name=self.name,
            kind="group",
            urls=self.urls,
            languages=("en",),
            area=(CELL,),
            state="open",
            versions=(1,),
            features=(),
            limits=Limits(live=500, withdrawals=4000, changes=200),
            data_rules=DataRules(retain_days=30, onward=False),
        )
        return self.write(replace(plain, **changes))

    def summary(self, id: str = "one", *, set: str = "public", **changes: Any) -> bytes:
        self.seq = max(self.seq, 1) + 1
        plain = Summary(
            origin=self.origin,
            epoch=self.epoch,
            seq=self.seq,
            set=set,
            id=ident(f"{self.name} {id}"),
            kind="need",
            category="groceries",
            cell=CELL,
            urgency="this_week",
            helpers="1",
            remote=False,
            status="open",
            posted=date(2026, 11, 2),
            expires=date(2026, 11, 16),
        )
        return self._counted(replace(plain, **changes))

    def withdrawal(self, id: str = "one", *, set: str = "public", **changes: Any) -> bytes:
        return self._withdrawn(ident(f"{self.name} {id}"), set, **changes)

    def _withdrawn(self, id: str, set: str, **changes: Any) -> bytes:
        self.seq += 1
        plain = Withdrawal(
            origin=self.origin,
            epoch=self.epoch,
            seq=self.seq,
            set=set,
            id=id,
            expires=date(2026, 11, 16),
        )
        return self._counted(replace(plain, **changes))

    def vouch(self, subject: str, **changes: Any) -> bytes:
        """For another group's id."""
        self.seq = max(self.seq, 1) + 1
        plain = Vouch(
            origin=self.origin,
            epoch=self.epoch,
            seq=self.seq,
            set="peers",
            id=ident(f"{self.name} vouches for {subject}"),
            subject=subject,
            role="member",
            since=date(2026, 11, 2),
            expires=date(2026, 11, 16),
        )
        return self._counted(replace(plain, **changes))

    def unvouch(self, subject: str) -> bytes:
        """Ends the vouch."""
        return self._withdrawn(ident(f"{self.name} vouches for {subject}"), "peers")

    def advice(self, subject: str, **changes: Any) -> bytes:
        """Against another group's id."""
        self.seq = max(self.seq, 1) + 1
        plain = Advice(
            origin=self.origin,
            epoch=self.epoch,
            seq=self.seq,
            set="peers",
            id=ident(f"{self.name} advises against {subject}"),
            subject=subject,
            reason="flooding",
            expires=date(2026, 11, 16),
        )
        return self._counted(replace(plain, **changes))

    def farewell(self, **changes: Any) -> bytes:
        """Goodbye."""
        self.seq = max(self.seq, 1) + 1
        plain = Farewell(origin=self.origin, epoch=self.epoch, seq=self.seq, day=TODAY)
        return self.write(replace(plain, **changes))

    def head(self, set: str = "public", *, asof: date = TODAY, **changes: Any) -> bytes:
        self.seq = max(self.seq, 1) + 1
        made = make_head(
            [entry for (name, _), entry in self.entries.items() if name == set],
            origin=self.origin,
            epoch=self.epoch,
            seq=self.seq,
            set=set,
            asof=asof,
            issued=self.epoch + 60,
            next_by=self.epoch + 2 * 86_400,
            keys_rev=self.rev,
        )
        return self.write(replace(made, **changes))

    def everything(self, *sets: str) -> list[bytes]:
        """What a bundle of this group holds now."""
        chosen = sets or ("public",)
        heads = [self.head(name) for name in chosen]
        items = [self.held[id] for (name, id) in self.entries if name in chosen]
        return [self.keys(), self.profile(), *heads, *items]

    def next_epoch(self, by: int = 1000) -> None:
        """Begins again: nothing of before counts."""
        self.epoch += by
        self.seq = 0
        self.entries.clear()
        self.held.clear()

    def write(self, statement: Statement) -> bytes:
        return codec.write(statement, self.op)

    def write_body(self, body: dict[str, Any]) -> bytes:
        """Signs whatever it is given, as a faulty or hostile node would."""
        return sign(body, self.op)

    def _counted(self, statement: Register) -> bytes:
        line = self.write(statement)
        for name in ("public", "peers"):
            self.entries.pop((name, statement.id), None)
        self.entries[(statement.set, statement.id)] = entry_of(codec.read_line(line))
        self.held[statement.id] = line
        return line
