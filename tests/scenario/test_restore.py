"""A node comes back from an old backup: its neighbours follow, and nothing that was withdrawn comes back to them."""

import shutil
from pathlib import Path

import aiohttp
import pytest

from node import commands
from node.domain.actors import CONSOLE
from node.domain.need import CloseReason, Share
from node.errors import Conflict, NotFound
from node.services.sheets import backup as backups
from node.store import needs
from node.store.db import Database
from tests.harness.neighbourhood import Member, Neighbourhood
from tests.scenario.test_the_whole_path import CALLER, PHONE, on_map, take_call

PHRASE = "made-up passphrase"


async def test_a_restored_node_begins_a_new_epoch(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north, south, east = [await cast.add(name) for name in ("north", "south", "east")]
        await cast.befriend(north, south)
        await cast.befriend(south, east)
        await cast.befriend(north, east)
        await north.share_everything()
        shopping = await take_call(north, "groceries")
        await take_call(north, "gardening")
        await cast.publish(north)
        copy = tmp_path / "copy"
        await north.services.backup.backup(CONSOLE, copy, PHRASE)

        # after the backup: one met, one new
        await north.services.dispatch.close(north.staff, shopping.need_id, CloseReason.COMPLETED)
        await take_call(north, "dog_walking")
        cast.clock.advance(hours=1)
        await cast.publish(north)
        await cast.sync(south, east)
        assert {each["category"] for each in await on_map(south)} == {"gardening", "dog_walking"}
        old = await south.services.carrier.export(["public"])
        before = await north.services.standing.status()

        await north.stop()
        shutil.rmtree(north.folder)
        await backups.restore(copy, north.folder, PHRASE, cast.clock)
        await north.start()
        assert (await north.services.standing.status()).restored
        await cast.publish(north)
        after = await north.services.standing.status()
        assert after.id == before.id
        assert after.epoch > before.epoch
        assert not after.restored

        # What was met since is on hold here, not out again; what was taken down since is listed as lost.
        assert [each["reference"] for each in after.closed_since] == [shopping.references[0]]
        assert after.needs["on_hold"] == 1
        assert [(each["category"], each["status"]) for each in after.lost] == [("dog_walking", "open")]

        await cast.sync(south)
        assert {each["category"] for each in await on_map(south)} == {"gardening"}
        # east still holds what is gone, and passes it on: nothing of it comes back
        await cast.sync(south, east, south)
        assert (await south.services.carrier.take(old)).received == 0
        for member in (south, east):
            seen = await on_map(member)
            assert {each["category"] for each in seen} == {"gardening"}
            assert {each["origin_state"] for each in seen} == {"complete"}

        # Whoever sits at the desk reads both, and where to put them right.
        board, page = [await read(north, path) for path in ("/board", "/recovery")]
        for words in (
            "On hold until somebody has asked: 1",
            "known to neighbouring groups: 1",
            'href="/recovery"',
        ):
            assert words in board
        assert f"/board/{shopping.need_id}" in page
        assert "We took it back ourselves" in page
        assert "dog" in page.lower()
        assert "Off the list" in page

        # A coordinator rang: it was not met after all, and the dog is somebody's again.
        await north.sign_in()
        await north.services.dispatch.open(north.staff, shopping.need_id)
        await north.services.recovery.settle(north.staff, after.lost[0]["public_id"])
        settled = await north.services.standing.status()
        assert (settled.closed_since, settled.lost) == ([], [])
        with pytest.raises(NotFound):
            await north.services.recovery.settle(north.staff, after.lost[0]["public_id"])
        cast.clock.advance(hours=1)
        await cast.publish(north)
        await cast.sync(south)
        assert {each["category"] for each in await on_map(south)} == {"gardening", "groceries"}


async def offers(member: Member, *codes: str, to: Share = Share.PUBLIC) -> None:
    """What the group offers whoever asks from now on."""
    await member.services.second_yes.offers(member.staff, codes, to)


async def offered(member: Member) -> set[tuple[str, str, str]]:
    """What that group's desk reads of offers: (set, kind, freshness)."""
    found = await member.services.neighbourhood.near(None, sets=("public", "peers"), kind="offer")
    return {(each.seen.summary.set, each.seen.summary.category, each.seen.origin_state) for each in found}


@pytest.mark.parametrize("anew", [False, True], ids=["one epoch", "an epoch of its own since"])
async def test_offers_that_were_taken_back_since_the_backup_stay_taken_back(
    tmp_path: Path, anew: bool
) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north, south, east = [await cast.add(name) for name in ("north", "south", "east")]
        await cast.befriend(north, south)
        await cast.befriend(south, east)
        await cast.befriend(north, east)
        await offers(north, "groceries", "gardening")
        await cast.publish(north)
        await cast.sync(south, east)
        copy, elsewhere = tmp_path / "copy", tmp_path / "elsewhere"
        await north.services.backup.backup(CONSOLE, copy, PHRASE)
        old = await south.services.carrier.export(["public"])

        # Since then one was taken back, and one is new.
        await offers(north, "groceries", "tools")
        cast.clock.advance(hours=1)
        await cast.publish(north)
        if anew:
            await north.services.publishing.publish(CONSOLE, anew=True)
        await cast.sync(south)
        assert {code for _, code, _ in await offered(south)} == {"groceries", "tools"}
        before = await north.services.standing.status()
        await again(north, copy, cast)
        await cast.publish(north)
        assert (await north.services.standing.status()).epoch > before.epoch
        assert set((await north.services.offering.shown()).since) == {"groceries"}
        assert (await north.services.standing.status()).lost == [], "an offer is nobody's lost request"
        # east still holds the gardening, and passes it on; a file holds it too: it does not come back.
        await cast.sync(south, east, south)
        assert (await south.services.carrier.take(old)).received == 0
        for member in (south, east):
            assert await offered(member) == {("public", "groceries", "complete")}

        # For anyone when the backup was made, for chosen groups since: it is not opened again.
        await north.services.backup.backup(CONSOLE, elsewhere, PHRASE)
        await offers(north, "groceries", to=Share.PEERS)
        cast.clock.advance(days=2)
        await cast.publish(north)
        await cast.sync(south)
        await again(north, elsewhere, cast)
        await cast.publish(north)
        await cast.sync(south)
        assert await offered(south) == {("peers", "groceries", "complete")}
        assert (await north.services.offering.shown()).share is Share.PEERS


@pytest.mark.parametrize("share", [Share.PUBLIC, Share.PEERS])
async def test_after_a_new_epoch_requests_are_known_again_by_what_they_say(
    tmp_path: Path, share: Share
) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north, south = await cast.add("north"), await cast.add("south")
        await cast.befriend(north, south)
        await north.services.publishing.share(CONSOLE, {"all": share})
        shopping = await take_call(north, "groceries")
        helped = await take_call(north, "gardening")
        await cast.publish(north)
        copy = tmp_path / "copy"
        await north.services.backup.backup(CONSOLE, copy, PHRASE)
        await north.services.dispatch.close(north.staff, shopping.need_id, CloseReason.COMPLETED)
        cast.clock.advance(hours=1)
        await cast.publish(north)
        # Then the first begins an epoch of its own: ids of the backup mean nothing any more.
        await north.services.publishing.publish(CONSOLE, anew=True)
        await take_call(north, "dog_walking")
        cast.clock.advance(hours=1)
        await cast.publish(north)
        await cast.sync(south)
        await again(north, copy, cast)

        told = await north.services.recovery.look_back()
        assert (told.asked, told.answered) == (1, 1)
        assert [(each.need_id, str(each.how)) for each in told.on_hold] == [(shopping.need_id, "gone")]
        assert [each.content.category for each in told.lost] == ["dog_walking"]
        assert (await north.services.standing.status()).restored  # only looked: nothing was signed
        async with north.services.backup._db.read() as tx:
            row = await needs.get(tx, helped.need_id)
        assert row is not None
        assert row.need.state == "open"


async def test_a_restored_node_whom_nobody_answers_waits_a_day_and_asks(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north, south = await cast.add("north"), await cast.add("south")
        await cast.befriend(north, south)
        await north.share_everything()
        shopping = await take_call(north, "groceries")
        await cast.publish(north)
        copy = tmp_path / "copy"
        await north.services.backup.backup(CONSOLE, copy, PHRASE)
        await north.services.dispatch.close(north.staff, shopping.need_id, CloseReason.COMPLETED)
        cast.clock.advance(hours=1)
        await cast.publish(north)
        await cast.sync(south)
        await again(north, copy, cast)
        await south.stop()

        with pytest.raises(Conflict, match="none has answered"):
            await north.services.publishing.publish(CONSOLE)
        told = await north.services.standing.status()
        assert told.stopped is not None
        assert told.stopped["code"] == "restore_waits"
        assert [each.code for each in await north.services.recovery.notices()] == ["restore_waits"]
        # The neighbour is back within the day: what it knows counts.
        cast.clock.advance(hours=20)
        await south.start()
        await north.services.publishing.slot()
        after = await north.services.standing.status()
        assert (after.stopped, after.restored) == (None, False)
        assert [each["how"] for each in after.closed_since] == ["withdrawn"]


async def test_a_restored_node_goes_on_alone_after_a_day_or_when_told(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        for name, wait, anew in (("north", 25, False), ("west", 1, True)):
            north, south = await cast.add(name), await cast.add(f"{name} of south")
            await cast.befriend(north, south)
            await north.share_everything()
            await take_call(north, "groceries")
            await cast.publish(north)
            before = await north.services.standing.status()
            copy = tmp_path / f"copy of {name}"
            await north.services.backup.backup(CONSOLE, copy, PHRASE)
            await south.stop()
            await again(north, copy, cast)
            with pytest.raises(Conflict, match="none has answered"):
                await north.services.publishing.publish(CONSOLE)
            cast.clock.advance(hours=wait)
            await north.services.timekeeper.note()
            await north.services.publishing.publish(CONSOLE, anew=anew)
            after = await north.services.standing.status()
            assert after.epoch > before.epoch
            assert (after.restored, after.stopped, after.published["public"]) == (False, None, 1)
            await south.start()


async def read(member: Member, path: str) -> str:
    """A page as its first coordinator sees it."""
    cookies = {"desk": await member.sign_in(), "seal": "a-seal"}
    async with aiohttp.ClientSession(cookies=cookies) as session, session.get(member.url + path) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.text()


async def again(member: Member, copy: Path, cast: Neighbourhood) -> None:
    """The node is gone with its disk, and comes back from the backup."""
    await member.stop()
    shutil.rmtree(member.folder)
    await backups.restore(copy, member.folder, PHRASE, cast.clock)
    await member.start()
    await member.sign_in()


async def test_who_was_erased_stays_erased(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north = await cast.add("north")
        taken = await take_call(north, "groceries")
        copy = tmp_path / "copy"
        await north.services.backup.backup(CONSOLE, copy, PHRASE)
        await north.services.people.erase(north.staff, taken.person_id)
        await north.stop()
        answer = await commands.restore(copy, tmp_path / "again", PHRASE, north.folder)
        assert answer["erased_again"] == 1
        db = await Database.open(tmp_path / "again" / "group.db", create=False)
        async with db.read() as tx:
            assert not list(await tx.execute_fetchall("SELECT id FROM persons"))
        await db.close()
        north.folder = tmp_path / "again"
        await north.start()
        await north.sign_in()
        assert await north.services.intake.find_known(north.staff, PHONE) == []
        assert CALLER not in str(await north.services.board.need(north.staff, taken.need_id, reveal=True))
