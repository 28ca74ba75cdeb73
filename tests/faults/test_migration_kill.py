"""A migration killed at any statement leaves all of itself or nothing, and the next start finishes it."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

# A new file takes hundreds of statements: here every seventh of them, all of them by MIGRATION_KILLS_EVERY=1.
EVERY = {"create": os.environ.get("MIGRATION_KILLS_EVERY", "7")}


def kills(mode, folder):
    """What each kill left, counted."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.migrator", mode, str(folder), EVERY.get(mode, "1")],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    *left, last = done.stdout.splitlines()
    assert last == "through after", "the last run was not killed"
    return Counter(left)


@pytest.mark.parametrize("mode", ["create", "upgrade"])
def test_all_or_nothing(mode, tmp_path):
    left = kills(mode, tmp_path)
    assert set(left) <= ({"none", "after"} if mode == "create" else {"before", "after"})
    assert sum(left.values()) >= 40
    assert len(left) == 2, "kills before and after the commit"


def test_the_same_steps_as_a_script_do_leave_halves(tmp_path):
    """If this one finds none, the test above proves nothing."""
    assert kills("script", tmp_path)["half"] > 10
