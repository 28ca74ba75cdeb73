"""The bundle as a file, carried by hand: what one peer may get and no more, and what came of one that was brought.

A file has no round: nobody can be asked for what it lacks. So it says itself with which origins its writer was
behind, and whoever reads it in is told what is missing, and whose fault that is not.
"""

import asyncio
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain, islice

import orjson

from federation.checks import Checks
from federation.errors import PeerError
from federation.ingest import Ingest, IngestReport
from federation.store import NeighbourhoodStore
from protocol import bundle, head
from protocol.bundle import BadLine

_AGREES = ("complete", "pending")
MOST_UNREADABLE = 1_000
"""So many more lines that cannot be read than lines that can: then the rest of a file is left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One (origin, set) of a file that is not held whole after it was taken in."""

    origin: str
    set: str
    why: str
    """``writer_behind``: whoever wrote the file lacked it too. ``left_out``: the file tells this very head and
    lacks lines of it. ``not_yet``: what we hold is of another time than the head that we hold. ``no_list``: the
    file brings lines of the origin and no head that counts them (``set`` is empty), as one that was cut off does."""
    held: int
    """Lines that count under the head, as far as held."""
    counted: int
    """Lines that the head counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What became of a file."""

    report: IngestReport
    missing: tuple[Missing, ...]
    stopped: bool = False
    """Too many lines could not be read, so the rest was left alone."""


class Carrying:
    """Packs files for peers and takes them in."""

    def __init__(self, store: NeighbourhoodStore, ingest: Ingest) -> None:
        self._store = store
        self._ingest = ingest
        self._checks = Checks(store)

    async def pack(self, sets: Collection[str], *, to: str | None = None) -> bytes:
        """Set ``public`` of every origin allowed here; with ``to`` (a peer's origin) what that peer may get: set
        ``peers`` of ourselves and, back to its author, its own.

        Raises PeerError ``not_active`` for a peer that may get nothing now, and for set ``peers`` without a peer.
        """
        allow = await self._ingest.follow_policy()
        if to is not None and to not in allow.active:
            raise PeerError("not_active", "This group is paused, blocked or not on our list.")
        if "peers" in sets and to is None:
            raise PeerError("not_active", "What only chosen groups may see is written for one of them.")
        public, peers = allow.sets_for(to) if to is not None else (allow.told_of, frozenset[str]())
        wanted = [(origin, "public") for origin in sorted(public) if "public" in sets]
        wanted += [(origin, "peers") for origin in sorted(peers) if "peers" in sets]
        await self._checks.of_parts(wanted)
        lines: list[bytes] = []
        for name in ("public", "peers"):
            origins = [origin for origin, of in wanted if of == name]
            lines += await self._store.lines_of(origins, [name]) if origins else []
        held = await self._store.sets_held(wanted)
        behind = {one.head.origin for one in held if one.head.state not in _AGREES}
        # Of whom we know the keys and no head yet, we lack what a head would count.
        known = await asyncio.to_thread(_Reading, bundle.write(lines), whole=True)
        behind |= known.named - known.ended - {one.head.origin for one in held}
        ordered = sorted(dict.fromkeys(lines), key=_rank)
        return bundle.write([bundle.about_file(behind), *ordered] if behind else ordered)

    async def take(self, data: bytes) -> Brought:
        """Takes a file in; a second time changes nothing."""
        read = await asyncio.to_thread(_Reading, data)
        # Cut into lines by ingest's own threads, page by page: a file may hold millions of them.
        report = await self._ingest.lines(
            read.lines(), via=None, end_of_round=True, behind=read.behind, first=read.first
        )
        missing = [*await self._missing(read), *await self._no_list(read)]
        return Brought(report=report, missing=tuple(missing), stopped=read.stopped)

    async def _no_list(self, read: "_Reading") -> list[Missing]:
        allow = await self._ingest.follow_policy()
        listed = {origin for origin, _ in read.heads}
        unlisted = (read.named - listed) | {origin for origin, _ in read.told - read.heads}
        return [
            Missing(origin=origin, set="", why="no_list", held=0, counted=0)
            for origin in sorted(unlisted - read.ended - read.behind - {allow.own})
            if allow.refusal(origin) is None
        ]

    async def _missing(self, read: "_Reading") -> list[Missing]:
        found = []
        for one in sorted(
            await self._store.sets_held(read.told), key=lambda one: (one.head.origin, one.head.head.set)
        ):
            if one.head.state in _AGREES:
                continue
            held, _ = head.digest(one.entries, one.head.head.asof)
            if one.head.origin in read.behind:
                why = "writer_behind"
            else:
                why = "left_out" if one.head.state == "incomplete" else "not_yet"
            found.append(
                Missing(
                    origin=one.head.origin,
                    set=one.head.head.set,
                    why=why,
                    held=held,
                    counted=one.head.head.count,
                )
            )
        return found


def _rank(line: bytes) -> int:
    """Keys, profiles, heads, then everything else; of our own store, so every line is readable."""
    kind = orjson.loads(line)["b"]["type"]
    return {"keys": 0, "profile": 1, "head": 2}.get(kind, 3)


class _Reading:
    """A file's lines in order, and what they claim to be; nothing of it is believed. Slow: for a thread."""

    def __init__(self, data: bytes, *, whole: bool = False) -> None:
        self._rest = bundle.iter_lines(data)
        self._front: list[bytes | BadLine] = list(islice(self._rest, 1))
        first = self._front[0] if self._front else b""
        behind = bundle.behind_of(first) if isinstance(first, bytes) else None
        if behind is not None:
            self._front.clear()
        self.behind = behind or frozenset[str]()
        self.first = 1 if behind is None else 2
        """The number of the first line that is no page line."""
        self.named: set[str] = set()
        """Origins of which anything is here."""
        self.told: set[tuple[str, str]] = set()
        """(origin, set) of each line that has one."""
        self.heads: set[tuple[str, str]] = set()
        self.ended: set[str] = set()
        """Origins that say farewell."""
        self.stopped = False
        if whole:
            for _ in self.lines():
                pass

    def lines(self) -> Iterator[bytes | BadLine]:
        """Each once, until too many cannot be read: then ``stopped`` is true."""
        room = MOST_UNREADABLE
        for line in chain(self._front, self._rest):
            room += 1 if isinstance(line, bytes) and self._note(line) else -1
            yield line
            if room <= 0:
                self.stopped = next(self._rest, None) is not None
                return

    def _note(self, line: bytes) -> bool:
        """Whether it can be read at all."""
        try:
            body = orjson.loads(line)["b"]
            origin, kind, name = body["origin"], body["type"], body.get("set")
        except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError):
            return False
        if type(origin) is not str or type(kind) is not str:
            return False
        self.named.add(origin)
        if name in ("public", "peers"):
            self.told.add((origin, name))
            if kind == "head":
                self.heads.add((origin, name))
        elif kind == "farewell":
            self.ended.add(origin)
        return True
