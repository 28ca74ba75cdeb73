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
