"""What the merge rules need to know of what is held: read in one snapshot, a few statements for a whole
page."""

import json
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from federation.store.database import Tx
from federation.store.rows import Allowance, HeldHead, HeldLine, HeldOrigin, HeldPage, Key, SetHeld, Totals
from federation.store.schema import FALSE, SET_NAMES, SETS, SUMMARY
from federation.store.writing import IDS_AT_ONCE, few_lengths
from protocol.head import Entry
from protocol.statements import Head

_ORIGIN = "n, origin, keys_rev, keys_sha, epoch_floor, op_key, epoch, forked_epoch, forked_rev, blocked"
_HEAD = "cset, epoch, seq, sha, count, digest, asof, issued, next_by, keys_rev, state, repaired"


async def held(tx: Tx, keys: Collection[Key]) -> HeldPage:
    """The lines held under these keys, their origins, and the heads of those; no sets."""
    origins = await origins_of(tx, {origin for origin, _ in keys})
    slots: dict[str, list[bytes]] = {}
    for name, slot in keys:
        slots.setdefault(name, []).append(slot)
    lines: dict[Key, HeldLine] = {}
    heads: dict[tuple[str, str], HeldHead] = {}
    for name, wanted in slots.items():
        number = origins[name].number
        if not number:
            continue
        for part in few_lengths(wanted, IDS_AT_ONCE):
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
    for held_head in await heads_of(tx, [name for name in slots if origins[name].number]):
        heads[(held_head.origin, held_head.head.set)] = held_head
    return HeldPage(
        origins=origins, lines=lines, heads=heads, allowances=await allowances_of(tx, origins.keys())
    )


async def origins_of(tx: Tx, names: Collection[str]) -> dict[str, HeldOrigin]:
    """What is known of these origins, known or not."""
    origins = {name: HeldOrigin(origin=name) for name in sorted(names)}
    totals: dict[int, dict[str, Totals]] = {}
    for number, cset, *numbers in await tx.execute_fetchall(
        "SELECT t.* FROM totals t JOIN origins o ON o.n = t.origin "
        "WHERE o.origin IN (SELECT value FROM json_each(?))",
        (json.dumps(list(origins)),),
    ):
        totals.setdefault(number, {})[SET_NAMES[cset]] = Totals(*numbers)
    for row in await tx.execute_fetchall(
        f"SELECT {_ORIGIN} FROM origins WHERE origin IN (SELECT value FROM json_each(?))",
        (json.dumps(list(origins)),),
    ):
        origins[row[1]] = HeldOrigin(
            number=row[0],
            origin=row[1],
            keys_rev=row[2],
            keys_sha=row[3],
            epoch_floor=row[4],
            op_key=row[5],
            epoch=row[6],
            forked_epoch=row[7],
            forked_rev=row[8],
            blocked=bool(row[9]),
            totals=totals.get(row[0], {}),
        )
    return origins


async def allowances_of(tx: Tx, origins: Collection[str]) -> dict[tuple[str, str], Allowance]:
    """What these origins may still change, by (origin, set); nothing of a set that brought no summary yet."""
    rows = await tx.execute_fetchall(
        "SELECT o.origin, a.cset, a.day, a.room, a.whole_day FROM allowances a JOIN origins o ON o.n = a.origin "
        "WHERE o.origin IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(origins)),),
    )
    found = [Allowance(row[0], SET_NAMES[row[1]], row[2], row[3], row[4]) for row in rows]
    return {(each.origin, each.set): each for each in found}


async def heads_of(tx: Tx, origins: Collection[str] | None = None) -> list[HeldHead]:
    """The heads of these origins, or of all, with one statement."""
    where = ""
    values: tuple[str, ...] = ()
    if origins is not None:
        where, values = "WHERE o.origin IN (SELECT value FROM json_each(?))", (json.dumps(sorted(origins)),)
    rows = await tx.execute_fetchall(
        f"SELECT o.origin, {', '.join('h.' + name.strip() for name in _HEAD.split(','))} "
        f"FROM heads h JOIN origins o ON o.n = h.origin {where}",
        values,
    )
    return [_head(name, row) for name, *row in rows]


async def unjudged(tx: Tx) -> set[tuple[str, str]]:
    """Every (origin, set) that was not held against its head yet."""
    rows = await tx.execute_fetchall(
        "SELECT o.origin, h.cset FROM heads h JOIN origins o ON o.n = h.origin WHERE h.state = 'catching_up'"
    )
    return {(row[0], SET_NAMES[row[1]]) for row in rows}


async def incomplete(tx: Tx) -> set[tuple[str, str]]:
    """Every (origin, set) that lacks something."""
    rows = await tx.execute_fetchall(
        "SELECT o.origin, h.cset FROM heads h JOIN origins o ON o.n = h.origin WHERE h.state = 'incomplete'"
    )
    return {(row[0], SET_NAMES[row[1]]) for row in rows}


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
    return HeldHead(origin=origin, head=head, sha=sha, state=state, beyond_repair=repaired == sha)


async def sets_of(tx: Tx, wanted: Collection[tuple[str, str]]) -> list[SetHeld]:
    """Heads and registers of those of these (origin, set) of which a head is held."""
    found = await heads_of(tx, {origin for origin, _ in wanted}) if wanted else []
    return await entries(tx, [head for head in found if (head.origin, head.head.set) in wanted])


async def entries(tx: Tx, heads: Sequence[HeldHead]) -> list[SetHeld]:
    """The registers of the sets of these heads, hidden ones too."""
    found = await entries_of(tx, {(head.origin, head.head.set) for head in heads})
    return [SetHeld(head=head, entries=found[(head.origin, head.head.set)]) for head in heads]


async def entries_of(tx: Tx, wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], list[Entry]]:
    """The registers of these (origin, set), hidden ones too. A line that its origin never signed is none."""
    found: dict[tuple[str, str], list[Entry]] = {pair: [] for pair in sorted(wanted)}
    for name in sorted({name for _, name in wanted}):
        of = [origin for origin, each in found if each == name]
        numbers = await tx.execute_fetchall(
            "SELECT n, origin FROM origins WHERE origin IN (SELECT value FROM json_each(?))",
            (json.dumps(of),),
        )
        sets = {number: found[(origin, name)] for number, origin in numbers}
        for number, slot, seq, sha, expires in await tx.execute_fetchall(
            # By arrival, that is in the order of the file: in the order of the index of ids nearly every row
            # would be read from another page.
            "SELECT origin, slot, seq, sha, expires FROM lines WHERE arrival IN (SELECT arrival FROM lines "
            "WHERE origin IN (SELECT value FROM json_each(?))) "
            f"AND cset = ? AND kind >= {SUMMARY} AND sig_checked <> {FALSE}",
            (json.dumps(list(sets)), SETS[name]),
        ):
            sets[number].append(Entry(slot, seq, sha, date.fromordinal(expires)))
    return found
