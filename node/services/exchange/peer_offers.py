"""The origin's side: other groups' volunteers on our needs. We alone decide who has a need.

A message's handler only notes what was said; what has to be told follows from the rows (``domain.peer_offer.due``)
and is sent by ``services.offer_words``, which the clock rings. So nothing is
forgotten in a crash, and nothing is told twice.
"""

from dataclasses import replace

from node.domain.actors import SYSTEM, Actor
from node.domain.assignment import Assignment, AssignmentState
from node.domain.assignment_lifecycle import LIVE, AssignmentMove
from node.domain.consents import Consent, Purpose
from node.domain.exchange.handover import KEEP_DAYS, WORDING, handover_of
from node.domain.ids import AssignmentId, NeedId, PersonId, new_id
from node.domain.need import NeedState
from node.domain.need_lifecycle import WORKING
from node.domain.peer_offer import (
    MOST_OFFERS,
    STILL_ON,
    Details,
    PeerOffer,
    Shut,
    Stated,
    Word,
    follows,
    judge,
    shut,
    span_between,
)
from node.domain.permissions import Permission, require
from node.domain.person import Person, PersonDetails, PersonState
from node.errors import N_, Conflict, NotFound, moved_on, not_suitable
from node.logs import logger
from node.services.desk import Desk, need_object
from node.services.dispatch.moves import follow, move_assignment, refuse_first_again, refuse_if_filled
from node.services.exchange.correspondence import Correspondence, Message
from node.services.exchange.offer_words import filled
from node.services.matching.matching import Matching
from node.services.matching.roster import Roster
from node.services.matching.visiting import make_room
from node.services.sharing.sharing import goes_to
from node.store import assignments, consents, peer_offers, peers, persons, published, settings
from node.store.db import Tx
from node.store.needs import NeedRow
from node.store.persons import NO_INDEX, PersonRow

log = logger("exchange")


class PeerOffers:
    """Offers as they come in, the requester's consent, and the yes with its hand-over."""

    def __init__(self, desk: Desk, roster: Roster, matching: Matching, post: Correspondence) -> None:
        self._desk = desk
        self._roster = roster
        self._matching = matching
        self._post = post

    # --- what a coordinator does

    async def consent(
        self,
        actor: Actor,
        need_id: NeedId,
        assignment_id: AssignmentId,
        yes: bool,
        *,
        wording: str = WORDING,
    ) -> None:
        """The requester's answer to handing her details to this group, after the words that ``wording`` names were
        read to her.

        Recorded before anything else happens; a no also declines the offer. Raises ``NotFound``, ``Conflict``.
        """
        require(actor, Permission.DISPATCH)
        desk = self._desk
        async with desk.db.write() as tx:
            offer, assignment = await self._offer(tx, need_id, assignment_id)
            row = await desk.need_row(tx, need_id)
            said = Consent(
                purpose=Purpose.DETAILS_TO_GROUP,
                answer=yes,
                wording=wording,
                at=desk.now,
                by_actor=actor.label,
            )
            await consents.add(tx, said, person_id=row.need.person_id, need_id=need_id)
            await peer_offers.update(tx, replace(offer, consent=yes, changed_at=desk.now))
            await desk.record(
                tx,
                actor,
                "handover.consent",
                need_object(need_id),
                peer=offer.peer,
                task=assignment_id,
                yes=yes,
            )
            if not yes and assignment.state in (AssignmentState.PROPOSED, AssignmentState.INTERESTED):
                await move_assignment(tx, desk, actor, assignment, AssignmentMove.DECLINE)

    async def confirm(
        self, actor: Actor, need_id: NeedId, assignment_id: AssignmentId, rang: str = ""
    ) -> NeedState:
        """The yes: approval, answer and the sealed details in one write. Of two at the same moment one wins.

        ``rang``: who of the other group was rung about the check, and what they said; kept sealed, and needed where
        the kind asks for a check that this group's word does not count for. Raises ``Conflict``: ``no_consent``,
        ``not_shared``, ``must_ring``, ``lacks_check``, ``already_taken``, ``not_suitable``, ``moved_on``, or what the
        sealing says; ``Locked``, ``NotFound``.
        """
        require(actor, Permission.DISPATCH)
        desk = self._desk
        await self._roster.ready()
        async with desk.db.read() as tx:
            offer, _ = await self._offer(tx, need_id, assignment_id)
            before = await desk.need_row(tx, need_id)
            await self._refuse(tx, offer, before, rang=bool(rang.strip()))
            requester = await persons.get(tx, before.need.person_id) if before.need.person_id else None
            person = desk.open_person(requester) if requester else PersonDetails()
            keep_days = min(KEEP_DAYS, await settings.get(tx, settings.DETAILS_DAYS))
        # Sealed now, so that delivering needs nobody's records any more; it is put only if this yes wins.
        span = span_between(before.need.cell, offer.stated)
        about = {"helper": offer.helper} | ({"re": offer.re} if offer.re else {})
        answer = await self._post.prepare(
            offer.peer,
            "answer",
            need=offer.public_id,
            content={**about, "answer": str(Word.YES)} | ({"span": list(span)} if span else {}),
        )
        details = handover_of(before.need, desk.open_need(before), person)
        handover = await self._post.prepare(
            offer.peer,
            "handover",
            need=offer.public_id,
            content={**about, "keep_days": keep_days, "details": details.content()},
            person=before.need.person_id,
        )
        async with desk.db.write() as tx:
            offer, assignment = await self._offer(tx, need_id, assignment_id)
            row = await desk.need_row(tx, need_id)
            if row.need.state not in WORKING or assignment.state not in LIVE:
                raise moved_on()
            row = await make_room(tx, desk, actor, row)
            await refuse_if_filled(tx, desk, row, assignment)
            if row.sealed != before.sealed or row.need.person_id != before.need.person_id:
                raise moved_on()
            await self._refuse(tx, offer, row, rang=bool(rang.strip()))
            await refuse_first_again(tx, desk, actor, row, assignment)
            await move_assignment(tx, desk, actor, assignment, AssignmentMove.APPROVE, why=rang)
            await self._post.put(tx, answer)
            await self._post.put(tx, handover)
            await peer_offers.update(
                tx,
                replace(
                    offer,
                    said=Word.YES,
                    rang=bool(rang.strip()),
                    details=Details.GIVEN,
                    details_at=desk.now,
                    changed_at=desk.now,
                ),
            )
            await desk.record(
                tx,
                actor,
                "handover.given",
                need_object(need_id),
                peer=offer.peer,
                task=assignment.id,
                rang=bool(rang.strip()),
            )
            return (await desk.need_row(tx, need_id)).need.state

    # --- what arrives

    async def offered(self, tx: Tx, letter: Message) -> None:
        """``offer``: a first one becomes a task on the board, or is answered by the machine; a second gets the same
        answer."""
        desk, helper = self._desk, str(letter.content["helper"])
        out = await published.get(tx, letter.need) if letter.need else None
        peer = await peers.get(tx, letter.sender)
        if out is None or peer is None or peer.state != "active":
            log.info("offer_passed_over", why="unknown")
            return
        again = await peer_offers.of_helper(tx, letter.sender, out.public_id, helper)
        if again is not None:
            await peer_offers.update(tx, replace(again, asked="offer", re=letter.id))
            return
        if await peer_offers.held(tx, letter.sender, out.public_id) >= MOST_OFFERS:
            log.info("offer_passed_over", why="too_many")
            return
        await self._roster.ready()
        row = await desk.need_row(tx, out.need_id)
        person_id = await peer_offers.person_of(tx, letter.sender, helper)
        verdict = judge(
            row.need.state,
            withdrawn=out.kind != "summary",
            filled=await filled(tx, row),
            takes=peer.takes is None or row.need.category in peer.takes,
            live=any(
                each.person_id == person_id and each.state in LIVE
                for each in await assignments.of_need(tx, row.need.id)
            ),
        )
        offer = PeerOffer(
            id=letter.id,
            peer=letter.sender,
            public_id=out.public_id,
            helper=helper,
            need_id=row.need.id,
            stated=Stated.of(letter.content),
            verdict=verdict,
            re=letter.id,
            created_at=desk.now,
            changed_at=desk.now,
        )
        # Of two who must not meet nothing is told, as while a coordinator thinks: haste would tell who it is.
        if verdict is None and not await self._kept_from(tx, row, person_id):
            offer = await self._begin(tx, offer, row, person_id)
        await peer_offers.insert(tx, offer)

    async def received(self, tx: Tx, offer: PeerOffer) -> None:
        """``receipt``: the details arrived, and only that group could open them."""
        if offer.details is Details.GIVEN:
            await self._note(tx, offer, Details.RECEIVED)

    async def deleted(self, tx: Tx, offer: PeerOffer) -> None:
        """``deleted``: that group says that it holds the details no more."""
        if offer.details is not Details.DELETED:
            await self._note(tx, offer, Details.DELETED)

    async def revoke_lost(self, tx: Tx, offer: PeerOffer, state: str, details: str) -> bool:
        """``state``: whether it goes on there, or the details are still held, though we said revoke; then that is said
        again by the next ``tell``."""
        if offer.said is not Word.REVOKE or not (state in STILL_ON or details == "held"):
            return False
        # What it says of the details may be older than what we hand over: only "deleted" after this revoke counts.
        held = Details.RECEIVED if details == "held" else Details.GIVEN
        await peer_offers.update(tx, replace(offer, said=Word.YES, details=held, changed_at=self._desk.now))
        return True

    async def told(self, tx: Tx, offer: PeerOffer, state: str) -> None:
        """``outcome``: on the way, done, given back, run out. Late and repeated words change nothing."""
        found = await assignments.get(tx, offer.assignment_id) if offer.assignment_id else None
        move = follows(found.state, state) if found else None
        if found is not None and move is not None:
            await move_assignment(tx, self._desk, SYSTEM, found, move)
        elif found is None and offer.said is None and state in ("released", "expired"):
            # Taken back, it is answered as one that stood on the board.
            await peer_offers.update(tx, replace(offer, verdict=Word.NO))

    async def asked(self, tx: Tx, offer: PeerOffer) -> None:
        """``state?``: answered by the next ``tell``."""
        await peer_offers.update(tx, replace(offer, asked="state?"))

    # --- shared

    async def _shut(
        self, tx: Tx, offer: PeerOffer, row: NeedRow, *, rang: bool, consent: bool | None
    ) -> Shut | None:
        peer = await peers.get(tx, offer.peer)
        wanted = await self._matching.wanted(tx, row, ignore_asked=True)
        return shut(
            offer,
            wanted.check,
            shared=peer is not None and await goes_to(tx, self._desk, row.need, peer),
            counts=peer is not None and peer.checks_count,
            rang=rang,
            day=wanted.day,
            consent=consent,
        )

    async def _refuse(self, tx: Tx, offer: PeerOffer, row: NeedRow, *, rang: bool) -> None:
        if await self._kept_from(tx, row, offer.person_id):
            raise not_suitable()
        found = await self._shut(tx, offer, row, rang=rang, consent=offer.consent)
        if found is not None:
            raise Conflict(str(found), WHY_SHUT[found])

    async def _kept_from(self, tx: Tx, row: NeedRow, person_id: PersonId | None) -> bool:
        """Whether these two must not meet, or one of them is barred: one answer for all, and no reason."""
        wanted = await self._matching.wanted(tx, row, ignore_asked=True)
        held = await persons.get(tx, person_id) if person_id else None
        barred = held is not None and held.person.state is PersonState.BARRED
        return wanted.requester_barred or barred or person_id in wanted.not_with

    async def _begin(self, tx: Tx, offer: PeerOffer, row: NeedRow, person_id: PersonId | None) -> PeerOffer:
        desk = self._desk
        if person_id is None:
            person_id = PersonId(new_id(desk.random))
            person = Person(
                id=person_id, state=PersonState.ACTIVE, created_day=desk.today, updated_day=desk.today
            )
            sealed = desk.seal_person(person_id, PersonDetails())
            await persons.insert(
                tx, PersonRow(person=person, sealed=sealed, phone_index=NO_INDEX, email_index=NO_INDEX)
            )
            await persons.belongs_to(tx, person_id, offer.peer)
        assignment = Assignment(
            id=AssignmentId(new_id(desk.random)),
            need_id=row.need.id,
            person_id=person_id,
            state=AssignmentState.INTERESTED,
            created_at=desk.now,
            changed_at=desk.now,
            round=row.need.round,
        )
        await assignments.insert(tx, assignment)
        await desk.record(
            tx,
            SYSTEM,
            "task.neighbour",
            need_object(row.need.id),
            task=assignment.id,
            person=person_id,
            peer=offer.peer,
            after=str(assignment.state),
        )
        await follow(tx, desk, SYSTEM, row.need.id)
        return replace(offer, person_id=person_id, assignment_id=assignment.id)

    async def _note(self, tx: Tx, offer: PeerOffer, details: Details) -> None:
        desk = self._desk
        await peer_offers.update(
            tx, replace(offer, details=details, details_at=desk.now, changed_at=desk.now)
        )
        await desk.record(tx, SYSTEM, f"handover.{details}", need_object(offer.need_id), peer=offer.peer)

    async def _offer(
        self, tx: Tx, need_id: NeedId, assignment_id: AssignmentId
    ) -> tuple[PeerOffer, Assignment]:
        offer = await peer_offers.of_assignment(tx, assignment_id)
        assignment = await assignments.get(tx, assignment_id)
        if offer is None or assignment is None or offer.need_id != need_id:
            raise NotFound("no_such_task", N_("There is no such task."))
        return offer, assignment


WHY_SHUT = {
    Shut.NOT_SHARED: N_(
        "This request is not for that group any more. Nothing was passed on. Help from here, or say no to the offer."
    ),
    Shut.MUST_RING: N_(
        "This kind of help asks for a check, and that group's word does not count for it here. Ring them, and write"
        " down who said what."
    ),
    Shut.LACKS_CHECK: N_(
        "This kind of help asks for a check that this group does not state for its volunteer."
    ),
    Shut.NO_CONSENT: N_("First read the words to the person, and note what they said."),
}
"""Why a yes is not possible yet, in words."""
