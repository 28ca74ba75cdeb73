"""A file is whole under its name, or there is nothing."""

import os
from pathlib import Path

import pytest

from node import durable
from node.errors import MutualAidError


def test_what_was_written_has_its_name_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "file"
    (tmp_path / "file.partial").write_text("of a try that was killed")
    with durable.whole_or_not(target) as partial:
        assert not partial.exists()
        assert not target.exists()
        partial.write_text("whole")
    assert target.read_text() == "whole"
    assert target.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_of_a_try_that_failed_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("before")

    def half() -> None:
        with durable.whole_or_not(tmp_path / "file") as partial:
            partial.write_text("half")
            raise LookupError

    with pytest.raises(LookupError):
        half()
    assert [path.read_text() for path in tmp_path.iterdir()] == ["before"]


@pytest.mark.parametrize("links", [True, False])
def test_a_new_file_never_takes_the_place_of_another(
    tmp_path: Path, links: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not links:

        def none(*_: object) -> None:
            raise PermissionError("no links on a memory stick")

        monkeypatch.setattr(os, "link", none)
    durable.write_new(tmp_path / "key", b"one")
    with pytest.raises(FileExistsError):
        durable.write_new(tmp_path / "key", b"two")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"one"]


def test_everything_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    for name in ("sync_file", "sync_folder"):
        monkeypatch.setattr(durable, name, lambda path, name=name: done.append(f"{name} {path.name}"))
    rename = Path.rename
    monkeypatch.setattr(Path, "rename", lambda self, target: (done.append("rename"), rename(self, target))[1])
    with durable.whole_or_not(tmp_path / "file") as partial:
        partial.write_text("x")
    assert done == ["sync_file file.partial", "rename", f"sync_folder {tmp_path.name}"]


def test_what_the_disk_says_is_told_in_words(tmp_path: Path) -> None:
    target = tmp_path / "no" / "folder"
    with (
        pytest.raises(MutualAidError) as told,
        durable.told("export_failed", "The file could not be written: %(reason)s.", target),
        durable.whole_or_not(target) as partial,
    ):
        partial.write_text("x")
    assert (told.value.code, told.value.values) == ("export_failed", {"reason": "No such file or directory"})
