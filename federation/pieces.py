"""The lines of a page before they are read: enough is found out of each to look up what is held."""

import hashlib
from collections.abc import Iterable
from typing import Any, NamedTuple

import orjson

from federation.store.rows import Key
from federation.store.schema import FAREWELL_SLOT, HEAD_SLOTS, KEYS_SLOT, PROFILE_SLOT
from protocol import b64
from protocol.bundle import BadLine
from protocol.limits import ID_BYTES, MAX_LINE_BYTES

_FRONT_SLOTS = {"keys": KEYS_SLOT, "profile": PROFILE_SLOT, "farewell": FAREWELL_SLOT}


PAGE_LINES = 500
"""Lines judged and written at once..."""
MOST_LINES = 5_000
"""...or so many, if they are one origin's: its quota of a set and some more."""


class Piece(NamedTuple):
    """One line of a page, not yet read. (A NamedTuple: one is made for every line, and it is cheaper.)"""

    number: int
    line: bytes
    sha: bytes
    """Of the line."""
    key: Key | None
    """What it claims to be: good for looking up what is held, and for a line that was read."""
    value: Any = None
    """The line's JSON if it has a ``key``, so that nobody reads it a second time."""
    fault: str = ""
    """Set where the bundle itself was broken here."""


class Cutter:
    """Cuts numbered lines into pages; finds out what each line claims to be, cheaply, as it goes.

    A page is longer than usual rather than that it parts lines of one origin: what is whole under its head costs one
    signature (``federation.wholes``). A long file is never in memory as objects all at once.
    """

    def __init__(self, lines: Iterable[bytes | BadLine], first: int = 1) -> None:
        self._rest = enumerate(lines, first)
        self._ahead: list[Piece] = []

    def next(self) -> list[Piece]:
        """The next page; empty when there is none."""
        page, self._ahead = self._ahead, []
        for number, line in self._rest:
            piece = _broken(number, line) if isinstance(line, BadLine) else _peek(number, line)
            if len(page) >= PAGE_LINES and (len(page) >= MOST_LINES or not _together(page[-1], piece)):
                self._ahead = [piece]
                break
            page.append(piece)
        return page


def _together(one: Piece, other: Piece) -> bool:
    return one.key is not None and other.key is not None and one.key[0] == other.key[0]


def _broken(number: int, line: BadLine) -> Piece:
    return Piece(number, line.raw, sha_of(line.raw), None, fault=line.reason)


def sha_of(line: bytes) -> bytes:
    """SHA-256, 32 bytes."""
    return hashlib.sha256(line).digest()


def _peek(number: int, line: bytes) -> Piece:
    sha = hashlib.sha256(line).digest()
    if len(line) > MAX_LINE_BYTES:
        return Piece(number, line, sha, None)
    try:
        value = orjson.loads(line)
        body = value["b"]
        origin, kind = body["origin"], body["type"]
        if type(origin) is not str:
            return Piece(number, line, sha, None)
        if kind in _FRONT_SLOTS:
            slot = _FRONT_SLOTS[kind]
        elif kind == "head":
            slot = HEAD_SLOTS[body["set"]]
        else:
            slot = b64.decode(body["id"], ID_BYTES)
        return Piece(number, line, sha, (origin, slot), value)
    except Exception:  # whatever it is, the real reader will say what is wrong with it
        return Piece(number, line, sha, None)
