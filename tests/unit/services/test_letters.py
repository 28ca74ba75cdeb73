"""Letters between two desks, over a wire that loses what a test tells it to: delivered at least once, acted on
once, sealed until they may be read, and never in anybody's way.
"""

import hashlib
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from node.domain.actors import CONSOLE
from node.domain.exchange.letters import LATER, MOST_FAULTS, MOST_WAITING, Letter, next_try
from node.errors import Conflict, NotAllowed, NotFound
from node.ports import Correspondent, Mail, NotTaken
from node.services.accounts.keyring import Keyring
from node.services.exchange import delivery, letters_in
from node.services.exchange.hub_mail import HubMail
from node.services.exchange.letters import Letters
from node.services.exchange.sealing import Sealing
from node.services.rights.erasing import erase_person
from node.store import audit, box_keys, inbox, outbox, peers, settings
from node.store.db import Database, Tx
from node.store.outbox import OutboxRow
from node.store.peers import PeerRow
from node.vault import Compartment
from node.vault.keys import KeyPair as VaultPair
from protocol import b64, direct
from protocol.identity import KeyPair
from protocol.limits import MAIL_PER_SENDER
from tests.harness.clock import FakeClock
from tests.harness.office import Office
from tests.harness.seeds import seeds

CANARY = "Wilhelmina Kanarienvogel"
NEED = "A" * 22


class Crash(Exception):
    """The power went."""


class Group:
    """One group's desk with its letters."""

    def __init__(self, name: str, folder: Path, wire: "Wire") -> None:
        self.name = name
        self.folder = folder
        self.wire = wire
        self.root = KeyPair.from_seed(name.encode().ljust(32, b"."))
        self.url: str | None = f"https://{name}.example"
        self.state = "allowed"
        self.box_key: bytes | None = None
        """As the profile tells it that others hold."""
        self.trusted = True
        self.acted: list[Letter] = []
        self.fault_in_handler: Callable[[], None] = lambda: None
        self._stack = AsyncExitStack()
        self._random = random.Random(name).randbytes
        self._pairs: dict[Compartment, VaultPair] = {}
        self._keyring = Keyring(folder / "op.key")

    async def start(self, *, locked: bool = False) -> None:
        """As a process starts, with the keys that there were before."""
        db = await Database.open(self.folder / "group.db")
        self._stack.push_async_callback(db.close)
        self.office = Office(db, self.folder)
        if self._pairs:
            self.office.pairs = self._pairs
            self.office.vault.install({name: pair.public for name, pair in self._pairs.items()})
        self._pairs = self.office.pairs
        object.__setattr__(self.office.desk, "clock", self.wire.clock)
        object.__setattr__(self.office.desk, "random", self._random)
        if not self._keyring.exists():
            self._keyring.create(self.office.desk.random)
            async with db.write() as tx:
                await settings.put(tx, settings.ORIGIN, self.root.did)
        self.key = self._keyring.load()
        if not locked:
            await self.office.unlock()
        self.sealing = Sealing(self.office.desk, self._keyring)
        self.letters = Letters(self.office.desk, self.sealing, Line(self.wire, self), trusted=self._trusted)
        self.mail = HubMail(self.office.desk, trusted=self._trusted)
        self.letters.on("serenade", self._sung)
        await self.renew()

    async def stop(self) -> None:
        await self._stack.aclose()
        self._stack = AsyncExitStack()

    def _trusted(self) -> bool:
        return self.trusted

    async def renew(self) -> bool:
        """What a publishing slot does."""
        async with self.office.db.write() as tx:
            made = await self.sealing.renew(tx)
            held = await box_keys.current(tx)
        assert held is not None
        self.box_key = held.public_key
        return made

    async def lose_box_keys(self) -> None:
        async with self.office.db.write() as tx:
            await tx.execute("DELETE FROM box_keys")

    async def _sung(self, tx: Tx, letter: Letter) -> None:
        await audit.append(tx, self.wire.clock, CONSOLE, "sung", letter.id)
        self.fault_in_handler()
        self.acted.append(letter)

    async def sung(self) -> Counter[str]:
        """How often each letter was acted on, by what was committed."""
        async with self.office.db.read() as tx:
            rows = await tx.execute_fetchall("SELECT object FROM audit WHERE action = 'sung'")
        return Counter(row["object"] for row in rows)

    async def write(self, to: "Group", *, person: str | None = None, days: int = 14, **content: Any) -> str:
        prepared = await self.letters.prepare(
            to.root.did, "serenade", need=NEED, content=content, person=person, expires_days=days
        )
        async with self.office.db.write() as tx:
            return await self.letters.put(tx, prepared)

    async def row(self, letter_id: str) -> OutboxRow:
        async with self.office.db.read() as tx:
            row = await outbox.get(tx, letter_id)
        assert row is not None
        return row

    async def aside(self) -> list[str | None]:
        return [each.reason for each in reversed(await self.letters.set_aside(CONSOLE))]


class Wire:
    """What lies between the groups; ``before`` and ``after`` may raise around each delivery."""

    def __init__(self) -> None:
        self.groups: dict[str, Group] = {}
        self.clock = FakeClock()
        self.sent = 0
        self.before: Callable[[], None] = lambda: None
        self.after: Callable[[], None] = lambda: None
        self.hub: Group | None = None


class Line:
    """``node.ports.Post`` of one group."""

    def __init__(self, wire: Wire, own: Group) -> None:
        self._wire = wire
        self._own = own

    async def correspondent(self, origin: str) -> Correspondent:
        group = self._wire.groups.get(origin)
        hub = self._wire.hub
        return Correspondent(
            origin=origin,
            name=group.name if group else origin,
            state=group.state if group else "unknown",
            url=group.url if group else None,
            op_key=group.key.did if group else None,
            box_key=group.box_key if group else None,
            hubs=(hub.root.did,) if hub else (),
        )

    async def _carried(self, work: Callable[[], Awaitable[str]]) -> str:
        self._wire.sent += 1
        self._wire.before()
        answer = await work()
        self._wire.after()
        return answer

    async def send(self, to: str, message: bytes) -> str:
        group = self._wire.groups[to]
        return await self._carried(lambda: group.letters.take(message, via=self._own.root.did))

    async def leave(self, hub: str, message: bytes) -> str:
        group = self._wire.groups[hub]
        return await self._carried(lambda: group.mail.put(message, via=self._own.root.did))

    async def hubs(self) -> Sequence[str]:
        return [self._wire.hub.root.did] if self._wire.hub and self._wire.hub is not self._own else []

    async def fetch(self, hub: str, limit: int) -> Sequence[Mail]:
        return await self._wire.groups[hub].mail.waiting(self._own.root.did, limit=limit)

    async def done(self, hub: str, ids: Sequence[str]) -> None:
        self._wire.before()
        await self._wire.groups[hub].mail.done(self._own.root.did, ids)

    async def refresh(self, origin: str) -> None:
        group = self._wire.groups[origin]
        async with group.office.db.read() as tx:
            held = await box_keys.current(tx)
        group.box_key = held.public_key if held else None


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[Any]]:
    """What is logged; nothing of a letter ever is."""
    with capture_logs() as logs:
        yield logs
    assert CANARY not in repr(logs)
    assert NEED not in repr(logs)


@pytest.fixture
async def wire(tmp_path: Path) -> AsyncIterator[Wire]:
    wire = Wire()
    for name in ("north", "south", "hub"):
        group = Group(name, tmp_path / name, wire)
        group.folder.mkdir()
        wire.groups[group.root.did] = group
        await group.start()
    yield wire
    for group in wire.groups.values():
        await group.stop()


def three(wire: Wire) -> tuple[Group, Group, Group]:
    north, south, hub = wire.groups.values()
    return north, south, hub


async def by_hub(wire: Wire) -> tuple[Group, Group, Group]:
    """South cannot be reached; the hub keeps its mail."""
    north, south, hub = three(wire)
    south.url, wire.hub = None, hub
    async with hub.office.db.write() as tx:
        await peers.put(tx, PeerRow(origin=south.root.did, url=None, name="south", state="active",
                                    allow_private=False, added_at=0, vouched=True))  # fmt: skip
    return north, south, hub


def raising(error: Exception) -> Callable[[], None]:
    def fault() -> None:
        raise error

    return fault


def nothing() -> None:
    """No fault."""


# --- at least once, and once


async def test_a_lost_answer_and_a_crash_after_sending_are_sent_again_and_acted_on_once(wire: Wire) -> None:
    north, south, _ = three(wire)
    first = await north.write(south, words="one")
    wire.after = raising(NotTaken("deadline"))
    assert await north.letters.deliver_due() == 0
    assert (await north.row(first)).answer == "deadline"
    assert await south.letters.open_waiting() == 1
    wire.clock.advance(hours=2)
    wire.after = raising(Crash())
    with pytest.raises(Crash):
        await north.letters.deliver_due()
    assert (await north.row(first)).tries == 1
    wire.after = nothing
    assert await north.letters.deliver_due() == 1
    assert (await north.row(first)).answer == "seen"
    assert await south.letters.open_waiting() == 0
    assert await south.sung() == {first: 1}


async def test_a_move_and_its_letter_are_one_write(wire: Wire) -> None:
    north, south, _ = three(wire)
    prepared = await north.letters.prepare(south.root.did, "serenade", need=None, content={})

    async def interrupted() -> None:
        async with north.office.db.write() as tx:
            await north.letters.put(tx, prepared)
            raise Crash

    with pytest.raises(Crash):
        await interrupted()
    assert await north.letters.deliver_due() == 0
    assert wire.sent == 0


@pytest.mark.parametrize("seed", seeds(0, 1, 2))
async def test_whatever_breaks_each_letter_is_acted_on_exactly_once(wire: Wire, seed: int) -> None:
    """Requests and answers are lost, either side dies at any of its writes and starts again, locked or open."""
    dice = random.Random(seed)
    north, south, _ = three(wire)

    def sometimes(error: Exception, chance: float) -> Callable[[], None]:
        def fault() -> None:
            if dice.random() < chance:
                raise error

        return fault

    wire.before = sometimes(NotTaken("unreachable"), 0.25)
    wire.after = sometimes(Crash(), 0.25)
    south.fault_in_handler = sometimes(Crash(), 0.15)
    written = []
    for _ in range(25):
        if len(written) < 8:
            written.append(await north.write(south, number=len(written)))
        try:
            await north.letters.deliver_due()
        except Crash:
            if dice.random() < 0.3:
                await restart(north)
        if dice.random() < 0.2:
            await restart(south, locked=True)
        if dice.random() < 0.6:
            await south.office.unlock()
        await south.letters.open_waiting()
        wire.clock.advance(minutes=dice.choice((1, 15, 60)))
    wire.before = wire.after = south.fault_in_handler = nothing
    await restart(south)  # what failed in a handler is looked at again after a start
    for _ in range(3):
        wire.clock.advance(hours=2)
        await north.letters.deliver_due()
        await south.letters.open_waiting()
    assert await south.sung() == dict.fromkeys(written, 1)
    assert {(await north.row(each)).state for each in written} == {"delivered"}


async def restart(group: Group, *, locked: bool = False) -> None:
    """The process ends anywhere between two writes, and begins again with the same keys."""
    await group.stop()
    await group.start(locked=locked)


# --- what is not as it should be


async def test_poison_is_set_aside_with_its_reason_and_in_nobodys_way(wire: Wire) -> None:
    north, south, hub = three(wire)
    assert south.box_key is not None
    expires = wire.clock.now().date() + timedelta(days=14)

    def sealed(number: int, *, key: KeyPair = north.key, **changes: Any) -> bytes:
        plain: dict[str, Any] = {"type": "serenade", "sender": north.root.did, "time": north.office.desk.now}
        letter = direct.Letter(**(plain | {"content": {}} | changes))
        id = b64.encode(bytes([number]) * 16)
        return direct.seal(
            letter, to=south.root.did, box_key=south.box_key or b"", expires=expires, id=id, key=key
        ).line()

    good = sealed(1)
    broken = direct.read(good)
    flipped = direct.Message(header=broken.header, sealed=broken.sealed[:-1] + b"\0").line()
    for message in (
        flipped,
        sealed(2, key=hub.key),
        sealed(3, type="dance"),
        sealed(4, crit=("mood",)),
        sealed(5, sender=KeyPair.from_seed(b"nobody" * 5 + b"..").did),
        sealed(6, time=north.office.desk.now + 3 * 86_400),
        sealed(7),
        sealed(7),  # the same letter in another envelope
    ):
        assert await south.letters.take(message, via=north.root.did) == "taken"
    assert await south.letters.open_waiting() == 1
    # A signature that does not fit may be one of a newer key: it waits for a day.
    assert await south.aside() == [
        "cannot_open",
        "unknown_kind",
        "unknown_crit",
        "sender_unknown",
        "time_ahead",
        "again",
    ]
    wire.clock.advance(days=1.1)
    assert await south.letters.open_waiting() == 0
    assert "bad_signature" in await south.aside()
    assert [letter.kind for letter in south.acted] == ["serenade"]


async def test_what_a_later_version_may_know_is_kept_and_looked_at_after_the_next_start(wire: Wire) -> None:
    north, south, _ = three(wire)
    prepared = await north.letters.prepare(south.root.did, "dance", need=None, content={})
    async with north.office.db.write() as tx:
        await north.letters.put(tx, prepared)
    await north.letters.deliver_due()
    assert await south.letters.open_waiting() == 0
    assert await south.aside() == ["unknown_kind"]
    await restart(south)
    south.letters.on("dance", south._sung)
    assert await south.letters.open_waiting() == 1


async def test_nobody_fills_our_disk_with_what_a_later_version_may_know(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters_in, "MOST_KEPT", 2)
    north, south, _ = three(wire)
    for _ in range(3):
        prepared = await north.letters.prepare(south.root.did, "dance", need=None, content={})
        async with north.office.db.write() as tx:
            await north.letters.put(tx, prepared)
    await north.letters.deliver_due()
    await south.letters.open_waiting()
    async with south.office.db.read() as tx:
        rows = await inbox.set_aside(tx, 10)
    assert sorted(row.message_sealed is not None for row in rows) == [False, True, True]


async def test_a_handler_that_refuses_or_fails_leaves_nothing_behind(wire: Wire) -> None:
    north, south, _ = three(wire)
    await north.write(south)
    await north.letters.deliver_due()
    south.fault_in_handler = raising(Conflict("too_late", "Too late."))
    assert await south.letters.open_waiting() == 0
    assert await south.aside() == ["too_late"]
    second = await north.write(south)
    await north.letters.deliver_due()
    south.fault_in_handler = raising(Crash())
    for _ in range(MOST_FAULTS):
        assert await south.aside() == ["too_late"]
        assert await south.letters.open_waiting() == 0
        wire.clock.advance(seconds=LATER + 1)
    assert await south.aside() == ["too_late", "handler_failed"]
    assert await south.sung() == {}
    south.fault_in_handler = nothing
    await restart(south)
    assert await south.letters.open_waiting() == 1
    assert await south.sung() == {second: 1}


@pytest.mark.parametrize("state", ["blocked", "left", "unknown", "reader"])
async def test_groups_that_are_no_neighbours_now_are_not_read_and_not_written_to(
    wire: Wire, state: str
) -> None:
    north, south, _ = three(wire)
    waiting = await north.write(south, words=CANARY)
    await south.write(north, words=CANARY)
    await south.letters.deliver_due()
    south.state = state
    assert await north.letters.open_waiting() == 0
    assert await north.aside() == [f"sender_{state}"]
    assert await north.letters.deliver_due() == 0
    ended = await north.row(waiting)
    assert (ended.state, ended.answer, ended.copy_sealed) == ("ended", f"peer_{state}", None)
    with pytest.raises(Conflict) as caught:
        await north.write(south)
    assert caught.value.code == "not_a_neighbour"


async def test_letters_of_and_to_a_paused_group_wait(wire: Wire) -> None:
    north, south, _ = three(wire)
    out, _ = await north.write(south), await south.write(north)
    await south.letters.deliver_due()
    south.state = "paused"
    assert await north.letters.open_waiting() == 0
    assert await north.letters.deliver_due() == 0
    assert (await north.row(out)).answer == "peer_paused"
    south.state = "allowed"
    wire.clock.advance(hours=2)
    assert await north.letters.open_waiting() == 1
    assert await north.letters.deliver_due() == 1


async def test_what_is_not_for_us_too_old_or_too_much_is_not_taken(wire: Wire) -> None:
    north, south, hub = three(wire)
    for days, to, code in ((14, hub, "not_for_us"), (1, south, "expired")):
        letter_id = await north.write(to, days=days)
        message = (await north.row(letter_id)).message_sealed
        assert message is not None
        wire.clock.advance(days=2)
        with pytest.raises(NotTaken) as caught:
            await south.letters.take(message, via=north.root.did)
        assert caught.value.code == code
    for raw, code in ((b"{}", "unreadable"), (b" " * 30_000, "too_large")):
        with pytest.raises(NotTaken) as caught:
            await south.letters.take(raw, via=north.root.did)
        assert caught.value.code == code
    async with south.office.db.write() as tx:
        for number in range(MOST_WAITING):
            await tx.execute(
                "INSERT INTO inbox(sha, id, via, box, expires, state, arrived_at) VALUES(?, '', ?, '', '2030-01-01',"
                " 'waiting', 0)",
                (number.to_bytes(32, "big"), north.root.did),
            )
    await north.write(south)
    await north.letters.deliver_due()
    [full] = [row for row in await north.letters.outbox(CONSOLE) if row.answer == "full"]
    assert full.next_try >= north.office.desk.now + LATER


# --- keys


async def test_box_keys_are_renewed_and_old_ones_kept_for_a_while(wire: Wire) -> None:
    north, south, _ = three(wire)
    old = await north.write(south)
    assert not await south.renew()
    wire.clock.advance(days=30)
    assert await south.renew()
    async with south.office.db.read() as tx:
        new, first = await box_keys.all_of_them(tx)
    assert (await north.row(old)).box == first.id
    wire.clock.advance(days=59)
    await south.renew()
    async with south.office.db.read() as tx:
        assert first.id in [row.id for row in await box_keys.all_of_them(tx)]
    wire.clock.advance(days=2)
    await south.renew()
    async with south.office.db.read() as tx:
        left = await box_keys.all_of_them(tx)
    assert first.id not in [row.id for row in left]
    assert new.id in [row.id for row in left]


async def test_a_letter_to_an_older_key_is_opened(wire: Wire) -> None:
    north, south, _ = three(wire)
    await north.write(south)
    wire.clock.advance(days=1)
    async with south.office.db.write() as tx:
        await tx.execute("UPDATE box_keys SET created_at = 0")
    assert await south.renew()
    await north.letters.deliver_due()
    assert await south.letters.open_waiting() == 1


async def test_a_key_that_is_gone_makes_the_writer_seal_again(wire: Wire) -> None:
    north, south, _ = three(wire)
    letter_id = await north.write(south, words="again")
    await south.lose_box_keys()
    await south.renew()
    south.box_key = b"\x09" + bytes(31)  # what north holds is old
    north.office.lock()
    assert await north.letters.deliver_due() == 0
    assert (await north.row(letter_id)).answer == "box_key_unknown"
    await north.office.unlock()
    wire.clock.advance(minutes=2)
    assert await north.letters.deliver_due() == 1
    assert await south.letters.open_waiting() == 1
    assert await south.sung() == {letter_id: 1}


async def test_a_key_that_is_gone_is_told_through_the_hub_too(wire: Wire) -> None:
    north, south, _ = await by_hub(wire)
    letter_id = await north.write(south, words="again")
    await north.letters.deliver_due()
    await south.lose_box_keys()
    await south.renew()
    assert await south.letters.collect() == 0
    assert await south.letters.deliver_due() == 1  # the rekey
    assert await north.letters.open_waiting() == 1
    assert (await north.row(letter_id)).state == "waiting"
    assert await north.letters.deliver_due() == 1
    assert await south.letters.collect() == 1
    assert await south.sung() == {letter_id: 1}


async def test_nobody_else_can_have_a_letter_sealed_to_a_key_of_theirs(wire: Wire) -> None:
    north, south, hub = await by_hub(wire)
    letter_id = await north.write(south, words=CANARY)
    assert hub.box_key is not None
    prepared = await hub.letters.prepare(
        north.root.did,
        "rekey",
        need=None,
        content={"ids": [letter_id], "box_key": b64.encode(hub.box_key)},
    )
    async with hub.office.db.write() as tx:
        await hub.letters.put(tx, prepared)
    box = (await north.row(letter_id)).box
    await hub.letters.deliver_due()
    assert await north.letters.open_waiting() == 1
    assert (await north.row(letter_id)).box == box


async def test_no_key_no_letter(wire: Wire) -> None:
    north, south, _ = three(wire)
    south.box_key = None
    with pytest.raises(Conflict) as caught:
        await north.write(south)
    assert caught.value.code == "no_box_key"
    south.box_key = bytes(32)
    with pytest.raises(Conflict) as caught:
        await north.write(south)
    assert caught.value.code == "bad_letter"


# --- hubs


async def test_a_hub_keeps_mail_for_members_only_and_only_so_much(wire: Wire) -> None:
    north, south, hub = await by_hub(wire)
    to_stranger = await north.write(hub)
    message = (await north.row(to_stranger)).message_sealed
    assert message is not None
    with pytest.raises(NotTaken) as caught:
        await hub.mail.put(message, via=north.root.did)
    assert caught.value.code == "not_a_member"
    with pytest.raises(NotTaken) as caught:
        await hub.mail.waiting(north.root.did, limit=5)
    assert caught.value.code == "not_a_member"
    messages = []
    for _ in range(3):
        row = await north.row(await north.write(south))
        assert row.message_sealed is not None
        messages.append(row.message_sealed)
    async with hub.office.db.write() as tx:
        for number in range(MAIL_PER_SENDER - 2):
            await tx.execute(
                "INSERT INTO mailbox VALUES(?, ?, ?, ?, '2026-11-10', 0, x'00')",
                (number.to_bytes(32, "big"), south.root.did, north.root.did, f"{number}"),
            )
    assert await hub.mail.put(messages[0], via=north.root.did) == "taken"
    assert await hub.mail.put(messages[1], via=north.root.did) == "taken"
    assert await hub.mail.put(messages[1], via=north.root.did) == "seen"
    with pytest.raises(NotTaken) as caught:
        await hub.mail.put(messages[2], via=north.root.did)
    assert caught.value.code == "full"
    assert len(await hub.mail.waiting(south.root.did, limit=1000)) == 20
    wire.clock.advance(days=9)
    await hub.mail.tidy()
    assert [each.message for each in await hub.mail.waiting(south.root.did, limit=20)] == messages[:2]
    wire.clock.advance(days=9)
    hub.trusted = False
    await hub.mail.tidy()
    assert len(await hub.mail.waiting(south.root.did, limit=20)) == 2
    hub.trusted = True
    await hub.mail.tidy()
    assert await hub.mail.waiting(south.root.did, limit=20) == []


async def test_mail_is_forgotten_by_the_hub_only_when_it_was_taken(wire: Wire) -> None:
    north, south, hub = await by_hub(wire)
    letter_id = await north.write(south)
    await north.letters.deliver_due()
    wire.before = raising(NotTaken("unreachable"))
    assert await south.letters.collect() == 0  # taken, and the hub not told
    assert await south.sung() == {letter_id: 1}
    assert len(await hub.mail.waiting(south.root.did, limit=20)) == 1
    wire.before = nothing
    assert await south.letters.collect() == 0
    assert await hub.mail.waiting(south.root.did, limit=20) == []
    assert await south.sung() == {letter_id: 1}


async def test_more_than_a_page_of_mail_is_fetched_and_a_hub_that_forgets_nothing_ends_it(wire: Wire) -> None:
    north, south, hub = await by_hub(wire)
    for _ in range(25):
        await north.write(south)
    assert await north.letters.deliver_due() == 25
    assert await south.letters.collect() == 25
    for _ in range(3):
        await north.write(south)
    await north.letters.deliver_due()

    async def forgets_nothing(member: str, ids: Sequence[str]) -> int:
        return 0

    hub.mail.done = forgets_nothing  # type: ignore[method-assign]
    assert await south.letters.collect() == 3
    assert await south.letters.collect() == 0


async def test_what_one_writer_leaves_by_one_carrier_takes_nobody_elses_room(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hub brings letters in north's name that north never signed; and what it brings is not remembered for ever."""
    monkeypatch.setattr(letters_in, "MOST_OF_WRITER", 2)
    monkeypatch.setattr(letters_in, "MOST_ASIDE", 3)
    north, south, hub = three(wire)
    assert south.box_key is not None
    expires = wire.clock.now().date() + timedelta(days=14)
    letter = direct.Letter(type="serenade", sender=north.root.did, time=north.office.desk.now, content={})
    for number in range(8):
        id = b64.encode(bytes([number]) * 16)
        forged = direct.seal(
            letter, to=south.root.did, box_key=south.box_key, expires=expires, id=id, key=hub.key
        )
        assert await south.letters.take(forged.line(), via=hub.root.did) == "taken"
    assert await south.letters.open_waiting() == 0
    assert await south.aside() == ["too_many"] * 3
    async with south.office.db.read() as tx:
        assert await inbox.count_waiting(tx, hub.root.did) == 2
    true = await north.write(south)
    await north.letters.deliver_due()
    assert await south.letters.open_waiting() == 1
    assert await south.sung() == {true: 1}


async def test_what_a_paused_group_writes_beyond_that_is_kept_for_the_next_start(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters_in, "MOST_OF_WRITER", 2)
    north, south, _ = three(wire)
    written = [await north.write(south) for _ in range(3)]
    await north.letters.deliver_due()
    north.state = "paused"
    assert await south.letters.open_waiting() == 0
    assert await south.aside() == ["too_many"]
    north.state = "allowed"
    wire.clock.advance(seconds=LATER)
    assert await south.letters.open_waiting() == 2
    await restart(south)
    assert await south.letters.open_waiting() == 1
    assert await south.sung() == dict.fromkeys(written, 1)


async def test_a_hub_cannot_have_us_write_to_others_as_often_as_it_likes(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "MOST_REKEYS", 2)
    north, south, hub = await by_hub(wire)
    for _ in range(4):
        await north.write(south)
        await north.letters.deliver_due()
        await south.lose_box_keys()
        await south.renew()
        await south.letters.collect()
    rows = await south.letters.outbox(CONSOLE)
    assert [row.kind for row in rows] == ["rekey", "rekey"]
    assert len(await hub.mail.waiting(south.root.did, limit=20)) == 2
    wire.clock.advance(days=1, seconds=1)
    await south.letters.collect()
    assert len(await south.letters.outbox(CONSOLE)) == 3
    assert await hub.mail.waiting(south.root.did, limit=20) == []


async def test_junk_of_one_sender_keeps_no_other_sender_s_letter_waiting(wire: Wire) -> None:
    """Letters to a box that nobody has stay at the hub once their sender was told so too often, in nobody's way."""
    north, south, hub = await by_hub(wire)
    evil = Group("evil", north.folder.parent / "evil", wire)
    wire.groups[evil.root.did] = evil
    evil.folder.mkdir()
    await evil.start()
    assert hub.box_key is not None
    letter = direct.Letter(type="serenade", sender=evil.root.did, time=evil.office.desk.now, content={})
    expires = wire.clock.now().date() + timedelta(days=14)
    for number in range(3 * MAIL_PER_SENDER):
        id = b64.encode(number.to_bytes(16, "big"))
        junk = direct.seal(
            letter, to=south.root.did, box_key=hub.box_key, expires=expires, id=id, key=evil.key
        )
        assert await hub.mail.put(junk.line(), via=evil.root.did) == "taken"
        if number % MAIL_PER_SENDER == MAIL_PER_SENDER - 1:
            await south.letters.collect()
    left = [each.sender for each in await hub.mail.waiting(south.root.did, limit=20)]
    assert left == [evil.root.did] * 20, "they may stay a day"
    honest = await north.write(south)
    await north.letters.deliver_due()
    assert await south.letters.collect() == 1
    await south.letters.open_waiting()
    assert await south.sung() == {honest: 1}


async def test_the_same_key_again_seals_nothing_again(wire: Wire) -> None:
    north, south, _ = await by_hub(wire)
    letter_id = await north.write(south)
    await north.letters.deliver_due()
    assert south.box_key is not None
    for _ in range(2):
        content = {"ids": [letter_id], "box_key": b64.encode(south.box_key)}
        prepared = await south.letters.prepare(north.root.did, "rekey", need=None, content=content)
        async with south.office.db.write() as tx:
            await south.letters.put(tx, prepared)
    await south.letters.deliver_due()
    await north.letters.open_waiting()
    assert (await north.row(letter_id)).state == "at_hub"


async def test_an_answer_takes_a_letter_out_of_the_mailbox_that_we_keep_ourselves(wire: Wire) -> None:
    north, south, _ = three(wire)
    south.url, wire.hub = None, north
    async with north.office.db.write() as tx:
        await peers.put(tx, PeerRow(origin=south.root.did, url=None, name="south", state="active",
                                    allow_private=False, added_at=0, vouched=True))  # fmt: skip
    letter_id = await north.write(south)
    await north.letters.deliver_due()
    assert (await north.row(letter_id)).via == north.root.did
    prepared = await south.letters.prepare(north.root.did, "serenade", need=NEED, content={"re": letter_id})
    async with south.office.db.write() as tx:
        await south.letters.put(tx, prepared)
    await south.letters.deliver_due()
    assert await north.letters.open_waiting() == 1
    row = await north.row(letter_id)
    assert (row.state, row.message_sealed, row.copy_sealed) == ("delivered", None, None)
    assert await north.mail.waiting(south.root.did, limit=20) == []


async def test_a_hub_is_asked_when_the_straight_way_fails_twice(wire: Wire) -> None:
    north, south, hub = await by_hub(wire)
    south.url = "https://south.example"
    letter_id = await north.write(south)
    fails = iter([True, True, False])

    def once() -> None:
        if next(fails):
            raise NotTaken("unreachable")

    wire.before = once
    assert await north.letters.deliver_due() == 0
    wire.clock.advance(minutes=2)
    assert await north.letters.deliver_due() == 1
    assert (await north.row(letter_id)).via == hub.root.did


# --- clocks, restores, erasure


async def test_a_clock_that_is_not_believed_ends_nothing(wire: Wire) -> None:
    north, south, _ = three(wire)
    letter_id = await north.write(south, days=1)
    await south.write(north)
    await south.letters.deliver_due()
    north.trusted = south.trusted = False
    wire.clock.jump(days=400)
    await north.letters.tidy()
    assert await north.letters.deliver_due() == 1
    assert (await north.row(letter_id)).state == "delivered"
    assert await north.letters.open_waiting() == 1
    assert await south.letters.open_waiting() == 1


async def test_what_was_over_by_a_believed_clock_does_not_come_again_by_another(wire: Wire) -> None:
    north, south, _ = three(wire)
    letter_id = await north.write(south, days=1)
    message = (await north.row(letter_id)).message_sealed
    assert message is not None
    await north.letters.deliver_due()
    await south.letters.open_waiting()
    wire.clock.advance(days=4)
    async with south.office.db.write() as tx:
        await settings.put(tx, settings.TRUSTED_AT, south.office.desk.now)
    await south.letters.tidy()
    async with south.office.db.read() as tx:
        assert not await inbox.held(tx, hashlib.sha256(message).digest())
    south.trusted = False
    wire.clock.jump(days=-4)
    with pytest.raises(NotTaken) as caught:
        await south.letters.take(message, via=north.root.did)
    assert caught.value.code == "expired"


async def test_letters_that_nobody_takes_are_over_in_the_end(wire: Wire) -> None:
    north, south, _ = three(wire)
    wire.before = raising(NotTaken("unreachable"))
    letter_id = await north.write(south, days=2)
    for _ in range(60):
        await north.letters.deliver_due()
        wire.clock.advance(hours=1.3)
    await north.letters.tidy()
    over = await north.row(letter_id)
    assert (over.state, over.answer, over.message_sealed) == ("ended", "expired", None)
    assert 10 < over.tries < 60
    wire.clock.advance(days=80)
    await north.letters.tidy()
    assert await north.letters.outbox(CONSOLE) == []


async def test_after_a_restore_letters_wait_for_a_person(wire: Wire) -> None:
    north, south, _ = three(wire)
    one, other, third = [await north.write(south) for _ in range(3)]
    async with north.office.db.write() as tx:
        assert await outbox.hold_all(tx) == 3
    assert await north.letters.deliver_due() == 0
    with pytest.raises(NotAllowed):
        await north.letters.release(north.office.triage)
    await north.letters.drop(north.office.ana, other)
    with pytest.raises(NotFound):
        await north.letters.drop(north.office.ana, other)
    assert await north.letters.release(north.office.ana, one) == 1
    assert await north.letters.release(north.office.ana) == 1
    assert await north.letters.deliver_due() == 2
    await south.letters.open_waiting()
    assert await south.sung() == {one: 1, third: 1}


async def test_a_persons_letters_go_with_the_person(wire: Wire) -> None:
    north, south, _ = three(wire)
    taken = await north.office.call()
    letter_id = await north.write(south, person=str(taken.person_id), words=CANARY)
    async with north.office.db.write() as tx:
        await erase_person(tx, north.office.desk, north.office.ana, taken.person_id)
    gone = await north.row(letter_id)
    assert (gone.state, gone.answer, gone.person_id) == ("ended", "erased", None)
    assert gone.message_sealed is None
    assert gone.copy_sealed is None
    assert await north.letters.deliver_due() == 0


async def test_nothing_of_a_letter_lies_readable_on_the_disk(wire: Wire) -> None:
    north, south, hub = await by_hub(wire)
    await north.write(south, words=CANARY)
    await north.letters.deliver_due()
    for group in (north, hub):
        for path in group.folder.rglob("*"):
            if path.is_file():
                assert b"Kanarienvogel" not in path.read_bytes(), path
                if group is hub:
                    # Who wrote to whom and when: neither the need nor what kind of letter it is.
                    assert NEED.encode() not in path.read_bytes()
                    assert b"serenade" not in path.read_bytes()
    await south.letters.collect()
    assert south.acted[0].content == {"words": CANARY}
    for path in south.folder.rglob("*"):
        assert not path.is_file() or b"Kanarienvogel" not in path.read_bytes(), path


def test_tries_are_spread_and_slow_down() -> None:
    waits = [next_try(0, tries, 0.5) for tries in range(1, 12)]
    assert waits[:3] == [30, 60, 120]
    assert waits[-1] == 3600
    assert next_try(0, 1, 0.0) == 24
    assert next_try(0, 10**6, 0.999) <= 4320
    assert next_try(0, 1, 0.5, retry_after=600) == 600
    assert next_try(0, 1, 0.5, retry_after=10**9) == 6 * 3600
