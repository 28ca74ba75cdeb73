"""Files that are whole or not there: written beside their place, settled on the disk, only then given their name."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from node.errors import MutualAidError


@contextmanager
def whole_or_not(target: Path, *, never_replace: bool = False) -> Iterator[Path]:
    """Gives the path to write to, where nothing is. When the block ends, what stands there lies under ``target``, on
    the disk and for its owner alone; when it raises, nothing is left of it, nor of an earlier try that was killed.

    ``never_replace``: raises ``FileExistsError`` rather than take the place of another file, even of one that came
    meanwhile (as far as the disk knows links: a memory stick may not). Raises ``OSError``.
    """
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    try:
        yield partial
        os.chmod(partial, 0o600)
        sync_file(partial)
        if never_replace:
            _take_name(partial, target)
        else:
            partial.rename(target)
        sync_folder(target.parent)
    finally:
        partial.unlink(missing_ok=True)


def write_new(target: Path, content: bytes) -> None:
    """The same for bytes at hand, and a file that must not be there yet: ``FileExistsError``."""
    with whole_or_not(target, never_replace=True) as partial:
        handle = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with open(handle, "wb") as file:
            file.write(content)


@contextmanager
def told(code: str, message: str, target: Path) -> Iterator[None]:
    """Turns an ``OSError`` into a ``MutualAidError`` of that code; ``message`` is a msgid with ``%(reason)s``."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise MutualAidError(code, message, reason=reason, hint=str(target)) from error


def _take_name(partial: Path, target: Path) -> None:
    try:
        os.link(partial, target)
    except FileExistsError:
        raise
    except OSError:  # no links on this disk
        if target.exists():
            raise FileExistsError(target) from None
        partial.rename(target)


def sync_file(path: Path) -> None:
    """What was written to it is on the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """What was made, renamed or removed in it is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
