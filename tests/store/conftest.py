"""A file of a group as pages ask it."""

import pytest_asyncio

from node.store.db import Database


@pytest_asyncio.fixture
async def db(tmp_path):
    database = await Database.open(tmp_path / "group.db")
    async with database.one_view():
        pass  # the first view learns who else wrote, and keeps nothing
    yield database
    await database.close()
