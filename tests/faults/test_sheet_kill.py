"""A node killed while a sheet comes in: every row is whole or not there, and it goes on by itself after the next
sign-in, to the last row and to no row twice."""

import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from node.app import open_node
from node.clock import SystemClock
from node.config import Config
from node.errors import Locked
from node.services.accounts.passwords import Passwords
from node.store import files
from node.vault.keys import QUICK
from tests.faults.sheet_bringer import ROWS
from tests.harness import desk_process
from tests.harness.desk_process import PASSWORD, ROOT

NEEDS = ROWS + ROWS // 2
KILLS = (("add_row", 1), ("add_row", 90), ("put", 2))
"""Before the first row; in the second handful; at the end of the one after that."""


def killed(folder: Path, verb: str, at: int) -> None:
    """A node that dies there."""
    words = [sys.executable, "-m", "tests.faults.sheet_bringer", str(folder), verb, str(at)]
    done = subprocess.run(words, cwd=ROOT, check=False, timeout=300)
    assert done.returncode == -signal.SIGKILL


def counted(folder: Path) -> tuple[int, int, int]:
    """Rows of the sheet, requests and people that are there; none of them by half."""
    with closing(files.connect(folder / "group.db", read_only=True)) as connection:

        def one(sql: str) -> int:
            return int(connection.execute(sql).fetchone()[0])

        rows, parts = (
            one("SELECT count(DISTINCT row_key) FROM import_rows"),
            one("SELECT count(*) FROM import_rows"),
        )
        requests, people = one("SELECT count(*) FROM needs"), one("SELECT count(*) FROM persons")
        assert (parts, people) == (requests, rows), "a row came in by half"
        assert one("SELECT count(*) FROM audit WHERE action = 'need.imported'") == requests
        assert one("SELECT count(*) FROM needs WHERE length(sealed) = 0") == 0
        assert one("SELECT coalesce(max(done), 0) FROM imports") == rows, "what is told is not what is there"
        return rows, requests, people


async def test_a_sheet_that_was_killed_goes_on_to_its_end(tmp_path: Path) -> None:
    desk = await desk_process.set_up(tmp_path / "data", ("Ana",))
    before = -1
    for verb, at in KILLS:
        killed(desk.folder, verb, at)
        rows, _, _ = counted(desk.folder)
        assert max(before, 0) <= rows < ROWS
        before = rows
    assert before > 0
    config = Config(data=desk.folder, listen="127.0.0.1:0", public_url="")
    async with open_node(config, SystemClock(), os.urandom, passwords=Passwords(QUICK)) as node:
        runs = node.services.sheet_runs
        with pytest.raises(Locked):
            await runs.go_on()
        kim = (await node.services.access.sign_in("kim", PASSWORD)).actor
        (sheet,) = await node.services.sheet_desk.mine(kim)
        going = await runs.going(kim, sheet.id)
        assert going is not None
        assert (going.done, going.rows) == (before, ROWS)
        assert await runs.go_on() == 1
        assert await runs.going(kim, sheet.id) is None
        looked = await node.services.sheet_desk.look(kim, sheet.id)
        assert looked.report is not None
        assert (looked.report.added, looked.report.skipped, looked.preview.needs) == (NEEDS, 0, 0)
    assert counted(desk.folder) == (ROWS, NEEDS, ROWS)
