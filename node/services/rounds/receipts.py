"""Money laid out for a task and paid back: claimed by whoever helped or by us, within a cap, settled once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from node.domain.actors import Actor, volunteer_actor
from node.domain.assignment import Assignment, AssignmentState
from node.domain.assignment_lifecycle import FILLS_A_PLACE, SHOWS_DETAILS
from node.domain.ids import AssignmentId, NeedId, PersonId, new_id
from node.domain.permissions import Permission, require
from node.domain.rounds import receipt as rules
from node.domain.rounds.receipt import How, Month, Receipt, ReceiptMove, ReceiptState, ReceiptView, Slip
from node.errors import N_, Invalid, NotFound
from node.services import links
from node.services.desk import Desk, need_object
from node.services.rounds.run_moves import must_be_here, run_by, the_stop
from node.store import assignments, persons, receipts, settings
from node.store.db import Tx
from node.store.receipts import ReceiptRow
from node.vault import Compartment

YEAR = 366
"""Days of settled receipts that the list goes back."""
HELPED = frozenset({*FILLS_A_PLACE, AssignmentState.RELEASED})
"""Whoever was confirmed may have laid something out, also when nobody was at home."""

SAME_SLIP = N_("A receipt like this was written down for this request already. If it is another one, say so.")


class Receipts:
    """The verbs. Amounts and notes are sealed, and the cap takes reading them: everything raises ``Locked``."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def of_need(self, actor: Actor, need_id: NeedId) -> tuple[ReceiptView, ...]:
        """What was laid out for one need, oldest first. Raises ``NotFound``."""
        self._may(actor)
        async with self._desk.db.read() as tx:
            await self._desk.need_row(tx, need_id)
            return await self._views(tx, await receipts.of_need(tx, need_id))

    async def payers(self, actor: Actor, need_id: NeedId) -> dict[PersonId, str]:
        """Who may have laid something out for it, id to name."""
        self._may(actor)
        async with self._desk.db.read() as tx:
            return {person: await self._name(tx, person) for person in await self._helped(tx, need_id)}

    async def book(self, actor: Actor) -> tuple[tuple[ReceiptView, ...], tuple[Month, ...]]:
        """Everything that waits and what was laid out in the last year, oldest first; and the totals by month."""
        self._may(actor)
        since = (self._desk.today - timedelta(days=YEAR)).replace(day=1)
        async with self._desk.db.read() as tx:
            views = await self._views(tx, await receipts.since(tx, since))
        if views and self._desk.unlocked:
            await self._desk.look(actor, "look.list", "receipts")
        lines = [(view.receipt.day, view.receipt.state, view.slip.amount) for view in views]
        return views, rules.by_month(lines)

    async def cap(self, need_id: NeedId) -> int:
        """The most for one need, in hundredths; 0: no cap."""
        async with self._desk.db.read() as tx:
            return await self._cap(tx, need_id)

    async def region(self) -> str | None:
        """The group's country, whose money it reckons in."""
        async with self._desk.db.read() as tx:
            return await settings.get(tx, settings.REGION)

    async def claim(
        self,
        actor: Actor,
        need_id: NeedId,
        person_id: PersonId,
        amount: int | None,
        *,
        number: str = "",
        note: str = "",
        day: date | None = None,
        over: bool = False,
        again: bool = False,
    ) -> str:
        """Noted by us, told by whoever helped. ``over``: more than the cap, and the actor said yes to it; ``again``:
        another slip than the one that looks like it.

        Raises ``Invalid`` (``amount``, ``number``, ``note``, ``day``, ``person``; ``again`` with ``values["twin"]``,
        the day of a claim that may be the same slip), ``NotFound``.
        """
        self._may(actor)
        day = day or self._desk.today
        async with self._desk.db.write() as tx:
            await self._desk.need_row(tx, need_id)
            person_id = await self._desk.whole(tx, person_id)
            if person_id not in await self._helped(tx, need_id):
                text = N_("Choose somebody who helped with this.")
                raise Invalid("receipt", text, fields={"person": text})
            return await self._put(
                tx, actor, need_id, person_id, amount, number, note, day, over=over, again=again
            )

    async def claim_by_link(
        self,
        key: links.TaskKey,
        device: str,
        amount: int | None,
        number: str,
        note: str,
        *,
        again: bool = False,
    ) -> str:
        """By whoever helps, on the device of her task. Never over the cap. Raises ``Conflict("other_device")``,
        ``Invalid`` as ``claim``, ``Locked``, ``NotFound``."""
        async with self._desk.db.write() as tx:
            task = await links.assignment_by(tx, key, self._desk.now)
            if not links.is_here(task.device_hash, device) or task.state not in SHOWS_DETAILS:
                raise links.other_device()
            self._desk.must_be_unlocked()
            return await self._by_helper(tx, task, amount, number, note, again=again)

    async def claim_by_round(
        self,
        token: str,
        device: str,
        stop: AssignmentId,
        amount: int | None,
        number: str,
        note: str,
        *,
        again: bool = False,
    ) -> str:
        """The same for a stop of her round, on the round's device."""
        async with self._desk.db.write() as tx:
            run = await run_by(tx, token, self._desk.today)
            must_be_here(run, device)
            task = await assignments.get(tx, (await the_stop(tx, run.id, stop)).assignment_id)
            if task is None or task.state not in HELPED or task.person_id != run.driver_id:
                raise links.other_device()
            self._desk.must_be_unlocked()
            return await self._by_helper(tx, task, amount, number, note, again=again)

    async def settle(self, actor: Actor, receipt_id: str, move: ReceiptMove, how: How | None = None) -> None:
        """Paid back (with ``how``), refused, or neither after all. Of two at once one wins (``Conflict``)."""
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            row = await receipts.get(tx, receipt_id)
            if row is None:
                raise NotFound("no_such_receipt", N_("There is no such receipt."))
            state = rules.after(row.receipt.state, move)
            settled = state is not ReceiptState.CLAIMED
            moved = replace(
                row.receipt,
                state=state,
                how=(how or How.OTHER) if state is ReceiptState.PAID else None,
                settled_day=self._desk.today if settled else None,
                settled_by=actor.id if settled else None,
            )
            await receipts.update(tx, moved)
            codes = {"receipt": receipt_id, "before": str(row.receipt.state), "after": str(state)}
            await self._desk.record(tx, actor, f"receipt.{move}", _object(row.receipt), **codes)

    async def _by_helper(
        self, tx: Tx, task: Assignment, amount: int | None, number: str, note: str, *, again: bool
    ) -> str:
        actor, today = volunteer_actor(task.person_id), self._desk.today
        need_id, person_id = task.need_id, task.person_id
        return await self._put(
            tx, actor, need_id, person_id, amount, number, note, today, over=False, again=again
        )

    async def _put(
        self,
        tx: Tx,
        actor: Actor,
        need_id: NeedId,
        person_id: PersonId,
        amount: int | None,
        number: str,
        note: str,
        day: date,
        *,
        over: bool,
        again: bool,
    ) -> str:
        desk = self._desk
        found = rules.problems(amount, number, note, day, desk.today)
        if not found and amount is not None:
            slip = Slip(amount=amount, number=number)
            there = [
                (row.receipt.day, self._slip(row))
                for row in await receipts.of_need(tx, need_id)
                if row.receipt.state is not ReceiptState.REFUSED
            ]
            twin = next((on for on, held in there if rules.same_slip(slip, day, held, on)), None)
            if twin and not again:
                raise Invalid("receipt", SAME_SLIP, fields={"again": SAME_SLIP}, twin=twin)
            counted = [held.amount for _, held in there]
            beyond = rules.over_cap(await self._cap(tx, need_id), counted, amount)
            if beyond and not over:
                found["amount"] = N_("That is more than we pay back for one request. Ring us first.")
        else:
            beyond = False
        if found or amount is None:
            raise Invalid("receipt", next(iter(found.values()), rules.HOW_MUCH), fields=found)
        receipt = Receipt(
            id=new_id(desk.random),
            person_id=person_id,
            need_id=need_id,
            day=day,
            by_actor=actor.label,
            at=desk.now,
        )
        sealed = desk.vault.seal(
            Compartment.PEOPLE, "receipts", receipt.id, {"amount": amount, "number": number.strip()}
        )
        await receipts.insert(tx, ReceiptRow(receipt, sealed, desk.seal_note("receipts", receipt.id, note)))
        await desk.record(
            tx, actor, "receipt.claimed", need_object(need_id), receipt=receipt.id, over=str(beyond).lower()
        )
        return receipt.id

    async def _cap(self, tx: Tx, need_id: NeedId) -> int:
        row = await self._desk.need_row(tx, need_id)
        most = self._desk.open_need(row).money.most if row.sealed else 0
        return rules.cap_of(100 * await settings.get(tx, settings.RECEIPT_CAP), most)

    async def _helped(self, tx: Tx, need_id: NeedId) -> list[PersonId]:
        found = [task.person_id for task in await assignments.of_need(tx, need_id) if task.state in HELPED]
        return list(dict.fromkeys(found))

    async def _views(self, tx: Tx, rows: Sequence[ReceiptRow]) -> tuple[ReceiptView, ...]:
        handles, found = await self._desk.handles(tx), []
        for row in rows:
            held = row.receipt
            need = await self._desk.need_row(tx, held.need_id) if held.need_id else None
            found.append(
                ReceiptView(
                    receipt=held,
                    slip=self._slip(row),
                    who=await self._name(tx, held.person_id) if held.person_id else "",
                    note=self._desk.open_note("receipts", held.id, row.note_sealed),
                    reference=need.need.reference if need else "",
                    settled_by=handles.get(held.settled_by or "", ""),
                    moves=tuple(move for move in ReceiptMove if (held.state, move) in rules.MOVES),
                )
            )
        return tuple(found)

    def _slip(self, row: ReceiptRow) -> Slip:
        record = self._desk.vault.open(Compartment.PEOPLE, "receipts", row.receipt.id, row.sealed)
        return Slip(amount=int(record["amount"]), number=str(record["number"]))

    async def _name(self, tx: Tx, person_id: PersonId) -> str:
        row = await persons.get(tx, person_id)
        return self._desk.open_person(row).name if row else ""

    def _may(self, actor: Actor) -> None:
        require(actor, Permission.DISPATCH)
        self._desk.must_be_unlocked()


def _object(receipt: Receipt) -> str:
    return need_object(receipt.need_id) if receipt.need_id else f"receipt:{receipt.id}"
