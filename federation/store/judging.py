"""What the merge rules need to know of what is held: read in one snapshot, a few statements for a whole
page."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from federation.store.database import Tx
from federation.store.rows import HeldHead, HeldLine, HeldOrigin, HeldPage, Key, SetHeld
from federation.store.schema import SET_NAMES, SETS, SUMMARY
from federation.store.writing import IDS_AT_ONCE, chunks
from protocol.head import Entry
from protocol.statements import Head

_ORIGIN = (
    "n, origin, keys_rev, keys_sha, epoch_floor, op_key, epoch, forked, blocked, live, withdrawn, hidden"
)
_HEAD = "cset, epoch, seq, sha, count, digest, asof, issued, next_by, keys_rev, state, repaired"


async def held(tx: Tx, keys: Collection[Key]) -> HeldPage:
    """The lines held under these keys, their origins, and the heads of those."""
    names = sorted({origin for origin, _ in keys})
    origins = {name: HeldOrigin(origin=name) for name in names}
    for some in chunks(names, IDS_AT_ONCE):
        marks = ",".join("?" * len(some))
        for row in await tx.execute_fetchall(
            f"SELECT {_ORIGIN} FROM origins WHERE origin IN ({marks})", some
        ):
            origins[row[1]] = HeldOrigin(
                number=row[0],
                origin=row[1],
                keys_rev=row[2],
                keys_sha=row[3],
                epoch_floor=row[4],
                op_key=row[5],
                epoch=row[6],
                forked=bool(row[7]),
                blocked=bool(row[8]),
                live=row[9],
                withdrawn=row[10],
                hidden=row[11],
            )
    slots: dict[str, list[bytes]] = {}
    for name, slot in keys:
        slots.setdefault(name, []).append(slot)
    lines: dict[Key, HeldLine] = {}
    heads: dict[tuple[str, str], HeldHead] = {}
    for name, wanted in slots.items():
        number = origins[name].number
        if not number:
            continue
        for part in chunks(wanted, IDS_AT_ONCE):
            marks = ",".join("?" * len(part))
            for row in await tx.execute_fetchall(
                "SELECT slot, kind, cset, epoch, seq, sha, hidden FROM lines "
                f"WHERE origin = ? AND slot IN ({marks})",
                (number, *part),
            ):
                lines[(name, row[0])] = HeldLine(
                    kind=row[1],
                    set=SET_NAMES.get(row[2], ""),
                    epoch=row[3],
                    seq=row[4],
                    sha=row[5],
                    hidden=row[6],
                )
        for held_head in await heads_of(tx, name):
            heads[(name, held_head.head.set)] = held_head
    return HeldPage(origins=origins, lines=lines, heads=heads)


async def heads_of(tx: Tx, origin: str | None = None) -> list[HeldHead]:
    """The heads of one origin, or of all."""
    where, values = ("WHERE o.origin = ?", (origin,)) if origin else ("", ())
    rows = await tx.execute_fetchall(
        f"SELECT o.origin, {', '.join('h.' + name.strip() for name in _HEAD.split(','))} "
        f"FROM heads h JOIN origins o ON o.n = h.origin {where}",
        values,
    )
    return [_head(name, row) for name, *row in rows]


def _head(origin: str, row: Sequence[Any]) -> HeldHead:
    cset, epoch, seq, sha, count, digest, asof, issued, next_by, keys_rev, state, repaired = row
    head = Head(
        origin=origin,
        epoch=epoch,
        seq=seq,
        set=SET_NAMES[cset],
        count=count,
        digest=digest,
        asof=date.fromordinal(asof),
        issued=issued,
        next_by=next_by,
        keys_rev=keys_rev,
    )
    return HeldHead(origin=origin, head=head, sha=sha, state=state, repaired=repaired == sha)


async def entries(tx: Tx, heads: Iterable[HeldHead]) -> list[SetHeld]:
    """The registers of the sets of these heads, hidden ones too."""
    found = []
    for head in heads:
        rows = await tx.execute_fetchall(
            # By arrival, that is in the order of the file: in the order of the index of ids nearly every row
            # would be read from another page.
            "SELECT slot, seq, sha, expires FROM lines WHERE arrival IN (SELECT arrival FROM lines "
            "WHERE origin = (SELECT n FROM origins WHERE origin = ?)) "
            f"AND cset = ? AND kind >= {SUMMARY}",
            (head.origin, SETS[head.head.set]),
        )
        found.append(
            SetHeld(
                head=head,
                entries=[
                    Entry(slot, seq, sha, date.fromordinal(expires)) for slot, seq, sha, expires in rows
                ],
            )
        )
    return found
