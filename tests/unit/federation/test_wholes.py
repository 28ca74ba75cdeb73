"""A set that is whole under its head costs one signature, and nothing gets in that way that would not otherwise."""

import asyncio
import random
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.checks import Checks
from federation.feed import Feed, Page
from federation.policy import AllowList
from protocol import codec
from protocol.statements import Head
from tests.unit.federation.groups import CELLS, TODAY, Group, ident
from tests.unit.federation.test_ingest import Room, make_room

ASKER = Group("Asker")


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    made = await make_room(tmp_path / "n.db")
    made.peers.put(ASKER.origin)
    yield made
    assert await made.store.count_faults() == []
    await made.store.close()


@pytest.fixture
def south(room: Room) -> Group:
    group = Group("South")
    room.peers.put(group.origin)
    for number in range(12):
        group.summary(f"n{number}", cell=CELLS[number % 3])
    group.withdrawal("n3")
    return group


@contextmanager
def counted() -> Iterator[list[codec.Signed]]:
    """Every signature that is verified meanwhile, keys' aside."""
    seen: list[codec.Signed] = []
    plain = codec.verify

    def verify(signed: codec.Signed, public: bytes) -> None:
        seen.append(signed)
        plain(signed, public)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(codec, "verify", verify)
        yield seen


async def unchecked(room: Room, group: Group) -> int:
    return len(await room.store.unchecked({(group.origin, "public")}))


async def page(room: Room, *, limit: int = 500, cursor: str | None = None) -> Page:
    allow: AllowList = await room.ingest.follow_policy()
    return await Feed(room.store).page(allow, asker=ASKER.origin, cursor=cursor, limit=limit)


async def test_a_whole_set_is_taken_with_the_signature_of_its_head(room: Room, south: Group) -> None:
    lines = south.everything()
    with counted() as seen:
        report = await room.take(*lines)
    # keys, profile and head; the twelve registers not
    assert [type(signed.statement).__name__ for signed in seen] == ["Keys", "Head", "Profile"]
    assert (report.accepted, report.complete) == (15, ((south.origin, "public"),))
    assert await unchecked(room, south) == 12
    assert len(await room.shown()) == 11


async def test_the_rest_of_a_set_counts_with_what_is_held(room: Room, south: Group) -> None:
    *lines, last, but_one = south.everything()
    await room.take(*lines, end=False)
    assert await unchecked(room, south) == 0
    with counted() as seen:
        report = await room.take(last, but_one)
    assert (seen, report.accepted) == ([], 2)
    assert report.complete == ((south.origin, "public"),)


async def test_a_few_changes_of_a_large_set_are_verified_and_the_set_is_not_read(room: Room) -> None:
    large = Group("Large")
    room.peers.put(large.origin)
    for number in range(60):
        large.summary(f"n{number}")
    await room.take(*large.everything())
    large.summary("n7")
    large.summary("n8")
    lines = [large.head(), large.held[ident("Large n7")], large.held[ident("Large n8")]]
    with counted() as seen:
        await room.take(*lines)
    assert len(seen) == 3
    assert await room.state(large) == "complete"


@pytest.mark.parametrize("first", ["whole", "one by one"])
async def test_a_line_that_is_held_is_not_verified_again(room: Room, south: Group, first: str) -> None:
    """Byte for byte, of every type, whoever brings it, in whatever order and pages; one byte less, and it is."""
    south.vouch(Group("Other").origin)
    south.advice(Group("Another").origin)
    south.summary("of next week", posted=TODAY + timedelta(days=7))
    lines, gone = south.everything("public", "peers"), Group("Gone")
    room.peers.put(gone.origin)
    lines += [gone.keys(), gone.farewell()]
    if first == "whole":
        await room.take(*lines)
    else:
        for line in lines:
            await room.take(line, end=False)
    assert sorted(await room.store.lines_of([south.origin, gone.origin], ["public", "peers"])) == sorted(
        lines
    )
    with counted() as seen:
        for via in ("carrier", "another", None):
            report = await room.take(*lines, via=via)
            assert (report.same, report.accepted, report.refused) == (len(lines), 0, ())
        for line in reversed(lines):
            assert (await room.take(line)).same == 1
    assert seen == []
    altered = [line[:-12] + (b"AAAA" if line[-12:-8] != b"AAAA" else b"BBBB") + line[-8:] for line in lines]
    with counted() as seen:
        report = await room.take(*altered)
    assert (report.same, report.accepted) == (0, 0)
    assert seen, "or nothing was counted"


async def test_an_altered_signature_gets_nothing_in(room: Room, south: Group) -> None:
    lines = south.everything()
    false = lines[6][:-12] + (b"AAAA" if lines[6][-12:-8] != b"AAAA" else b"BBBB") + lines[6][-8:]
    report = await room.take(*lines[:6], false, *lines[7:])
    assert [(refusal.code, refusal.line_no) for refusal in report.refused] == [("bad_signature", 7)]
    assert await room.state(south) == "incomplete"
    assert await unchecked(room, south) == 0
    assert (await room.take(lines[6])).complete


async def test_what_an_origin_counts_and_did_not_sign_marks_it_forked(room: Room, south: Group) -> None:
    false, lines = counted_and_unsigned(south)
    await room.take(*lines)
    assert await room.state(south) == "complete"
    assert ident("South n5") in await room.shown()
    made = await page(room, limit=9)
    later = await page(room, cursor=made.cursor)
    assert false not in made.lines + later.lines
    assert south.origin in made.behind + later.behind
    assert await room.state(south) == "forked"
    assert ident("South n5") not in await room.shown()
    (proof,) = await room.store.proofs(south.origin)
    assert isinstance(codec.read_line(proof.first).statement, Head)
    assert proof.second == false
    # It stays so, and is not looked at again.
    with counted() as seen:
        assert (await room.take(*lines)).same == 15
        await page(room)
    assert seen == []
    assert ident("South n5") not in await room.shown()


@pytest.mark.parametrize("way", ["page", "file"])
async def test_what_a_later_head_counts_no_more_is_verified_before_it_goes_out(
    room: Room, south: Group, way: str
) -> None:
    """A head of a later day leaves a line behind that was taken on the word of the one before."""
    south.summary("n5", expires=TODAY + timedelta(days=1))
    false, lines = counted_and_unsigned(south)
    await room.take(*lines)
    await room.take(south.head(asof=TODAY + timedelta(days=1)))
    assert await room.state(south) == "complete"
    if way == "page":
        made = await page(room)
        assert false not in made.lines
        assert south.origin in made.behind
    else:
        await Checks(room.store).of_parts({(south.origin, "public")})
    assert await room.state(south) == "forked"
    assert ident("South n5") not in await room.shown()


def counted_and_unsigned(group: Group) -> tuple[bytes, list[bytes]]:
    """(a line that nobody signed, everything with a head that counts it)."""
    id = ident("South n5")
    good = group.held[id]
    false = good[:-12] + b"AAAA" + good[-8:]
    entry = group.entries[("public", id)]
    group.entries[("public", id)] = entry._replace(sha=codec.read_line(false).sha)
    group.held[id] = false
    return false, group.everything()


async def test_parts_are_verified_before_they_go_out_and_once(room: Room, south: Group) -> None:
    await room.take(*south.everything())
    with counted() as seen:
        first = await page(room, limit=8)
    assert len(seen) == 5  # of the page's eight lines three are keys, profile and head
    with counted() as seen:
        assert (await page(room, limit=8)).lines == first.lines
    assert seen == []
    await Checks(room.store).of_parts({(south.origin, "public")})
    assert await unchecked(room, south) == 7  # a whole set in a file needs nothing more


async def test_a_whole_set_goes_out_as_it_came(room: Room, south: Group) -> None:
    await room.take(*south.everything())
    with counted() as seen:
        assert len((await page(room)).lines) == 15
    assert seen == []


async def test_an_origin_that_contradicted_itself_is_verified_line_by_line(room: Room, south: Group) -> None:
    head = south.head()
    south.seq -= 1
    await room.take(south.keys(), head, south.head(next_by=south.epoch + 99_999))
    lines = south.everything()
    with counted() as seen:
        await room.take(*lines)
    assert len(seen) == 2 + 12


@settings(max_examples=30)
@given(st.integers(0, 2**32))
def test_no_order_mixture_or_alteration_lets_anything_in(seed: int) -> None:
    """Two epochs, two sets, altered and foreign lines in any order and page: what is held was signed."""
    draw = random.Random(seed)
    south, other = Group("South"), Group("Other")
    genuine: set[bytes] = set()
    for _ in range(draw.randint(1, 2)):
        for number in range(draw.randint(1, 9)):
            genuine.add(south.summary(f"{seed} {number}", set=draw.choice(("public", "peers"))))
        if draw.random() < 0.5:
            genuine.add(south.withdrawal(f"{seed} 0"))
        now = south.everything("public", "peers")
        genuine.update(now)
        south.next_epoch()
    south.epoch -= 1000
    altered = [_altered(draw, line) for line in draw.sample(sorted(genuine), min(6, len(genuine)))]
    foreign = [line.replace(south.origin.encode(), other.origin.encode()) for line in now[2:5]]

    async def run(folder: Path) -> None:
        room = await make_room(folder / "n.db")
        room.peers.put(south.origin)
        room.peers.put(other.origin)
        try:
            for _ in range(3):
                lines = draw.sample(
                    [*sorted(genuine), *altered, *foreign, other.keys()], k=draw.randint(1, 12)
                )
                await room.take(*lines, *(altered if draw.random() < 0.3 else ()), end=draw.random() < 0.5)
            await room.take(*draw.sample(altered, len(altered)), *now)
            await room.take(*draw.sample(sorted(genuine), len(genuine)))
            held = await room.store.lines_of([south.origin, other.origin], ["public", "peers"])
            assert set(held) == {*now, other.keys()} or set(held) == set(now)
            assert await room.state(south) == "complete"
            assert await room.store.proofs() == []
        finally:
            await room.store.close()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder)))


def _altered(draw: random.Random, line: bytes) -> bytes:
    place = draw.randrange(len(line) - 88, len(line) - 4)
    return line[:place] + (b"A" if line[place : place + 1] != b"A" else b"B") + line[place + 1 :]
