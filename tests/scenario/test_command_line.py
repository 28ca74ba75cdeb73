"""Two groups by command line alone, as processes: init, import, share, publish, sync, map data - running or not."""

import contextlib
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.harness.neighbourhood import made_up_population
from tests.harness.others_verifier import verified

ROOT = Path(__file__).parents[2]
LANSING = ROOT / "../shared/data/lansing_google_form/submission_responses.csv"
MAPPING = ROOT / "examples/mappings/lansing.toml"


def sheet_text() -> str:
    """Fresh rows: the processes go by the real clock, and rows over 14 days old arrive to be checked."""
    day = (datetime.now(UTC) - timedelta(days=2)).strftime("%m/%d/%Y")
    return SHEET.replace("DAY", day)


SHEET = (
    "ID,Organizer,Status,Name,Timestamp,Address,email,telephone,"
    "Does your request need to remain anonymous? ,Number of people in household ,"
    '"Is a member of your household over the age of 50, or otherwise at elevated risk? ",'
    "What do you need? Check all that apply,Is your need:,Add any details about your request,"
    "Is your need recurring?,Organizer Results and Comments\n"
    "1,Kim,,Invented One,DAY 9:15:00,1 Sample Street,,+15175550101,No,3,No,"
    '"Food, Pet care - food, litter","Urgent! I need this within 24 hours",tins,One time need.,\n'
    "2,Kim,,Invented Two,DAY 8:00:00,2 Sample Street,,+15175550102,Yes,1,No,Clothing,"
    '"Non urgent, I can wait a day or two",warm,One time need.,\n'
    "3,Kim,Completed,Invented Three,DAY 8:00:00,3 Sample Street,,+15175550103,No,1,No,Food,"
    '"Non urgent, I can wait a day or two",done,One time need.,\n'
)


class Group:
    """One data folder, used through the command line only."""

    def __init__(self, folder: Path, name: str, at: str, port: int) -> None:
        self.data = folder / name
        self.name = name
        self.at = at
        self.url = f"http://127.0.0.1:{port}"
        self.port = port
        self.password = folder / f"{name}.pw"
        self.password.write_text("made-up password\n")
        self.cards = folder / f"{name}.cards"

    def run(self, *words: str | Path, fails: int | None = None, data: bool = True) -> Any:
        """One command; its JSON answer."""
        where = ["--data", str(self.data), "--json"] if data else []
        done = subprocess.run(
            [sys.executable, "-m", "node", *map(str, words), *where],
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=False,
            timeout=300,
        )
        if fails is not None:
            assert done.returncode == fails, (done.returncode, done.stdout, done.stderr)
            return done.stderr or json.loads(done.stdout)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        return json.loads(done.stdout) if data else done.stdout

    def init(self, population: Path) -> Any:
        return self.run(
            "init", "--name", self.name, "--at", self.at, "--public-url", self.url, "--admin", "kim",
            "--password-file", self.password, "--recovery-file", self.cards, "--population", population,
        )  # fmt: skip

    def import_needs(self, file: Path, *more: str, fails: int | None = None) -> Any:
        return self.run(
            "import", "needs", file, "--mapping", MAPPING, "--as", "kim", "--password-file", self.password, *more,
            fails=fails,
        )  # fmt: skip

    def geojson(self) -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"{self.url}/api/v1/needs.geojson", timeout=10) as answer:
            return [feature["properties"] for feature in json.load(answer)["features"]]

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        process = subprocess.Popen(
            [sys.executable, "-m", "node", "run", "--data", self.data, "--listen", f"127.0.0.1:{self.port}"],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith("Address: http://127.0.0.1:")
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
            process.stdout.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def groups(tmp_path: Path) -> tuple[Group, Group]:
    population = tmp_path / "population.csv"
    population.write_text(made_up_population())
    pair = (
        Group(tmp_path, "north", "51.4545,-2.5879", free_port()),
        Group(tmp_path, "south", "51.43,-2.58", free_port()),
    )
    for group in pair:
        group.init(population)
    return pair


def as_others_read(file: Path) -> list[tuple[str, str | None]]:
    """(type, id) of each W3C document, verified with nothing of ours."""
    documents = [verified(json.loads(line)) for line in file.read_text("utf-8").splitlines()]
    return [(each["statement"]["type"], each["statement"].get("id")) for each in documents]


def test_two_groups_by_command_line(groups: tuple[Group, Group], tmp_path: Path) -> None:
    north, south = groups
    assert stat.S_IMODE(north.cards.stat().st_mode) == 0o600
    assert len([line for line in north.cards.read_text().splitlines() if line]) == 3
    ids = {group.name: group.run("status") for group in groups}
    assert ids["north"]["locked"] is True
    assert len(ids["north"]["words"].split()) == 6

    sheet = tmp_path / "sheet.csv"
    sheet.write_text(sheet_text())
    dry = north.import_needs(sheet, "--open", "--consent", "made-up steward", "--dry-run")
    assert (dry["dry_run"], dry["needs"]) == (True, 4)
    assert sum(north.run("status")["needs"].values()) == 0
    report = north.import_needs(sheet, "--open", "--consent", "made-up steward")
    assert (report["added"], report["skipped"], report["errors"]) == (4, 0, [])
    checked = north.run("audit")
    assert checked["holds"]
    assert checked["rows"] > 4
    again = north.import_needs(sheet, "--open", "--consent", "made-up steward")
    assert (again["added"], again["skipped"]) == (0, 3)
    assert north.run("status")["needs"]["closed"] == 1

    assert "--sure" in north.run("share", "all=public", fails=1)
    assert north.run("share", "all=public", "--sure")["done"]
    assert set(north.run("share", "all=public")["shared"].values()) == {"public"}
    north.run("peers", "add", south.url, "--id", ids["south"]["id"], "--allow-private")
    with north.running():
        assert north.run("status")["name"] == "north"  # through the control socket
        south.run("peers", "add", north.url, "--words", ids["north"]["words"], "--allow-private")
        wrong = " ".join(reversed(ids["north"]["words"].split()))
        assert "other words" in south.run(
            "peers", "add", north.url, "--words", wrong, "--allow-private", fails=1
        )
        north.run("publish")
        assert south.run("sync")["rounds"][0]["ok"] is True
        stick = tmp_path / "stick.ndjson"
        assert north.run("bundle", "export", stick)["lines"] >= 3
        documents = tmp_path / "documents.ndjson"
        assert north.run("bundle", "w3c", documents)["documents"] >= 4
        assert north.run("run", "--data", north.data, fails=3, data=False)  # one process a folder
    with south.running():
        seen = south.geojson()
        # one row asked for two kinds; the anonymous one stays; the finished one is closed
        assert {each["origin"] for each in seen} == {ids["north"]["id"]}
        assert len(seen) == len({each["id"] for each in seen}) == 2
        assert {"origin", "id", "category", "cell", "urgency", "status", "origin_state"} <= set(seen[0])
        assert {id for kind, id in as_others_read(documents) if kind == "summary"} == {
            each["id"] for each in seen
        }
        assert south.run("bundle", "import", stick)["received"] == 0
        assert south.run("peers", "list")["peers"][0]["copy"] == "complete"


def test_a_second_coordinator_can_sign_in(groups: tuple[Group, Group], tmp_path: Path) -> None:
    north, _ = groups
    fresh = tmp_path / "fresh"
    fresh.write_text("another made-up password\n")
    acting = ("--as", "kim", "--password-file", north.password)
    added = north.run("staff", "add", "robin", "--role", "coordinator", "--new-password-file", fresh, *acting)
    assert added["holds"] == ["people", "vetting"]
    assert len(north.run("staff", "list")["staff"]) == 2
    assert "no role" in north.run(
        "staff", "add", "sam", "--role", "boss", "--new-password-file", fresh, *acting, fails=1
    )
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(sheet_text())
    report = north.run(
        "import", "needs", sheet, "--mapping", MAPPING, "--as", "robin", "--password-file", fresh
    )
    assert report["added"] == 4


def test_backup_and_restore(groups: tuple[Group, Group], tmp_path: Path) -> None:
    north, _ = groups
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(sheet_text())
    north.import_needs(sheet)
    phrase = tmp_path / "phrase"
    phrase.write_text("a made-up passphrase\n")
    copy = tmp_path / "north.backup"
    north.run("backup", copy, "--passphrase-file", phrase)
    assert b"Invented" not in copy.read_bytes()
    restored = Group(tmp_path, "restored", north.at, north.port)
    restored.run("restore", copy, "--passphrase-file", phrase)
    before, after = north.run("status"), restored.run("status")
    assert (after["id"], after["needs"], after["restored"]) == (before["id"], before["needs"], True)
    north.run("backup", copy, "--passphrase-file", phrase, fails=1)
    restored.run("restore", copy, "--passphrase-file", phrase, fails=1)
    phrase.write_text("another passphrase\n")
    other = Group(tmp_path, "other", north.at, north.port)
    assert "passphrase" in other.run("restore", copy, "--passphrase-file", phrase, fails=1)
    assert not other.data.exists()


def test_bad_input_is_answered_in_words(groups: tuple[Group, Group], tmp_path: Path) -> None:
    north, _ = groups
    bad = tmp_path / "bad.csv"
    for content in (b"", b"\x00\x01\x02", b"PK\x03\x04 a workbook", b"a,b\n1,2\n", b"\xff\xfe\xfa"):
        bad.write_bytes(content)
        assert north.import_needs(bad, fails=1).strip()
    assert "write only_us, peers or public" in north.run("share", "groceries=everybody", fails=1)
    assert north.run("share", "free_beer=public", fails=1)
    assert "did:key" in north.run("peers", "add", "http://127.0.0.1:1", "--id", "did:key:nonsense", fails=1)
    assert north.run("peers", "add", "not a url", "--id", "did:key:nonsense", fails=1)
    north.password.write_text("wrong\n")
    assert "password is not right" in north.import_needs(bad, fails=1)
    bad.write_bytes(b"{}\nnot json\n" + b"x" * 5000 + b'\n{"b":{"type":"keys"},"s":1}\n')
    refused = north.run("bundle", "import", bad, fails=4)
    assert refused["refused"] == 4
    (north.data / "node.toml").write_text('listem = "127.0.0.1:1"\n')
    assert "did you mean 'listen'" in north.run("check-config", fails=1)
    assert north.run("init", "--name", "x", "--at", "0,0", "--public-url", "http://x", "--admin", "kim",
                     "--password-file", north.password, "--recovery-file", tmp_path / "new", fails=1)  # fmt: skip


def test_the_lansing_sheet_goes_in_whole(groups: tuple[Group, Group]) -> None:
    if not LANSING.exists():
        pytest.skip("needs ../shared/data/lansing_google_form")
    north, _ = groups
    report = north.import_needs(LANSING, "--open")
    assert report["errors"] == []
    assert report["added"] >= 3
    assert north.run("status")["needs"]["closed"] == report["closed"] == report["added"]
    assert north.import_needs(LANSING, "--open")["added"] == 0


def test_the_control_socket_is_for_its_owner_only(groups: tuple[Group, Group]) -> None:
    north, _ = groups
    assert stat.S_IMODE(north.data.stat().st_mode) == 0o700
    with north.running():
        assert stat.S_IMODE(os.stat(north.data / "control.sock").st_mode) == 0o600
    assert not (north.data / "control.sock").exists()


def test_a_node_that_nobody_can_call_needs_no_address(tmp_path: Path) -> None:
    west = Group(tmp_path, "west", "51.46,-2.60", free_port())
    west.run(
        "init", "--name", west.name, "--at", west.at, "--admin", "kim", "--password-file", west.password,
        "--recovery-file", west.cards,
    )  # fmt: skip
    assert west.run("publish")["heads"] == 2
    assert west.run("check-config")["public_url"] == ""
