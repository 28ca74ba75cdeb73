"""``mutualaid rescue``: two cards in a file open the records again."""

import subprocess
import sys
from pathlib import Path

import pytest

from node.errors import NotAllowed
from node.vault import Compartment
from tests.harness.house import PASSWORD, house

ROOT = Path(__file__).resolve().parents[3]


def rescue(folder, cards):
    (folder / "cards.txt").write_text("\n\n".join(cards) + "\n")
    (folder / "password.txt").write_text("a new password\n")
    return subprocess.run(
        [
            *(sys.executable, "-m", "node", "rescue", "--data", folder / "node", "--as", "MINA"),
            *("--cards-file", folder / "cards.txt", "--password-file", folder / "password.txt"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )


async def test_two_cards_open_and_one_does_not(tmp_path):
    async with house(tmp_path / "node") as home:
        made = await home.found()
        blob = home.vault.seal(Compartment.PEOPLE, "persons", "a", {"name": "Somebody"})
    refused = rescue(tmp_path, made.cards[:1])
    assert refused.returncode == 1
    assert "Two different cards are needed." in refused.stderr
    assert "Traceback" not in refused.stderr
    done = rescue(tmp_path, made.cards[1:])
    assert done.returncode == 0, done.stderr
    assert "people" in done.stdout
    assert not set(" ".join(made.cards).split()[4:8]) & set((done.stdout + done.stderr).split())
    async with house(tmp_path / "node") as home:
        with pytest.raises(NotAllowed):
            await home.access.sign_in("Mina", PASSWORD)
        await home.access.sign_in("Mina", "a new password")
        assert home.vault.open(Compartment.PEOPLE, "persons", "a", blob) == {"name": "Somebody"}
