"""The independent checker agrees with what a node exports, and notices whatever was done to it."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.neighbourhood import Neighbourhood
from tests.scenario.test_the_whole_path import take_call

CHECKER = Path(__file__).parents[2] / "examples" / "verify_bundle.py"


def check(bundle: bytes, folder: Path) -> tuple[int, str]:
    """Exit status and what it said."""
    file = folder / "bundle.ndjson"
    file.write_bytes(bundle)
    # Isolated, and from another folder: nothing of ours can be imported.
    done = subprocess.run(
        [sys.executable, "-I", CHECKER, file], capture_output=True, text=True, cwd=folder, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
async def bundle(tmp_path: Path) -> bytes:
    """Two groups' lines, with a withdrawal among them."""
    async with Neighbourhood(tmp_path) as cast:
        north, south = await cast.add("north"), await cast.add("south")
        await cast.befriend(north, south)
        for member in (north, south):
            await member.share_everything()
            taken = await take_call(member, "groceries", "gardening", "dog_walking")
            await cast.publish(member)
            await member.services.dispatch.keep_here(member.staff, taken.need_id, True)
            cast.clock.advance(minutes=10)
            await cast.publish(member)
        await cast.sync(south)
        return await south.services.carrier.export(["public"])


async def test_what_a_node_exports_holds(bundle: bytes, tmp_path: Path) -> None:
    assert bundle.count(b'"withdrawal"') == 2
    status, said = check(bundle, tmp_path)
    assert status == 0, said
    assert said.count("complete") >= 2


async def test_whatever_was_done_to_it_is_noticed(bundle: bytes, tmp_path: Path) -> None:
    lines = bundle.splitlines(keepends=True)
    keys = [line for line in lines if b'"type":"keys"' in line]
    items = [line for line in lines if b'"type":"summary"' in line or b'"type":"withdrawal"' in line]
    source = random.Random(5)
    cases = {
        "a line is left out": [line for line in lines if line != items[0]],
        "the keys are left out": [line for line in lines if line not in keys],
        "a letter is changed": [line.replace(b'"gardening"', b'"groceries"') for line in lines],
        "a line is written otherwise": [line.replace(b'{"b":', b'{ "b":', 1) for line in lines],
        "something else": [*lines, b"something else\n"],
        "an empty line": [*lines[:2], b"\n", *lines[2:]],
        "a signature of another line": [
            items[0].split(b'"s":')[0] + b'"s":' + items[1].split(b'"s":')[1] if line == items[0] else line
            for line in lines
        ],
    }
    for name, changed in cases.items():
        status, said = check(b"".join(changed), tmp_path)
        assert status == 1, name
        assert said.strip(), name
    source.shuffle(lines)  # the order of the lines is nothing that a signature covers
    assert check(b"".join(lines), tmp_path)[0] == 0
