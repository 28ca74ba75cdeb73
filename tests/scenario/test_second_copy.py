"""Somebody copied the disk, and both copies run: they cannot fight for ever, and a person is asked."""

import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from node.domain.actors import CONSOLE
from node.errors import Conflict, NotAllowed
from tests.harness.neighbourhood import BRISTOL, Member, Neighbourhood
from tests.scenario.test_the_whole_path import on_map, take_call


async def copied(cast: Neighbourhood, member: Member) -> Member:
    """A second machine with the same disk."""
    await member.stop()
    folder = cast.folder / f"copy of {member.name}"
    shutil.copytree(member.folder, folder)
    copy = Member(f"copy of {member.name}", BRISTOL, folder, cast.clock, seed=99)
    cast.members[copy.name] = copy
    copy.id = member.id
    for each in (member, copy):
        await each.start()
        await each.sign_in()
    return copy


@pytest.mark.parametrize(("hours", "steps"), [(2, 8), (30, 8)])
async def test_two_copies_begin_anew_once_each_then_one_stops_and_asks(
    tmp_path: Path, hours: int, steps: int
) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north, south, east = [await cast.add(name) for name in ("north", "south", "east")]
        await cast.befriend(north, south, east)
        await north.share_everything()
        await take_call(north, "groceries")
        await cast.publish(north)
        await cast.sync(south, east)
        first = (await north.services.standing.status()).epoch
        copy = await copied(cast, north)
        # East talks with the copy, south with the first; both talk with each other.
        await east.services.peering.add(CONSOLE, copy.url, did=copy.id, allow_private=True)

        epochs: set[int] = {first}
        for step in range(steps):
            cast.clock.advance(hours=hours)
            for each, kind in ((north, "dog_walking"), (copy, "gardening")):
                if step < 3:
                    await take_call(each, kind)
                with suppress(Conflict):
                    await each.services.publishing.slot()
                await each.services.timekeeper.note()
                epochs.add((await each.services.standing.status()).epoch)
            for each in (south, east, north, copy, south, east):
                await each.services.peering.sync(CONSOLE)
        assert len(epochs) <= 3, "the first epoch, and one more of each copy"

        told = {each.name: await each.services.standing.status() for each in (north, copy)}
        stopped = [each for each in (north, copy) if told[each.name].stopped]
        (living,) = [each for each in (north, copy) if not told[each.name].stopped]
        (dead,) = stopped
        said = told[dead.name].stopped
        assert said is not None
        assert said["code"] == "second_copy"
        assert "switched off" in said["words"]
        assert "--anew" in said["hint"]
        assert "second_copy" in {each.code for each in await dead.services.recovery.notices()}
        # The neighbourhood agrees with the one that goes on, and holds it whole.
        for each in (south, east):
            seen = [need for need in await on_map(each) if need["origin"] == north.id]
            assert len(seen) == told[living.name].published["public"]
            (view,) = [one for one in await each.node.network.store.origins() if one.origin == north.id]
            assert view.live == len(seen)

        # The living one is switched off, and a person says that the other is to go on.
        await living.stop()
        del cast.members[living.name]
        with pytest.raises(Conflict, match="second copy"):
            await dead.services.publishing.publish(CONSOLE)
        with pytest.raises(NotAllowed):
            await dead.services.publishing.publish(anew=True)  # no job may say so
        await dead.services.publishing.publish(CONSOLE, anew=True)
        after = await dead.services.standing.status()
        assert after.stopped is None
        assert after.epoch > max(epochs)
        cast.clock.advance(minutes=10)
        assert await dead.services.publishing.slot() is not None


async def test_nothing_is_begun_by_a_clock_that_is_not_believed(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north, south = await cast.add("north"), await cast.add("south")
        await cast.befriend(north, south)
        await north.share_everything()
        await take_call(north, "groceries")
        await cast.publish(north)
        await cast.sync(south)
        copy = await copied(cast, north)
        await take_call(copy, "gardening")
        cast.clock.advance(hours=1)
        await cast.publish(copy)
        await copy.services.peering.sync(CONSOLE)
        await south.node.network.ingest.lines(
            (await copy.services.carrier.export(["public"])).splitlines(), via=None, end_of_round=True
        )
        await cast.sync(north)
        before = await north.services.standing.status()
        cast.clock.jump(days=400)
        for said in (False, True):
            with pytest.raises(Conflict, match="cannot be trusted"):
                await north.services.publishing.publish(CONSOLE, anew=said)
        with pytest.raises(Conflict, match="cannot be trusted"):
            await north.services.publishing.erase_all(CONSOLE)
        after = await north.services.standing.status()
        assert (after.epoch, after.seq) == (before.epoch, before.seq)
        cast.clock.jump(days=-400)
        await north.services.publishing.publish(CONSOLE)
        assert (await north.services.standing.status()).epoch > before.epoch
