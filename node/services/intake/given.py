"""What a neighbouring group is given of ours: the very lines, as they would go out at its next question.

Read from ``group.db``, where they were signed; what peers pull is the same bytes out of the neighbourhood store.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from node.domain.actors import Actor
from node.domain.permissions import Permission, may, require
from node.domain.sharing.publication import SETS
from node.store import own_lines, published
from node.store.db import Database
from protocol import codec
from protocol.statements import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenLine:
    """One signed line, and what it says."""

    line: bytes
    statement: Statement


class Given:
    """Shows what goes out. Works while the records are closed: nothing personal was ever in it."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def lines(self, actor: Actor, gives: str = "both") -> Sequence[GivenLine]:
        """Our own lines for somebody who gets ``both`` of our sets, only ``public``, or ``nothing``: keys, profile,
        heads, then the rest, newest first.

        None before set-up. Whoever may read the board, or decides on neighbouring groups, may see them.
        """
        if not may(actor, Permission.READ_BOARD):
            require(actor, Permission.PEERS)
        if gives == "nothing":
            return ()
        sets = SETS if gives == "both" else ("public",)
        async with self._db.read() as tx:
            named = {row.name: row.line for row in await own_lines.all_of(tx)}
            rows = [row for row in await published.all_of(tx) if row.set_name in sets]
        order = ("keys", "profile", *(f"head:{name}" for name in SETS if name in sets))
        found = [named[name] for name in order if name in named]
        found += [row.line for row in sorted(rows, key=lambda row: (row.epoch, row.seq), reverse=True)]
        return [GivenLine(line=line, statement=codec.read_line(line).statement) for line in found]
