"""What a push is decided by: what is held of one origin, and its lines from a place on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from federation.store.database import Tx
from federation.store.schema import FAREWELL, HEAD, SET_NAMES, SETS


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldSet:
    """How much is held of one set."""

    epoch: int
    seq: int
    """Of the head if the set is complete under it, else the highest of its registers; 0 if there are none."""
    state: str
    """catching_up (also without any head), pending, complete or incomplete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCopy:
    """How much is held of one origin."""

    keys_rev: int = 0
    profile: tuple[int, int] = (0, 0)
    """(epoch, seq) of its profile line."""
    sets: Mapping[str, HeldSet] = field(default_factory=dict)
    """Every set of which a head or a register is held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """An origin's own lines without its registers: what goes before and after them."""

    held: HeldCopy
    about: tuple[bytes, ...]
    """Lines that belong to no set: keys, profile, and what else there is, in the order of their kinds."""
    heads: Mapping[str, bytes]
    farewell: bool = False
    """Whether one is among ``about``: then no set is held any more."""


async def held_of(tx: Tx, origin: str) -> HeldCopy:
    """What is held of this origin at its present epoch."""
    rows = list(
        await tx.execute_fetchall(
            "SELECT o.n, o.keys_rev, o.epoch, coalesce(p.epoch, 0), coalesce(p.seq, 0) FROM origins o "
            "LEFT JOIN lines p ON p.origin = o.n AND p.slot = ? WHERE o.origin = ?",
            (b"profile", origin),
        )
    )
    if not rows:
        return HeldCopy()
    number, keys_rev, epoch, *profile = rows[0]
    heads = {
        row[0]: (row[1], row[2])
        for row in await tx.execute_fetchall(
            "SELECT cset, seq, state FROM heads WHERE origin = ? AND epoch = ?", (number, epoch)
        )
    }
    newest: dict[int, int] = {
        row[0]: row[1]
        for row in await tx.execute_fetchall(
            f"SELECT cset, max(seq) FROM lines WHERE origin = ? AND epoch = ? AND cset > 0 AND kind <> {HEAD} "
            "GROUP BY 1",
            (number, epoch),
        )
    }
    sets = {}
    for cset in sorted(heads.keys() | newest.keys()):
        seq, state = heads.get(cset, (0, "catching_up"))
        sets[SET_NAMES[cset]] = HeldSet(
            epoch=epoch, seq=seq if state == "complete" else newest.get(cset, 0), state=state
        )
    return HeldCopy(keys_rev=keys_rev, profile=(profile[0], profile[1]), sets=sets)


async def stock_of(tx: Tx, origin: str) -> Stock:
    """The lines of this origin that are no registers, and what is held of it."""
    about: list[bytes] = []
    heads: dict[str, bytes] = {}
    farewell = False
    for kind, cset, line in await tx.execute_fetchall(
        "SELECT l.kind, l.cset, l.line FROM lines l JOIN origins o ON o.n = l.origin "
        f"WHERE o.origin = ? AND (l.cset = 0 OR l.kind = {HEAD}) ORDER BY l.kind, l.cset",
        (origin,),
    ):
        if kind == HEAD:
            heads[SET_NAMES[cset]] = line
        else:
            about.append(line)
            farewell |= kind == FAREWELL
    return Stock(held=await held_of(tx, origin), about=tuple(about), heads=heads, farewell=farewell)


async def registers_after(
    tx: Tx, origin: str, kind_set: str, after: int, *, limit: int
) -> list[tuple[int, bytes]]:
    """(seq, line) of at most ``limit`` registers of this set above ``after``, lowest seq first."""
    rows = await tx.execute_fetchall(
        "SELECT l.seq, l.line FROM lines l JOIN origins o ON o.n = l.origin AND l.epoch = o.epoch "
        f"WHERE o.origin = ? AND l.cset = ? AND l.kind <> {HEAD} AND l.seq > ? ORDER BY l.seq LIMIT ?",
        (origin, SETS[kind_set], after, limit),
    )
    return [(row[0], row[1]) for row in rows]
