"""The helper's side: our volunteers on other groups' needs. The other group decides; we keep what it hands over.

As with ``peer_offers``, handlers and buttons only change rows, and ``services.away_words`` sends what the rows owe.
"""

from collections.abc import Sequence
from dataclasses import replace

from node.domain import assignment_lifecycle
from node.domain.actors import SYSTEM, Actor
from node.domain.assignment import AssignmentState
from node.domain.assignment_lifecycle import ENDED, LIVE, AssignmentMove
from node.domain.consents import Consent, Purpose
from node.domain.exchange.away_task import (
    NOT_OURS,
    WAIT_DAYS,
    AwayTask,
    Held,
    answered,
    details_until,
    hindered,
    is_kept_back,
    kept_back,
    kept_days,
    may_hold,
    seen_of,
)
from node.domain.exchange.handover import OFFER_WORDING, HandOver
from node.domain.ids import PersonId
from node.domain.permissions import Permission, require
from node.errors import N_, Invalid, NotFound, moved_on, not_suitable
from node.services import links
from node.services.desk import Desk, away_object
from node.services.exchange.away_board import AwayBoard, opened
from node.services.exchange.away_offering import AwayOffering
from node.services.exchange.correspondence import Message
from node.services.matching.apart import kept_from
from node.services.matching.demands import asking
from node.services.matching.roster import Roster
from node.store import away_tasks, merges, persons
from node.store.db import Tx
from node.vault import Compartment


class AwayTasks:
    """Offering, the other group's answer, what it hands over and takes back, and what we tell."""

    def __init__(self, desk: Desk, roster: Roster, board: AwayBoard, offering: AwayOffering) -> None:
        self._desk = desk
        self._roster = roster
        self._board = board
        self._offering = offering

    # --- what a coordinator does

    async def offer(
        self,
        actor: Actor,
        origin: str,
        public_id: str,
        person_id: PersonId,
        *,
        agreed: bool,
        wording: str = OFFER_WORDING,
    ) -> str:
        """Offers one of our volunteers, who was told in the words of ``wording`` what the other group will hear; gives
        the task's id.

        Once for a volunteer and a need, at most ten a need. Raises ``Invalid`` without her yes, ``Conflict``
        (``not_suitable`` with ``values["why"]``, ``offered_already``, ``offered_enough``, ``gone``, or why that group
        cannot be written to), ``Locked``, ``NotFound``.
        """
        require(actor, Permission.DISPATCH)
        if not agreed:
            raise Invalid(
                "not_agreed",
                N_("Ask the volunteer first, and note that they said yes."),
                fields={"agreed": N_("Ask them first.")},
            )
        desk = self._desk
        await self._roster.ready()
        seen = seen_of((await self._board.one(actor, origin, public_id)).summary)
        async with desk.db.read() as tx:
            helper = self._roster.get(await desk.whole(tx, person_id))
            if helper is None:
                raise NotFound("no_such_person", N_("We know nobody by that number."))
            kinds, unseen = await asking(tx, desk), await merges.unseen(tx)
        why = hindered(helper, seen, kinds, desk.today, unseen)
        if why is not None:
            raise not_suitable(why=str(why))
        said = Consent(
            purpose=Purpose.DETAILS_TO_GROUP, answer=True, wording=wording, at=desk.now, by_actor=actor.label
        )
        return await self._offering.put_forward(actor, origin, public_id, helper, seen, said)

    async def link(self, actor: Actor, task_id: str) -> str:
        """A fresh token for the volunteer's private link; the one before stops working. ``Conflict`` when over."""
        require(actor, Permission.DISPATCH)
        token = links.new_token(self._desk.random)
        async with self._desk.db.write() as tx:
            task = await self.task(tx, task_id)
            if task.state not in LIVE:
                raise moved_on()
            await away_tasks.update(
                tx,
                replace(
                    task,
                    link_hash=links.token_hash(token),
                    link_expires=self._desk.now + links.LIVE_DAYS * links.DAY,
                    device_hash=None,
                ),
            )
            await self._desk.record(tx, actor, "task.link", away_object(task_id))
        return token

    async def report(self, actor: Actor, task_id: str, move: AssignmentMove) -> None:
        """What the volunteer said by phone: contact, done or release."""
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            task = await self.task(tx, task_id)
            await self.move(tx, actor, task, move)

    async def task(self, tx: Tx, task_id: str) -> AwayTask:
        """Raises ``NotFound``."""
        found = await away_tasks.get(tx, task_id)
        if found is None:
            raise NotFound("no_such_task", N_("There is no such task."))
        return found

    async def move(self, tx: Tx, actor: Actor, task: AwayTask, move: AssignmentMove) -> AwayTask:
        """One move of the table by our side, with all that follows. Taking an offer back ends it as released.

        Raises ``Conflict("moved_on")``.
        """
        if (
            move in (AssignmentMove.RELEASE, AssignmentMove.DECLINE)
            and task.state is AssignmentState.INTERESTED
        ):
            state = AssignmentState.RELEASED
        else:
            state = assignment_lifecycle.after(task.state, move)
        return await become(tx, self._desk, actor, task, state, f"task.{move}")

    # --- what arrives

    async def answered(self, tx: Tx, task: AwayTask, word: str, span: Sequence[int] = ()) -> None:
        """``answer``, ``revoke``, or ``state`` as the other group sees it."""
        desk, state = self._desk, answered(task.state, word)
        task = replace(
            task,
            answer=word,
            span=(span[0], span[1]) if len(span) == 2 else task.span,
            doubted=task.doubted and word != "yes",
        )
        if word == "revoke" and task.held is Held.DELETED:
            task = replace(task, told_held=Held.NONE)  # it asks for the receipt of deletion again
        if state is task.state:
            await away_tasks.update(tx, task)
            if word in NOT_OURS:
                await forget(tx, desk, SYSTEM, task)
            return
        await become(tx, desk, SYSTEM, task, state, f"away.{word}")

    async def handed_over(self, tx: Tx, task: AwayTask, letter: Message) -> None:
        """``handover``: kept sealed while the task goes on, for the one volunteer alone.

        A task that is over keeps nothing and says so. Nor is anything kept if the one who asked turns out to be
        somebody whom our volunteer must not meet, or herself: then the task waits for a coordinator of ours, and what
        the other group hears until she decides is what it hears of every task. Else a made-up number would find out.
        """
        desk = self._desk
        details = HandOver.of(letter.content["details"])
        if not may_hold(task.state):
            # Details that came before go with these: "deleted" is told of all.
            over = replace(task, sealed=None, held=Held.DELETED, told_held=Held.NONE, doubted=False)
            await away_tasks.update(tx, over)
            return
        if task.state is AssignmentState.INTERESTED:  # the answer comes by another way, or later
            task = await become(
                tx, desk, SYSTEM, replace(task, answer="yes"), AssignmentState.APPROVED, "away.yes"
            )
        record = details.content()
        if await self._kept_from(tx, task, details):
            record = kept_back(record)
        sealed = desk.vault.seal(Compartment.PEOPLE, "away_tasks", task.id, record)
        await away_tasks.update(
            tx,
            replace(
                task,
                sealed=sealed,
                held=Held.HELD,
                told_held=Held.NONE,
                held_at=desk.now if task.held_at is None else task.held_at,
                keep_days=int(letter.content["keep_days"]),
                doubted=False,
                changed_at=desk.now,
            ),
        )
        await desk.record(tx, SYSTEM, "away.details", away_object(task.id), peer=task.peer)

    async def asked(self, tx: Tx, task: AwayTask) -> None:
        """``state?``: answered by the next ``tell``."""
        await away_tasks.update(tx, replace(task, asked=True))

    # --- by the clock

    async def sweep(self) -> int:
        """What is over by now: details that were held long enough (``details_until``), offers that nobody answered,
        tasks of somebody who was erased here. To be called on a trusted clock only. Returns how many rows changed.
        """
        desk, changed = self._desk, 0
        async with desk.db.write() as tx:
            for task in await away_tasks.unsettled(tx):
                waited, until = desk.now - task.changed_at, details_until(task)
                if task.state in LIVE and task.person_id is None:
                    await become(tx, desk, SYSTEM, task, AssignmentState.RELEASED, "task.release")
                elif task.state is AssignmentState.INTERESTED and waited >= WAIT_DAYS * links.DAY:
                    await become(tx, desk, SYSTEM, task, AssignmentState.EXPIRED, "task.expire")
                elif until is not None and desk.now >= until:
                    if task.state is AssignmentState.DONE:
                        await forget(tx, desk, SYSTEM, task)
                    else:
                        await become(tx, desk, SYSTEM, task, AssignmentState.EXPIRED, "task.expire")
                else:
                    continue
                changed += 1
        return changed

    # --- shared

    async def _kept_from(self, tx: Tx, task: AwayTask, details: HandOver) -> bool:
        if not details.phone or task.person_id is None:
            return False
        await self._roster.ready()
        number = self._desk.vault.blind("phone", details.phone)
        known = {row.person.id for row in await persons.with_phone(tx, number)}
        return task.person_id in known or not known.isdisjoint(
            await kept_from(tx, self._roster, task.person_id)
        )


async def keep_back(tx: Tx, desk: Desk, helper: str, other: str) -> None:
    """What she was handed of somebody elsewhere who is ``other`` here, by the number: she reads it no more, and a
    coordinator decides, as if it had been known before it came. It leaves no row of its own: the record names no pair.
    """
    for task in await away_tasks.of_person(tx, helper):
        record = opened(desk, task)
        if record is None or is_kept_back(record) or not record.get("phone"):
            continue
        number = desk.vault.blind("phone", str(record["phone"]))
        if other in {row.person.id for row in await persons.with_phone(tx, number)}:
            sealed = desk.vault.seal(Compartment.PEOPLE, "away_tasks", task.id, kept_back(record))
            await away_tasks.update(tx, replace(task, sealed=sealed, changed_at=desk.now))


async def become(
    tx: Tx, desk: Desk, actor: Actor, task: AwayTask, state: AssignmentState, action: str
) -> AwayTask:
    """The task in that state, with all that follows; on every way out but ``done`` what was handed over is gone."""
    moved = replace(task, state=state, changed_at=desk.now)
    if state is AssignmentState.DONE and moved.link_expires is not None:
        moved = replace(moved, link_expires=min(moved.link_expires, desk.now + kept_days(task) * links.DAY))
    elif state in LIVE and moved.link_hash is not None:
        moved = replace(moved, link_expires=desk.now + links.LIVE_DAYS * links.DAY)
    elif state is not AssignmentState.DONE:
        moved = replace(moved, link_hash=None, link_expires=None, device_hash=None)
    await away_tasks.update(tx, moved)
    await desk.record(
        tx,
        actor,
        action,
        away_object(task.id),
        person=task.person_id,
        peer=task.peer,
        before=str(task.state),
        after=str(state),
    )
    if state in ENDED and state is not AssignmentState.DONE:
        return await forget(tx, desk, actor, moved)
    return moved


async def forget(tx: Tx, desk: Desk, actor: Actor, task: AwayTask) -> AwayTask:
    """The details are gone with this write; the link closes."""
    bare = replace(task, link_hash=None, link_expires=None, device_hash=None)
    if task.held is Held.HELD:
        bare = replace(bare, sealed=None, held=Held.DELETED, doubted=False)
        await desk.record(tx, actor, "away.deleted", away_object(task.id), peer=task.peer)
    await away_tasks.update(tx, bare)
    return bare


async def end_all(tx: Tx, desk: Desk, actor: Actor, person_id: str) -> None:
    """Whatever one of ours does for other groups ends: they are told, and what they handed over is gone."""
    for task in await away_tasks.of_person(tx, person_id):
        if task.state in LIVE:
            await become(tx, desk, actor, task, AssignmentState.RELEASED, "task.release")
        elif task.held is Held.HELD or task.link_hash is not None:
            await forget(tx, desk, actor, task)
