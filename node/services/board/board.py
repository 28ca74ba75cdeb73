"""What the coordinator looks at: one queue with saved filters, and one need at a time. Works while locked."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date

from node.domain import assignment_lifecycle, need_lifecycle
from node.domain.accounts.levels import Level, covered_need, covered_person, helper_sees, kind_of
from node.domain.actors import Actor, ActorKind
from node.domain.assignment import Assignment
from node.domain.board.exchange_views import PeerOfferView
from node.domain.board.views import AlsoOpen, AssignmentView, NeedView, QueueFilter, QueueRow
from node.domain.catalogue import CheckLevel
from node.domain.ids import AssignmentId, NeedId
from node.domain.intake.intake_rules import reachable
from node.domain.need import Need, NeedDetails, NeedState
from node.domain.need_lifecycle import PUBLISHED_AS
from node.domain.peer_offer import shut, span_between
from node.domain.permissions import Permission, require
from node.domain.person import ContactBy, PersonDetails, PersonState
from node.services.board import watch
from node.services.desk import Desk, need_object, person_object
from node.services.matching.demands import asking
from node.services.sharing.sharing import goes_to
from node.store import (
    asking_links,
    assignments,
    consents,
    erasures,
    needs,
    peer_offers,
    peers,
    persons,
    queues,
)
from node.store.db import Tx
from node.store.needs import NeedRow
from node.store.queues import QueuedNeed, Seen
from node.vault import Compartment

PAGE_ROWS = 200
_MOST_REMEMBERED = 5_000
_OVER = (NeedState.CLOSED, NeedState.REFERRED)


class Board:
    """The verbs of the board page."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._said: dict[NeedId, tuple[int, str, str]] = {}
        """need -> (changed_at, exact category, place as said), while unlocked: a board is drawn often."""
        self._rows: dict[NeedId, tuple[tuple[object, ...], QueueRow]] = {}
        """need -> (all that its row is made from, the row): while nothing changes it is the very same row, so that
        pages may keep what they drew of it."""
        self._erased = 0
        """How many erasures there were when these were begun."""

    def on_lock(self, compartment: Compartment) -> None:
        """A callback of the vault: nothing of it stays in memory."""
        if compartment is Compartment.PEOPLE:
            self._forget()
            self._desk.db.let_go()

    def one_view(self) -> AbstractAsyncContextManager[None]:
        """While it lasts, a page of many parts sees one state of the records (``Desk.one_view``)."""
        return self._desk.one_view()

    async def queue(
        self,
        actor: Actor,
        which: QueueFilter | str = QueueFilter.ALL_OPEN,
        limit: int = PAGE_ROWS,
        offset: int = 0,
    ) -> list[QueueRow]:
        """One saved filter, by due day, urgency, age. ``ValueError`` for an unknown filter."""
        require(actor, Permission.READ_BOARD)
        today = self._desk.today
        async with self._desk.db.read() as tx:
            rows = await queues.queue(
                tx, QueueFilter(which), await self._seen(tx, actor), limit=limit, offset=offset
            )
            if self._desk.unlocked:
                await self._remember(tx, rows)
            else:
                self._forget()
        return [self._row(row, today) for row in rows]

    async def counts(self, actor: Actor) -> dict[str, int]:
        """How many needs each saved filter holds."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            found = await queues.counts(tx, await self._seen(tx, actor))
        return {str(which): number for which, number in found.items()}

    async def changed_since(self, actor: Actor, which: QueueFilter, at: int) -> frozenset[NeedId]:
        """What one saved filter holds that changed at ``at`` (Unix seconds) or since, a page of it at most; nothing
        while the records are closed."""
        require(actor, Permission.READ_BOARD)
        if not self._desk.unlocked:
            return frozenset()
        async with self._desk.db.read() as tx:
            found = await queues.changed_since(tx, which, await self._seen(tx, actor), at, limit=PAGE_ROWS)
        return frozenset(found)

    async def need(self, actor: Actor, need_id: NeedId, reveal: bool = False) -> NeedView:
        """One need with its history. Whatever was typed is a recorded look, which the history on this page leaves out;
        ``reveal`` shows the person and caller, and is a look at both.

        Raises ``NotFound``, ``NotAllowed``; with ``reveal`` also ``Locked``.
        """
        require(actor, Permission.READ_BOARD)
        if reveal:
            require(actor, Permission.READ_PERSON)
            self._desk.must_be_unlocked()
        async with self._desk.db.read() as tx:
            view = await self._view(tx, await self._desk.need_row(tx, need_id), reveal=reveal)
        if reveal:
            await self._record_look(actor, view.need)
        elif view.details is not None and view.need.person_id is not None:
            await self._desk.look(actor, "look.request", need_object(need_id))
        return view

    async def _record_look(self, actor: Actor, need: Need) -> None:
        """At the person of a request, too, where we know one."""
        desk = self._desk

        async def looks(tx: Tx) -> None:
            await desk.record(tx, actor, "look.need", need_object(need.id))
            if need.person_id:
                await desk.record(tx, actor, "look.person", person_object(need.person_id), need=need.id)

        await desk.db.write_in_one_trip(looks)

    async def tasks(self, actor: Actor, need_id: NeedId) -> frozenset[AssignmentId]:
        """The tasks on that need; no look, for nothing of anybody is told. Raises ``NotFound``."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            need = (await self._desk.need_row(tx, need_id)).need
            return frozenset(each.id for each in await assignments.of_need(tx, need.id))

    async def by_reference(self, actor: Actor, reference: str) -> NeedId | None:
        """The need somebody reads nine digits of, with or without spaces; None if there is none."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            row = await needs.with_reference(tx, "".join(c for c in reference if c.isdecimal()))
        return row.need.id if row else None

    async def also_open(self, actor: Actor, need_id: NeedId) -> tuple[AlsoOpen, ...]:
        """What may be the same, asked twice: the same kind of help for one person, household or number, the oldest
        first; without a name. While locked kinds are known by their group only. Raises ``NotFound``."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            this = self._kind(await self._desk.need_row(tx, need_id))
            return tuple(
                AlsoOpen(
                    need_id=row.need.id,
                    reference=row.need.reference,
                    category=kind,
                    urgency=row.need.urgency,
                    state=row.need.state,
                )
                for row in await needs.also_open(tx, need_id)
                if (kind := self._kind(row)) == this
            )

    def _kind(self, row: NeedRow) -> str:
        if not self._desk.unlocked or not row.sealed:
            return row.need.category
        at, said, _ = self._said.get(row.need.id, (None, "", ""))
        return said if at == row.need.changed_at else self._desk.open_need(row).category

    async def _seen(self, tx: Tx, actor: Actor) -> Seen:
        return Seen(
            today=self._desk.today,
            now=await queues.last_passed(tx, self._desk.now),
            midnight=self._desk.zone.at(self._desk.today),
            staff_id=_staff_id(actor),
            quiet=tuple(await watch.quiet(tx, self._desk.now)),
        )

    def _forget(self) -> None:
        self._said.clear()
        self._rows.clear()

    def _row(self, need: QueuedNeed, today: date) -> QueueRow:
        category, place = self._said[need.id][1:] if need.id in self._said else (need.category, "")
        late_call = need.promised_at is not None and need.promised_at < self._desk.now
        made_from = (need, today, late_call, category, place)
        held = self._rows.get(need.id)
        if held is None or held[0] != made_from:
            row = self._made(need, today, late_call=late_call, category=category, place=place)
            held = self._rows[need.id] = made_from, row
        return held[1]

    def _made(self, need: QueuedNeed, today: date, *, late_call: bool, category: str, place: str) -> QueueRow:
        due = need.hold_until or need.due_day
        return QueueRow(
            need_id=need.id,
            reference=need.reference,
            state=need.state,
            category=category,
            cell=need.cell,
            place=place,
            urgency=need.urgency,
            due_day=need.due_day,
            overdue=due is not None and due < today and need.state not in _OVER,
            posted_day=need.posted_day,
            hold_until=need.hold_until,
            helpers=need.helpers,
            filled=need.filled,
            waiting=need.waiting,
            keep_here=need.keep_here,
            to_check=need.to_check,
            told_by_phone=need.told_by_phone,
            promised_at=need.promised_at,
            late_call=late_call,
            practice=need.practice,
            call_back=need.call_back,
            unread=need.unread,
            changed_at=need.changed_at,
        )

    async def _remember(self, tx: Tx, rows: Sequence[QueuedNeed]) -> None:
        """Opens what is not remembered, or has changed since; of somebody erased nothing stays remembered."""
        erased = await erasures.number(tx)
        if erased != self._erased:
            self._forget()
            self._erased = erased
        fresh = {
            need.id: need.changed_at
            for need in rows
            if need.id not in self._said or self._said[need.id][0] != need.changed_at
        }
        if not fresh:
            return
        if len(self._said) >= _MOST_REMEMBERED:
            self._forget()
            fresh = {need.id: need.changed_at for need in rows}
        for need_id, sealed in (await needs.sealed_of(tx, tuple(fresh))).items():
            if sealed:
                details = self._desk.open_sealed_need(need_id, sealed)
                # What changes once more in this very second has the same time: it is opened again after it.
                at = fresh[need_id] if fresh[need_id] < self._desk.now else -1
                self._said[need_id] = (at, details.category, details.place_text)
            else:
                self._said.pop(need_id, None)

    async def _view(self, tx: Tx, row: NeedRow, *, reveal: bool) -> NeedView:
        desk, need = self._desk, row.need
        details = desk.open_need(row) if desk.unlocked else None
        held = await persons.get(tx, need.person_id) if need.person_id else None
        known = desk.open_person(held) if held and desk.unlocked else None
        person = known if reveal else None
        lacks = known is not None and details is not None and not reachable(details, known)
        told = None
        if known is not None and details is not None:
            told = helper_sees(details, known, kind_of(need, details, desk.catalogue))
        link = await asking_links.of_need(tx, need.id, desk.now)
        # Of a person whom nobody looked up the page says in which tongue and in which way to tell her, and no more.
        if known is not None and details is not None and not reveal:
            known = covered_person(known, Level.BOARD, kind_of(need, details, desk.catalogue))
        return NeedView(
            need=need,
            category=details.category if details else need.category,
            details=details if details is None or reveal else self._covered(need, details),
            moves=need_lifecycle.allowed(need.state),
            assignments=await self._assignments(tx, need, details.category if details else None),
            history=tuple(
                each for each in await desk.history(tx, need_object(need.id)) if each.action != "look.request"
            ),
            consents=tuple(await consents.of_need(tx, need.id)),
            published_as=PUBLISHED_AS[need.state],
            person_name=person.name if person else None,
            person=person,
            safe_to_ring=person.safe_to_ring if person else "",
            speaks=(details.languages if details else ()) or (known.languages if known else ()),
            reached_by=known.contact_by if known and known.contact_by in set(ContactBy) else "",
            barred=held is not None and held.person.state is PersonState.BARRED,
            locked=not desk.unlocked,
            asker_told=link.told_person if link else None,
            unreachable=lacks,
            helper_lacks=told is not None and not lacks and not told.phone and not told.address,
        )

    def _covered(self, need: Need, details: NeedDetails) -> NeedDetails:
        """What the desk may see before a look is written down."""
        return covered_need(details, Level.BOARD, kind_of(need, details, self._desk.catalogue))

    async def _assignments(self, tx: Tx, need: Need, category: str | None) -> tuple[AssignmentView, ...]:
        handles = await self._desk.handles(tx)
        offers = await self._offers(tx, need, category)
        return tuple(
            [
                AssignmentView(
                    id=assignment.id,
                    person_id=assignment.person_id,
                    name=await self._name(tx, assignment),
                    state=assignment.state,
                    moves=assignment_lifecycle.allowed(assignment.state),
                    created_at=assignment.created_at,
                    changed_at=assignment.changed_at,
                    approved_by=handles.get(assignment.approved_by or "", ""),
                    has_link=assignment.link_hash is not None
                    and (assignment.link_expires or 0) > self._desk.now,
                    confirmed_device=assignment.device_hash is not None,
                    offer=offers.get(assignment.id),
                )
                for assignment in await assignments.of_need(tx, need.id)
            ]
        )

    async def _offers(self, tx: Tx, need: Need, category: str | None) -> dict[str, PeerOfferView]:
        """What other groups say of their volunteers on this need, by task. ``category``: None while locked."""
        found: dict[str, PeerOfferView] = {}
        for offer in await peer_offers.of_need(tx, need.id):
            if offer.assignment_id is None:
                continue
            peer = await peers.get(tx, offer.peer)
            counts = peer is not None and peer.checks_count
            shared = peer is not None and await goes_to(tx, self._desk, need, peer)
            kinds = await asking(tx, self._desk)
            check = kinds.category(category).check if category else CheckLevel.NONE
            day = max(self._desk.today, need.window.first) if need.window else self._desk.today
            found[offer.assignment_id] = PeerOfferView(
                group=peer.name if peer else "",
                peer=offer.peer,
                stated=offer.stated,
                counts=counts,
                span=span_between(need.cell, offer.stated),
                shut=shut(offer, check, shared=shared, counts=counts, rang=offer.rang, day=day, consent=True),
                consent=offer.consent,
                rang=offer.rang,
                details=offer.details,
                details_at=offer.details_at,
                over=peer is None or peer.state in ("left", "blocked"),
            )
        return found

    async def _name(self, tx: Tx, assignment: Assignment) -> str:
        row = await persons.get(tx, assignment.person_id) if self._desk.unlocked else None
        return self._desk.open_person(row).name if row else PersonDetails().name


def _staff_id(actor: Actor) -> str | None:
    return actor.id if actor.kind is ActorKind.STAFF else None
