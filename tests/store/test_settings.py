import pytest_asyncio

from node.store import settings
from node.store.db import Database


@pytest_asyncio.fixture
async def db(tmp_path):
    database = await Database.open(tmp_path / "group.db")
    yield database
    await database.close()


async def test_typed_settings_have_defaults_and_come_back(db):
    async with db.write() as tx:
        assert await settings.get(tx, settings.PLACE) is None
        await settings.put(tx, settings.PLACE, (51.46, -2.59))
        await settings.put(tx, settings.GROUP_NAME, "Knowle Neighbours ñ")
        await settings.put(tx, settings.GROUP_NAME, "Knowle")
    async with db.read() as tx:
        assert await settings.get(tx, settings.PLACE) == (51.46, -2.59)
        assert await settings.get(tx, settings.GROUP_NAME) == "Knowle"
        assert await settings.get(tx, settings.DONE) is False
    async with db.write() as tx:
        await settings.take_out(tx, settings.PLACE)
        assert await settings.get(tx, settings.PLACE) is None


def test_no_two_settings_share_a_key():
    keys = [each.key for each in vars(settings).values() if isinstance(each, settings.Setting)]
    assert len(keys) == len(set(keys)) > 10
