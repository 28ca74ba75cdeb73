import pytest
import pytest_asyncio

from node.domain.actors import CONSOLE, SYSTEM
from node.store import audit
from node.store.db import Database
from tests.harness.clock import FakeClock


@pytest_asyncio.fixture
async def db(tmp_path):
    database = await Database.open(tmp_path / "group.db")
    clock = FakeClock()
    async with database.write() as tx:
        for number in range(5):
            clock.advance(minutes=1)
            note = b"sealed-%d" % number if number % 2 else None
            await audit.append(tx, clock, CONSOLE, "need.open", f"need:{number}", {"n": number}, note)
    yield database
    await database.close()


async def test_rows_come_back_and_the_chain_holds(db):
    async with db.read() as tx:
        [entry] = await audit.of_object(tx, "need:3")
        assert (entry.seq, entry.actor, entry.action, entry.codes) == (4, "console", "need.open", {"n": 3})
        assert entry.note_sealed == b"sealed-3"
        assert [each.seq for each in await audit.latest(tx, 2)] == [5, 4]
        verified = await audit.verify(tx)
        assert verified.whole
        assert verified.rows == 5


async def test_erasing_a_note_leaves_the_chain_whole(db):
    async with db.write() as tx:
        assert await audit.erase_notes(tx, "need:3") == 1
        assert await audit.erase_notes(tx, "need:3") == 0
        assert (await audit.verify(tx)).whole
        [entry] = await audit.of_object(tx, "need:3")
        assert entry.note_sealed is None
        assert entry.had_note


@pytest.mark.parametrize(
    ("change", "broken_at"),
    [
        ("UPDATE audit SET actor = 'staff:somebody' WHERE seq = 3", 3),
        ("UPDATE audit SET at = at + 1 WHERE seq = 1", 1),
        ("UPDATE audit SET codes = '{\"n\":9}' WHERE seq = 5", 5),
        ("UPDATE audit SET note_sealed = x'00' WHERE seq = 2", 2),
        ("UPDATE audit SET note_hash = NULL WHERE seq = 2", 2),
        ("DELETE FROM audit WHERE seq = 2", 3),
        ("DELETE FROM audit WHERE seq = 1", 2),
        ("UPDATE audit SET seq = 9 WHERE seq = 5", 9),
    ],
)
async def test_tampering_shows_where_it_happened(db, change, broken_at):
    async with db.write() as tx:
        await tx.execute(change)
        verified = await audit.verify(tx)
        assert not verified.whole
        assert verified.broken_at == broken_at


async def test_a_chain_cut_at_its_end_shows_by_its_last_hash(db):
    async with db.write() as tx:
        before = (await audit.verify(tx)).last
        await tx.execute("DELETE FROM audit WHERE seq = 5")
        assert (await audit.verify(tx)).last != before


async def test_the_record_falls_with_the_deed(db):
    async def deed():
        async with db.write() as tx:
            await audit.append(tx, FakeClock(), SYSTEM, "x", "y")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await deed()
    async with db.read() as tx:
        assert (await audit.verify(tx)).rows == 5
