"""What groups say of groups: vouches, advice, farewells; and whom of those vouched for we let in, and when."""

import json
from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

import orjson

from federation.store import counting
from federation.store.database import Tx
from federation.store.schema import ADVICE, FAREWELL, KEYS, VOUCH
from protocol.trust import Advice, Farewell, Vouch


class Admission(NamedTuple):
    """Since when a hub's vouch for an origin counts."""

    voucher: str
    subject: str
    day: int
    """``date.toordinal()``."""


async def vouches(tx: Tx, hubs: Collection[str], *, today: date) -> list[Vouch]:
    """Every vouch of these origins that counts today; oldest first, so that who was first stays first."""
    return [Vouch.from_body(body) for body in await _bodies(tx, VOUCH, today, hubs)]


async def advice(tx: Tx, *, today: date) -> list[Advice]:
    """Every advice that counts today."""
    return [Advice.from_body(body) for body in await _bodies(tx, ADVICE, today)]


async def farewells(tx: Tx) -> list[Farewell]:
    """Of every origin that said goodbye and did not come back."""
    return [Farewell.from_body(body) for body in await _bodies(tx, FAREWELL, None)]


async def _bodies(
    tx: Tx, kind: int, today: date | None, origins: Collection[str] | None = None
) -> list[dict[str, object]]:
    values: list[object] = [kind, today.toordinal() if today else None]
    of = ""
    if origins is not None:
        of = "AND origin IN (SELECT n FROM origins WHERE origin IN (SELECT value FROM json_each(?3)))"
        values.append(json.dumps(sorted(origins)))
    rows = await tx.execute_fetchall(
        "SELECT line FROM lines WHERE kind = ?1 AND kind >= 5 AND hidden IS NULL AND (?2 IS NULL OR expires > ?2)"
        f" {of} ORDER BY received, arrival",
        values,
    )
    return [orjson.loads(row[0])["b"] for row in rows]


async def admitted(tx: Tx) -> list[Admission]:
    """Every vouch that was counted in."""
    return [
        Admission(*row) for row in await tx.execute_fetchall("SELECT voucher, subject, day FROM admitted")
    ]


async def admit(tx: Tx, new: Iterable[Admission], gone: Iterable[Admission]) -> None:
    """Counts vouches in, and forgets those that are over."""
    await tx.executemany("INSERT OR IGNORE INTO admitted VALUES (?, ?, ?)", list(new))
    await tx.executemany(
        "DELETE FROM admitted WHERE voucher = ? AND subject = ?",
        [(each.voucher, each.subject) for each in gone],
    )


async def drop(tx: Tx, origins: Collection[str]) -> int:
    """Deletes everything of these origins but their keys and their farewells; returns how many lines."""
    numbers = [
        row[0]
        for row in await tx.execute_fetchall(
            "SELECT n FROM origins WHERE origin IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(origins)),),
        )
    ]
    gone = 0
    for number in numbers:
        await counting.unshow(tx, "origin = ?", (number,))
        cursor = await tx.execute(
            "DELETE FROM lines WHERE origin = ? AND kind NOT IN (?, ?)", (number, KEYS, FAREWELL)
        )
        gone += cursor.rowcount
        await tx.execute("DELETE FROM heads WHERE origin = ?", (number,))
    await counting.recount_origins(tx, numbers)
    if gone:
        # What was dropped may be wanted again one day: every carrier is then asked from the beginning.
        await tx.execute("DELETE FROM cursors")
    return gone
