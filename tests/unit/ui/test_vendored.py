"""Other people's front-end files: fetched as the lock says, never altered, and nothing breaks without them."""

import base64
import gzip
import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from ui import vendored
from ui.frontend import backend, filling
from ui.vendored import FRONTEND
from ui.web.assets import Assets

MAP = b"window.L = {};\n" * 100
NPM = """
import json, pathlib, sys
assert sys.argv[1:4] == ["ci", "--omit=dev", "--ignore-scripts"], sys.argv
here = pathlib.Path.cwd()
lock = json.loads((here / "package-lock.json").read_text())
assert "ignore-scripts=true" in (here / ".npmrc").read_text()
if "made up" in lock["packages"]["node_modules/leaflet"]["integrity"]:
    sys.exit("npm error code EINTEGRITY")
for package in ("leaflet", "htmx.org"):
    folder = here / "node_modules" / package / "dist"
    folder.mkdir(parents=True)
    (folder.parent / "LICENSE").write_text(f"Terms of {package}")
    for name in ("leaflet.js", "leaflet.css", "htmx.min.js", "not-asked-for.js"):
        (folder / name).write_bytes(%r)
"""


@pytest.fixture
def frontend(tmp_path: Path) -> Path:
    """The recipe as it is, and nothing fetched yet."""
    shutil.copytree(FRONTEND, tmp_path / "frontend", ignore=shutil.ignore_patterns("vendor", ".filling-*"))
    return tmp_path / "frontend"


@pytest.fixture
def npm(tmp_path: Path) -> list[str]:
    """A program that does to a folder what npm does, without the network."""
    program = tmp_path / "npm.py"
    program.write_text(NPM % MAP)
    return [sys.executable, str(program)]


def test_the_lock_names_each_package_to_the_byte_and_no_host() -> None:
    text = (FRONTEND / "package-lock.json").read_text("utf-8")
    lock, asked = json.loads(text), json.loads((FRONTEND / "package.json").read_text("utf-8"))
    assert "://" not in text
    packages = {name.removeprefix("node_modules/"): each for name, each in lock["packages"].items() if name}
    assert {name: each["version"] for name, each in packages.items()} == asked["dependencies"]
    assert all(
        len(base64.b64decode(each["integrity"].removeprefix("sha512-"))) == 64 for each in packages.values()
    )
    taken = json.loads((FRONTEND / "files.json").read_text("utf-8"))
    assert set(taken) == set(packages)
    assert all("LICENSE" in each for each in taken.values())


def test_what_is_fetched_is_what_the_list_allows(frontend: Path, npm: list[str]) -> None:
    assert vendored.read(frontend).problem == "manifest.json is not there"
    filling.fill(frontend, call=npm)
    found = vendored.read(frontend)
    assert not found.problem
    assert [each.name for each in found.files] == ["htmx.js", "leaflet.css", "leaflet.js"]
    assert all(each.body == MAP == gzip.decompress(each.packed) for each in found.files)
    assert [(each.name, each.licence, each.terms) for each in found.packages] == [
        ("htmx.org", "0BSD", "Terms of htmx.org"),
        ("leaflet", "BSD-2-Clause", "Terms of leaflet"),
    ]
    assert sorted(path.name for path in frontend.iterdir() if path.name.startswith(".")) == [".npmrc"]
    # npm is not asked again while nothing has changed.
    filling.fill(frontend, call=["/nowhere/npm"])


def test_a_changed_lock_is_noticed_and_fetched_again(frontend: Path, npm: list[str]) -> None:
    filling.fill(frontend, call=npm)
    lock = frontend / "package-lock.json"
    lock.write_text(lock.read_text().replace('"1.9.4"', '"1.9.5"'))
    assert vendored.read(frontend).problem == "older than ui/frontend/package-lock.json"
    filling.fill(frontend, call=npm)
    assert {each.version for each in vendored.read(frontend).packages} >= {"1.9.5"}


def test_a_package_of_another_content_is_refused(frontend: Path, npm: list[str]) -> None:
    lock = frontend / "package-lock.json"
    lock.write_text(lock.read_text().replace("sha512-nxS1", "sha512-made up"))
    with pytest.raises(filling.NotFetched, match="EINTEGRITY"):
        filling.fill(frontend, call=npm)
    assert not (frontend / "vendor").exists()


def test_an_altered_file_is_not_served(frontend: Path, npm: list[str]) -> None:
    filling.fill(frontend, call=npm)
    for name in ("leaflet.js", "leaflet.js.gz", "htmx.LICENSE.txt"):
        body = (frontend / "vendor" / name).read_bytes()
        (frontend / "vendor" / name).write_bytes(body + b"x")
        found = vendored.read(frontend)
        assert (found.files, found.problem) == ((), f"{name} is not as it came")
        (frontend / "vendor" / name).write_bytes(body)
    (frontend / "vendor" / "manifest.json").write_text("{")
    assert vendored.read(frontend).problem == "manifest.json cannot be read"


def test_pages_have_their_own_files_without_them_and_theirs_with(frontend: Path, npm: list[str]) -> None:
    without = Assets.load(others=vendored.read(frontend))
    assert without.url("site.css")
    assert (without.url_if_there("leaflet.js"), without.packages) == ("", ())
    filling.fill(frontend, call=npm)
    having = Assets.load(others=vendored.read(frontend))
    served = having.find(having.url_if_there("leaflet.js").removeprefix("/static/"))
    assert served is not None
    assert (served.body, served.content_type) == (MAP, "text/javascript")
    assert served.integrity == vendored.sha384(MAP)


def test_an_editable_install_needs_no_npm_and_a_wheel_does(monkeypatch: pytest.MonkeyPatch) -> None:
    def lacking() -> None:
        raise filling.NoNpm

    asked: list[str] = []
    monkeypatch.setattr(filling, "is_fresh", lambda: False)
    monkeypatch.setattr(filling, "npm", lacking)
    monkeypatch.setattr(filling, "fill", lacking)
    for name in ("build_editable", "build_wheel", "build_sdist"):
        monkeypatch.setattr(backend.build_meta, name, lambda *_, name=name: asked.append(name))
    for needs in (backend.get_requires_for_build_wheel, backend.get_requires_for_build_sdist):
        assert backend.NODE in needs()
    backend.build_editable("nowhere")
    for build in (backend.build_wheel, backend.build_sdist):
        with pytest.raises(filling.NoNpm):
            build("nowhere")
    assert asked == ["build_editable"]


def test_the_files_are_here() -> None:
    """So that no run takes the pages without them for the whole."""
    if (problem := vendored.read().problem) and not os.environ.get("CI"):
        pytest.skip(f"{problem}: python -m ui.frontend.filling fetches it")
    assert not problem
