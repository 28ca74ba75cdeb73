"""Giving a whole need to another group, and taking one over: with the requester's consent, and an outcome."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from node.domain.actors import SYSTEM, Actor
from node.domain.assignment_lifecycle import LIVE
from node.domain.board.exchange_views import GroupName
from node.domain.consents import Consent, Purpose
from node.domain.exchange.referral import (
    MOST_WAITING,
    UNANSWERED,
    WORDING,
    Referral,
    State,
    Way,
    content_of,
    ended_there,
    new_need_of,
)
from node.domain.ids import NeedId, new_id
from node.domain.need import PRIVATE_CATEGORY, CloseReason, NeedState, Urgency
from node.domain.need_lifecycle import NeedMove, after
from node.domain.permissions import Permission, require
from node.domain.person import PersonDetails
from node.errors import N_, Conflict, Invalid, Locked, NotFound, moved_on
from node.logs import logger
from node.services.desk import Desk, need_object
from node.services.dispatch.moves import move_need
from node.services.exchange.correspondence import Correspondence, Message
from node.services.intake.intake import Intake
from node.services.matching.roster import Roster
from node.services.rights.erasing import give_up
from node.services.settings import practice
from node.store import assignments, consents, inbox, needs, outbox, peers, persons, referrals
from node.store.db import Tx
from node.vault import Compartment

log = logger("exchange")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralView:
    """One referral as pages show it. ``content`` is what the other group wrote, after a recorded look only."""

    id: str
    way: Way
    peer: str
    group: str
    state: State
    category: str
    reason: str | None
    created_at: int
    doubted: bool = False
    """A backup brought it back: it stays shut until that group says that it still is for us."""
    content: dict[str, Any] | None = None


HEARD_SECONDS = 3 * 3600
"""After the records were opened: by then neighbours and go-betweens have tried again to bring us what waits."""


class Referrals:
    """Ask a group, take back, accept, decline; and what arrives about it."""

    def __init__(self, desk: Desk, roster: Roster, intake: Intake, post: Correspondence) -> None:
        self._desk = desk
        self._roster = roster
        self._intake = intake
        self._post = post
        self._erased = False
        self._listens_since: int | None = desk.now if desk.unlocked else None

    # --- ours, given away

    async def refer(
        self, actor: Actor, need_id: NeedId, origin: str, *, agreed: bool, wording: str = WORDING
    ) -> str:
        """Asks a group to take the whole need over. The requester's answer is recorded first, whichever it is, with the
        words that were read to her.

        Raises ``Invalid`` on a no, ``Conflict`` (``moved_on``, or why that group cannot be written to), ``Locked``,
        ``NotFound``.
        """
        require(actor, Permission.DISPATCH)
        desk = self._desk
        if not desk.unlocked:
            raise Locked
        async with desk.db.write() as tx:
            row = await desk.need_row(tx, need_id)
            practice.refuse(row.need)
            said = Consent(
                purpose=Purpose.DETAILS_TO_GROUP,
                answer=agreed,
                wording=wording,
                at=desk.now,
                by_actor=actor.label,
            )
            await consents.add(tx, said, person_id=row.need.person_id, need_id=need_id)
            await desk.record(tx, actor, "referral.consent", need_object(need_id), peer=origin, yes=agreed)
        if not agreed:
            raise Invalid(
                "not_agreed",
                N_("They said no, and that is written down. The request stays with us."),
                fields={"agreed": N_("They said no.")},
            )
        ref = new_id(desk.random)
        async with desk.db.read() as tx:
            await self._peer(tx, origin)
            row = await desk.need_row(tx, need_id)
            held = await persons.get(tx, row.need.person_id) if row.need.person_id else None
            person = desk.open_person(held) if held else PersonDetails()
            groups_see = await consents.answer(tx, need_id, Purpose.GROUPS_SEE)
        after(row.need.state, NeedMove.REFER)
        content = content_of(row.need, desk.open_need(row), person, ref=ref, groups_see=groups_see)
        letter = await self._post.prepare(
            origin, "referral", need=None, content=content, person=row.need.person_id
        )
        async with desk.db.write() as tx:
            now = await desk.need_row(tx, need_id)
            if now.sealed != row.sealed:
                raise moved_on()
            touched = [
                each.person_id for each in await assignments.of_need(tx, need_id) if each.state in LIVE
            ]
            await move_need(tx, desk, actor, now, NeedMove.REFER)
            await referrals.insert(
                tx,
                Referral(
                    id=ref,
                    way=Way.OUT,
                    peer=origin,
                    need_id=need_id,
                    state=State.ASKED,
                    category=row.need.category,
                    created_at=desk.now,
                    changed_at=desk.now,
                    urgency=row.need.urgency,
                ),
            )
            await self._post.put(tx, letter)
            await desk.record(tx, actor, "referral.asked", need_object(need_id), peer=origin, ref=ref)
        for person_id in touched:
            await self._roster.refresh(person_id)
        return ref

    async def groups(self, actor: Actor) -> Sequence[GroupName]:
        """Whom a need could be given to."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            return [
                GroupName(origin=peer.origin, name=peer.name)
                for peer in await peers.all_of_them(tx)
                if peer.state == "active" and peer.role != "reader"
            ]

    async def take_back(self, actor: Actor, need_id: NeedId) -> NeedState:
        """Back on our board; the other group is told to delete what it has. Raises ``Conflict``."""
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            row = await self._desk.need_row(tx, need_id)
            state = await move_need(tx, self._desk, actor, row, NeedMove.TAKE_BACK)
            for referral in await referrals.of_need(tx, need_id):
                if referral.way is Way.OUT and referral.state in (State.ASKED, State.ACCEPTED):
                    await self.call_back(tx, referral)
        return state

    async def call_back(self, tx: Tx, referral: Referral) -> None:
        """The other group's side of ``take_back``: the rows owe it the word that it must delete what it has."""
        await self._set(tx, referral, State.TAKEN_BACK)
        # What is not on its way yet does not leave any more.
        await outbox.recall(tx, referral.peer, "referral", need=None, at=referral.created_at)

    # --- theirs, given to us

    async def waiting(self, actor: Actor) -> Sequence[ReferralView]:
        """What other groups ask us to take over; without anything personal."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            return [await self._view(tx, each) for each in await referrals.waiting(tx)]

    async def of_need(self, actor: Actor, need_id: NeedId) -> Sequence[ReferralView]:
        """Where a need was given to, or came from."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            return [await self._view(tx, each) for each in await referrals.of_need(tx, need_id)]

    async def look(self, actor: Actor, ref: str) -> ReferralView:
        """One that waits, with the person: a recorded look. Raises ``Conflict`` (``in_doubt``), ``Locked``,
        ``NotFound``."""
        require(actor, Permission.READ_PERSON)
        async with self._desk.db.write() as tx:
            referral = _certain(await self._waiting(tx, ref))
            view = await self._view(tx, referral)
            content = self._open(referral)
            await self._desk.record(tx, actor, "look.referral", f"referral:{ref}", peer=referral.peer)
        return replace(view, content=content)

    async def accept(self, actor: Actor, ref: str) -> NeedId:
        """It becomes a need of ours, open at once. Raises ``Conflict`` (``in_doubt``), ``Locked``, ``NotFound``,
        ``Invalid``."""
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            referral = _certain(await self._waiting(tx, ref))
            try:
                new = new_need_of(self._open(referral))
            except (KeyError, ValueError) as error:
                raise Invalid("intake", N_("Some answers need another look.")) from error
            self._intake.check(new)
            taken = await self._intake.store(tx, actor, new)
            await self._set(tx, replace(referral, need_id=taken.need_id, sealed=None), State.ACCEPTED)
            await self._desk.record(
                tx, actor, "referral.accepted", need_object(taken.need_id), peer=referral.peer, ref=ref
            )
        await self._roster.refresh(taken.person_id)
        return taken.need_id

    async def decline(self, actor: Actor, ref: str) -> None:
        """It goes back; what came with it is gone here. Works while locked. Raises ``NotFound``."""
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            await self.refuse(tx, actor, await self._waiting(tx, ref))

    async def refuse(self, tx: Tx, actor: Actor, referral: Referral) -> None:
        """The same inside the caller's own write."""
        await self._set(tx, replace(referral, sealed=None), State.DECLINED)
        await self._desk.record(tx, actor, "referral.declined", f"referral:{referral.id}", peer=referral.peer)

    # --- what arrives

    async def arrived(self, tx: Tx, letter: Message) -> None:
        """``referral``: waits for a coordinator."""
        ref, desk = str(letter.content["ref"]), self._desk
        peer = await peers.get(tx, letter.sender)
        pending = [each for each in await referrals.waiting(tx) if each.peer == letter.sender]
        if peer is None or peer.state != "active" or await referrals.get(tx, ref) is not None:
            return
        if len(pending) >= MOST_WAITING:
            log.info("referral_passed_over", why="too_many")
            return
        code = str(letter.content["need"]["category"])
        known = code in desk.catalogue
        await referrals.insert(
            tx,
            Referral(
                id=ref,
                way=Way.IN,
                peer=letter.sender,
                need_id=None,
                state=State.ASKED,
                category=(desk.catalogue.wire_category(code) if known else None) or PRIVATE_CATEGORY,
                sealed=desk.vault.seal(Compartment.PEOPLE, "referrals", ref, dict(letter.content)),
                re=letter.id,
                created_at=desk.now,
                changed_at=desk.now,
                urgency=Urgency(letter.content["need"]["urgency"]),
            ),
        )
        await desk.record(tx, SYSTEM, "referral.arrived", f"referral:{ref}", peer=letter.sender)

    async def answered(self, tx: Tx, referral: Referral, word: str) -> None:
        """``answer``: accepted there, or back on our board."""
        if referral.way is Way.OUT and referral.state is State.TAKEN_BACK and word == "yes":
            # The two letters overtook each other, and they took what was taken back: it is said once more.
            await referrals.update(tx, replace(referral, told=None))
        elif referral.way is Way.OUT and referral.state is State.TAKEN_BACK:
            await self.deleted(tx, referral)  # a no: what waited there is gone
        if referral.way is not Way.OUT or referral.state is not State.ASKED:
            return
        if word != "yes":
            await self._back(tx, referral, NeedMove.TAKE_BACK, None)
        await self._set(tx, referral, State.ACCEPTED if word == "yes" else State.DECLINED)

    async def ended(self, tx: Tx, referral: Referral, reason: str) -> None:
        """``outcome``: done there, or back on our board."""
        if referral.way is not Way.OUT or referral.state not in (State.ASKED, State.ACCEPTED):
            return
        await self._back(tx, referral, *ended_there(reason))
        await self._set(tx, replace(referral, reason=reason), State.ENDED)

    async def revoked(self, tx: Tx, referral: Referral) -> None:
        """``revoke``: what waits is gone; what we had accepted ends as withdrawn, and is erased: once nobody holds the
        record of anybody it is about (``sweep``)."""
        if referral.way is not Way.IN:
            return
        row = await needs.get(tx, referral.need_id) if referral.need_id else None
        if row is not None and row.need.state is not NeedState.CLOSED:
            await move_need(tx, self._desk, SYSTEM, row, NeedMove.CLOSE, reason=CloseReason.WITHDRAWN)
        if row is not None and await give_up(tx, self._desk, row.need.id):
            self._erased = True
        await self._set(tx, replace(referral, sealed=None, told=None), State.TAKEN_BACK)

    async def deleted(self, tx: Tx, referral: Referral) -> None:
        """``deleted``: what we took back lies there no more."""
        if referral.way is Way.OUT and referral.state is State.TAKEN_BACK:
            await referrals.update(tx, replace(referral, told="deleted"))

    async def asked(self, tx: Tx, referral: Referral) -> None:
        """``state?``: answered by the next ``tell``; an outcome that was told is told once more."""
        if referral.way is Way.IN and referral.state is State.ENDED:
            await referrals.update(tx, replace(referral, state=State.ACCEPTED, told="yes"))
        else:
            await referrals.update(tx, replace(referral, asked=True))

    async def stands(self, tx: Tx, referral: Referral, word: str) -> None:
        """``state``: of ours as an ``answer``; of theirs it says whether it still is for us to decide, or to do."""
        if referral.way is Way.OUT:
            if word == "yes":
                await self.answered(tx, referral, word)
            elif referral.state is State.TAKEN_BACK:
                # It waits there still: our revoke got lost.
                await referrals.update(
                    tx, replace(referral, told="deleted" if word in ("no", "revoke") else None)
                )
            elif word in ("no", "revoke") and referral.state in (State.ASKED, State.ACCEPTED):
                await self._back(tx, referral, NeedMove.TAKE_BACK, None)
                await self._set(tx, referral, State.DECLINED)
        elif word in ("waiting", "yes"):
            await referrals.update(tx, replace(referral, doubted=False))
        elif word in ("no", "revoke"):
            await self.revoked(tx, referral)

    async def fold(self) -> None:
        """After an erasure, outside its write: no journal still has what was erased."""
        if self._erased:
            self._erased = False
            await self._desk.db.fold()

    # --- by the clock

    async def sweep(self) -> int:
        """What nobody decided in time is declined here, and comes home from there, whether that group's node is up or
        not; what was taken back from us goes once nobody holds it. Returns how many that were.

        Nothing while locked: nobody could decide, and answers lie unread. After that an answer that waits for us
        somewhere has ``HEARD_SECONDS`` to come: what another group accepted long ago is not taken from it because we
        were down, or are back at an old copy.
        """
        now = self._desk.now
        if not self._desk.unlocked:
            self._listens_since = None
            return 0
        if self._listens_since is None:
            self._listens_since = now
        async with self._desk.db.write() as tx:
            late = [each for each in await referrals.waiting(tx) if each.waited_too_long(now)]
            for referral in late:
                await self._set(tx, replace(referral, sealed=None), State.DECLINED)
            heard = now - self._listens_since >= HEARD_SECONDS and not await inbox.waiting(tx)
            asked = await referrals.waiting_there(tx) if heard else []
            unanswered = [each for each in asked if each.waited_too_long(now)]
            for referral in unanswered:
                await self._back(tx, referral, NeedMove.TAKE_BACK, None)
                await self.call_back(tx, replace(referral, reason=UNANSWERED))
            went = 0
            for referral in await referrals.taken_back_from_us(tx):
                row = await needs.get(tx, referral.need_id) if referral.need_id else None
                if row is not None and row.sealed and await give_up(tx, self._desk, row.need.id):
                    self._erased, went = True, went + 1
        return len(late) + len(unanswered) + went

    # --- shared

    async def _set(self, tx: Tx, referral: Referral, state: State) -> None:
        await referrals.update(tx, replace(referral, state=state, changed_at=self._desk.now))

    async def _back(self, tx: Tx, referral: Referral, move: NeedMove, reason: CloseReason | None) -> None:
        """Before the referral itself is noted: what is done with the need after that is somebody's doing
        (``store.watches``)."""
        row = await needs.get(tx, referral.need_id) if referral.need_id else None
        if row is not None and row.need.state is NeedState.REFERRED:
            await move_need(tx, self._desk, SYSTEM, row, move, reason=reason)

    async def _peer(self, tx: Tx, origin: str) -> None:
        peer = await peers.get(tx, origin)
        if peer is None or peer.state != "active" or peer.role == "reader":
            raise NotFound("no_peer", N_("That group is not among our neighbouring groups."))

    async def _waiting(self, tx: Tx, ref: str) -> Referral:
        found = await referrals.get(tx, ref)
        if found is None or found.way is not Way.IN or found.state is not State.ASKED:
            raise NotFound("no_such_referral", N_("This has been decided, or was taken back."))
        return found

    def _open(self, referral: Referral) -> dict[str, Any]:
        if referral.sealed is None:
            raise NotFound("no_such_referral", N_("This has been decided, or was taken back."))
        return self._desk.vault.open(Compartment.PEOPLE, "referrals", referral.id, referral.sealed)

    async def _view(self, tx: Tx, referral: Referral) -> ReferralView:
        peer = await peers.get(tx, referral.peer)
        return ReferralView(
            id=referral.id,
            way=referral.way,
            peer=referral.peer,
            group=peer.name if peer else "",
            state=referral.state,
            category=referral.category,
            reason=referral.reason,
            created_at=referral.created_at,
            doubted=referral.doubted,
        )


def _certain(referral: Referral) -> Referral:
    if referral.doubted:
        raise Conflict(
            "in_doubt",
            N_(
                "A backup brought this back. It stays closed until that group has said that it still is for us."
            ),
        )
    return referral
