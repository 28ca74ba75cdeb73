"""Lists of calls, who rings, and who is on them: ids, days and states clear; names and notes sealed."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from node.domain.calls.call_list import Caller, CallList, Entry, EntryState, Rhythm
from node.domain.dispatch.series import OnHoliday, SeriesState
from node.domain.ids import PersonId
from node.store import kept_away
from node.store.db import Tx

_LIST = "id, state, weekdays, first_day, last_day, on_holiday, paused_until, language, by_staff, created_at"
_CALLER = "id, list_id, person_id, staff_id, weekdays, link_hash, device_hash, since_day"
_ENTRY = "id, list_id, person_id, state, paused_until, place, caller_id, agreed, since_day"


async def insert(tx: Tx, each: CallList, sealed: bytes) -> None:
    """A new list."""
    await tx.execute(
        f"INSERT INTO call_lists({_LIST}, sealed) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*_list_values(each), sealed),
    )


async def update(tx: Tx, each: CallList, sealed: bytes) -> None:
    """All of it anew."""
    await tx.execute(
        "UPDATE call_lists SET state = ?, weekdays = ?, first_day = ?, last_day = ?, on_holiday = ?, "
        "paused_until = ?, language = ?, sealed = ? WHERE id = ?",
        (*_list_values(each)[1:8], sealed, each.id),
    )


async def get(tx: Tx, list_id: str) -> tuple[CallList, bytes] | None:
    """One with its sealed part, or None."""
    found = await _lists(tx, "id = ?", list_id)
    return found[0] if found else None


async def standing(tx: Tx) -> Sequence[tuple[CallList, bytes]]:
    """All that have not ended, the oldest first."""
    return await _lists(tx, "state <> 'ended'")


async def ended(tx: Tx) -> Sequence[tuple[CallList, bytes]]:
    """Those that are over, the latest first."""
    return list(reversed(await _lists(tx, "state = 'ended'")))


async def put_caller(tx: Tx, caller: Caller) -> None:
    """A new one, or one anew. Raises ``Conflict("not_suitable")`` for a volunteer who is kept away."""
    if caller.person_id is not None:
        await kept_away.refuse_helper(tx, caller.person_id)
    await tx.execute(
        f"INSERT INTO call_callers({_CALLER}) VALUES(?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET "
        "person_id = excluded.person_id, staff_id = excluded.staff_id, weekdays = excluded.weekdays, "
        "link_hash = excluded.link_hash, device_hash = excluded.device_hash",
        (
            caller.id,
            caller.list_id,
            caller.person_id,
            caller.staff_id,
            json.dumps(caller.weekdays),
            caller.link_hash,
            caller.device_hash,
            caller.since_day.isoformat(),
        ),
    )


async def drop_caller(tx: Tx, caller_id: str) -> None:
    """She rings nobody of that list any more, and her link is closed."""
    await tx.execute("DELETE FROM call_callers WHERE id = ?", (caller_id,))


async def drop_callers_of(tx: Tx, person_id: str) -> Sequence[str]:
    """The same on every list, for a volunteer who is kept away or goes. Returns the lists."""
    lists = [each.list_id for each in await _callers(tx, "person_id = ?", person_id)]
    await tx.execute("DELETE FROM call_callers WHERE person_id = ?", (person_id,))
    return lists


async def caller(tx: Tx, caller_id: str) -> Caller | None:
    """One, or None."""
    found = await _callers(tx, "id = ?", caller_id)
    return found[0] if found else None


async def callers_of(tx: Tx, person_id: str) -> Sequence[Caller]:
    """That volunteer as one who rings, once for each list, the oldest first."""
    return await _callers(tx, "person_id = ?", person_id)


async def callers(tx: Tx, list_id: str) -> Sequence[Caller]:
    """Who rings, in the order in which they came."""
    return await _callers(tx, "list_id = ?", list_id)


async def caller_with_link(tx: Tx, link_hash: bytes) -> Caller | None:
    """The one whose link has this hash, or None."""
    found = await _callers(tx, "link_hash = ?", link_hash)
    return found[0] if found else None


async def put_entry(tx: Tx, entry: Entry, sealed: bytes) -> None:
    """A new one, or one anew."""
    await tx.execute(
        f"INSERT INTO call_entries({_ENTRY}, sealed) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT(id) DO UPDATE SET state = excluded.state, paused_until = excluded.paused_until, "
        "place = excluded.place, caller_id = excluded.caller_id, agreed = excluded.agreed, sealed = excluded.sealed",
        (*_entry_values(entry), sealed),
    )


async def entry(tx: Tx, entry_id: str) -> tuple[Entry, bytes] | None:
    """One with its sealed note, or None."""
    found = await _entries(tx, "e.id = ?", entry_id)
    return found[0] if found else None


async def entries(tx: Tx, list_id: str) -> Sequence[tuple[Entry, bytes]]:
    """Everybody on a list, also those who are off it, in the order to ring. Somebody who is on it twice since two
    records of her were made one stands there once."""
    return await _entries(tx, "e.list_id = ? AND p.merged_into IS NULL", list_id)


async def entries_of(tx: Tx, person_id: str) -> Sequence[tuple[Entry, bytes]]:
    """The lists that one person is or was on."""
    return await _entries(tx, "e.person_id = ?", person_id)


async def barred_of(tx: Tx, list_id: str) -> frozenset[str]:
    """Entries of people who are kept away: nobody rings them."""
    async with tx.execute(
        "SELECT e.id FROM call_entries e JOIN persons p ON p.id = e.person_id "
        "WHERE e.list_id = ? AND p.state = 'barred'",
        (list_id,),
    ) as cursor:
        return frozenset(row[0] for row in await cursor.fetchall())


async def moved(tx: Tx, list_id: str, day: date) -> Mapping[str, str]:
    """Entry -> who rings on that day alone."""
    async with tx.execute(
        "SELECT m.entry_id, m.caller_id FROM call_moved m JOIN call_entries e ON e.id = m.entry_id "
        "WHERE e.list_id = ? AND m.day = ?",
        (list_id, day.isoformat()),
    ) as cursor:
        return {row[0]: row[1] for row in await cursor.fetchall()}


async def move_for_day(tx: Tx, entry_id: str, day: date, caller_id: str) -> None:
    """On that day she is rung by that one."""
    await tx.execute(
        "INSERT OR REPLACE INTO call_moved(entry_id, day, caller_id) VALUES(?, ?, ?)",
        (entry_id, day.isoformat(), caller_id),
    )


async def _lists(tx: Tx, condition: str, *values: str) -> Sequence[tuple[CallList, bytes]]:
    async with tx.execute(
        f"SELECT {_LIST}, sealed FROM call_lists WHERE {condition} ORDER BY created_at, id", values
    ) as cursor:
        return [(_list(row), row["sealed"]) for row in await cursor.fetchall()]


async def _callers(tx: Tx, condition: str, *values: Any) -> Sequence[Caller]:
    async with tx.execute(
        f"SELECT {_CALLER} FROM call_callers WHERE {condition} ORDER BY since_day, rowid", values
    ) as cursor:
        return [_caller(row) for row in await cursor.fetchall()]


async def _entries(tx: Tx, condition: str, *values: str) -> Sequence[tuple[Entry, bytes]]:
    columns = ", ".join(f"e.{name}" for name in _ENTRY.split(", "))
    async with tx.execute(
        f"SELECT {columns}, e.sealed FROM call_entries e JOIN persons p ON p.id = e.person_id "
        f"WHERE {condition} ORDER BY e.place, e.id",
        values,
    ) as cursor:
        return [(_entry(row), row["sealed"]) for row in await cursor.fetchall()]


def _list_values(each: CallList) -> tuple[Any, ...]:
    rhythm = each.rhythm
    return (
        each.id,
        each.state,
        json.dumps(rhythm.weekdays),
        rhythm.first_day.isoformat(),
        _text(rhythm.last_day),
        rhythm.on_holiday,
        _text(each.paused_until),
        each.language,
        each.by_staff,
        each.created_at,
    )


def _entry_values(entry: Entry) -> tuple[Any, ...]:
    return (
        entry.id,
        entry.list_id,
        entry.person_id,
        entry.state,
        _text(entry.paused_until),
        entry.place,
        entry.caller_id,
        int(entry.agreed),
        entry.since_day.isoformat(),
    )


def _list(row: Any) -> CallList:
    return CallList(
        id=row["id"],
        state=SeriesState(row["state"]),
        rhythm=Rhythm(
            weekdays=tuple(json.loads(row["weekdays"])),
            first_day=date.fromisoformat(row["first_day"]),
            last_day=_day(row["last_day"]),
            on_holiday=OnHoliday(row["on_holiday"]),
        ),
        paused_until=_day(row["paused_until"]),
        language=row["language"],
        by_staff=row["by_staff"],
        created_at=row["created_at"],
    )


def _caller(row: Any) -> Caller:
    return Caller(
        id=row["id"],
        list_id=row["list_id"],
        person_id=PersonId(row["person_id"]) if row["person_id"] else None,
        staff_id=row["staff_id"],
        weekdays=tuple(json.loads(row["weekdays"])),
        link_hash=row["link_hash"],
        device_hash=row["device_hash"],
        since_day=date.fromisoformat(row["since_day"]),
    )


def _entry(row: Any) -> Entry:
    return Entry(
        id=row["id"],
        list_id=row["list_id"],
        person_id=PersonId(row["person_id"]),
        state=EntryState(row["state"]),
        paused_until=_day(row["paused_until"]),
        place=row["place"],
        caller_id=row["caller_id"],
        agreed=bool(row["agreed"]),
        since_day=date.fromisoformat(row["since_day"]),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
