"""The bundle as a file, carried by hand: what one peer may get and no more, and what came of one that was brought.

A file has no round: nobody can be asked for what it lacks. So it says itself with which origins its writer was
behind, and whoever reads it in is told what is missing, and whose fault that is not.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice

import orjson

from federation.checks import Checks
from federation.errors import PeerError
from federation.ingest import Ingest, IngestReport
from federation.store import NeighbourhoodStore
from protocol import bundle, head
from protocol.bundle import BadLine

_AGREES = ("complete", "pending")


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One (origin, set) of a file that is not held whole after it was taken in."""

    origin: str
    set: str
    why: str
    """``writer_behind``: whoever wrote the file lacked it too. ``left_out``: the file tells this very head and
    lacks lines of it. ``not_yet``: what we hold is of another time than the head that we hold."""
    held: int
    """Lines that count under the head, as far as held."""
    counted: int
    """Lines that the head counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What became of a file."""

    report: IngestReport
    missing: tuple[Missing, ...]


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
        public, peers = allow.sets_for(to) if to is not None else (allow.served, frozenset[str]())
        wanted = [(origin, "public") for origin in sorted(public) if "public" in sets]
        wanted += [(origin, "peers") for origin in sorted(peers) if "peers" in sets]
        await self._checks.of_parts(wanted)
        lines: list[bytes] = []
        for name in ("public", "peers"):
            origins = [origin for origin, of in wanted if of == name]
            lines += await self._store.lines_of(origins, [name]) if origins else []
        behind = {
            one.head.origin for one in await self._store.sets_held(wanted) if one.head.state not in _AGREES
        }
        ordered = sorted(dict.fromkeys(lines), key=_rank)
        return bundle.write([bundle.about_file(behind), *ordered] if behind else ordered)

    async def take(self, data: bytes) -> Brought:
        """Takes a file in; a second time changes nothing."""
        lines = bundle.iter_lines(data)
        first = list(islice(lines, 1))
        behind = bundle.behind_of(first[0]) if first and isinstance(first[0], bytes) else None
        whole: list[bytes | BadLine] = [*(first if behind is None else ()), *lines]
        report = await self._ingest.lines(whole, via=None, end_of_round=True, behind=behind or ())
        return Brought(report=report, missing=tuple(await self._missing(whole, behind or frozenset())))

    async def _missing(self, lines: Sequence[bytes | BadLine], behind: frozenset[str]) -> list[Missing]:
        told = {pair for line in lines if isinstance(line, bytes) and (pair := _set_of(line)) is not None}
        found = []
        for one in sorted(
            await self._store.sets_held(told), key=lambda one: (one.head.origin, one.head.head.set)
        ):
            if one.head.state in _AGREES:
                continue
            held, _ = head.digest(one.entries, one.head.head.asof)
            if one.head.origin in behind:
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


def _set_of(line: bytes) -> tuple[str, str] | None:
    """The (origin, set) that a line speaks of, if it speaks of one; nothing of it is believed."""
    try:
        body = orjson.loads(line)["b"]
        origin, name = body["origin"], body["set"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
    return (origin, name) if type(origin) is str and name in ("public", "peers") else None
