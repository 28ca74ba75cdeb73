"""Lists of calls as the desk reads them: all of them, one of them, and the sheet of a day."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from node.domain.actors import Actor
from node.domain.calls import call_list as rules
from node.domain.calls.call_list import Caller, CallList, CallWord, Entry
from node.domain.calls.call_views import (
    CallerView,
    CallLine,
    Coming,
    DaySheet,
    EntryView,
    ListLine,
    ListView,
    MayRing,
    OnList,
    SaidView,
    Share,
)
from node.domain.dispatch.series import SeriesState
from node.domain.ids import PersonId
from node.domain.permissions import Permission, require
from node.domain.person import PersonDetails
from node.services.calls.call_steps import (
    TheDay,
    against,
    asked_of_callers,
    by_name,
    look_at,
    opened_entry,
    opened_list,
    phone_kind,
    still_on,
    the_day,
    the_list,
    told,
)
from node.services.calls.callers import STAFF, VOLUNTEER
from node.services.desk import Desk
from node.services.matching.matching import Matching
from node.services.matching.roster import Roster
from node.store import call_lists, call_words, persons, settings, staff
from node.store.db import Tx


class CallBook:
    """Looks only. All raise ``NotAllowed``; what names anybody raises ``Locked``."""

    def __init__(self, desk: Desk, roster: Roster, matching: Matching) -> None:
        self._desk = desk
        self._roster = roster
        self._matching = matching

    async def lists(self, actor: Actor) -> tuple[ListLine, ...]:
        """All that have not ended, those with calls today first."""
        require(actor, Permission.READ_BOARD)
        self._desk.must_be_unlocked()
        await self._roster.ready()
        async with self._desk.db.read() as tx:
            found = [await self._line(tx, *each) for each in await call_lists.standing(tx)]
        if found:
            await self._desk.look(actor, "look.list", "calls")
        return tuple(sorted(found, key=lambda line: (not line.today, line.name.casefold())))

    async def over(self, actor: Actor) -> tuple[tuple[str, str], ...]:
        """Lists that have ended: id and name."""
        require(actor, Permission.READ_BOARD)
        self._desk.must_be_unlocked()
        async with self._desk.db.read() as tx:
            return tuple(
                (each.id, opened_list(self._desk, each.id, sealed).name)
                for each, sealed in await call_lists.ended(tx)
            )

    async def one(self, actor: Actor, list_id: str, *, reveal: bool = False) -> ListView:
        """One list and who rings; ``reveal``: with everybody on it by name, a recorded look at each. Raises
        ``NotFound``."""
        require(actor, Permission.READ_BOARD)
        if reveal:
            require(actor, Permission.READ_PERSON)
        desk = self._desk
        desk.must_be_unlocked()
        await self._roster.ready()
        if not reveal:
            await desk.look(actor, "look.list", "calls")
        async with desk.db.write() if reveal else desk.db.read() as tx:
            each, sealed = await the_list(tx, list_id)
            held = await call_lists.entries(tx, list_id)
            barred = await call_lists.barred_of(tx, list_id)
            callers = await self._callers(tx, actor, each, [entry for entry, _ in held])
            named = {caller.id: caller.name for caller in callers}
            entries = [
                EntryView(
                    entry=entry,
                    name=(await self._person(tx, entry.person_id)).name,
                    note=opened_entry(desk, entry.id, note),
                    barred=entry.id in barred,
                    caller=named.get(entry.caller_id or "", ""),
                    last=await self._last(tx, entry),
                )
                for entry, note in (held if reveal else ())
            ]
            await look_at(tx, desk, actor, list_id, [each.entry.person_id for each in entries])
            return ListView(
                each=each,
                details=opened_list(desk, list_id, sealed),
                people=len([entry for entry, _ in held if still_on(entry)]),
                entries=entries,
                revealed=reveal,
                callers=callers,
                may_ring=await self._may_ring(tx, each, callers),
                next=await self._next(tx, each, 3),
            )

    async def coming(self, actor: Actor, day: date) -> tuple[Coming, ...]:
        """How many each list rings that day, without a name of anybody on it."""
        require(actor, Permission.READ_BOARD)
        self._desk.must_be_unlocked()
        await self._roster.ready()
        found = []
        async with self._desk.db.read() as tx:
            for each, sealed in await call_lists.standing(tx):
                on = await the_day(tx, self._desk, self._roster, self._matching, each, day)
                if on.due:
                    found.append(
                        Coming(
                            list_id=each.id,
                            name=opened_list(self._desk, each.id, sealed).name,
                            due=len(on.due),
                            nobody=len([1 for caller in on.shares.values() if caller is None]),
                        )
                    )
        return tuple(found)

    async def of_person(self, actor: Actor, person_id: PersonId) -> tuple[OnList, ...]:
        """The lists that she is on, for her page: opened by a look that was written down."""
        require(actor, Permission.READ_PERSON)
        self._desk.must_be_unlocked()
        async with self._desk.db.read() as tx:
            found = []
            for entry, _ in await call_lists.entries_of(tx, person_id):
                each, sealed = await the_list(tx, entry.list_id)
                if still_on(entry) and each.state is not SeriesState.ENDED:
                    name = opened_list(self._desk, each.id, sealed).name
                    last = await self._last(tx, entry)
                    found.append(OnList(list_id=each.id, list_name=name, entry=entry, last=last))
        return tuple(found)

    async def who_may_ring(self, actor: Actor, language: str = "") -> tuple[MayRing, ...]:
        """Whoever could be given a new list's calls: those who speak its language and said that they ring first; a
        recorded look."""
        require(actor, Permission.DISPATCH)
        await self._roster.ready()
        async with self._desk.db.read() as tx:
            found = await self._may(tx, language, frozenset())
        if found:
            await self._desk.look(actor, "look.list", "volunteers")
        return found

    # --- the day

    async def sheet(
        self, actor: Actor, list_id: str, day: date | None = None, *, reveal: bool = False
    ) -> DaySheet:
        """How the calls of that day stand (None: today), and who makes them; from a week ago to a month ahead.
        ``reveal``: with names and numbers, a recorded look at each. Raises ``NotFound``."""
        require(actor, Permission.READ_BOARD)
        if reveal:
            require(actor, Permission.READ_PERSON)
        desk = self._desk
        desk.must_be_unlocked()
        day = _within(day or desk.today, desk.today)
        await self._roster.ready()
        if not reveal:
            await desk.look(actor, "look.list", "calls")
        async with desk.db.write() if reveal else desk.db.read() as tx:
            each, sealed = await the_list(tx, list_id)
            found = await the_day(tx, desk, self._roster, self._matching, each, day)
            said = await call_words.of_day(tx, list_id, day)
            names = await by_name(tx, desk, [word.by_actor for rows in said.values() for word, _ in rows])
            lines = {}
            for number, (entry, note) in enumerate(found.due, 1):
                rows = said.get(entry.id, ())
                line = await self._call(tx, number, entry, note, found, rows, names)
                lines[entry.id] = line if reveal else _covered(line)
            if reveal:
                await look_at(tx, desk, actor, list_id, [line.person_id for line in lines.values()])
            callers = await self._callers(tx, actor, each, [entry for entry, _ in found.due])
            coming = [one for one in await self._next(tx, each, 2, day) if one > day]
        shares = [
            Share(caller=caller, lines=[line for line in lines.values() if line.caller_id == caller.id])
            for caller in callers
        ]
        nobody = Share(caller=None, lines=[line for line in lines.values() if line.caller_id is None])
        return DaySheet(
            each=each,
            details=opened_list(desk, list_id, sealed),
            day=day,
            rings=found.rings,
            revealed=reveal,
            open=found.rings and rules.on_its_day(day, desk.today),
            shares=[share for share in (nobody, *shares) if share.lines],
            there=[caller for caller in callers if caller.id in {each.id for each in found.there}],
            next=coming[0] if coming else None,
        )

    # --- parts

    async def _line(self, tx: Tx, each: CallList, sealed: bytes) -> ListLine:
        desk = self._desk
        day = await the_day(tx, desk, self._roster, self._matching, each, desk.today)
        said = await call_words.of_day(tx, each.id, desk.today)
        done = [rules.outcome(word for word, _ in said.get(entry.id, ())) for entry, _ in day.due]
        coming = await self._next(tx, each, 2)
        names = [await self._caller_name(tx, caller) for caller in await call_lists.callers(tx, each.id)]
        return ListLine(
            each=each,
            name=opened_list(desk, each.id, sealed).name,
            people=len([1 for entry, _ in await call_lists.entries(tx, each.id) if still_on(entry)]),
            callers=names,
            today=bool(day.due),
            due=len(day.due),
            reached=len([1 for word in done if word not in (None, CallWord.NO_ANSWER)]),
            nobody=len([1 for caller in day.shares.values() if caller is None]),
            next=next((one for one in coming if one > desk.today), None),
        )

    async def _next(self, tx: Tx, each: CallList, many: int, start: date | None = None) -> list[date]:
        if each.state is SeriesState.ENDED or (
            each.state is SeriesState.PAUSED and each.paused_until is None
        ):
            return []
        frm = max(start or self._desk.today, each.paused_until or date.min)
        return rules.next_days(each.rhythm, frm, await settings.holidays(tx), many)

    async def _call(
        self,
        tx: Tx,
        number: int,
        entry: Entry,
        note: bytes,
        day: TheDay,
        rows: Sequence[tuple[rules.Said, bytes | None]],
        names: Mapping[str, str],
    ) -> CallLine:
        person = await self._person(tx, entry.person_id)
        silence, _ = rules.raised_by([said for said, _ in await call_words.of_entry(tx, entry.id)])
        return CallLine(
            entry_id=entry.id,
            person_id=entry.person_id,
            number=number,
            name=person.name,
            phone=person.best_phone,
            phone_kind=phone_kind(person),
            safe_to_ring=person.safe_to_ring,
            note=opened_entry(self._desk, entry.id, note),
            languages=person.languages,
            agreed=entry.agreed,
            caller_id=day.shares[entry.id],
            outcome=rules.outcome(said for said, _ in rows),
            silence=silence,
            said=[told(self._desk, said, sealed, names) for said, sealed in rows],
        )

    async def _callers(
        self, tx: Tx, actor: Actor, each: CallList, entries: Sequence[Entry]
    ) -> list[CallerView]:
        desk = self._desk
        active = {row.id for row in await staff.all_of(tx) if row.state == "active"}
        wanted = await asked_of_callers(tx, desk, desk.today)
        found = []
        for caller in await call_lists.callers(tx, each.id):
            person = caller.person_id
            gone = (
                caller.staff_id not in active
                if person is None
                else against(self._roster.get(person), wanted) is not None
            )
            usually = [e for e in entries if e.caller_id == caller.id and still_on(e)]
            found.append(
                CallerView(
                    id=caller.id,
                    name=await self._caller_name(tx, caller),
                    person_id=person,
                    staff=person is None,
                    here=person is None and caller.staff_id == actor.id,
                    gone=gone,
                    weekdays=caller.weekdays,
                    entries=len(usually),
                    has_link=caller.link_hash is not None,
                    opened=caller.device_hash is not None,
                )
            )
        return found

    async def _caller_name(self, tx: Tx, caller: Caller) -> str:
        if caller.person_id is not None:
            return (await self._person(tx, caller.person_id)).name
        return (await self._desk.handles(tx)).get(caller.staff_id or "", "")

    async def _may_ring(self, tx: Tx, each: CallList, callers: Sequence[CallerView]) -> tuple[MayRing, ...]:
        ring = await call_lists.callers(tx, each.id)
        return await self._may(
            tx, each.language, frozenset(caller.person_id or caller.staff_id or "" for caller in ring)
        )

    async def _may(self, tx: Tx, language: str, without: frozenset[str]) -> tuple[MayRing, ...]:
        wanted = await asked_of_callers(tx, self._desk, self._desk.today)
        found = [
            MayRing(key=f"{STAFF}:{row.id}", name=row.handle, speaks=True, said_so=True)
            for row in await staff.all_of(tx)
            if row.state == "active" and row.id not in without
        ]
        volunteers = [
            MayRing(
                key=f"{VOLUNTEER}:{helper.person_id}",
                name=helper.name,
                speaks=not language or language in helper.languages,
                said_so=rules.KIND in helper.abilities,
            )
            for helper in self._roster.all_of_them()
            if helper.person_id not in without and against(helper, wanted) is None and not helper.organisation
        ]
        volunteers.sort(key=lambda each: (not each.speaks, not each.said_so, each.name.casefold(), each.key))
        return (*found, *volunteers)

    async def _last(self, tx: Tx, entry: Entry) -> SaidView | None:
        words = await call_words.of_entry(tx, entry.id)
        latest = rules.in_order(said for said, _ in words if not said.taken_back)[-1:]
        names = await by_name(tx, self._desk, [said.by_actor for said in latest])
        notes = {said.id: note for said, note in words}
        return next((told(self._desk, said, notes[said.id], names) for said in latest), None)

    async def _person(self, tx: Tx, person_id: PersonId) -> PersonDetails:
        held = await persons.get(tx, person_id)
        return self._desk.open_person(held) if held else PersonDetails()


def _covered(line: CallLine) -> CallLine:
    """How the call stands, without whom it is about or what was said."""
    said = [replace(each, note="") for each in line.said]
    return replace(line, name="", phone="", safe_to_ring="", note="", languages=(), said=said)


def _within(day: date, today: date) -> date:
    return min(max(day, today - timedelta(days=7)), today + timedelta(days=31))
