"""A clock that cannot be believed: nothing is signed, nothing expires, the desk goes on, and one word mends it."""

from pathlib import Path

import pytest

from node.app import clock_jobs
from node.domain.actors import ANONYMOUS, CONSOLE
from node.domain.intake.intake import NewPerson
from node.domain.need import NeedState
from node.domain.people.newcomer import NewVolunteer
from node.errors import Conflict, NotAllowed
from node.jobs import ring
from tests.harness.clock import FakeClock
from tests.harness.neighbourhood import Neighbourhood
from tests.scenario.test_the_whole_path import HOME, on_map, take_call


@pytest.mark.parametrize("days", [-20_000, -2, 2, 400])
async def test_a_jump_stops_the_signing_and_nothing_else(tmp_path: Path, days: int) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north = await cast.add("north")
        await north.share_everything()
        await take_call(north, "groceries")
        await cast.publish(north)
        cast.clock.jump(days=days)
        await north.stop()
        await north.start()
        services = north.services
        assert not (await services.standing.status()).clock_trusted
        with pytest.raises(Conflict, match="cannot be trusted"):
            await services.publishing.publish(CONSOLE)
        await north.sign_in()
        await take_call(north, "gardening")  # the desk goes on
        cast.clock.jump(days=-days)
        assert (await services.standing.status()).clock_trusted
        await cast.publish(north)
        assert {each["category"] for each in await on_map(north)} == {"groceries", "gardening"}


@pytest.mark.parametrize(("days", "shown"), [(2, ["groceries"]), (-20_000, [])])
async def test_what_was_signed_comes_back_at_start_whatever_the_clock_says(
    tmp_path: Path, days: int, shown: list[str]
) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north = await cast.add("north")
        await north.share_everything()
        await take_call(north, "groceries")
        await cast.publish(north)
        await north.stop()
        for file in north.folder.glob("neighbourhood.db*"):
            file.unlink()
        cast.clock.jump(days=days)
        await north.start()
        assert not (await north.services.standing.status()).clock_trusted
        assert [each["category"] for each in await on_map(north)] == shown
        cast.clock.jump(days=-days)
        await cast.publish(north)
        assert [each["category"] for each in await on_map(north)] == ["groceries"]


async def test_what_a_wrong_clock_hid_is_shown_again(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north, south = await cast.add("north"), await cast.add("south")
        await cast.befriend(north, south)
        await north.share_everything()
        await take_call(north, "groceries")
        await cast.publish(north)
        cast.clock.jump(days=400)
        await cast.sync(south)
        assert await on_map(south) == []
        cast.clock.jump(days=-400)
        await cast.sync(south)
        await south.node.network.new_day()
        assert [each["category"] for each in await on_map(south)] == ["groceries"]


async def test_nobody_is_late_by_a_clock_that_is_not_believed(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north = await cast.add("north")
        await north.sign_in()
        need_id = (await take_call(north, "groceries")).need_id
        services = north.services
        person = NewPerson(name="Sam Pretend", phone="07700 900123")
        sam = await services.people.add_volunteer(
            north.staff, NewVolunteer(person=person, point=HOME, abilities=("groceries",))
        )
        await services.dispatch.propose(north.staff, need_id, sam)
        (expire,) = [job for job in clock_jobs(north.node) if job.name == "tasks"]
        cast.clock.jump(days=400)
        assert await ring(expire)
        assert (await services.board.need(north.staff, need_id)).need.state is NeedState.OFFERED
        await services.timekeeper.confirm(CONSOLE)
        assert await ring(expire)
        assert (await services.board.need(north.staff, need_id)).need.state is NeedState.OPEN


async def test_time_that_runs_is_trusted_and_an_admin_may_say_so(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north = await cast.add("north")
        for _ in range(5):
            cast.clock.advance(hours=20)
            assert await north.services.timekeeper.note()
        cast.clock.jump(days=3)
        assert not await north.services.timekeeper.note()
        with pytest.raises(NotAllowed):
            await north.services.timekeeper.confirm(ANONYMOUS)
        await north.services.timekeeper.confirm(CONSOLE)
        assert await north.services.timekeeper.note()
        await north.stop()
        await north.start()
        assert (await north.services.standing.status()).clock_trusted


async def test_three_neighbours_vouch_for_a_clock_that_is_right_and_for_no_other(tmp_path: Path) -> None:
    """A node that was switched off for days, without a time server; each of the four has a clock of its own."""
    async with Neighbourhood(tmp_path) as cast:
        north = await cast.add("north")
        others = [await cast.add(name) for name in ("south", "east", "west")]
        for other in others:
            await cast.befriend(north, other)
        await north.share_everything()
        await cast.sync(north)  # now it holds their keys
        await north.stop()
        cast.clock.jump(days=5)  # the other nodes run on; to them it is a clock that was mended
        for other in others:
            await other.services.timekeeper.confirm(CONSOLE)
        north.clock = FakeClock(cast.clock.now())
        await north.start()
        services = north.services
        assert not (await services.standing.status()).clock_trusted
        assert not await services.timekeeper.note()  # nobody was asked yet
        north.clock.jump(days=2)  # a wrong clock: all three refuse, and sign what time it is
        talks = await services.peering.sync(CONSOLE)
        assert {each.code for each in talks} == {"clock"}
        assert not await services.timekeeper.note()
        await north.sign_in()
        (found,) = [each for each in await services.checks.look(north.staff) if each.code.startswith("clock")]
        assert (found.code, found.values["agree"], found.values["neighbours"]) == ("clock.doubted", "0", "3")
        north.clock.jump(days=-2)
        await others[0].stop()
        await services.peering.sync(CONSOLE)
        # What the first said before it went counts for a day; held against the clock that is right now.
        assert (await services.standing.status()).clock_neighbours == {
            "neighbours": 3,
            "heard": 3,
            "agree": 3,
        }
        assert await services.timekeeper.note()
        assert (await services.standing.status()).clock_trusted
        await cast.publish(north)
