"""What others see of us: at each slot the difference is signed, stored and handed to the neighbourhood.

Everything of a slot is signed and committed in one transaction of ``group.db`` before anybody can see a
line of it. Works while the vault is locked: only the clear part of a need is ever looked at.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from node.domain.actors import SYSTEM, Actor
from node.domain.catalogue import Klass
from node.domain.ids import NeedId, new_id
from node.domain.need import Share
from node.domain.permissions import Permission, require
from node.domain.sharing.epochs import APART_SECONDS, Decision, Why
from node.domain.sharing.outgoing import Out, Plan, Wanted, plan
from node.domain.sharing.publication import (
    SETS,
    Content,
    expiry,
    hour_of,
    shuffled,
)
from node.errors import N_, Conflict, Invalid
from node.logs import logger
from node.ports import OwnStatements
from node.services.accounts.keyring import Keyring
from node.services.desk import Desk, need_object
from node.services.sharing.notes import sign_notes
from node.services.sharing.recovery import Recovery
from node.services.sharing.sharing import Sharing
from node.services.sharing.signing import Book, Unwritable, own_profile
from node.services.sharing.what_goes import Preview, WhatGoes
from node.store import audit, needs, own_lines, proposals, published, settings, shares
from node.store.db import Tx
from node.store.own_lines import OwnLine
from protocol.errors import ProtocolError
from protocol.identity import public_of
from protocol.limits import SET_LIVE
from protocol.population import PopulationTable

log = logger("publishing")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishReport:
    """What one slot signed, and where the counter stands."""

    added: int
    changed: int
    withdrawn: int
    waiting: int
    """Needs that wait because a set may hold no more than 500."""
    heads: int
    epoch: int
    seq: int


class Publishing(Sharing):
    """Signs what is shared. The op key signs unattended; nothing personal is read."""

    def __init__(
        self,
        desk: Desk,
        keyring: Keyring,
        own: OwnStatements,
        *,
        table: PopulationTable | None = None,
        trusted: Callable[[], bool] = lambda: True,
        recovery: Recovery | None = None,
        renew_box_key: Callable[[Tx], Awaitable[object]] | None = None,
    ) -> None:
        """``trusted``: whether the clock may be believed now; nothing is signed while it says no.
        ``renew_box_key`` runs in the write that signs the profile, so that a new key and its announcement are one.
        """
        self._recovery = recovery or Recovery(desk, keyring, own)
        super().__init__(desk)
        self._goes = WhatGoes(desk)
        self._keyring = keyring
        self._own = own
        self._table = table
        self._trusted = trusted
        self._renew_box_key = renew_box_key
        self._one = asyncio.Lock()
        self._unsure = True
        """Whether the last hand-over may have got only half-way; then the next one is of everything."""

    # --- publishing

    async def publish(self, actor: Actor = SYSTEM, *, anew: bool = False) -> PublishReport:
        """Everything that changed goes out now; ``anew``: in a new epoch, because a person says that this node is
        the one that goes on. Raises ``Conflict`` before set-up, while the clock is not trusted, and while a
        person has to say something first (``node.domain.sharing.epochs.Stop``).
        """
        require(actor, Permission.PUBLISH)
        if anew:
            require(actor, Permission.SETTINGS)
        report = await self._publish(actor, everything=True, said=anew)
        if report is None:
            raise await self._nothing()
        return report

    async def erase_all(self, actor: Actor) -> PublishReport:
        """Takes everything back that was ever shared: nothing is shared with anybody from now on, and a new
        epoch in which no request stands makes every copy fall. Raises as ``publish``.
        """
        require(actor, Permission.SETTINGS)
        require(actor, Permission.SHARE)
        async with self._desk.db.write() as tx:
            for wire in self._desk.catalogue.wire_codes("all"):
                await shares.put(tx, wire, Share.ONLY_US)
            await settings.put(tx, settings.OFFERS, {})
            for row in await proposals.waiting(tx):  # a yes that comes later must not bring anything back
                if row.kind in ("share", "offers"):
                    await proposals.replace(tx, row.id)
            await self._desk.record(tx, actor, "share.erase_all", "category:all")
        report = await self._publish(actor, everything=True, erase=True)
        if report is None:
            raise await self._nothing()
        return report

    async def farewell(self, actor: Actor, *, to: str | None = None) -> PublishReport:
        """Closes this node for good: one last signed line, after which every copy of anything that we shared falls
        and our neighbours' nodes note that we left. ``to``: the id of the node that goes on in its place. Nothing is
        signed from then on. Raises as ``publish``; ``Invalid`` for an id that is none.
        """
        require(actor, Permission.PEERS)
        require(actor, Permission.SHARE)
        if to is not None:
            try:
                public_of(to)
            except ProtocolError as error:
                raise Invalid(
                    "bad_id", N_("That is no group's id. It begins with did:key:z6Mk."), hint=error.detail
                ) from error
        report = await self._publish(actor, everything=True, goodbye=(to,))
        if report is None:
            raise await self._nothing()
        return report

    async def _nothing(self) -> Conflict:
        """Why nothing can be signed."""
        async with self._desk.db.read() as tx:
            if await own_lines.get(tx, "farewell") is not None:
                return Conflict(
                    "said_farewell", N_("This group has said farewell: nothing goes out any more.")
                )
        return Conflict("not_set_up", N_("The group has not been set up yet."))

    async def slot(self) -> PublishReport | None:
        """The job of every ten minutes by the clock: withdrawals and what is urgent; at the first slot of
        each hour everything. None before set-up.
        """
        async with self._desk.db.read() as tx:
            last = await settings.get(tx, published.LAST_HOUR)
        return await self._publish(SYSTEM, everything=hour_of(self._desk.clock.now()) > last)

    async def introduce(self) -> None:
        """Signs what this node says about itself, if it never did: before another group looks who invites it, or who
        asks, and does not find a name until the next slot. Nothing happens while nothing can be signed."""
        async with self._desk.db.read() as tx:
            known = await own_lines.get(tx, "profile") is not None
        if known:
            return
        try:
            await self._publish(SYSTEM, everything=False)
        except Conflict as error:
            log.info("not_introduced", why=error.code)

    async def catch_up(self) -> None:
        """At start: hands every line of ours to the neighbourhood again; what it holds already costs
        nothing. Nothing is handed over that the keys line we now know of would not let in.
        """
        async with self._one:
            self._unsure = True
            if await self._recovery.outdated():
                return
            await self._hand_over()

    async def preview(self, need_id: str) -> Preview:
        """Exactly what others see of a need, now and after the next slot. Raises ``NotFound``."""
        return await self._goes.preview(need_id)

    async def _publish(
        self,
        actor: Actor,
        *,
        everything: bool,
        said: bool = False,
        erase: bool = False,
        goodbye: tuple[str | None] | None = None,
    ) -> PublishReport | None:
        if not self._trusted():
            raise Conflict(
                "clock_untrusted",
                N_("The clock of this machine cannot be trusted now, so nothing is signed."),
                hint="set the clock, or let the system synchronise it",
            )
        async with self._one:
            step = await self._recovery.before_signing(actor, said=said, erase=erase)
            seen = await self._own.own_position() if await self._origin() else None
            async with self._desk.db.write() as tx:
                if await own_lines.get(tx, "farewell") is not None:
                    return None
                report = await self._sign(tx, actor, seen, step, everything=everything)
                if report is not None and goodbye is not None:
                    report = await self._close(tx, actor, report, goodbye[0])
            if report is not None:
                await self._hand_over()
            return report

    async def _sign(
        self, tx: Tx, actor: Actor, seen: tuple[int, int] | None, step: Decision, *, everything: bool
    ) -> PublishReport | None:
        desk = self._desk
        origin, keys = await settings.get(tx, settings.ORIGIN), await own_lines.get(tx, "keys")
        if not origin or keys is None:
            return None
        book = await self._open_book(tx, actor, origin, keys, seen, step)
        everything = everything or step.begin is not None
        today = desk.protocol_day
        home = await settings.get(tx, settings.PLACE)
        if self._renew_box_key is not None:
            await self._renew_box_key(tx)
        if home is not None:
            area = desk.partitions[Klass.B].label(*home)
            await book.profile(
                await own_profile(tx, origin=origin, area=area, table=self._table, today=desk.today)
            )
        out = [row.planned() for row in await published.all_of(tx)]
        wanted = await self._goes.wanted(tx, home)
        steps = plan(out, wanted, today=today, everything=everything, most=SET_LIVE)
        bad = await self._sign_plan(tx, book, steps, today)
        await self._note_bad(tx, actor, steps, wanted, bad)
        await sign_notes(tx, book, today=today, random=desk.random)
        heads = await book.heads(today)
        await book.close()
        if everything:
            await settings.put(tx, published.LAST_HOUR, hour_of(desk.clock.now()))
        if steps.statements:
            await audit.append(
                tx,
                desk.clock,
                actor,
                "publish",
                f"epoch:{book.epoch}",
                codes={
                    "added": len(steps.add),
                    "changed": len(steps.renew),
                    "withdrawn": len(steps.withdraw),
                },
            )
        return PublishReport(
            added=len(steps.add),
            changed=len(steps.renew),
            withdrawn=len(steps.withdraw),
            waiting=steps.crowded_out,
            heads=heads,
            epoch=book.epoch,
            seq=book.seq,
        )

    async def _close(self, tx: Tx, actor: Actor, before: PublishReport, to: str | None) -> PublishReport:
        """The last line of all, in the write that brought everything up to date before."""
        keys, origin = await own_lines.get(tx, "keys"), await settings.get(tx, settings.ORIGIN)
        assert keys is not None
        key, now = self._keyring.load(), self._desk.now
        book = Book(tx, key, origin=origin, keys_rev=keys.seq, epoch=before.epoch, seq=before.seq, now=now)
        await book.farewell(self._desk.protocol_day, to)
        await book.close()
        await audit.append(tx, self._desk.clock, actor, "publish.farewell", f"epoch:{book.epoch}")
        return replace(before, added=0, changed=0, heads=0, seq=book.seq)

    async def _open_book(
        self,
        tx: Tx,
        actor: Actor,
        origin: str,
        keys: OwnLine,
        seen: tuple[int, int] | None,
        step: Decision,
    ) -> Book:
        """The counter to go on with, or that of a new epoch (then everything is published anew)."""
        desk, key = self._desk, self._keyring.load()
        held = await published.position(tx)
        epoch, seq = held or (0, 0)
        if step.begin is not None:
            # Copies of one node find each other out at the same slot: without some seconds of chance both would
            # begin the same epoch, contradict each other, and both stop.
            apart = int.from_bytes(desk.random(2), "big") % APART_SECONDS if step.begin is Why.BEHIND else 0
            epoch, seq = max(desk.now + apart, epoch + 1, (seen[0] if seen else 0) + 1, keys.epoch), 0
            await published.delete_all(tx)
            await self._recovery.began(tx, actor, step, epoch)
        return Book(tx, key, origin=origin, keys_rev=keys.seq, epoch=epoch, seq=seq, now=desk.now)

    async def _sign_plan(self, tx: Tx, book: Book, steps: Plan, today: date) -> dict[str, str]:
        """Returns what could not be written, and why (a code): it is left out, and withdrawn if it was out. One bad row
        must not keep all others, nor a withdrawal, from going."""
        desk, bad = self._desk, dict[str, str]()
        for gone in steps.forget:
            await published.delete(tx, gone.public_id)
        mixed: list[Out | Wanted | tuple[Out, Content]] = [*steps.withdraw, *steps.renew, *steps.add]
        for step in shuffled(mixed, desk.random):
            if isinstance(step, Out):
                await book.withdraw(step)
                continue
            out = None if isinstance(step, Wanted) else step[0]
            want = (
                step
                if isinstance(step, Wanted)
                else Wanted(need_id=step[0].need_id, set_name=step[0].set_name, content=step[1])
            )
            try:
                await book.summary(
                    want,
                    out.public_id if out else new_id(desk.random),
                    expires=expiry(today),
                    before=out.max_expires if out else None,
                )
            except Unwritable as fault:
                bad[fault.need_id] = fault.code
                if out is not None:
                    await book.withdraw(out)
        return bad

    async def _note_bad(
        self, tx: Tx, actor: Actor, steps: Plan, wanted: Mapping[str, Wanted], bad: Mapping[str, str]
    ) -> None:
        """Remembers what cannot be written until it can, or is wanted no more; each is told of once."""
        before = await settings.get(tx, published.UNWRITABLE)
        done = {each.need_id for each in steps.add} | {out.need_id for out, _ in steps.renew}
        still = sorted(set(bad) | {each for each in before if each in wanted and each not in done})
        if still != before:
            await settings.put(tx, published.UNWRITABLE, still)
        for need_id in sorted(set(bad) - set(before)):
            log.warning("unwritable", code=bad[need_id])
            await audit.append(
                tx,
                self._desk.clock,
                actor,
                "publish.unwritable",
                need_object(need_id),
                codes={"code": bad[need_id]},
            )

    async def unwritable(self, actor: Actor) -> Sequence[tuple[NeedId, str]]:
        """(id, reference) of each request that others should see, and that no line can be made of."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            rows = [
                await needs.get(tx, NeedId(each)) for each in await settings.get(tx, published.UNWRITABLE)
            ]
        return [(row.need.id, row.need.reference) for row in rows if row is not None]

    async def _hand_over(self) -> None:
        """Gives the neighbourhood what it does not hold of our lines. Heads come before items."""
        if not await self._origin():
            return
        held = None if self._unsure else await self._own.own_position()
        async with self._desk.db.read() as tx:
            named = {line.name: line.line for line in await own_lines.all_of(tx)}
            items = await published.lines_above(tx, *(held or (0, 0)))
        order = ("keys", "farewell", "profile", *(f"head:{each}" for each in SETS))
        self._unsure = True
        await self._own.ingest_own([*(named[name] for name in order if name in named), *items])
        self._unsure = False

    async def _origin(self) -> str:
        async with self._desk.db.read() as tx:
            return await settings.get(tx, settings.ORIGIN)
