"""A group moves by command line: out of one node, into one that is not there yet or has just been made."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from node.domain.catalogue import catalogue
from node.domain.safety.incidents import Report
from node.services.desk import Desk
from node.services.intake.intake import Intake
from node.services.intake.places import Places
from node.services.matching.roster import Roster
from node.services.safety.incidents import Incidents
from node.services.sheets.imports import Imports
from node.store import portable
from tests.harness.house import PASSWORD, House, house, seeded

ROOT = Path(__file__).parents[2]
MAPPING = 'version = 1\nname = "s"\n[columns]\nname = "Name"\nphone = "Phone"\ncategories = "Needs"\n'
SHEET = "Name,Phone,Needs\n" + "".join(
    f"Made Up {number},07700 900{number:03d},Shopping\n" for number in range(40)
)


def desk(at: House, seed: str = "d") -> tuple[Desk, Imports]:
    made = Desk(
        db=at.db, vault=at.vault, clock=at.clock, random=seeded(seed), catalogue=catalogue(), partitions={}
    )
    roster = Roster(made)
    return made, Imports(made, Intake(made, roster), roster, Places(at.db, at.clock))


def run(folder: Path, *words: str | Path, code: int = 0, module: tuple[str, ...] = ("node",)) -> Any:
    """One command as Mina; its JSON answer, or what it said when it was refused."""
    (folder / "pw").write_text(PASSWORD + "\n")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            *module,
            *map(str, words),
            "--as",
            "Mina",
            "--password-file",
            folder / "pw",
            "--json",
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        timeout=300,
    )
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    return json.loads(done.stdout) if code == 0 else done.stderr


async def rows(at: House) -> int:
    async with at.db.read() as tx:
        return sum([await portable.count_real(tx, name) for name in portable.MOVING])


@pytest.fixture
async def old(tmp_path: Path) -> Path:
    """A folder with a node of forty made-up people, not running."""
    async with house(tmp_path / "old", seed="old") as at:
        actor = await at.first()
        old_desk, imports = desk(at)
        report = await imports.run(actor, SHEET.encode(), MAPPING)
        assert report.added == 40
        await Incidents(old_desk).tell(actor, Report(kind="other", text="zqtold", day=None))
    return tmp_path / "old"


async def test_a_node_that_is_not_there_yet_is_made(tmp_path: Path, old: Path) -> None:
    file, new = tmp_path / "all.export", tmp_path / "new"
    out = run(tmp_path, "export", "all", file, "--data", old)
    assert out["rows"]["persons"] == out["rows"]["needs"] == 40
    assert out["rows"]["incidents"] == 1
    assert "warning" not in out, "everything that was told is in it"
    (tmp_path / "other").write_text("quite another passphrase\n")
    said = run(
        tmp_path, "import", "all", file, "--data", new, "--passphrase-file", tmp_path / "other", code=1
    )
    assert "passphrase" in said
    assert not new.exists()
    came = run(tmp_path, "import", "all", file, "--data", new)
    assert (came["name"], came["already"]) == ("Knowle Neighbours", False)
    assert len(Path(came["recovery_file"]).read_text().strip().split("\n\n")) == 3
    async with house(new, seed="again") as at:
        signed = await at.access.sign_in("Mina", PASSWORD)
        actor = signed.actor
        made, imports = desk(at, "e")
        (told,) = (await Incidents(made).shelf(actor, await at.access.own_key(signed.cookie))).rows
        assert told.report.text == "zqtold"
        assert await Intake(made, Roster(made)).find_known(actor, "07700 900011")
        again = await imports.run(actor, SHEET.encode(), MAPPING)
        assert (again.added, again.skipped) == (0, 40), (
            "the rows of the sheet are known by the old node's key"
        )


async def test_killed_in_the_middle_nothing_has_come_and_it_can_be_run_again(
    tmp_path: Path, old: Path
) -> None:
    file, new = tmp_path / "all.export", tmp_path / "new"
    run(tmp_path, "export", "all", file, "--data", old)
    async with house(new, seed="new") as at:
        await at.first()
    for number in (1, 60):
        killed = ("tests.faults.mover", "portable.put", str(number))
        run(tmp_path, "import", "all", file, "--data", new, module=killed, code=-signal.SIGKILL)
        async with house(new) as at:
            assert await rows(at) == 0
    came = run(tmp_path, "import", "all", file, "--data", new)
    assert came["rows"]["needs"] == 40
    said = run(tmp_path, "import", "all", file, "--data", new)
    assert said["already"] is True
    run(tmp_path, "export", "all", tmp_path / "second", "--data", old)
    assert "already" in run(tmp_path, "import", "all", tmp_path / "second", "--data", new, code=1)


async def test_a_sheet_that_was_broken_off_has_whole_rows_and_is_simply_run_again(tmp_path: Path) -> None:
    new, sheet, mapping = tmp_path / "new", tmp_path / "s.csv", tmp_path / "m.toml"
    lines = [f'Made Up {number},07700 900{number:03d},"Shopping, Lifts"\n' for number in range(120)]
    sheet.write_text("Name,Phone,Needs\n" + "".join(lines))
    mapping.write_text(MAPPING)
    async with house(new, seed="new") as at:
        await at.first()
    words = ("import", "needs", sheet, "--mapping", mapping, "--data", new)
    killed = ("tests.faults.mover", "imports.add_row", "131")
    run(tmp_path, *words, module=killed, code=-signal.SIGKILL)
    async with house(new) as at:
        assert await counts(at) == {"persons": 50, "needs": 100, "import_rows": 100}
    came = run(tmp_path, *words)
    assert (came["added"], came["skipped"]) == (140, 50)
    async with house(new) as at:
        assert await counts(at) == {"persons": 120, "needs": 240, "import_rows": 240}


async def counts(at: House) -> dict[str, int]:
    async with at.db.read() as tx:
        return {name: await portable.count(tx, name) for name in ("persons", "needs", "import_rows")}
