"""A node comes back from an old backup: its neighbours follow, and nothing that was withdrawn comes back to them."""

import shutil
from pathlib import Path

from node import commands
from node.domain.actors import CONSOLE
from node.domain.need import CloseReason
from node.services import backup as backups
from node.store.db import Database
from tests.harness.neighbourhood import Neighbourhood
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

        await cast.sync(south)
        assert {each["category"] for each in await on_map(south)} == {"groceries", "gardening"}
        # east still holds what is gone, and passes it on: nothing of it comes back
        await cast.sync(south, east, south)
        assert (await south.services.carrier.take(old)).received == 0
        for member in (south, east):
            seen = await on_map(member)
            assert {each["category"] for each in seen} == {"groceries", "gardening"}
            assert {each["origin_state"] for each in seen} == {"complete"}


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
