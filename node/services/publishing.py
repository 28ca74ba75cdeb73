"""What others see of us: at each slot the difference is signed, stored and handed to the neighbourhood.

Everything of a slot is signed and committed in one transaction of ``group.db`` before anybody can see a
line of it. Works while the vault is locked: only the clear part of a need is ever looked at.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from node.domain.actors import SYSTEM, Actor
from node.domain.catalogue import Klass
from node.domain.consents import Purpose
from node.domain.ids import new_id
from node.domain.need import Need, NeedState, Share
from node.domain.need_lifecycle import PUBLISHED_AS, PublishedAs
from node.domain.outgoing import Out, Plan, Wanted, plan
from node.domain.permissions import Permission, require
from node.domain.publication import (
    SETS,
    Content,
    WhyNot,
    content_of,
    expiry,
    hour_of,
    klass_of,
    shuffled,
    why_not,
)
from node.errors import N_, Conflict, Invalid
from node.ports import OwnStatements
from node.services.desk import Desk
from node.services.keyring import Keyring
from node.services.signing import Book, own_profile
from node.store import audit, consents, needs, own_lines, published, settings, shares
from node.store.db import Tx
from node.store.own_lines import OwnLine
from node.store.published import PublishedRow
from protocol.limits import SET_LIVE
from protocol.population import PopulationTable
from protocol.statements import Summary

_SEEN_STATES = tuple(
    state for state in NeedState if PUBLISHED_AS[state] in (PublishedAs.OPEN, PublishedAs.TAKEN)
)
_DAY = 86_400


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Exactly what others see of a need."""

    now: Summary | None
    """The statement that is out, None if nothing is."""
    next: Content | None
    """What the next slot sends, None if nothing."""
    set_name: str | None
    """``public`` or ``peers``, for ``next``."""
    why_not: tuple[WhyNot, ...]
    """Everything that speaks against it; empty if it is or will be seen."""


class Publishing:
    """Signs what is shared. The op key signs unattended; nothing personal is read."""

    def __init__(
        self,
        desk: Desk,
        keyring: Keyring,
        own: OwnStatements,
        *,
        table: PopulationTable | None = None,
        trusted: Callable[[], bool] = lambda: True,
    ) -> None:
        """``trusted``: whether the clock may be believed now; nothing is signed while it says no."""
        self._desk = desk
        self._keyring = keyring
        self._own = own
        self._table = table
        self._trusted = trusted
        self._one = asyncio.Lock()
        self._unsure = True
        """Whether the last hand-over may have got only half-way; then the next one is of everything."""

    # --- what is shared

    async def share(self, actor: Actor, choices: Mapping[str, Share]) -> None:
        """Sets who may see which kinds; ``all`` stands for every kind that can leave at all.

        A kind that goes out under a broad name (class B) takes its whole broad group with it. Raises
        ``Invalid`` for an unknown kind, and for one that never leaves.
        """
        require(actor, Permission.SHARE)
        found: dict[str, Share] = {}
        for code, share in choices.items():
            for wire in self._wire_codes(code):
                found[wire] = share
        if Share.PUBLIC in found.values() and self._desk.partitions[Klass.B].too_small:
            raise Invalid(
                "small_area",
                N_(
                    "So few people live in your area that a public map could give one away."
                    " Share with groups you chose."
                ),
                hint="the population table knows fewer than 20,000 residents",
            )
        async with self._desk.db.write() as tx:
            for wire, share in found.items():
                await shares.put(tx, wire, share)
                await self._desk.record(tx, actor, "share.set", f"category:{wire}", share=str(share))

    async def shared(self, actor: Actor) -> dict[str, Share]:
        """The setting of every kind that can leave, by its code in summaries."""
        require(actor, Permission.SHARE)
        async with self._desk.db.read() as tx:
            made = await shares.all_of(tx)
        return {wire: made.get(wire, Share.ONLY_US) for wire in self._wire_codes("all")}

    # --- publishing

    async def publish(self, actor: Actor = SYSTEM) -> PublishReport:
        """Everything that changed goes out now. Raises ``Conflict`` before set-up or while the clock is not
        trusted.
        """
        require(actor, Permission.PUBLISH)
        report = await self._publish(actor, everything=True)
        if report is None:
            raise Conflict("not_set_up", N_("The group has not been set up yet."))
        return report

    async def slot(self) -> PublishReport | None:
        """The job of every ten minutes by the clock: withdrawals and what is urgent; at the first slot of
        each hour everything. None before set-up.
        """
        async with self._desk.db.read() as tx:
            last = await settings.get(tx, published.LAST_HOUR)
        return await self._publish(SYSTEM, everything=hour_of(self._desk.clock.now()) > last)

    async def catch_up(self) -> None:
        """At start: hands every line of ours to the neighbourhood again; what it holds already costs
        nothing.
        """
        async with self._one:
            self._unsure = True
            await self._hand_over()

    async def preview(self, need_id: str) -> Preview:
        """Exactly what others see of a need, now and after the next slot. Raises ``NotFound``."""
        async with self._desk.db.read() as tx:
            need = (await self._desk.need_row(tx, need_id)).need
            share = (await shares.all_of(tx)).get(need.category, Share.ONLY_US)
            agreed = await consents.answer(tx, need.id, Purpose.GROUPS_SEE)
            home = await settings.get(tx, settings.PLACE)
            row = await published.of_need(tx, need.id)
        reasons = why_not(need, share, agreed, self._desk.catalogue)
        content = None if reasons else self._content(need, home)
        if not reasons and content is None:
            reasons = (WhyNot.NO_PLACE,)
        out = _out(row) if row else None
        return Preview(
            now=out.content.summary(
                origin=await self._origin(),
                epoch=row.epoch,
                seq=row.seq,
                set=row.set_name,
                id=row.public_id,
                expires=row.expires,
            )
            if out and out.content and row
            else None,
            next=content,
            set_name=str(share) if content else None,
            why_not=reasons,
        )

    async def _publish(self, actor: Actor, *, everything: bool) -> PublishReport | None:
        if not self._trusted():
            raise Conflict(
                "clock_untrusted",
                N_("The clock of this machine cannot be trusted now, so nothing is signed."),
                hint="set the clock, or let the system synchronise it",
            )
        async with self._one:
            if await self._restored():
                # What went out since the backup was made decides where the new epoch begins.
                await self._own.fetch_back()
            seen = await self._own.own_position() if await self._origin() else None
            async with self._desk.db.write() as tx:
                report = await self._sign(tx, actor, seen, everything=everything)
            if report is not None:
                await self._hand_over()
            return report

    async def _sign(
        self, tx: Tx, actor: Actor, seen: tuple[int, int] | None, *, everything: bool
    ) -> PublishReport | None:
        desk = self._desk
        origin, keys = await settings.get(tx, settings.ORIGIN), await own_lines.get(tx, "keys")
        if not origin or keys is None:
            return None
        book, fresh = await self._open_book(tx, actor, origin, keys, seen)
        everything = everything or fresh
        today = desk.today
        home = await settings.get(tx, settings.PLACE)
        if home is not None:
            area = desk.partitions[Klass.B].label(*home)
            await book.profile(await own_profile(tx, origin=origin, area=area, table=self._table))
        out = [_out(row) for row in await published.all_of(tx)]
        steps = plan(out, await self._wanted(tx, home), today=today, everything=everything, most=SET_LIVE)
        await self._sign_plan(tx, book, steps, today)
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

    async def _open_book(
        self, tx: Tx, actor: Actor, origin: str, keys: OwnLine, seen: tuple[int, int] | None
    ) -> tuple[Book, bool]:
        """The counter to go on with, and whether it begins a new epoch (then everything is published anew)."""
        desk, key = self._desk, self._keyring.load()
        held = await published.position(tx)
        restored = await settings.get(tx, settings.RESTORED_AT) is not None
        behind = seen is not None and (held is None or seen > held)
        if held is not None and not restored and not behind:
            book = Book(tx, key, origin=origin, keys_rev=keys.seq, epoch=held[0], seq=held[1], now=desk.now)
            return book, False
        if held is not None or seen is not None:
            raised = await settings.get(tx, published.EPOCH_RAISED_AT)
            if raised and desk.now - raised < _DAY:
                raise Conflict(
                    "epoch_again",
                    N_(
                        "This group's lines were begun anew already today."
                        " Is a copy of it running somewhere else?"
                    ),
                    hint="two nodes with one key: stop one of them",
                )
            await settings.put(tx, published.EPOCH_RAISED_AT, desk.now)
        known = max(held[0] if held else 0, seen[0] if seen else 0)
        epoch = max(desk.now, known + 1, keys.epoch)
        await published.delete_all(tx)
        await settings.take_out(tx, settings.RESTORED_AT)
        await audit.append(
            tx, desk.clock, actor, "publish.epoch", f"epoch:{epoch}", codes={"restored": restored}
        )
        book = Book(tx, key, origin=origin, keys_rev=keys.seq, epoch=epoch, seq=0, now=desk.now)
        return book, True

    async def _wanted(self, tx: Tx, home: tuple[float, float] | None) -> dict[str, Wanted]:
        desk = self._desk
        made, agreed = await shares.all_of(tx), await published.agreed_needs(tx)
        wanted: dict[str, Wanted] = {}
        for row in await needs.in_states(tx, _SEEN_STATES):
            need = row.need
            share = made.get(need.category, Share.ONLY_US)
            if why_not(need, share, need.id in agreed, desk.catalogue):
                continue
            content = self._content(need, home)
            if content is not None:
                wanted[need.id] = Wanted(need_id=need.id, set_name=str(share), content=content)
        return wanted

    def _content(self, need: Need, home: tuple[float, float] | None) -> Content | None:
        """A need whose place is not known goes out at the group's own area; None if that is not known
        either.
        """
        partition = self._desk.partitions[klass_of(need, self._desk.catalogue)]
        cell = need.cell or (partition.label(*home) if home else None)
        if cell is None:
            return None
        # A need that was taken while the clock ran ahead must not stop all the others.
        today = self._desk.today
        posted = need if need.posted_day <= today else replace(need, posted_day=today)
        return content_of(posted, cell=cell, residents=partition.residents(cell))

    async def _sign_plan(self, tx: Tx, book: Book, steps: Plan, today: date) -> None:
        desk = self._desk
        for gone in steps.forget:
            await published.delete(tx, gone.public_id)
        mixed: list[Out | Wanted | tuple[Out, Content]] = [*steps.withdraw, *steps.renew, *steps.add]
        for step in shuffled(mixed, desk.random):
            if isinstance(step, Out):
                await book.withdraw(step)
            elif isinstance(step, Wanted):
                await book.summary(step, new_id(desk.random), expires=expiry(today), before=None)
            else:
                out, content = step
                want = Wanted(need_id=out.need_id, set_name=out.set_name, content=content)
                await book.summary(want, out.public_id, expires=expiry(today), before=out.max_expires)

    async def _hand_over(self) -> None:
        """Gives the neighbourhood what it does not hold of our lines. Heads come before items."""
        if not await self._origin():
            return
        held = None if self._unsure else await self._own.own_position()
        async with self._desk.db.read() as tx:
            named = {line.name: line.line for line in await own_lines.all_of(tx)}
            items = await published.lines_above(tx, *(held or (0, 0)))
        order = ("keys", "profile", *(f"head:{each}" for each in SETS))
        self._unsure = True
        await self._own.ingest_own([*(named[name] for name in order if name in named), *items])
        self._unsure = False

    async def _origin(self) -> str:
        async with self._desk.db.read() as tx:
            return await settings.get(tx, settings.ORIGIN)

    async def _restored(self) -> bool:
        async with self._desk.db.read() as tx:
            return await settings.get(tx, settings.RESTORED_AT) is not None

    def _wire_codes(self, code: str) -> Sequence[str]:
        catalogue = self._desk.catalogue
        if code == "all":
            return list(dict.fromkeys(each.wire for each in catalogue.categories if each.wire))
        if catalogue.is_wire_code(code):
            return [code]
        if code not in catalogue:
            raise Invalid("no_category", N_("There is no such kind of help: %(kind)s"), kind=code[:40])
        wire = catalogue.wire_category(code)
        if wire is None:
            raise Invalid(
                "never_shared",
                N_("%(name)s is never shown to other groups."),
                name=catalogue.name(code),
            )
        return [wire]


def _out(row: PublishedRow) -> Out:
    return Out(
        public_id=row.public_id,
        need_id=row.need_id,
        set_name=row.set_name,
        kind=row.kind,
        content=Content.from_json(row.content) if row.kind == "summary" else None,
        expires=row.expires,
        max_expires=row.max_expires,
    )
