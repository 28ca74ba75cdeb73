"""Needs that come again by a rule: begun from a need, made some days ahead by a job, the buddy asked first."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta

from node.domain.actors import Actor
from node.domain.dispatch.series import (
    AHEAD_DAYS,
    ONE_A_MONTH,
    Every,
    NextTime,
    OnHoliday,
    Rule,
    Said,
    Series,
    SeriesDay,
    SeriesMove,
    SeriesState,
    after_series,
    begun_on,
    days,
    helper_on,
    next_time,
    rule_from,
)
from node.domain.dispatch.series_days import MadeDay, rule_days
from node.domain.ids import NeedId, PersonId, new_id
from node.domain.intake.intake import NewNeed, Taken
from node.domain.need import Need, NeedState, Urgency, Window
from node.domain.need_lifecycle import NeedMove
from node.domain.permissions import Permission, may, require
from node.errors import N_, Conflict, Invalid, NotFound
from node.services.desk import Desk, need_object, person_object
from node.services.dispatch.asking_first import ask_first
from node.services.dispatch.moves import move_need
from node.services.dispatch.series_changes import Kept, changed, taken_back
from node.services.dispatch.series_closing import ahead, close_day
from node.services.dispatch.series_records import REPEATS, new_need, opened, sealed
from node.services.dispatch.series_views import SeriesView, stands_still, view
from node.services.intake.intake import Arrival, Intake
from node.services.matching.matching import Matching
from node.services.matching.roster import Roster
from node.services.settings import practice
from node.store import needs, persons, series, series_hands, settings
from node.store.db import Tx

MOST_HOLIDAYS = 100


class Repeating:
    """Begin, skip, pause, end; the group's holidays; the job."""

    def __init__(self, desk: Desk, roster: Roster, matching: Matching, intake: Intake) -> None:
        self._desk = desk
        self._roster = roster
        self._matching = matching
        self._intake = intake

    async def begin(
        self,
        actor: Actor,
        need_id: NeedId,
        *,
        every: Every,
        first_day: date,
        weekdays: Collection[int] = (),
        last_day: date | None = None,
        on_holiday: OnHoliday = OnHoliday.SKIP,
    ) -> str:
        """What this need asks for comes again from ``first_day`` on, or from the first of the ``weekdays`` (0 Monday)
        after it; the id. The need itself stays as it is, so the rule begins after the need's own days.

        Raises ``Invalid`` (days), ``Conflict`` (nobody it is for, practice, it repeats already,
        ``kept_away``), ``Locked``.
        """
        require(actor, Permission.DISPATCH)
        message = ""
        if first_day <= self._desk.today:
            message = N_("This day is past.")
        elif last_day is not None and last_day < first_day:
            message = N_("The last day is before the first.")
        if message:
            raise Invalid("series", message, fields={"first_day": message})
        if every is Every.MONTH and len(set(weekdays)) > 1:
            raise Invalid("series", ONE_A_MONTH, fields={"weekdays": ONE_A_MONTH})
        rule = rule_from(every, first_day, on_holiday, last_day, weekdays)
        async with self._desk.db.write() as tx:
            if rule.first_day < self._after((await self._desk.need_row(tx, need_id)).need).earliest:
                message = N_(
                    "This request is for that day itself, or for a later one, so there would be two for it. "
                    "Choose a day after it."
                )
                raise Invalid("series", message, fields={"first_day": message})
            return await self._begin(tx, actor, need_id, rule)

    async def take(self, actor: Actor, new: NewNeed, said: Said | None, draft: str = "") -> Taken:
        """A call (``Intake.take``), and the rule of what repeats of it in the same write: a rule for each of its needs.

        Only the need itself is stored where no rule can be: while locked, for practice, for somebody who is kept
        away, and by an account that sends nobody; then somebody begins the rule on the request. Raises ``Invalid``.
        """
        if said is None:
            return await self._intake.take(actor, new, draft)
        if said.every is Every.MONTH and len(set(said.weekdays)) > 1:
            raise Invalid("intake", ONE_A_MONTH, fields={"weekdays": ONE_A_MONTH})
        window, soon = new.window, new.urgency is Urgency.TODAY
        first, last = (window.first, window.last) if window else (None, None)
        own, rule = begun_on(said, first, last, self._desk.today, soon=soon)
        if window is None and said.weekdays:
            new = replace(new, window=Window(first=own, last=own))
        new = replace(new, repeats=REPEATS[said.every])

        async def begins(tx: Tx, taken: Taken) -> None:
            if not self._desk.unlocked or new.practice or not may(actor, Permission.DISPATCH):
                return
            if not await persons.is_barred(tx, taken.person_id):
                for need_id in taken.need_ids:
                    await self._begin(tx, actor, need_id, rule)

        return await self._intake.take(actor, new, draft, also=begins)

    async def pause(
        self, actor: Actor, series_id: str, until: date | None = None, closing: Collection[date] = ()
    ) -> None:
        """No need is made for the days before ``until`` (None: until somebody says so).

        ``closing``: days whose request is made already (``SeriesView.ahead``); those before ``until`` are skipped, too.
        """
        await self._move(actor, series_id, SeriesMove.PAUSE, until, closing)

    async def resume(self, actor: Actor, series_id: str) -> None:
        """It goes on. Raises ``Conflict`` (``moved_on``; ``kept_away``: she whom it is for is)."""
        await self._move(actor, series_id, SeriesMove.RESUME)

    async def end(self, actor: Actor, series_id: str, closing: Collection[date] = ()) -> None:
        """No more of it; needs that were made stay, but those of the days ``closing``."""
        await self._move(actor, series_id, SeriesMove.END, None, closing)

    async def skip(self, actor: Actor, series_id: str, day: date) -> None:
        """Not on that day of the rule; a need that was made for it is closed as no longer needed, which can be undone.

        Raises ``Invalid`` for a day that is not of the rule, ``NotFound``.
        """
        require(actor, Permission.DISPATCH)
        desk = self._desk
        async with desk.db.write() as tx:
            found, _ = await self._one(tx, series_id)
            made = (await series.made_days(tx, series_id)).get(day)
            if made is None and day not in set(days(found.rule, day, day)):
                message = N_("That is not one of its days.")
                raise Invalid("series", message, fields={"day": message})
            touched = await self._skip(tx, actor, found, made or MadeDay(day=day, skipped=True))
        await self._refresh(touched)

    async def not_skipped(self, actor: Actor, series_id: str, day: date) -> None:
        """On that day after all: the request that was closed for it opens again, or is made when it is due.

        Raises ``Invalid`` for a day that was not skipped or is past, ``NotFound``.
        """
        require(actor, Permission.DISPATCH)
        desk = self._desk
        async with desk.db.write() as tx:
            found, _ = await self._one(tx, series_id)
            held = (await series.days_of(tx, series_id)).get(day)
            if held is None or not held.skipped or day < desk.today:
                message = N_("That day was not left out, or it is past.")
                raise Invalid("series", message, fields={"day": message})
            row = await needs.get(tx, held.need_id) if held.need_id else None
            if row is None or not row.sealed:
                await series.drop_day(tx, series_id, day)
            else:
                await series.put_day(tx, series_id, replace(held, skipped=False))
                if row.need.state is NeedState.CLOSED:
                    await move_need(tx, desk, actor, row, NeedMove.REOPEN)
            await desk.record(
                tx,
                actor,
                "series.not_skipped",
                person_object(found.person_id),
                series=series_id,
                day=day.isoformat(),
            )

    async def change(
        self,
        actor: Actor,
        series_id: str,
        from_day: date,
        weekdays: Collection[int],
        part: str | None = None,
    ) -> tuple[Kept, ...]:
        """From that day on it is on these weekdays (0 Monday), or at that ``part`` of the day (None: as it was, empty:
        at some time). What waits on the board for other days is closed, or moved to that part; what somebody is on,
        or was asked about, stays as it is, and is named.

        Raises ``Invalid`` (``from_day``, ``weekdays``), ``Conflict`` (``moved_on``), ``NotFound``.
        """
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            found, box = await self._one(tx, series_id)
            usual = opened(self._desk, found.id, box)["part_of_day"] or ""
            return await changed(tx, self._desk, actor, found, usual, from_day, weekdays, part)

    async def take_change_back(self, actor: Actor, series_id: str) -> tuple[Kept, ...]:
        """It is as before its last change: what that closed opens again, what it made and nobody is on is closed; what
        somebody is on stays, and is named. Raises ``Conflict`` (``moved_on``) where nothing was changed, ``NotFound``.
        """
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            found, box = await self._one(tx, series_id)
            usual = opened(self._desk, found.id, box)["part_of_day"] or ""
            return await taken_back(tx, self._desk, actor, found, usual)

    async def of_person(self, actor: Actor, person_id: PersonId) -> tuple[SeriesView, ...]:
        """What comes again for one person, with its next days. Raises ``Locked``."""
        require(actor, Permission.READ_PERSON)
        async with self._desk.db.read() as tx:
            holidays = await settings.holidays(tx)
            return tuple(
                [
                    await view(tx, self._desk, each, box, holidays)
                    for each, box in await series.of_person(tx, person_id)
                ]
            )

    async def of_need(self, actor: Actor, need_id: NeedId) -> SeriesView | None:
        """The rule that this need is a day of. None while locked, too."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            found = await series.of_need(tx, need_id) if self._desk.unlocked else None
            if found is None:
                return None
            return await view(tx, self._desk, *(await self._one(tx, found.id)), await settings.holidays(tx))

    async def may_follow(self, actor: Actor, need_id: NeedId) -> NextTime:
        """From which day on a rule may begin for this request. Raises ``NotFound``."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            return self._after((await self._desk.need_row(tx, need_id)).need)

    async def all_of_them(self, actor: Actor) -> tuple[SeriesView, ...]:
        """Everything that comes again, without a name. Raises ``Locked``."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            holidays = await settings.holidays(tx)
            return tuple([await view(tx, self._desk, *each, holidays) for each in await series.standing(tx)])

    async def holidays(self, actor: Actor) -> tuple[date, ...]:
        """The group's list of days."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            return tuple(sorted(await settings.holidays(tx)))

    async def set_holidays(
        self, actor: Actor, list_of_days: Sequence[date], closing: Collection[tuple[str, date]] = ()
    ) -> None:
        """The whole list anew. What was made for a day stays, but for those of ``closing`` (rule and its day, of
        ``SeriesView.on_days_off``), which are skipped. Raises ``Invalid`` for too many."""
        require(actor, Permission.DISPATCH)
        if len(list_of_days) > MOST_HOLIDAYS:
            message = N_("That is more than we can take at once.")
            raise Invalid("holidays", message, fields={"holidays": message})
        async with self._desk.db.write() as tx:
            listed = [day.isoformat() for day in sorted(set(list_of_days))]
            await settings.put(tx, settings.HOLIDAYS, listed)
            await self._desk.record(tx, actor, "holidays.set", "group", days=len(listed))
            touched: set[PersonId] = set()
            for each, _ in await series.standing(tx) if closing else ():
                wanted = {day for series_id, day in closing if series_id == each.id}
                touched |= await self._close(tx, actor, each, wanted)
        await self._refresh(touched)

    async def sweep(self, actor: Actor) -> int:
        """The job: makes the needs of the coming days, each in a write of its own together with the note that it was
        made, so that it can be cut off anywhere and run again. The buddy is asked first. Returns how many were made.

        Raises ``Locked`` if one is to be made and the records are closed.
        """
        require(actor, Permission.PUBLISH)
        desk = self._desk
        async with desk.db.read() as tx:
            holidays = await settings.holidays(tx)
            due = [
                (each.id, day)
                for each, _ in await series.standing(tx)
                for day in await self._due(tx, each, holidays)
            ]
        if not due:
            return 0
        await self._roster.ready()
        for series_id, day in due:
            await self._make(actor, series_id, day, holidays)
        return len(due)

    async def _begin(self, tx: Tx, actor: Actor, need_id: NeedId, rule: Rule) -> str:
        desk = self._desk
        row = await desk.need_row(tx, need_id)
        practice.refuse(row.need)
        person_id = row.need.person_id
        if person_id is None or not row.sealed or await series.of_need(tx, need_id) is not None:
            raise Conflict("no_series", N_("This one repeats already, or nobody is held whom it is for."))
        if await persons.is_barred(tx, person_id):
            raise _kept_away()
        found = Series(
            id=new_id(desk.random),
            person_id=person_id,
            state=SeriesState.RUNNING,
            rule=rule,
            paused_until=None,
            by_staff=actor.id or "",
            created_at=desk.now,
        )
        await series.insert(tx, found, await sealed(tx, desk, found.id, row))
        day = row.need.window.first if row.need.window else row.need.posted_day
        await series.put_day(tx, found.id, SeriesDay(day=day, need_id=need_id, skipped=False))
        of_need = need_object(need_id)
        await desk.record(tx, actor, "series.begin", of_need, series=found.id, every=str(rule.every))
        await desk.record(tx, actor, "series.begin", person_object(person_id), series=found.id)
        return found.id

    def _after(self, need: Need) -> NextTime:
        return next_time(None if need.state is NeedState.CLOSED else need.window, self._desk.today)

    async def _due(self, tx: Tx, each: Series, holidays: Collection[date]) -> dict[date, date]:
        """Days of the rule for which a need is to be made now, and when help comes for each. A day that is over is not
        made up for."""
        today = self._desk.today
        if await stands_still(tx, each):
            return {}
        # A day off brings a day forward, so the rule is looked at further, by all that a group can list.
        end = today + timedelta(days=AHEAD_DAYS + MOST_HOLIDAYS)
        return {
            found.day: found.comes
            for found in rule_days(each, today, end, holidays, await series.made_days(tx, each.id))
            if found.comes and not found.made and found.comes <= today + timedelta(days=AHEAD_DAYS)
        }

    async def _make(self, actor: Actor, series_id: str, day: date, holidays: Collection[date]) -> None:
        desk = self._desk
        buddy: PersonId | None = None
        async with desk.db.write() as tx:
            held = await series.get(tx, series_id)
            comes = (await self._due(tx, held[0], holidays)).get(day) if held else None
            if held is None or comes is None:
                return
            found, box = held
            cap = 100 * await settings.get(tx, settings.MONEY_MOST)
            new = new_need(found, opened(desk, found.id, box), comes, cap, day)
            taken = await self._intake.store(
                tx, actor, new, Arrival(state=NeedState.OPEN, action="need.repeated")
            )
            await series.put_day(tx, series_id, SeriesDay(day=day, need_id=taken.need_id, skipped=False))
            first = helper_on(await series_hands.of_series(tx, series_id), day)
            buddy = await ask_first(
                tx, desk, self._roster, self._matching, actor, found.person_id, taken.need_id, first
            )
        await self._roster.refresh(found.person_id)
        if buddy is not None:
            await self._roster.refresh(buddy)

    async def _move(
        self,
        actor: Actor,
        series_id: str,
        move: SeriesMove,
        until: date | None = None,
        closing: Collection[date] = (),
    ) -> None:
        require(actor, Permission.DISPATCH)
        if until is not None and until <= self._desk.today:
            message = N_("This day is past.")
            raise Invalid("series", message, fields={"until": message})
        async with self._desk.db.write() as tx:
            found, _ = await self._one(tx, series_id)
            if move is SeriesMove.RESUME and await stands_still(tx, found):
                raise _kept_away()
            await series.move(tx, replace(found, state=after_series(found.state, move), paused_until=until))
            await self._desk.record(
                tx, actor, f"series.{move}", person_object(found.person_id), series=series_id
            )
            touched = await self._close(tx, actor, found, closing, until)
        await self._refresh(touched)

    async def _close(
        self, tx: Tx, actor: Actor, found: Series, wanted: Collection[date], until: date | None = None
    ) -> set[PersonId]:
        touched: set[PersonId] = set()
        for each in ahead(self._desk, (await series.made_days(tx, found.id)).values()) if wanted else ():
            later = until is not None and each.dated and each.comes is not None and each.comes >= until
            if each.day in wanted and not later:
                touched |= await self._skip(tx, actor, found, each)
        return touched

    async def _skip(self, tx: Tx, actor: Actor, found: Series, day: MadeDay) -> set[PersonId]:
        touched = await close_day(tx, self._desk, actor, found.id, day)
        on = {"series": found.id, "day": day.day.isoformat()}
        await self._desk.record(tx, actor, "series.skip", person_object(found.person_id), **on)
        return touched

    async def _refresh(self, touched: Collection[PersonId]) -> None:
        for person_id in touched:
            await self._roster.refresh(person_id)

    async def _one(self, tx: Tx, series_id: str) -> tuple[Series, bytes]:
        held = await series.get(tx, series_id)
        if held is None:
            raise NotFound("no_such_series", N_("There is no such rule."))
        return held


def _kept_away() -> Conflict:
    return Conflict(
        "kept_away",
        N_("Nothing repeats for this person before a safety officer has looked at it."),
    )
