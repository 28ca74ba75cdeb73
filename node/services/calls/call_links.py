"""Calls by a private link: a volunteer sees whom to ring next, says what came of it, and no more.

As with the link of a task or a round: opening it changes nothing, names and numbers open on the one device that it was
opened on first, only on a day on which she rings, one call at a time, and each look is recorded.
"""

from collections.abc import Sequence
from dataclasses import replace

from node.domain.accounts.levels import TaskKind, helper_sees
from node.domain.actors import volunteer_actor
from node.domain.calls import call_list as rules
from node.domain.calls.call_list import Caller, CallList, CallWord, Entry
from node.domain.calls.call_views import CallStage, MyCall, MyCalls, OneCall
from node.domain.dispatch.series import SeriesState
from node.domain.need import NeedDetails
from node.errors import N_, Conflict, moved_on
from node.services import links
from node.services.calls.call_steps import (
    TheDay,
    check_note,
    list_object,
    opened_entry,
    opened_list,
    say,
    the_day,
)
from node.services.calls.entries import agree
from node.services.desk import Desk, person_object
from node.services.matching.matching import Matching
from node.services.matching.roster import Roster
from node.store import call_lists, call_words, kept_away, settings
from node.store.db import Tx

AGAIN = (None, CallWord.NO_ANSWER)
"""Where there is still somebody to ring."""
CALLS_ELSEWHERE = N_("These calls were opened on another device. Use that one, or ask us for a new link.")


class CallLinks:
    """See, open, ring, say. ``device`` is the value of the device's cookie.

    Every verb raises ``NotFound("link_closed")`` for a link that is unknown, replaced, of a list that is over, or of
    somebody who is kept away.
    """

    def __init__(self, desk: Desk, roster: Roster, matching: Matching) -> None:
        self._desk = desk
        self._roster = roster
        self._matching = matching

    async def view(self, token: str, device: str | None) -> MyCalls:
        """How it stands today; changes nothing."""
        desk = self._desk
        await self._ready()
        async with desk.db.read() as tx:
            caller, each, sealed = await self._by(tx, token)
            if (stage := _stage(caller, device)) is not CallStage.TODAY:
                return MyCalls(stage=stage, day=desk.today)
            _, mine = await self._mine(tx, caller, each)
            calls = await self._lines(tx, each, mine)
            details = opened_list(desk, each.id, sealed) if desk.unlocked else None
            coming = rules.next_days(each.rhythm, desk.today, await settings.holidays(tx), 2)
            return MyCalls(
                stage=CallStage.TODAY if mine else CallStage.NOT_TODAY,
                day=desk.today,
                next=next((one for one in coming if one > desk.today), None),
                name=details.name if details else "",
                note=details.note if details and mine else "",
                calls=calls,
                following=_following(calls, None),
                locked=not desk.unlocked,
            )

    async def open_here(self, token: str, device: str) -> None:
        """Ties the link to this device. Raises ``Conflict("other_device")``."""
        async with self._desk.db.write() as tx:
            caller, each, _ = await self._by(tx, token)
            bound = links.tie(caller.device_hash, device, CALLS_ELSEWHERE)
            if bound is None:
                return
            await call_lists.put_caller(tx, replace(caller, device_hash=bound))
            await self._desk.record(
                tx, volunteer_actor(caller.person_id or ""), "calls.device", list_object(each.id)
            )

    async def call(self, token: str, device: str, entry_id: str) -> OneCall:
        """Whom to ring, a recorded look. Raises ``Conflict`` (``other_device``, ``moved_on``) where there is nothing to
        ring for any more, or it is somebody else's."""
        desk = self._desk
        await self._ready()
        async with desk.db.write() as tx:
            caller, each, _ = await self._by(tx, token)
            links.must_be_here(caller.device_hash, device, CALLS_ELSEWHERE)
            day, mine = await self._mine(tx, caller, each)
            calls = await self._lines(tx, each, mine)
            line = next((call for call in calls if call.entry_id == entry_id), None)
            if line is None or not line.open:
                raise moved_on()
            entry, note = next(held for held in day.due if held[0].id == entry_id)
            seen = None
            if desk.unlocked:
                person = desk.open_person(await desk.need_person(tx, entry.person_id))
                details = NeedDetails(category=rules.KIND, notes=opened_entry(desk, entry.id, note))
                seen = helper_sees(details, person, TaskKind.FROM_HOME)
                await desk.record(
                    tx,
                    volunteer_actor(caller.person_id or ""),
                    "look.call",
                    person_object(entry.person_id),
                    list=each.id,
                )
            said = [word for word, _ in await call_words.of_entry(tx, entry.id) if word.day == desk.today]
            return OneCall(
                entry_id=entry.id,
                number=line.number,
                of=len(calls),
                first_name=seen.first_name if seen else "",
                phone=seen.phone if seen else "",
                phone_kind=seen.phone_kind if seen else "",
                safe_to_ring=seen.safe_to_ring if seen else "",
                note=seen.notes if seen else "",
                languages=seen.languages if seen else (),
                agreed=entry.agreed,
                tried=len([1 for word in said if word.word is CallWord.NO_ANSWER and not word.taken_back]),
                following=_following(calls, entry_id),
                locked=seen is None,
            )

    async def said(
        self, token: str, device: str, entry_id: str, word: CallWord, note: str = ""
    ) -> str | None:
        """What came of that call; works while locked, and for every call of her list today: a word is never lost
        because the call was given to somebody else meanwhile. Returns the next one of hers.

        Raises ``Conflict``, ``Invalid`` (``note``), ``NotFound``.
        """
        check_note(note)
        desk = self._desk
        await self._ready()
        async with desk.db.write() as tx:
            caller, each, _ = await self._by(tx, token)
            links.must_be_here(caller.device_hash, device, CALLS_ELSEWHERE)
            day, mine = await self._mine(tx, caller, each)
            entry = next((entry for entry, _ in day.due if entry.id == entry_id), None)
            if entry is None:
                raise moved_on()
            await say(tx, desk, volunteer_actor(caller.person_id or ""), entry, desk.today, word, note)
            return _following(await self._lines(tx, each, mine), entry_id)

    async def said_yes(self, token: str, device: str, entry_id: str, *, yes: bool, wording: str) -> None:
        """She was asked whether we may ring her, in the words of that version; no takes her off the list. Raises as
        ``said`` does."""
        desk = self._desk
        await self._ready()
        async with desk.db.write() as tx:
            caller, each, _ = await self._by(tx, token)
            links.must_be_here(caller.device_hash, device, CALLS_ELSEWHERE)
            _, mine = await self._mine(tx, caller, each)
            held = await call_lists.entry(tx, entry_id) if entry_id in {entry.id for entry in mine} else None
            if held is None:
                raise moved_on()
            actor = volunteer_actor(caller.person_id or "")
            await agree(tx, desk, actor, *held, yes=yes, wording=wording)

    async def _ready(self) -> None:
        if self._desk.unlocked:
            await self._roster.ready()

    async def _by(self, tx: Tx, token: str) -> tuple[Caller, CallList, bytes]:
        caller = await call_lists.caller_with_link(tx, links.calls_hash(token)) if token else None
        held = await call_lists.get(tx, caller.list_id) if caller else None
        if caller is None or caller.person_id is None or held is None or held[0].state is SeriesState.ENDED:
            raise links.closed_link()
        try:
            await kept_away.refuse_helper(tx, caller.person_id)
        except Conflict:
            raise links.closed_link() from None
        return caller, *held

    async def _mine(self, tx: Tx, caller: Caller, each: CallList) -> tuple[TheDay, list[Entry]]:
        day = await the_day(tx, self._desk, self._roster, self._matching, each, self._desk.today)
        return day, [entry for entry, _ in day.due if day.shares[entry.id] == caller.id]

    async def _lines(self, tx: Tx, each: CallList, mine: Sequence[Entry]) -> tuple[MyCall, ...]:
        said = await call_words.of_day(tx, each.id, self._desk.today)
        found = []
        for number, entry in enumerate(mine, 1):
            came = rules.outcome(word for word, _ in said.get(entry.id, ()))
            found.append(MyCall(entry_id=entry.id, number=number, outcome=came, open=came in AGAIN))
        return tuple(found)


def _stage(caller: Caller, device: str | None) -> CallStage:
    if caller.device_hash is None:
        return CallStage.OPEN_HERE
    if links.is_elsewhere(caller.device_hash, device):
        return CallStage.OTHER_DEVICE
    return CallStage.TODAY


def _following(calls: Sequence[MyCall], entry_id: str | None) -> str | None:
    """The next to ring after that one: whoever was not rung yet, then whoever did not answer."""
    order = [call.entry_id for call in calls]
    at = order.index(entry_id) + 1 if entry_id in order else 0
    around = [call for call in (*calls[at:], *calls[:at]) if call.entry_id != entry_id]
    for came in AGAIN:
        for call in around:
            if call.open and call.outcome is came:
                return call.entry_id
    return None
