"""Step 0117 on a file of before: every answer stays, and a choice that was made stands as one."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Migrations

from node.store import files, migrations


def test_choices_of_before_are_answers_and_all_others_stay(tmp_path: Path) -> None:
    before = Migrations("group")
    known = migrations.MIGRATIONS._migrations
    before._migrations.extend(known[: [step.name for step in known].index("0117_message_consents")])
    path = tmp_path / "group.db"
    files.prepare(path, create=True, steps=before)
    with closing(files.connect(path)) as connection:
        for name, into in (("mail", None), ("ring", None), ("out", None), ("never", None), ("part", "never")):
            connection.execute(
                "INSERT INTO persons(id, state, sealed, created_day, updated_day, merged_into)"
                " VALUES (?, 'active', x'00', '2026-01-01', '2026-01-01', ?)",
                (name, into),
            )
        connection.execute(
            "INSERT INTO consents(id, person_id, purpose, answer, wording, at, by_actor)"
            " VALUES (7, 'mail', 'keep_details', 1, 'en-1', 50, 'staff:x')"
        )
        for at, (name, way, out) in enumerate(
            (
                ("mail", "email", 0),
                ("ring", "phone", 0),
                ("out", None, 1),
                ("never", None, 0),
                ("part", "text", 0),
            )
        ):
            connection.execute(
                "INSERT INTO notice_choices(person_id, way, out, link_hash, changed_at, sealed)"
                " VALUES (?, ?, ?, ?, ?, x'00')",
                (name, way, out, name.encode(), 100 + at),
            )
    files.prepare(path, create=False)
    with closing(files.connect(path)) as connection:
        rows = connection.execute(
            "SELECT person_id, purpose, answer, wording, at, by_actor FROM consents ORDER BY id"
        )
        assert [tuple(row) for row in rows] == [
            ("mail", "keep_details", 1, "en-1", 50, "staff:x"),
            ("mail", "messages", 1, "as-chosen", 100, "volunteer:mail"),
            ("ring", "messages", 0, "as-chosen", 101, "volunteer:ring"),
            ("out", "messages", 0, "as-chosen", 102, "volunteer:out"),
            ("never", "messages", 1, "as-chosen", 104, "volunteer:part"),
        ]
        connection.execute("DELETE FROM persons WHERE id = 'ring'")
        assert not connection.execute("SELECT 1 FROM consents WHERE person_id = 'ring'").fetchall()
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(
                "INSERT INTO consents(purpose, answer, wording, at, by_actor) VALUES ('letters', 1, 'x', 1, 'x')"
            )
