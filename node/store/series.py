"""Needs that come again: the rule, what is wanted each time (sealed), and what became of each day."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from node.domain.dispatch.series import Every, OnHoliday, Rule, RuleChange, Series, SeriesDay, SeriesState
from node.domain.dispatch.series_days import MadeDay
from node.domain.ids import NeedId, PersonId
from node.domain.need import NeedState
from node.store.db import Tx

_COLUMNS = (
    "id, person_id, state, every, weekday, nth, first_day, last_day, paused_until, on_holiday, by_staff, "
    "created_at, weekdays, changes"
)


async def insert(tx: Tx, series: Series, sealed: bytes) -> None:
    """A new one."""
    await tx.execute(
        f"INSERT INTO series({_COLUMNS}, sealed) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*_values(series), sealed),
    )


async def move(tx: Tx, series: Series) -> None:
    """State and pause as they are from now on."""
    await tx.execute(
        "UPDATE series SET state = ?, paused_until = ? WHERE id = ?",
        (series.state, _text(series.paused_until), series.id),
    )


async def change(tx: Tx, series: Series) -> None:
    """What changes from which day on."""
    await tx.execute("UPDATE series SET changes = ? WHERE id = ?", (_changes(series.rule.changes), series.id))


async def put_sealed(tx: Tx, series_id: str, sealed: bytes) -> None:
    """What is wanted each time, from now on."""
    await tx.execute("UPDATE series SET sealed = ? WHERE id = ?", (sealed, series_id))


async def get(tx: Tx, series_id: str) -> tuple[Series, bytes] | None:
    """One with its sealed part, or None."""
    async with tx.execute(f"SELECT {_COLUMNS}, sealed FROM series WHERE id = ?", (series_id,)) as cursor:
        row = await cursor.fetchone()
    return None if row is None else (_series(row), row["sealed"])


async def standing(tx: Tx) -> Sequence[tuple[Series, bytes]]:
    """All that have not ended, the oldest first."""
    return await _select(tx, "state <> 'ended'")


async def of_person(tx: Tx, person_id: str) -> Sequence[tuple[Series, bytes]]:
    """One person's that have not ended."""
    return await _select(tx, "state <> 'ended' AND person_id = ?", person_id)


async def ever_of_person(tx: Tx, person_id: str) -> Sequence[tuple[Series, bytes]]:
    """The same with those that have ended."""
    return await _select(tx, "person_id = ?", person_id)


async def of_need(tx: Tx, need_id: str) -> Series | None:
    """The one that this need is a day of, or None."""
    async with tx.execute("SELECT series_id FROM series_days WHERE need_id = ?", (need_id,)) as cursor:
        row = await cursor.fetchone()
    found = None if row is None else await get(tx, row[0])
    return found[0] if found else None


async def days_of(tx: Tx, series_id: str) -> dict[date, SeriesDay]:
    """What became of its days so far."""
    async with tx.execute(
        "SELECT day, need_id, skipped FROM series_days WHERE series_id = ? ORDER BY day", (series_id,)
    ) as cursor:
        return {
            (day := date.fromisoformat(row[0])): SeriesDay(
                day=day, need_id=NeedId(row[1]) if row[1] else None, skipped=bool(row[2])
            )
            for row in await cursor.fetchall()
        }


async def made_days(tx: Tx, series_id: str) -> dict[date, MadeDay]:
    """The same with how each day's request stands."""
    async with tx.execute(
        "SELECT d.day, d.need_id, d.skipped, n.state, n.window_from, n.due_day FROM series_days d "
        "LEFT JOIN needs n ON n.id = d.need_id WHERE d.series_id = ? ORDER BY d.day",
        (series_id,),
    ) as cursor:
        return {(found := _made(row)).day: found for row in await cursor.fetchall()}


async def put_day(tx: Tx, series_id: str, day: SeriesDay) -> None:
    """What became of one day."""
    await tx.execute(
        "INSERT OR REPLACE INTO series_days(series_id, day, need_id, skipped) VALUES(?, ?, ?, ?)",
        (series_id, day.day.isoformat(), day.need_id, int(day.skipped)),
    )


async def drop_day(tx: Tx, series_id: str, day: date) -> None:
    """Nothing became of that day after all: it is made when it is due."""
    await tx.execute("DELETE FROM series_days WHERE series_id = ? AND day = ?", (series_id, day.isoformat()))


async def _select(tx: Tx, condition: str, *values: str) -> Sequence[tuple[Series, bytes]]:
    async with tx.execute(
        f"SELECT {_COLUMNS}, sealed FROM series WHERE {condition} ORDER BY created_at, id", values
    ) as cursor:
        return [(_series(row), row["sealed"]) for row in await cursor.fetchall()]


def _made(row: Any) -> MadeDay:
    day, state = date.fromisoformat(row["day"]), row["state"]
    return MadeDay(
        day=day,
        skipped=bool(row["skipped"]),
        need_id=NeedId(row["need_id"]) if row["need_id"] else None,
        state=NeedState(state) if state else None,
        comes=(date.fromisoformat(row["window_from"]) if row["window_from"] else day) if state else None,
        dated=bool(row["window_from"]),
        due=date.fromisoformat(row["due_day"]) if row["due_day"] else None,
    )


def _values(series: Series) -> tuple[Any, ...]:
    rule = series.rule
    return (
        series.id,
        series.person_id,
        series.state,
        rule.every,
        rule.weekdays[0],
        rule.nth,
        rule.first_day.isoformat(),
        _text(rule.last_day),
        _text(series.paused_until),
        rule.on_holiday,
        series.by_staff,
        series.created_at,
        json.dumps(rule.weekdays),
        _changes(rule.changes),
    )


def _series(row: Any) -> Series:
    return Series(
        id=row["id"],
        person_id=PersonId(row["person_id"]),
        state=SeriesState(row["state"]),
        rule=Rule(
            every=Every(row["every"]),
            weekdays=tuple(json.loads(row["weekdays"])) if row["weekdays"] else (row["weekday"],),
            nth=row["nth"],
            first_day=date.fromisoformat(row["first_day"]),
            last_day=date.fromisoformat(row["last_day"]) if row["last_day"] else None,
            on_holiday=OnHoliday(row["on_holiday"]),
            changes=tuple(
                RuleChange(
                    from_day=date.fromisoformat(frm),
                    weekdays=tuple(weekdays),
                    part=part,
                    closed=tuple(map(date.fromisoformat, closed)),
                )
                for frm, weekdays, part, closed in json.loads(row["changes"])
            ),
        ),
        paused_until=date.fromisoformat(row["paused_until"]) if row["paused_until"] else None,
        by_staff=row["by_staff"],
        created_at=row["created_at"],
    )


def _changes(changes: Sequence[RuleChange]) -> str:
    return json.dumps(
        [
            [each.from_day.isoformat(), each.weekdays, each.part, [day.isoformat() for day in each.closed]]
            for each in changes
        ]
    )


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
