"""One process per data folder, by ``flock``: two would publish over each other."""

import fcntl
import os
from pathlib import Path
from types import TracebackType

from node.errors import Misconfigured


class FolderLock:
    """Holds ``DIR/lock`` while the context lasts. The kernel lets go of it when the process dies."""

    def __init__(self, data: Path) -> None:
        self._path = data / "lock"
        self._descriptor: int | None = None

    def __enter__(self) -> "FolderLock":
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._descriptor)
            raise Misconfigured(
                "in_use",
                "Another process is using the data folder %(folder)s. Stop it first, or use its own pages.",
                folder=self._path.parent,
            ) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
