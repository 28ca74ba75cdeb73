"""No line, no network: what groups say travels as a file in somebody's pocket."""

import base64
import threading
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from federation.carrying import MOST_UNREADABLE
from node import commands
from node.domain.actors import CONSOLE
from node.domain.need import Share
from node.errors import Conflict, NotFound
from protocol import bundle
from tests.contract.test_verify_bundle import check
from tests.harness.neighbourhood import Member, Neighbourhood
from tests.scenario.test_the_whole_path import take_call


async def held_of(member: Member, other: Member) -> set[tuple[str, str]]:
    """(kind of help, set) of everything that ``member`` shows of ``other``."""
    found: set[tuple[str, str]] = set()
    for name in ("public", "peers"):
        for seen in await member.node.network.store.needs(sets={name}, origins={other.id}):
            found.add((seen.summary.category, name))
    return found


async def carried(writer: Member, reader: Member, *sets: str) -> dict[str, object]:
    """A file written for the reader and read in there, through the commands."""
    written = await commands.run(writer.services, "bundle_export", {"sets": sets, "for": reader.id})
    return dict(await commands.run(reader.services, "bundle_import", {"content": written["content"]}))


async def mixed(cast: Neighbourhood) -> tuple[Member, Member, Member]:
    """North shares shopping with anybody and gardening with chosen groups; east is no peer of north."""
    north, south, east = [await cast.add(name) for name in ("north", "south", "east")]
    await cast.befriend(north, south)
    await cast.befriend(south, east)
    for member in (north, south, east):
        await member.services.publishing.share(CONSOLE, {"groceries": Share.PUBLIC, "gardening": Share.PEERS})
        await take_call(member, "groceries", "gardening")
        await cast.publish(member)
    return north, south, east


async def test_a_peer_gets_its_file_and_a_second_time_nothing(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north, south, _ = await mixed(cast)
        first = await carried(north, south, "public", "peers")
        assert first["ok"]
        assert first["missing"] == []
        assert await held_of(south, north) == {("groceries", "public"), ("gardening", "peers")}
        again = await carried(north, south, "public", "peers")
        assert (again["received"], again["refused"], again["missing"]) == (0, 0, [])
        cast.clock.advance(minutes=10)
        await cast.sync(south)  # the same by network
        assert await held_of(south, north) == {("groceries", "public"), ("gardening", "peers")}


async def test_a_file_holds_what_its_peer_may_get_and_no_more(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north, south, east = await mixed(cast)
        await cast.sync(south, east)
        # South holds set `peers` of north and east, and hands neither on.
        for sets in (["public"], ["peers"], ["public", "peers"]):
            content = await south.services.carrier.export(sets, to=east.id)
            bodies = [orjson.loads(line)["b"] for line in content.splitlines()]
            of_peers = {body["origin"] for body in bodies if body.get("set") == "peers"}
            assert of_peers == ({south.id, east.id} if "peers" in sets else set())
            of_public = {body["origin"] for body in bodies if body.get("set") == "public"}
            assert of_public == ({north.id, south.id, east.id} if "public" in sets else set())
        assert b'"peers"' not in await south.services.carrier.export(["public"])
        with pytest.raises(Conflict, match="written for one of them"):
            await south.services.carrier.export(["peers"])
        await south.services.peering.set_state(CONSOLE, east.id, "paused")
        with pytest.raises(Conflict, match="not on our list"):
            await south.services.carrier.export(["public"], to=east.id)
        with pytest.raises(NotFound):
            await commands.run(south.services, "bundle_export", {"sets": ["public"], "for": "Nobody"})
        # and by name
        written = await commands.run(south.services, "bundle_export", {"sets": ["peers"], "for": north.url})
        assert written["lines"]


async def test_what_is_missing_is_said_with_whose_fault_it_is(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north, south, east = await mixed(cast)
        await cast.befriend(north, east)
        await cast.sync(south)
        content = await south.services.carrier.export(["public"], to=east.id)
        lines = content.splitlines()
        theirs = [line for line in lines if b'"summary"' in line and north.id.encode() in line]
        assert theirs

        # Somebody cut a line out of the file: the head tells on it, and it is said.
        cut = b"\n".join(line for line in lines if line not in theirs) + b"\n"
        brought = await east.services.carrier.take(cut)
        assert brought.ok
        (missing,) = brought.missing
        assert (missing.origin, missing.set_name, missing.why) == (north.id, "public", "left_out")
        assert (missing.held, missing.counted) == (0, 1)
        assert "left out" in missing.words
        status, said = check(cut, tmp_path)
        assert status == 1, said
        # The whole file mends it.
        mended = await east.services.carrier.take(content)
        assert (mended.received, mended.missing) == (len(theirs), ())


async def test_a_writer_who_is_behind_says_so_and_nobody_is_blamed(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north, south, east = await mixed(cast)
        await cast.befriend(north, east)
        # South heard of north only in part: its round was cut off.
        whole = await north.services.carrier.export(["public"], to=south.id)
        half = [line for line in whole.splitlines() if b'"summary"' not in line]
        await south.node.network.ingest.lines(half, via=north.id, end_of_round=False)
        content = await south.services.carrier.export(["public"], to=east.id)
        first = content.splitlines()[0]
        assert bundle.behind_of(first) == {north.id}

        brought = await east.services.carrier.take(content)
        assert brought.ok
        assert brought.refused == 0
        (missing,) = brought.missing
        assert missing.why == "writer_behind"
        (view,) = [each for each in await east.services.neighbourhood.groups() if each.origin == north.id]
        assert view.state == "catching_up"
        status, said = check(content, tmp_path)
        assert status == 0, said
        assert "its writer lacks more" in said
        # Whoever does not know such a first line refuses that line and reads the others.
        report = await east.node.network.ingest.lines(content.splitlines(), via=None, end_of_round=False)
        assert [each.line_no for each in report.refused] == [1]
        cast.clock.advance(minutes=10)
        await cast.sync(east)
        assert (await east.services.carrier.take(content)).missing == ()


async def test_an_old_file_brings_nothing_back_and_blames_nobody(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north, south, _ = await mixed(cast)
        old = await north.services.carrier.export(["public", "peers"], to=south.id)
        await north.services.publishing.share(CONSOLE, {"gardening": Share.ONLY_US})
        cast.clock.advance(hours=1)
        await cast.publish(north)
        assert (await carried(north, south, "public", "peers"))["missing"] == []
        brought = await south.services.carrier.take(old)
        assert (brought.received, brought.missing) == (0, ())
        assert await held_of(south, north) == {("groceries", "public")}
        assert {
            each.state for each in await south.services.neighbourhood.groups() if each.origin == north.id
        } == {"complete"}


async def test_a_file_that_was_cut_off_is_not_praised(tmp_path: Path) -> None:
    """Without heads nothing says what it should hold; and lines are named by their numbers in the file."""
    async with Neighbourhood(tmp_path) as cast:
        north, south, east = await mixed(cast)
        await cast.befriend(north, east)
        await cast.sync(south)
        content = await south.services.carrier.export(["public"], to=east.id)
        lines = content.splitlines(keepends=True)
        front = [line for line in lines if b'"type":"keys"' in line or b'"type":"profile"' in line]
        brought = await east.services.carrier.take(b"".join(front))
        assert brought.ok
        assert {(each.origin, each.why) for each in brought.missing} == {
            (north.id, "no_list"),
            (south.id, "no_list"),
        }
        told = await commands.run(
            east.services, "bundle_import", {"content": base64.b64encode(b"".join(front)).decode()}
        )
        assert "no list of what it should hold" in str(told["missing"])
        # One whose writer says that it knows no more is no file that was cut off.
        spared = bundle.about_file([north.id, south.id]) + b"\n"
        assert (await east.services.carrier.take(spared + b"".join(front))).missing == ()
        bad = await east.services.carrier.take(spared + b"".join(front) + b"nonsense\n")
        assert bad.error is not None
        assert bad.error.startswith(f"line {len(front) + 2}: ")
        assert (await east.services.carrier.take(content)).missing == ()


async def test_very_many_lines_of_nothing_are_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are cut in threads, and not to their end."""
    async with Neighbourhood(tmp_path) as cast:
        north, _, _ = await mixed(cast)
        threads: list[int] = []

        def watched(data: bytes) -> Iterator[bytes | bundle.BadLine]:
            for line in iter_lines(data):
                threads.append(threading.get_ident())
                yield line

        iter_lines = bundle.iter_lines
        monkeypatch.setattr(bundle, "iter_lines", watched)
        brought = await north.services.carrier.take(b"\n" * 2**22)
        assert threading.get_ident() not in threads
        assert len(threads) == MOST_UNREADABLE + 1
        assert (brought.refused, brought.stopped) == (MOST_UNREADABLE, True)
        assert brought.error is not None
        assert brought.error.endswith(f"; and {MOST_UNREADABLE - 10} more")
        # A good file with some nonsense in it is read to its end.
        good = await north.services.carrier.export(["public"])
        brought = await north.services.carrier.take(good + b"\n" * 900 + good)
        assert (brought.refused, brought.stopped) == (900, False)
