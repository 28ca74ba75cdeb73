"""A rule that changes from a day on, and back: what is on the board for it goes along, or stays and is named."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from node.domain.actors import Actor
from node.domain.assignment_lifecycle import LIVE
from node.domain.dispatch.series import (
    ONE_A_MONTH,
    Every,
    Rule,
    RuleChange,
    Series,
    SeriesDay,
    SeriesState,
    days,
)
from node.domain.ids import NeedId
from node.domain.need import CloseReason, NeedState, PartOfDay
from node.domain.need_lifecycle import NeedMove
from node.errors import N_, Invalid, moved_on
from node.services.desk import Desk, need_object, person_object
from node.services.dispatch.moves import move_need
from node.services.dispatch.series_closing import asks_by_itself
from node.services.dispatch.undo import undoable
from node.store import assignments, needs, series
from node.store.db import Tx
from node.store.needs import NeedRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A request of the rule as it was before, that somebody is on or was asked about: it stays as it is."""

    day: date
    need_id: NeedId
    reference: str


async def changed(
    tx: Tx,
    desk: Desk,
    actor: Actor,
    found: Series,
    usual: str,
    from_day: date,
    weekdays: Collection[int],
    part: str | None,
) -> tuple[Kept, ...]:
    """As ``Repeating.change``. ``usual``: the part of the day that it was begun with."""
    chosen = tuple(sorted(set(weekdays)))
    _check(found, desk.today, from_day, chosen, part, usual)
    change = RuleChange(from_day=from_day, weekdays=chosen, part=part)
    rule = replace(found.rule, changes=(*found.rule.changes, change))
    kept, closed = [], []
    for day, held, row in await _there(tx, found, from_day):
        if row.need.state is NeedState.CLOSED:
            continue
        stays, busy = _is_day(rule, day), await _busy(tx, row)
        if stays and (
            part is None or await _moved(tx, desk, actor, row, rule.part_on(day, usual), busy=busy)
        ):
            continue
        if busy:
            kept.append(Kept(day=day, need_id=row.need.id, reference=row.need.reference))
            continue
        await _close(tx, desk, actor, row)
        await series.put_day(tx, found.id, replace(held, skipped=True))
        closed.append(day)
    rule = replace(rule, changes=(*found.rule.changes, replace(change, closed=tuple(closed))))
    await series.change(tx, replace(found, rule=rule))
    of_person = person_object(found.person_id)
    await desk.record(tx, actor, "series.change", of_person, series=found.id, day=from_day.isoformat())
    return tuple(kept)


async def taken_back(tx: Tx, desk: Desk, actor: Actor, found: Series, usual: str) -> tuple[Kept, ...]:
    """As ``Repeating.take_change_back``."""
    if not found.rule.changes or found.state is SeriesState.ENDED:
        raise moved_on()
    change = found.rule.changes[-1]
    rule = replace(found.rule, changes=found.rule.changes[:-1])
    kept = []
    for day, held, row in await _there(tx, found, max(change.from_day, desk.today)):
        if row.need.state is NeedState.CLOSED:
            if held.skipped and day in change.closed:
                await _open_again(tx, desk, actor, found, held, row)
            continue
        stays, busy = _is_day(rule, day), await _busy(tx, row)
        if stays and held.skipped:  # opened again by somebody meanwhile
            await series.put_day(tx, found.id, replace(held, skipped=False))
        if stays and await _moved(tx, desk, actor, row, rule.part_on(day, usual), busy=busy):
            continue
        if busy:
            kept.append(Kept(day=day, need_id=row.need.id, reference=row.need.reference))
            continue
        await _close(tx, desk, actor, row)
        await series.drop_day(tx, found.id, day)
    await series.change(tx, replace(found, rule=rule))
    of_person = person_object(found.person_id)
    await desk.record(
        tx, actor, "series.change_back", of_person, series=found.id, day=change.from_day.isoformat()
    )
    return tuple(kept)


def _check(
    found: Series, today: date, from_day: date, weekdays: tuple[int, ...], part: str | None, usual: str
) -> None:
    if found.state is SeriesState.ENDED:
        raise moved_on()
    rule, wrong = found.rule, {}
    if from_day <= today:
        wrong["from_day"] = N_("This day is past.")
    elif rule.last_day is not None and from_day > rule.last_day:
        wrong["from_day"] = N_("That is not one of its days.")
    elif any(each.from_day >= from_day for each in rule.changes):
        wrong["from_day"] = N_(
            "It changes on a later day already. Take that back first, or choose a day after it."
        )
    if not weekdays or not set(weekdays) <= set(range(7)):
        wrong["weekdays"] = N_("Choose at least one day of the week.")
    elif rule.every is Every.MONTH and len(weekdays) > 1:
        wrong["weekdays"] = ONE_A_MONTH
    elif rule.weekdays_on(from_day) == weekdays and part in (None, rule.part_on(from_day, usual)):
        wrong["weekdays"] = N_("So it is already.")
    if wrong:
        raise Invalid("series", next(iter(wrong.values())), fields=wrong)


async def _there(tx: Tx, found: Series, first: date) -> Iterable[tuple[date, SeriesDay, NeedRow]]:
    """The days from ``first`` on for which a request was made of which something is still held. The request that the
    rule was begun from is none of them."""
    there, first = [], max(first, found.rule.first_day)
    for day, held in sorted((await series.days_of(tx, found.id)).items()):
        row = await needs.get(tx, held.need_id) if held.need_id and day >= first else None
        if row is not None and row.sealed and (held.skipped or row.need.state is not NeedState.CLOSED):
            there.append((day, held, row))
    return there


def _is_day(rule: Rule, day: date) -> bool:
    return day in days(rule, day, day)


async def _busy(tx: Tx, row: NeedRow) -> bool:
    """Whether somebody is on it, or was asked by one of us. Whom the rule itself asked first, and who has not answered,
    is asked for the new days as well."""
    by_itself = await asks_by_itself(tx, row.need.id)
    return any(
        task.state in LIVE and task.round == row.need.round and not by_itself(task)
        for task in await assignments.of_need(tx, row.need.id)
    )


async def _moved(tx: Tx, desk: Desk, actor: Actor, row: NeedRow, part: str, *, busy: bool) -> bool:
    """Whether it is at that part of the day now; what somebody is on is not touched."""
    wanted = PartOfDay(part) if part else None
    if row.need.part_of_day is wanted:
        return True
    if busy:
        return False
    await needs.update(tx, replace(row, need=replace(row.need, part_of_day=wanted, changed_at=desk.now)))
    await desk.record(tx, actor, "series.change", need_object(row.need.id), part=part)
    return True


async def _close(tx: Tx, desk: Desk, actor: Actor, row: NeedRow) -> None:
    async with undoable(tx, desk, actor, row.need.id, str(NeedMove.CLOSE)):
        await move_need(tx, desk, actor, row, NeedMove.CLOSE, reason=CloseReason.NO_LONGER_NEEDED)


async def _open_again(tx: Tx, desk: Desk, actor: Actor, found: Series, held: SeriesDay, row: NeedRow) -> None:
    """Closed by the change, and by nobody since for another reason."""
    if row.need.close_reason is CloseReason.NO_LONGER_NEEDED:
        await series.put_day(tx, found.id, replace(held, skipped=False))
        await move_need(tx, desk, actor, row, NeedMove.REOPEN)
