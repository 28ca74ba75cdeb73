"""What went by itself does not come back with an older backup: the ledger names it, and nothing of anybody."""

import sqlite3
from contextlib import closing
from pathlib import Path

from node import assembly
from node.domain.actors import SYSTEM
from node.domain.gifts.gift import GiftMove
from node.domain.need import CloseReason
from node.services.gifts.gift_book import GiftBook
from node.services.gifts.giving import Giving
from node.services.rights.retention import Retention
from node.store import erasures, gifts, needs, persons
from node.store.db import Database
from tests.harness.office import Office
from tests.unit.services.test_gifts import COT, book, giving

__all__ = ["book", "giving"]


def backup(office: Office, into: Path) -> None:
    """The database as it stands now, in a folder of its own."""
    into.mkdir()
    with (
        closing(sqlite3.connect(office.folder / "group.db")) as held,
        closing(sqlite3.connect(into / "group.db")) as copy,
    ):
        held.backup(copy)


async def test_requests_gifts_and_people_that_went_by_the_rules_go_again_after_a_restore(
    office: Office, giving: Giving, book: GiftBook, tmp_path: Path
) -> None:
    keeping = Retention(office.desk, office.people)
    await keeping.sweep(SYSTEM)
    emptied, kept = await office.call(), await office.call()
    gift = await giving.behind(await giving.offer(COT, wording="en-1"))
    await book.say(office.ana, gift.id, GiftMove.END)
    await office.dispatch.close(office.ana, emptied.need_id, CloseReason.NO_LONGER_NEEDED)
    old, later = tmp_path / "old", tmp_path / "later"
    backup(office, old)
    office.clock.advance(days=200)
    await office.dispatch.close(office.ana, kept.need_id, CloseReason.NO_LONGER_NEEDED)
    await keeping.sweep(SYSTEM, all_of_them=True)
    office.clock.advance(days=170)
    await keeping.sweep(SYSTEM, all_of_them=True)
    async with office.db.read() as tx:
        ledger = await erasures.all_of_them(tx)
    kinds = {entry.kind: entry.id for entry in ledger}
    assert set(kinds) == {erasures.NEED, erasures.GIFT, erasures.PERSON}
    assert (kinds[erasures.NEED], kinds[erasures.GIFT]) == (emptied.need_id, gift.id)
    backup(office, later)

    told = await assembly.erased_in(later)
    assert told == ledger
    db = await Database.open(old / "group.db", create=False)
    try:
        async with db.read() as tx:
            row = await needs.get(tx, emptied.need_id)
            assert row is not None
            assert row.sealed, "the backup is older"
        assert await assembly.erase_again(db, told, office.clock, office.desk.random) == len(told)
        async with db.read() as tx:
            row = await needs.get(tx, emptied.need_id)
            assert row is not None
            assert (row.sealed, row.need.person_id) == (b"", None)
            assert row.need.state == "closed", "that there was one is still counted"
            assert await gifts.get(tx, gift.id) is None
            other = await needs.get(tx, kept.need_id)
            assert other is not None
            assert other.sealed, "nobody else's"
            assert await persons.get(tx, kept.person_id) is not None
            assert [each.id for each in await erasures.all_of_them(tx)] == [each.id for each in ledger]
        assert await assembly.erase_again(db, told, office.clock, office.desk.random) == 0
    finally:
        await db.close()
