"""Following a need up: the contact log with its call-backs. Works while locked; notes are then unreadable."""

from datetime import date

from node.domain.actors import Actor, ActorKind
from node.domain.dispatch.follow_up import (
    MAX_NOTE,
    REACHED,
    CallBack,
    CallBackView,
    Contact,
    ContactKind,
    ContactView,
    not_reached,
    once_rung,
    ring_again,
)
from node.domain.ids import NeedId, new_id
from node.domain.permissions import Permission, require
from node.errors import N_, Invalid
from node.services.desk import Desk, need_object
from node.services.dispatch import promises
from node.store import contacts
from node.store.db import Tx


class FollowUp:
    """What was said on the phone, and when somebody rings again."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def contacts(self, actor: Actor, need_id: NeedId) -> tuple[ContactView, ...]:
        """The contact log, newest first. Raises ``NotFound``."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            await self._desk.need_row(tx, need_id)
            handles = await self._desk.handles(tx)
            return tuple(
                ContactView(
                    kind=entry.kind,
                    at=entry.at,
                    by=handles.get(entry.by_staff, ""),
                    note=self._desk.open_note("contact_log", entry.id, entry.note_sealed),
                )
                for entry in await contacts.of_need(tx, need_id)
            )

    async def call_back(self, actor: Actor, need_id: NeedId) -> CallBackView | None:
        """The day to ring again, or None."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            promise = await contacts.call_back(tx, need_id)
            if promise is None:
                return None
            handles = await self._desk.handles(tx)
        return CallBackView(
            day=promise.day,
            why=self._desk.open_note("call_backs", need_id, promise.note_sealed),
            by=handles.get(promise.by_staff, ""),
            due=promise.day <= self._desk.today,
            promised=promise.promised,
        )

    async def log(
        self, actor: Actor, need_id: NeedId, kind: ContactKind, note: str = "", again: date | None = None
    ) -> date | None:
        """One entry; returns the day to ring again if one was set by it.

        Without an answer that is tomorrow, if ``again`` says no other day. Once somebody was reached, a day that
        had come is kept. Raises ``Invalid``, ``NotFound``.
        """
        require(actor, Permission.TRIAGE)
        self._check(note, again)
        async with self._desk.db.write() as tx:
            await self._desk.need_row(tx, need_id)
            return await self.enter(tx, actor, need_id, kind, note, again)

    async def enter(
        self, tx: Tx, actor: Actor, need_id: NeedId, kind: ContactKind, note: str, again: date | None = None
    ) -> date | None:
        """The same inside a caller's write."""
        desk = self._desk
        entry_id = new_id(desk.random)
        await contacts.insert(
            tx,
            Contact(
                id=entry_id,
                need_id=need_id,
                kind=kind,
                at=desk.now,
                by_staff=_staff_id(actor),
                note_sealed=self._desk.seal_note("contact_log", entry_id, note),
            ),
        )
        day, held = ring_again(kind, again, desk.today), await contacts.call_back(tx, need_id)
        if day is not None:
            fresh = self._promised(actor, need_id, day, note)
            kept = held is not None and held.by_itself and again is None
            await contacts.put_call_back(tx, not_reached(held, fresh) if held and kept else fresh)
        elif kind in REACHED:
            if held is not None and held.day <= desk.today:
                await contacts.leave_call_back(tx, need_id, once_rung(held, desk.today))
            await promises.keep(tx, desk, actor, need_id)
        return day

    async def ring_on(self, actor: Actor, need_id: NeedId, day: date, why: str = "") -> None:
        """Somebody rings again on that day, which must not be past (``Invalid``)."""
        require(actor, Permission.TRIAGE)
        self._check(why, day)
        async with self._desk.db.write() as tx:
            await self._desk.need_row(tx, need_id)
            await contacts.put_call_back(tx, self._promised(actor, need_id, day, why))

    async def need_not_ring(self, actor: Actor, need_id: NeedId) -> None:
        """The promise is kept, or no longer wanted; one of a later day that came up by itself stands again. Nothing
        happens if there is none."""
        require(actor, Permission.TRIAGE)
        async with self._desk.db.write() as tx:
            await self._desk.need_row(tx, need_id)
            held = await contacts.call_back(tx, need_id)
            left = once_rung(held, self._desk.today) if held else None
            if await contacts.leave_call_back(tx, need_id, left):
                await self._desk.record(tx, actor, "need.call_back_done", need_object(need_id))

    def _promised(self, actor: Actor, need_id: NeedId, day: date, why: str) -> CallBack:
        return CallBack(
            need_id=need_id,
            day=day,
            at=self._desk.now,
            by_staff=_staff_id(actor),
            note_sealed=self._desk.seal_note("call_backs", need_id, why),
        )

    def _check(self, note: str, day: date | None) -> None:
        wrong = {}
        if len(note) > MAX_NOTE:
            wrong["note"] = N_("This is too long. Shorten it, please.")
        if day is not None and day < self._desk.today:
            wrong["again"] = N_("This day is past.")
        if wrong:
            raise Invalid("contact", N_("Some answers need another look."), fields=wrong)


def _staff_id(actor: Actor) -> str:
    """Who of ours wrote it down; empty when a volunteer said it at a door."""
    return (actor.id or "") if actor.kind is ActorKind.STAFF else ""
