"""Documents do not lie about what can be checked: links, commands, dependencies, settings, host names."""

import configparser
import re
import subprocess
from pathlib import Path

import click
import pytest

from node.cli import cli

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text("utf-8")):
        if "://" not in target:
            assert (document.parent / target).exists(), f"{document.name} points to {target}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_commands_in_documents_exist(document: Path) -> None:
    for line in re.findall(r"mutualaid ([a-z][a-z-]*(?: [a-z][a-z0-9-]*)?)", document.read_text("utf-8")):
        words = line.split()
        command: click.Command | None = cli
        for word in words:
            if isinstance(command, click.Group):
                command = command.commands.get(word)
                assert command is not None, f"{document.name}: mutualaid {line}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_scripts_in_documents_exist(document: Path) -> None:
    for script in re.findall(r"`(script/[a-z]+)", document.read_text("utf-8")):
        assert (ROOT / script).is_file(), f"{document.name}: {script}"


def test_every_dependency_has_its_reason_and_its_bound() -> None:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg")
    reasons = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    lines = (parser["options"]["install_requires"] + parser["options.extras_require"]["test"]).split("\n")
    for requirement in filter(None, map(str.strip, lines)):
        name, bound = re.fullmatch(r"([A-Za-z0-9-]+) (>= [0-9.]+(?:, < [0-9]+)?)", requirement).groups()  # type: ignore[union-attr]
        assert bound
        assert re.search(rf"\b{re.escape(name)}\b", reasons), f"CONTRIBUTING.md gives no reason for {name}"


def test_no_registry_host_and_no_machine_path_in_any_file() -> None:
    files = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    hosts = re.compile("|".join(["py" + r"pi\.org", "pythonhosted" + r"\.org", "registry" + r"\.npm"]))
    paths = re.compile(r"(?:^|[\s\"'=])/(?:ro" + r"ot|wo" + r"rk|ho" + r"me/\w+)/")
    for name in files:
        path = ROOT / name
        if path.is_file() and path.suffix not in {".png", ".woff2"}:
            text = path.read_text("utf-8", errors="ignore")
            assert not hosts.search(text), name
            assert not paths.search(text), name
