"""What goes by itself and when: shown before, done by a clock that is believed, and stopped for whom somebody holds."""

from collections.abc import Mapping, Sequence
from datetime import date

from node.domain.actors import Actor
from node.domain.ids import HoldId, PersonId, new_id
from node.domain.permissions import Permission, may, require
from node.domain.rights.retention import Due, Hold, Kept, Notice, due_on, noticed
from node.errors import N_, Invalid, NotFound
from node.services.desk import Desk, person_object
from node.services.rights.erasing import empty_need, remove_gift
from node.services.rights.forgetting import MOST_AT_ONCE, Eraser, one_by_one, removals
from node.store import gifts, holds, persons, settings
from node.store.db import Tx
from node.store.holds import HoldRow

_DAYS = {
    Kept.REQUEST: settings.KEEP_REQUESTS_DAYS,
    Kept.GIFT: settings.KEEP_REQUESTS_DAYS,
    Kept.ASKER: settings.KEEP_ASKERS_DAYS,
    Kept.LEFT: settings.KEEP_LEFT_DAYS,
}


class Retention:
    """The preview, the job, and the holds. Looking works while locked; going does not."""

    def __init__(self, desk: Desk, eraser: Eraser) -> None:
        self._desk = desk
        self._eraser = eraser
        self._stuck = 0

    async def due(self, actor: Actor) -> Sequence[Due]:
        """Everything that will go, the next first: ids and days, nothing of anybody. Who said no to being kept is
        among them, though it is ``Forgetting`` that lets them go."""
        require(actor, Permission.PRIVACY)
        async with self._desk.db.read() as tx:
            return await self._due(tx)

    async def sweep(self, actor: Actor, *, all_of_them: bool = False) -> int:
        """Lets go whose day has come; the job of each hour, on a trusted clock only. Returns how many.

        More than ``MOST_AT_ONCE``, and everything by a rule that is new here, wait until somebody who may erase says
        ``all_of_them``; a new rule begins by itself after ``NOTICE_DAYS``. Raises ``Locked``.
        """
        require(actor, Permission.ERASE)
        desk = self._desk
        await self._note_rules(at_once=all_of_them)
        async with desk.db.read() as tx:
            due = [
                each
                for each in await self._due(tx)
                if each.on <= desk.today and not each.held and each.kept is not Kept.NOT_KEPT
            ]
        if len(due) > MOST_AT_ONCE and not all_of_them:
            return 0
        self._stuck, gone = await one_by_one(due, lambda each: self._let_go(actor, each))
        if due:
            await desk.db.fold()
        return gone

    def stuck(self, actor: Actor) -> int:
        """How many things could not go when the job tried last."""
        require(actor, Permission.PRIVACY)
        return self._stuck

    async def _let_go(self, actor: Actor, due: Due) -> None:
        """What is left of a request or a gift tells no more whose it was: its day counts on as hers."""
        desk = self._desk
        if due.kept is Kept.REQUEST and due.need_id:
            async with desk.db.write() as tx:
                closed = (await desk.need_row(tx, due.need_id)).need.closed_day
                if due.person_id and closed:
                    await persons.touched(tx, due.person_id, closed)
                await empty_need(tx, desk, actor, due.need_id)
                await desk.record(tx, actor, "need.emptied", f"need:{due.need_id}")
        elif due.kept is Kept.GIFT and due.gift_id and due.person_id:
            async with desk.db.write() as tx:
                row = await gifts.get(tx, due.gift_id)
                if row is not None:
                    await persons.touched(tx, due.person_id, row.gift.ended_day or row.gift.until)
                    await remove_gift(tx, desk, due.gift_id)
                    await desk.record(tx, actor, "gift.removed", f"gift:{due.gift_id}")
        elif due.person_id:
            await self._eraser.erase(actor, due.person_id)

    async def waits_until(self, actor: Actor) -> date | None:
        """The last day before which rules that are new here take nothing; None when none of them is new, or they would
        take nothing sooner."""
        require(actor, Permission.PRIVACY)
        today = self._desk.today
        async with self._desk.db.read() as tx:
            rules = await self._rules(tx)
            new = {kept: rule.since for kept, rule in rules.items() if rule.since > today}
            if not new:
                return None
            waiting = [
                each for each in await self._due(tx, rules) if not each.held and each.on == new.get(each.kept)
            ]
        return max((each.on for each in waiting), default=None)

    async def _note_rules(self, *, at_once: bool) -> None:
        """Keeps which rules were seen; ``at_once``: somebody looked, and they count from today."""
        async with self._desk.db.read() as tx:
            before, now = await settings.get(tx, settings.RETENTION_SEEN), await self._rules(tx)
        today = self._desk.today
        kept = {
            str(each): [rule.days, (min(rule.since, today) if at_once else rule.since).isoformat()]
            for each, rule in now.items()
        }
        if kept != before:
            async with self._desk.db.write() as tx:
                await settings.put(tx, settings.RETENTION_SEEN, kept)

    async def _rules(self, tx: Tx) -> dict[Kept, Notice]:
        seen, found = await settings.get(tx, settings.RETENTION_SEEN), {}
        for kept, setting in _DAYS.items():
            known = seen.get(str(kept))
            notice = Notice(days=int(known[0]), since=date.fromisoformat(known[1])) if known else None
            found[kept] = noticed(notice, await settings.get(tx, setting), self._desk.today)
        return found

    async def hold(self, actor: Actor, person_id: PersonId, review_day: date, reason: str) -> HoldId:
        """That record stays until somebody ends this, with the requests it is about (``HeldWith``).

        Raises ``Invalid`` (fields ``review_day``, ``reason``), ``NotFound``.
        """
        require(actor, Permission.RIGHTS)
        desk, wrong = self._desk, {}
        if review_day <= desk.today:
            wrong["review_day"] = N_("This day is past.")
        if not reason.strip():
            wrong["reason"] = N_("Say why: whoever looks at it later has to know.")
        if wrong:
            raise Invalid("hold", N_("Some answers need another look."), fields=wrong)
        hold_id = HoldId(new_id(desk.random))
        async with desk.db.write() as tx:
            person_id = (await desk.need_person(tx, person_id)).person.id
            sealed = desk.seal_note("holds", hold_id, reason)
            assert sealed is not None
            await holds.insert(
                tx,
                HoldRow(
                    id=hold_id,
                    person_id=person_id,
                    review_day=review_day,
                    by_staff=actor.id or "",
                    at=desk.now,
                    sealed=sealed,
                ),
            )
            await desk.record(
                tx, actor, "person.held", person_object(person_id), until=review_day.isoformat()
            )
        return hold_id

    async def end_hold(self, actor: Actor, hold_id: str) -> None:
        """From now on the record goes as all others. Raises ``NotFound``."""
        require(actor, Permission.RIGHTS)
        async with self._desk.db.write() as tx:
            person_id = await holds.end(tx, hold_id)
            if person_id is None:
                raise NotFound("no_hold", N_("Nobody holds that any more."))
            await self._desk.record(tx, actor, "person.hold_ended", person_object(person_id))

    async def holds(self, actor: Actor, person_id: PersonId | None = None) -> Sequence[Hold]:
        """Every hold, or those of one person, the next to be reviewed first; reasons only while unlocked."""
        require(actor, Permission.PRIVACY)
        desk = self._desk
        async with desk.db.read() as tx:
            rows = await holds.all_of_them(tx)
            with_them = await holds.held_with(tx)
            handles = await desk.handles(tx)
        shown = may(actor, Permission.RIGHTS)
        return [
            Hold(
                id=row.id,
                person_id=row.person_id,
                review_day=row.review_day,
                by=handles.get(row.by_staff, ""),
                at=row.at,
                reason=desk.open_note("holds", row.id, row.sealed) if shown else "",
                to_review=row.review_day <= desk.today,
                with_it=[each for each in with_them if each.held == row.person_id],
            )
            for row in rows
            if person_id in (None, row.person_id)
        ]

    async def held_with(self, actor: Actor, person_id: PersonId) -> Sequence[PersonId]:
        """Because of whose records that person's stays too, without a hold of its own."""
        require(actor, Permission.PRIVACY)
        async with self._desk.db.read() as tx:
            found = await holds.held_with(tx)
        return list(dict.fromkeys(each.held for each in found if each.person_id == person_id))

    async def _due(self, tx: Tx, rules: Mapping[Kept, Notice] | None = None) -> list[Due]:
        rules = rules or await self._rules(tx)

        def goes(kept: Kept, last: date) -> date:
            return max(due_on(last, rules[kept].days), rules[kept].since)

        held = {row.person_id for row in await holds.all_of_them(tx)}
        # What a hold is about lies in the requests they were on: those stay, and so do the people of them.
        with_them = await holds.held_with(tx)
        with_needs = {each.need_id for each in with_them}
        met = held | {each.person_id for each in with_them}
        found = [
            Due(
                kept=Kept.REQUEST,
                on=goes(Kept.REQUEST, last),
                need_id=need_id,
                reference=reference,
                person_id=person_id,
                held=person_id in held or need_id in with_needs,
            )
            for last, need_id, reference, person_id in await holds.closed_requests(tx)
        ]
        found += [
            Due(
                kept=Kept.GIFT,
                on=goes(Kept.GIFT, last),
                gift_id=gift_id,
                person_id=person_id,
                held=person_id in held,
            )
            for last, gift_id, person_id in await gifts.ended(tx, self._desk.today)
        ]
        for kept, rows in (
            (Kept.ASKER, await holds.idle_askers(tx, self._desk.today)),
            (Kept.LEFT, await holds.gone_volunteers(tx, self._desk.today)),
        ):
            found += [
                Due(kept=kept, on=goes(kept, last), person_id=person_id, held=person_id in met)
                for last, person_id in rows
            ]
        gone = {each.person_id: each.on for each in await removals(tx, self._desk.today)}
        # With her goes what is hers: no rule takes it later.
        found = [each for each in found if each.person_id not in gone or each.on < gone[each.person_id]]
        found += [Due(kept=Kept.NOT_KEPT, on=on, person_id=person_id) for person_id, on in gone.items()]
        return sorted(found, key=lambda each: (each.on, each.kept, each.person_id or "", each.need_id or ""))
