"""Sealed letters between real nodes over real HTTP: straight, by a hub, locked, lost, sealed to an old key."""

import shutil
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pytest
from structlog.testing import capture_logs

from federation.errors import PeerError
from node import commands
from node.domain.actors import CONSOLE
from node.domain.exchange.letters import MOST_WAITING, Letter
from node.services.sheets import backup as backups
from node.store import outbox
from node.store.db import Tx
from node.store.outbox import OutboxRow
from protocol import direct
from tests.harness.neighbourhood import Member, Neighbourhood

CANARY = "Wilhelmina Kanarienvogel, 17 Undisclosed Crescent"
NEED = "A" * 22


@dataclass
class Read:
    """What one node acted on."""

    letters: list[Letter] = field(default_factory=list)

    async def __call__(self, tx: Tx, letter: Letter) -> None:
        self.letters.append(letter)

    @property
    def contents(self) -> list[dict[str, Any]]:
        return [dict(letter.content) for letter in self.letters]


def reads(member: Member, *kinds: str) -> Read:
    read = Read()
    for kind in kinds or ("serenade",):
        member.services.letters.on(kind, read)
    return read


async def write(member: Member, to: Member, kind: str = "serenade", **content: Any) -> str:
    letters = member.services.letters
    prepared = await letters.prepare(to.id, kind, need=NEED, content=content)
    async with member.node.network.on.db.write() as tx:
        return await letters.put(tx, prepared)


async def row(member: Member, letter_id: str) -> OutboxRow:
    async with member.node.network.on.db.read() as tx:
        found = await outbox.get(tx, letter_id)
    assert found is not None
    return found


async def set_peer(member: Member, other: Member, **changes: Any) -> None:
    """As the operators of ``member`` decide about ``other``."""
    async with member.node.network.on.db.write() as tx:
        for column, value in changes.items():
            await tx.execute(f"UPDATE peers SET {column} = ? WHERE origin = ?", (value, other.id))
    await member.node.network.talks.list_changed()


@pytest.fixture
async def cast(tmp_path: Path) -> AsyncIterator[Neighbourhood]:
    async with Neighbourhood(tmp_path) as cast:
        yield cast


async def neighbours(cast: Neighbourhood, *names: str) -> list[Member]:
    """Groups that know each other's present profiles."""
    members = [await cast.add(name) for name in names]
    await cast.befriend(*members)
    await cast.publish(*members)
    await cast.sync(*members)
    return members


async def test_a_letter_is_sent_straight_and_acted_on_once(cast: Neighbourhood) -> None:
    north, south = await neighbours(cast, "north", "south")
    read = reads(south)
    letter_id = await write(north, south, words=CANARY)
    assert await north.services.letters.deliver_due() == 1
    assert await south.services.letters.open_waiting() == 1
    [letter] = read.letters
    assert (letter.id, letter.kind, letter.sender, letter.need) == (letter_id, "serenade", north.id, NEED)
    assert letter.content == {"words": CANARY}
    sent = await row(north, letter_id)
    assert (sent.state, sent.answer, sent.tries) == ("delivered", "taken", 1)
    assert sent.message_sealed is None
    assert sent.copy_sealed is None
    assert await north.services.letters.deliver_due() == 0
    assert await south.services.letters.open_waiting() == 0


async def test_what_comes_while_locked_waits_sealed_until_somebody_signs_in(cast: Neighbourhood) -> None:
    north, south = await neighbours(cast, "north", "south")
    await south.stop()
    await south.start()
    read = reads(south)
    await write(north, south, words=CANARY)
    await north.services.letters.deliver_due()
    assert await south.services.letters.open_waiting() == 0
    assert read.letters == []
    await south.sign_in()
    assert read.contents == [{"words": CANARY}]


async def served(cast: Neighbourhood, hub: Member, member: Member, *told: Member) -> None:
    """``member`` is the hub's; both know, and whom the hub told."""
    for each in (member, *told):
        await set_peer(each, hub, role="hub")
    await set_peer(hub, member, vouched=1)
    await cast.publish(hub)
    for each in told:
        await each.services.peering.sync(CONSOLE)


async def test_a_group_that_cannot_be_reached_takes_full_part_by_a_hub(cast: Neighbourhood) -> None:
    north, hub, south = await neighbours(cast, "north", "hub", "south")
    await served(cast, hub, south, north)
    for member in (north, hub):
        await set_peer(member, south, url=None)
    at_south, at_north = reads(south), reads(north)
    letter_id = await write(north, south, words=CANARY)
    assert await north.services.letters.deliver_due() == 1
    left = await row(north, letter_id)
    assert (left.state, left.via) == ("at_hub", hub.id)
    assert left.copy_sealed is not None
    assert at_south.letters == []

    assert await south.services.letters.collect() == 1
    assert at_south.contents == [{"words": CANARY}]
    assert await south.services.letters.collect() == 0
    with sqlite3.connect(hub.folder / "group.db") as db:
        assert db.execute("SELECT count(*) FROM mailbox").fetchone() == (0,)

    await write(south, north, re=letter_id)
    assert await south.services.letters.deliver_due() == 1
    assert await north.services.letters.open_waiting() == 1
    assert at_north.contents == [{"re": letter_id}]
    known = await row(north, letter_id)
    assert (known.state, known.answer, known.copy_sealed) == ("delivered", "answered", None)


async def test_only_a_hub_whose_member_it_is_learns_that_we_write_to_a_group(cast: Neighbourhood) -> None:
    north, one, two, south = await neighbours(cast, "north", "one", "two", "south")
    nosy, hub = sorted((one, two), key=lambda each: each.id)
    await set_peer(north, nosy, role="hub")
    await set_peer(north, south, url=None)
    asked: list[str] = []
    for each in (nosy, hub):
        put, name = each.services.hub_mail.put, each.name

        async def heard(sealed: bytes, *, via: str, put: Any = put, name: str = name) -> str:
            asked.append(name)
            return str(await put(sealed, via=via))

        each.services.hub_mail.put = heard  # type: ignore[method-assign]
    letter_id = await write(north, south, words=CANARY)
    await north.services.letters.deliver_due()
    assert (await row(north, letter_id)).answer == "no_way"
    assert asked == []
    await served(cast, hub, south, north)
    cast.clock.advance(minutes=5)
    assert await north.services.letters.deliver_due() == 1
    assert ((await row(north, letter_id)).via, asked) == (hub.id, [hub.name])


async def test_a_hub_that_writes_itself_keeps_its_own_letter_for_the_member(cast: Neighbourhood) -> None:
    hub, south = await neighbours(cast, "hub", "south")
    await set_peer(south, hub, role="hub")
    await set_peer(hub, south, vouched=1, url=None)
    read = reads(south)
    letter_id = await write(hub, south, words=CANARY)
    assert await hub.services.letters.deliver_due() == 1
    kept = await row(hub, letter_id)
    assert (kept.state, kept.via) == ("at_hub", hub.id)
    assert await south.services.letters.collect() == 1
    assert [letter.id for letter in read.letters] == [letter_id]


async def test_a_key_that_is_gone_is_learned_over_the_wire(cast: Neighbourhood) -> None:
    north, south = await neighbours(cast, "north", "south")
    letter_id = await write(north, south, words=CANARY)
    async with south.node.network.on.db.write() as tx:
        await tx.execute("DELETE FROM box_keys")
    await cast.publish(south)  # a new key, and a profile that names it; north has not heard of it
    read = reads(south)
    assert await north.services.letters.deliver_due() == 1
    assert await south.services.letters.open_waiting() == 1
    assert [letter.id for letter in read.letters] == [letter_id]


async def test_a_restored_node_sends_nothing_again_by_itself(cast: Neighbourhood, tmp_path: Path) -> None:
    north, south = await neighbours(cast, "north", "south")
    letter_id = await write(north, south, words=CANARY)
    copy = tmp_path / "copy"
    await north.services.backup.backup(CONSOLE, copy, "made-up passphrase")
    await north.services.letters.deliver_due()
    await north.stop()
    shutil.rmtree(north.folder)
    await backups.restore(copy, north.folder, "made-up passphrase", cast.clock)
    await north.start()
    await cast.publish(north)
    assert await north.services.letters.deliver_due() == 0
    held = await commands.run(north.services, "letters_list", {"peer": None})
    assert [(each["id"], each["state"]) for each in held["out"]] == [(letter_id, "held")]
    assert await commands.run(north.services, "letters_release", {"id": None}) == {"released": 1}
    cast.clock.advance(seconds=1)
    assert await north.services.letters.deliver_due() == 1
    read = reads(south)
    assert await south.services.letters.open_waiting() == 1
    assert [letter.id for letter in read.letters] == [letter_id]


async def refusal(member: Member, to: Member, verb: str, body: dict[str, Any]) -> tuple[str, float | None]:
    """The code that ``to`` refuses such a request with."""
    post = member.node.network.post
    with pytest.raises(PeerError) as caught:
        await post._client._transport.post(await post._endpoint(to.id), verb, body, 16_384)
    return caught.value.said or caught.value.code, caught.value.retry_after


async def test_requests_that_are_not_as_they_should_be_have_their_codes(cast: Neighbourhood) -> None:
    north, south, east = await neighbours(cast, "north", "south", "east")
    east_letter = await row(north, await write(north, east))
    south_letter = await row(north, await write(north, south))
    assert east_letter.message_sealed is not None
    assert south_letter.message_sealed is not None
    to_east, to_south = orjson.loads(east_letter.message_sealed), orjson.loads(south_letter.message_sealed)
    expected = {
        "not_for_us": ("message", {"message": to_east}),
        "unreadable": ("message", {"message": to_south | {"from": north.id}}),
        "too_large": ("message", {"message": {"sealed": "A" * 30_000}}),
        "bad_request": ("message", {"message": to_south, "more": 1}),
        "box_key_unknown": ("message", {"message": to_south | {"box": "A" * 22}}),
        "expires_too_far": ("message", {"message": to_south | {"expires": "2027-01-01"}}),
        "expired": ("message", {"message": to_south | {"expires": "2026-11-01"}}),
        "not_a_member": ("mailbox", {"put": to_east}),
    }
    for code, (verb, body) in expected.items():
        assert (await refusal(north, south, verb, body))[0] == code
    for body in ({}, {"take": True}, {"take": 0}, {"done": [7]}, {"take": 1, "done": []}, {"put": 7}):
        assert (await refusal(north, south, "mailbox", body))[0] == "bad_request"
    assert (await refusal(north, south, "mailbox", {"take": 5}))[0] == "not_a_member"
    await set_peer(south, north, role="reader")
    assert (await refusal(north, south, "message", {"message": to_south}))[0] == "refused"
    await set_peer(south, north, role="peer")
    async with south.node.network.on.db.write() as tx:
        await tx.executemany(
            "INSERT INTO inbox(sha, id, via, box, expires, state, arrived_at) VALUES(?, '', ?, '', '2030-01-01',"
            " 'waiting', 0)",
            [(number.to_bytes(32, "big"), north.id) for number in range(MOST_WAITING)],
        )
    assert await refusal(north, south, "message", {"message": to_south}) == ("full", 600.0)


async def test_a_hub_learns_who_wrote_to_whom_and_when_and_nothing_more(
    cast: Neighbourhood, capsys: pytest.CaptureFixture[str]
) -> None:
    north, hub, south = await neighbours(cast, "north", "hub", "south")
    await served(cast, hub, south, north)
    await set_peer(north, south, url=None)
    await write(north, south, words=CANARY)
    with capture_logs() as logs:
        await north.services.letters.deliver_due()
        await south.services.letters.collect()
        await write(north, south, words=CANARY)
        await north.services.letters.deliver_due()
    with sqlite3.connect(hub.folder / "group.db") as db:
        db.row_factory = sqlite3.Row
        [mail] = db.execute("SELECT * FROM mailbox")
    assert (mail["member"], mail["sender"]) == (south.id, north.id)
    message = direct.read(mail["message_sealed"])
    assert len(message.sealed) == 1024 + 48
    for member in (north, hub, south):
        for path in member.folder.rglob("*"):
            if path.is_file():
                data = path.read_bytes()
                assert b"Kanarienvogel" not in data, path
                assert member is not hub or not any(word in data for word in (NEED.encode(), b"serenade")), (
                    path
                )
    told = repr(logs) + "".join(capsys.readouterr())
    assert "Kanarienvogel" not in told
    assert NEED not in told
