"""Sets that are there whole: what a signed head counts, to the last byte, needs no other signature.

A head's digest covers the hash of every line, signature included. If what is held and what came together are exactly
what it counts, the origin itself answers for each of these lines; to whoever carried them nothing is left to alter.
Such lines are kept as UNCHECKED, and verified before they leave their set (``federation.checks``).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from federation.pieces import Piece
from federation.store.rows import HeldHead, HeldPage, Key
from federation.store.schema import SETS
from protocol import head
from protocol.codec import Signed
from protocol.head import Entry
from protocol.register import OriginState

Pair = tuple[str, str]
"""(origin, set)."""

FEW = 2
"""Fewer new lines than this are sooner verified than a set is read."""
HELD_FOR_EACH = 16
"""A set is read for this only if at most so many registers of its origin are held for each new line: a signature
costs as much as reading some thirty rows, and a few changes of a large set must cost what a few changes cost."""


class Whole(NamedTuple):
    """A set that is whole with one page."""

    head: HeldHead
    entries: Mapping[bytes, Entry]
    """By id: every register that the head counts."""


def worth_reading(pieces: Iterable[Piece], held: HeldPage) -> set[Pair]:
    """Sets of which so much is new in a page that their registers are worth reading."""
    new: Counter[Pair] = Counter()
    for piece in pieces:
        if piece.key is None or type(piece.value["b"].get("id")) is not str:
            continue
        before = held.lines.get(piece.key)
        if before is None or before.sha != piece.sha:
            name = piece.value["b"].get("set")
            if type(name) is str and name in SETS:
                new[(piece.key[0], name)] += 1
    found = set()
    for (origin, name), count in new.items():
        known = held.origins[origin]
        if count >= FEW and known.registers <= count * HELD_FOR_EACH:
            found.add((origin, name))
    return found


def whole_sets(
    registers: Iterable[tuple[Key, Signed]],
    held: Mapping[Pair, Sequence[Entry]],
    heads: Mapping[Pair, HeldHead],
    states: Mapping[str, OriginState | None],
) -> list[Whole]:
    """The sets that are whole with these registers, which were read and not verified.

    ``held``: what is held of the sets that may be looked at. ``heads`` are verified and of their origin's present
    epoch. Lines above a head are no matter of it; of an origin that contradicted itself, nothing is whole.
    """
    came: dict[Pair, list[Entry]] = {}
    for (origin, slot), signed in registers:
        statement = signed.statement
        pair = (origin, statement.set)  # type: ignore[union-attr]  # only registers are asked about
        over, state = heads.get(pair), states[origin]
        if over is None or state is None or state.forked or pair not in held:
            continue
        if over.head.epoch == state.epoch == statement.epoch and statement.seq < over.head.seq:  # type: ignore[union-attr]
            came.setdefault(pair, []).append(
                Entry(slot, statement.seq, signed.sha, statement.expires)  # type: ignore[union-attr]
            )
    found = []
    for pair, new in came.items():
        over = heads[pair]
        entries = {entry.id: entry for entry in held[pair] if entry.expires > over.head.asof}
        for entry in new:
            before = entries.get(entry.id)
            if (before is None or entry.seq > before.seq) and entry.expires > over.head.asof:
                entries[entry.id] = entry
        if len(entries) != over.head.count:
            continue
        if head.digest(entries.values(), over.head.asof) == (over.head.count, over.head.digest):
            found.append(Whole(over, entries))
    return found
