"""A file that only takes up room, given back when the disk is full: at zero free bytes even a DELETE
fails."""

import os
from contextlib import suppress
from pathlib import Path

DEFAULT_BYTES = 16 * 1024 * 1024


class Ballast:
    """Room kept aside in the data folder."""

    def __init__(self, path: Path, size: int = DEFAULT_BYTES) -> None:
        self._path = path
        self._size = size

    def is_held(self) -> bool:
        """Whether the room is set aside now."""
        try:
            return self._path.stat().st_blocks * 512 >= self._size
        except FileNotFoundError:
            return False

    def ensure(self) -> bool:
        """Sets the room aside if it is not, in real blocks, not a hole. False when there is too little room
        for it."""
        if self.is_held():
            return True
        # Twice the size must be free: taking the last room to guard against a full disk would fill it.
        room = os.statvfs(self._path.parent)
        if room.f_bavail * room.f_frsize < 2 * self._size:
            return False
        try:
            handle = os.open(self._path, os.O_CREAT | os.O_WRONLY, 0o600)
            try:
                os.posix_fallocate(handle, 0, self._size)
            finally:
                os.close(handle)
        except OSError:
            self.release()
            return False
        return True

    def release(self) -> bool:
        """Gives the room back; True if there was any."""
        held = self._path.exists()
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
        return held
