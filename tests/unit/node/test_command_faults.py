"""What a command line meets in real folders: every fault is told in words, and nothing is left half-made."""

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from node.cli import cli, making
from node.errors import Misconfigured
from node.lock import FolderLock
from node.services.accounts import passwords
from node.vault.keys import Kdf
from protocol import rescue

NAME, PASSWORD = "Knowle Neighbours", "a made-up password"
CHEAP = Kdf(ops=1, memory=8192)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "calibrate", lambda: CHEAP)


class Desk:
    """A folder with what an operator has at hand, and the command line."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "node"
        self.cards = folder / "cards.txt"
        self.password = folder / "password.txt"
        self.password.write_text(PASSWORD + "\n")

    def run(self, *words: str | Path, data: Path | None = None) -> Result:
        return CliRunner().invoke(cli, [*map(str, words), "--data", str(data or self.data)])

    def init(self, **other: str | Path) -> Result:
        given: dict[str, str | Path] = {
            "name": NAME, "at": "51.44,-2.57", "public-url": "https://help.example.org", "admin": "mina",
            "password-file": self.password, "recovery-file": self.cards,
        }  # fmt: skip
        options = (given | {key.replace("_", "-"): value for key, value in other.items()}).items()
        return self.run("init", *(word for key, value in options for word in (f"--{key}", value)))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def refused(done: Result, words: str, code: int = 1) -> None:
    assert done.exit_code == code, (done.output, done.exception)
    assert words in done.output
    assert isinstance(done.exception, SystemExit), done.exception


def test_a_refused_init_can_be_mended_and_repeated(desk):
    (desk.folder / "short.txt").write_text("short\n")
    (desk.folder / "table.csv").write_text("rubbish\n")
    refused(desk.init(at="nowhere"), "latitude, comma, longitude")
    refused(desk.init(name=""), "give the group a name")
    refused(desk.init(password_file=desk.folder / "short.txt"), "at least 8 characters")
    refused(desk.init(population=desk.folder / "table.csv"), "population table cannot be used")
    assert not desk.cards.exists(), "cards of no node"
    done = desk.init()
    assert done.exit_code == 0, done.output
    refused(desk.init(recovery_file=desk.folder / "more.txt"), "There is a node in")
    assert not (desk.folder / "more.txt").exists()


def test_the_cards_are_kept_before_the_node_is_made(desk):
    refused(desk.init(recovery_file=desk.folder / "nowhere" / "cards.txt"), "No such file or directory")
    assert not (desk.data / "op.key").exists()
    assert desk.init().exit_code == 0
    seed = rescue.join(desk.cards.read_text().split("\n\n"))
    assert rescue.derive_root(seed).did in desk.run("status").output
    assert desk.cards.stat().st_mode & 0o777 == 0o600


def test_another_public_url_than_the_settings_say_is_told(desk):
    assert desk.init(at="nowhere").exit_code == 1
    refused(desk.init(public_url="https://other.example.org"), "another public_url")
    assert not desk.cards.exists()


def test_the_cards_stay_while_nobody_knows_whether_the_node_was_made(desk, monkeypatch):
    def lost(*_: object) -> object:
        raise Misconfigured("no_answer", "The running node did not answer.")

    monkeypatch.setattr(making, "answer_of", lost)
    refused(desk.init(), "did not answer")
    assert desk.cards.exists()


def test_passwords_from_other_editors(desk):
    desk.password.write_bytes(b"\xef\xbb\xbf" + PASSWORD.encode() + b"\r\nsecond line\r\n")
    assert desk.init().exit_code == 0
    desk.password.write_text(PASSWORD)
    mapping = desk.folder / "mapping.toml"
    mapping.write_bytes(b'\xef\xbb\xbfversion = 1\nname = "s"\n[columns]\ncategories = "kind"\n')
    sheet = desk.folder / "sheet.csv"
    sheet.write_text("kind\nFood\n")
    words = ("import", "needs", sheet, "--as", "mina", "--password-file", desk.password, "--mapping", mapping)
    assert desk.run(*words, "--dry-run").exit_code == 0
    desk.password.write_bytes("pässword of old".encode("latin-1"))
    refused(desk.run(*words), "is not in UTF-8")
    desk.password.write_text("\n")
    refused(desk.run(*words), "is empty")


def test_only_init_and_run_make_files(desk):
    desk.data.mkdir()
    for words in (("status",), ("token",), ("publish",), ("sync",), ("share", "all=public")):
        refused(desk.run(*words), "There is no node in")
    assert list(desk.data.iterdir()) == []


def test_before_and_after_set_up(desk):
    assert desk.init(name="").exit_code == 1  # begun, not set up
    refused(desk.run("publish"), "not been set up yet")
    assert "starting_code: " in desk.run("token").output
    assert desk.init().exit_code == 0
    refused(desk.run("token"), "set up already")


def test_files_and_ports_that_cannot_be_had(desk):
    assert desk.init().exit_code == 0
    refused(desk.run("bundle", "export", desk.folder / "nowhere" / "out.ndjson"), "No such file or directory")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused(desk.run("run", "--listen", f"127.0.0.1:{taken.getsockname()[1]}"), "in use")
    (desk.data / "population.csv").mkdir()
    refused(desk.run("status"), "Is a directory")


def test_a_restore_beside_a_running_node_is_in_use(desk):
    assert desk.init().exit_code == 0
    stick = desk.folder / "stick.backup"
    words = (stick, "--passphrase-file", desk.password)
    assert desk.run("backup", *words).exit_code == 0
    with FolderLock(desk.data):
        again = desk.run("restore", *words, "--ledger-of", desk.data, data=desk.folder / "new")
    refused(again, "Another process", code=3)


def test_cards_with_blanks_on_the_line_between_them(desk):
    assert desk.init().exit_code == 0
    first, _, third = desk.cards.read_text().strip().split("\n\n")
    typed = desk.folder / "typed.txt"
    typed.write_bytes(f"\ufeff{first}\r\n \t\r\n{third}\r\n".encode())
    done = desk.run("rescue", "--as", "mina", "--cards-file", typed, "--password-file", desk.password)
    assert done.exit_code == 0, done.output
