"""How the tables of a full export are read; that every table and setting says so is in ``test_migrations``."""

import sqlite3
from contextlib import closing
from pathlib import Path

from node.store import files, portable
from node.store.columns import COLUMNS, Protection
from node.store.portable import MOVING

WHERE = "node/store/portable.py"


def test_every_box_and_hash_of_a_moving_table_is_accounted_for() -> None:
    for table, moving in MOVING.items():
        by_kind = {
            protection: {name for name, each in COLUMNS[table].items() if each.protection is protection}
            for protection in Protection
        }
        unsaid = by_kind[Protection.SEALED] ^ set(moving.sealed)
        assert not unsaid, f"{WHERE}, MOVING[{table!r}].sealed: say how {sorted(unsaid)} is opened"
        secrets = by_kind[Protection.KEY] | by_kind[Protection.INDEX]
        said = moving.hashes | set(moving.anew)
        assert secrets <= said, f"{WHERE}, MOVING[{table!r}]: hashes or anew for {sorted(secrets - said)}"
        assert said <= set(COLUMNS[table])
        for how in moving.sealed.values():
            assert how.row in COLUMNS[table]


def test_nothing_that_moves_points_to_what_stays(tmp_path: Path) -> None:
    files.prepare(tmp_path / "group.db", create=True)
    with closing(sqlite3.connect(tmp_path / "group.db")) as connection:
        for table in MOVING:
            for row in connection.execute(f"PRAGMA foreign_key_list({table})"):
                assert row[2] in MOVING, f"{table}.{row[3]} points to {row[2]}, which stays"


async def test_the_columns_of_a_table_are_those_of_the_file(tmp_path: Path) -> None:
    from node.store.db import Database

    db = await Database.open(tmp_path / "group.db")
    try:
        async with db.read() as tx:
            for table, moving in MOVING.items():
                assert set(await portable.columns(tx, table)) == set(COLUMNS[table]) - set(moving.anew)
    finally:
        await db.close()
