"""The operator's map of streets: one file, looked at anew whenever it is another, read where no page waits for it."""

import asyncio
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from node.domain.settings.base_map import BaseMap, MapFault, Unusable
from node.logs import logger
from node.services.settings.map_archive import Archive, Read

log = logger("base_map")
Answer = TypeVar("Answer")


class BaseMaps:
    """``path`` need not exist; a file may come, be replaced and go while the node runs. Nothing here ever fails: a file
    that cannot be used is said once in the log, and then there is no map."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp = ""
        """Of the file that was looked at; empty: there was none."""
        self._archive: Archive | None = None
        self._fault: MapFault | None = None
        self._told = ""
        """Of which file a fault of a single tile was said."""
        self._turn = asyncio.Lock()

    async def look(self) -> BaseMap | None:
        """What can be shown now, or None."""
        return await self._in_turn(lambda archive, _: archive.about)

    async def fault(self) -> MapFault | None:
        """Why a file that is there is not shown; None where there is none, or it is."""
        await self.look()
        return self._fault

    async def tile(self, z: int, x: int, y: int) -> tuple[BaseMap, bytes | None] | None:
        """A picture and what it is of: None in its place where the map has none there, None where there is no map.
        ``z``, ``x``, ``y`` as in addresses of tiles, of any size."""
        return await self._in_turn(
            lambda archive, read: (archive.about, self._picture(archive, read, z, x, y))
        )

    def _picture(self, archive: Archive, read: Read, z: int, x: int, y: int) -> bytes | None:
        try:
            return archive.tile(read, z, x, y)
        except Unusable as error:
            if self._told != self._stamp:
                self._told = self._stamp
                log.warning("base_map_lacks_tiles", fault=str(error.fault), why=error.hint)
            return None

    async def _in_turn(self, ask: Callable[[Archive, Read], Answer]) -> Answer | None:
        # One at a time: a crowd that looks at the map takes one thread of those that others wait for.
        async with self._turn:
            return await asyncio.to_thread(self._asked, ask)

    def _asked(self, ask: Callable[[Archive, Read], Answer]) -> Answer | None:
        """Opened for every question: what is read is of the file that was looked at, whatever happens to its name."""
        try:
            # A pipe of that name would make us wait for whoever writes to it.
            handle = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except (FileNotFoundError, NotADirectoryError):
            self._note("")
            return None
        except OSError as error:
            self._note(f"errno {error.errno}", fault=MapFault.UNREADABLE, why=type(error).__name__)
            return None
        try:
            return self._opened(handle, ask)
        except OSError as error:
            self._note(f"errno {error.errno}", fault=MapFault.UNREADABLE, why=type(error).__name__)
            return None
        finally:
            os.close(handle)

    def _opened(self, handle: int, ask: Callable[[Archive, Read], Answer]) -> Answer | None:
        found = os.fstat(handle)

        def read(offset: int, length: int) -> bytes:
            # Not mapped into memory: a file that is cut short underneath would end the whole process.
            data = os.pread(handle, length, offset)
            if len(data) < length:
                raise Unusable(MapFault.CUT_OFF, "while it was read")
            return data

        stamp = f"{found.st_dev}-{found.st_ino}-{found.st_size}-{found.st_mtime_ns}"
        if stamp != self._stamp:
            try:
                if not stat.S_ISREG(found.st_mode):
                    raise Unusable(MapFault.UNREADABLE, "no file")
                archive = Archive(read, found.st_size, stamp)
            except Unusable as error:
                self._note(stamp, fault=error.fault, why=error.hint)
                return None
            self._note(stamp, archive)
        return ask(self._archive, read) if self._archive is not None else None

    def _note(
        self, stamp: str, archive: Archive | None = None, *, fault: MapFault | None = None, why: str = ""
    ) -> None:
        """What was found, said once for every file."""
        if stamp != self._stamp and fault is not None:
            log.warning("base_map_unusable", file=self._path.name, fault=str(fault), why=why)
        elif stamp != self._stamp and archive is not None:
            log.info(
                "base_map", file=self._path.name, zooms=f"{archive.about.min_zoom}-{archive.about.max_zoom}"
            )
        self._stamp, self._archive, self._fault = stamp, archive, fault
