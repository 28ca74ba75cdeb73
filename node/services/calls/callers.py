"""Who rings on a list: volunteers by a private link, and whoever works here."""

from dataclasses import replace

from node.domain.actors import Actor
from node.domain.calls import call_list as rules
from node.domain.calls.call_list import Caller
from node.domain.ids import PersonId, new_id
from node.domain.permissions import Permission, require
from node.errors import N_, Conflict, NotFound, not_suitable
from node.services import links
from node.services.calls.call_steps import (
    against,
    asked_of_callers,
    going_on,
    list_object,
    still_on,
    the_caller,
)
from node.services.desk import Desk
from node.services.matching.roster import Roster
from node.store import call_lists, staff
from node.store.db import Tx

VOLUNTEER, STAFF = "v", "s"
"""What stands before the id in a key: ``v:`` and a person, ``s:`` and an account."""


class Callers:
    """The verbs about who rings. All raise ``NotAllowed``, ``NotFound``."""

    def __init__(self, desk: Desk, roster: Roster) -> None:
        self._desk = desk
        self._roster = roster

    async def add(self, actor: Actor, list_id: str, key: str) -> None:
        """One more who rings: ``v:`` and a person, or ``s:`` and an account. Twice is once.

        Raises ``Conflict("not_suitable")`` for a volunteer whom this may not be given to, ``NotFound``."""
        require(actor, Permission.DISPATCH)
        await self._roster.ready()
        async with self._desk.db.write() as tx:
            await going_on(tx, list_id)
            await put_caller(tx, self._desk, self._roster, actor, list_id, key)

    async def set_days(self, actor: Actor, list_id: str, caller_id: str, weekdays: tuple[int, ...]) -> None:
        """On which days of the week she can. None of them: not at all, until somebody says otherwise."""
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            caller = await the_caller(tx, list_id, caller_id)
            days = tuple(day for day in rules.WEEK if day in weekdays)
            await call_lists.put_caller(tx, replace(caller, weekdays=days))
            await self._desk.record(tx, actor, "calls.days", list_object(list_id), caller=caller_id)

    async def drop(self, actor: Actor, list_id: str, caller_id: str, to: str = "") -> None:
        """She rings nobody here any more and her link is closed. Her people go to the caller ``to``; without one they
        are shared among the others day by day. Raises ``NotFound``."""
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            await the_caller(tx, list_id, caller_id)
            if to:
                await _hand_on(tx, list_id, caller_id, (await the_caller(tx, list_id, to)).id)
            await call_lists.drop_caller(tx, caller_id)
            await self._desk.record(tx, actor, "calls.caller_off", list_object(list_id), caller=caller_id)

    async def share_out(self, actor: Actor, list_id: str) -> None:
        """Everybody on it anew among all callers: neighbours on the list stay together."""
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            await going_on(tx, list_id)
            await share_out(tx, list_id)
            await self._desk.record(tx, actor, "calls.shared_out", list_object(list_id))

    async def link(self, actor: Actor, list_id: str, caller_id: str) -> str:
        """A fresh token for the private link ``/c/<token>``; the one before stops working, and its device is
        forgotten. Raises ``Conflict("no_link")`` for one of us, who signs in."""
        require(actor, Permission.DISPATCH)
        token = links.new_token(self._desk.random)
        async with self._desk.db.write() as tx:
            await going_on(tx, list_id)
            caller = await the_caller(tx, list_id, caller_id)
            if caller.person_id is None:
                raise Conflict("no_link", N_("Who works here signs in and needs no link."))
            await call_lists.put_caller(
                tx, replace(caller, link_hash=links.calls_hash(token), device_hash=None)
            )
            await self._desk.record(tx, actor, "calls.link", list_object(list_id), caller=caller_id)
        return token


async def put_caller(tx: Tx, desk: Desk, roster: Roster, actor: Actor, list_id: str, key: str) -> None:
    """One more who rings, inside a write. Call ``Roster.ready`` before. Raises as ``Callers.add`` does."""
    kind, _, id = key.partition(":")
    if kind == VOLUNTEER:
        id = await desk.whole(tx, PersonId(id))
        wanted = await asked_of_callers(tx, desk, desk.today)
        helper = roster.get(PersonId(id))
        if (gate := against(helper, wanted)) is not None:
            raise not_suitable(gate=str(gate))
    elif kind != STAFF or not [
        row for row in await staff.all_of(tx) if row.id == id and row.state == "active"
    ]:
        raise NotFound("no_such_caller", N_("Nobody like that rings on this list."))
    for held in await call_lists.callers(tx, list_id):
        if id in (held.person_id, held.staff_id):
            return
    caller = Caller(
        id=new_id(desk.random),
        list_id=list_id,
        person_id=PersonId(id) if kind == VOLUNTEER else None,
        staff_id=id if kind == STAFF else None,
        since_day=desk.today,
    )
    await call_lists.put_caller(tx, caller)
    await desk.record(tx, actor, "calls.caller_on", list_object(list_id), caller=caller.id)


async def share_out(tx: Tx, list_id: str) -> None:
    """Everybody on it among all callers, in blocks."""
    callers = [caller.id for caller in await call_lists.callers(tx, list_id) if caller.weekdays]
    held = [each for each in await call_lists.entries(tx, list_id) if still_on(each[0])]
    blocks = rules.in_blocks([entry for entry, _ in held], callers)
    for entry, sealed in held:
        await call_lists.put_entry(tx, replace(entry, caller_id=blocks.get(entry.id)), sealed)


async def _hand_on(tx: Tx, list_id: str, frm: str, to: str) -> None:
    for entry, sealed in await call_lists.entries(tx, list_id):
        if entry.caller_id == frm:
            await call_lists.put_entry(tx, replace(entry, caller_id=to), sealed)
