"""The bundle: signed lines, each ended by a newline. One format for a pull, a push and a file on a USB
stick.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import orjson

from protocol.codec import Signed
from protocol.errors import LocalProtocolError
from protocol.limits import MAX_LINE_BYTES

_RANK = {"keys": 0, "profile": 1, "head": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """A piece of a bundle that is no line; the pieces around it are read all the same."""

    raw: bytes
    """Its bytes, at most as many as a line may have."""
    reason: str
    """``too_long`` or ``empty_line``."""
    number: int
    """Counted from 1; every line counts, bad or good."""


def arrange(lines: Iterable[Signed]) -> list[Signed]:
    """The order of a bundle: keys, profiles, heads, then everything else; the given order is kept within
    each.
    """
    return sorted(lines, key=lambda signed: _RANK.get(signed.statement.type, 3))


def write(lines: Iterable[bytes]) -> bytes:
    """A bundle of ``lines`` in the given order (see :func:`arrange`)."""
    pieces: list[bytes] = []
    for line in lines:
        if not line or b"\n" in line or len(line) > MAX_LINE_BYTES:
            raise LocalProtocolError("not_canonical", "a line is 1 to 4096 bytes without a newline")
        pieces += (line, b"\n")
    return b"".join(pieces)


def about_file(behind: Iterable[str]) -> bytes:
    """The first line of a file whose writer lacks something itself: a pull's page line without a cursor.

    It is no statement and nobody signs it; all it can do is spare others the blame for what is missing.
    """
    return orjson.dumps({"behind": sorted(behind), "more": False, "type": "page", "v": 1})


def behind_of(first: bytes) -> frozenset[str] | None:
    """The origins that a page line names as incomplete at its sender; None if ``first`` is no page line."""
    try:
        about = orjson.loads(first)
        if type(about) is not dict or about.get("type") != "page":
            return None
        behind = about.get("behind", ())
        return frozenset(each for each in behind if type(each) is str)
    except (orjson.JSONDecodeError, TypeError):
        return None


class Splitter:
    """Cuts a stream of chunks into lines, holding at most one line in memory whatever arrives."""

    def __init__(self, max_line: int = MAX_LINE_BYTES) -> None:
        self._max = max_line
        self._rest = bytearray()
        self._skipping = False
        self._number = 0

    def feed(self, chunk: bytes) -> Iterator[bytes | BadLine]:
        """The lines that ``chunk`` completes, in order."""
        begin = 0
        while (end := chunk.find(b"\n", begin)) >= 0:
            if 0 < end - begin <= self._max and not self._rest and not self._skipping:
                self._number += 1
                yield chunk[begin:end]  # a whole good line, as nearly all are: nothing to put together
            else:
                self._keep(chunk[begin:end])
                yield self._take()
            begin = end + 1
        self._keep(chunk[begin:])

    def finish(self) -> Iterator[bytes | BadLine]:
        """The last line, if the stream did not end with a newline."""
        if self._rest:
            yield self._take()

    def _keep(self, piece: bytes) -> None:
        room = self._max - len(self._rest)
        self._skipping = self._skipping or len(piece) > room
        self._rest += piece[:room]

    def _take(self) -> bytes | BadLine:
        line, too_long = bytes(self._rest), self._skipping
        self._rest.clear()
        self._skipping = False
        self._number += 1
        if too_long:
            return BadLine(raw=line, reason="too_long", number=self._number)
        if not line:
            return BadLine(raw=line, reason="empty_line", number=self._number)
        return line


def iter_lines(data: bytes, max_line: int = MAX_LINE_BYTES) -> Iterator[bytes | BadLine]:
    """The lines of a whole bundle. A missing last newline is no fault; a cut last line fails when it is
    read.
    """
    splitter = Splitter(max_line)
    yield from splitter.feed(data)
    yield from splitter.finish()
