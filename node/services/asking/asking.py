"""Asking on the page, and the private link that follows: how far it is, a change, calling it off, how it went, and
"I feel unsafe". All of it works while the records are closed; what then has to wait is a helper's name.
"""

from dataclasses import dataclass, replace

from node.domain.actors import ANONYMOUS, Actor
from node.domain.assignment_lifecycle import FILLS_A_PLACE
from node.domain.consents import Consent, Purpose
from node.domain.dispatch.follow_up import Answer, Feedback
from node.domain.exchange.referral import MayPassOn, handed
from node.domain.ids import NeedId, PersonId, new_id
from node.domain.intake.asked import (
    LIVE_DAYS,
    MOST_LETTERS,
    READ_SECONDS,
    SAYS_HOW,
    TAKE_BACK_SECONDS,
    Followed,
    Handed,
    HandedOn,
)
from node.domain.intake.intake import NewNeed, NewPerson, Taken
from node.domain.intake.intake_rules import merged_person, reach_problems
from node.domain.need import CloseReason, NeedState, Urgency
from node.domain.need_lifecycle import NeedMove
from node.domain.peer_offer import Details
from node.domain.permissions import Permission, require
from node.domain.person import Person, PersonState
from node.domain.safety.incidents import Source, Teller
from node.errors import N_, Invalid, moved_on
from node.services import links
from node.services.desk import Desk, need_object, person_object
from node.services.dispatch.its_day import on_its_round
from node.services.dispatch.moves import move_need
from node.services.dispatch.outcome import REASON
from node.services.intake.intake import Intake
from node.services.matching.roster import Roster
from node.services.safety.incidents import Incidents
from node.services.safety.who_went import who_went
from node.store import (
    asking_links,
    assignments,
    consents,
    feedback,
    may_pass_on,
    needs,
    peer_offers,
    peers,
    persons,
    referrals,
)
from node.store.asking_links import AskingLink
from node.store.db import Tx
from node.store.needs import NeedRow
from node.store.persons import PersonRow
from node.vault import Compartment


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What was taken in, and the key of the private link."""

    taken: Taken
    token: str


_OF_WHO_ASKS = {"phone": "caller_phone", "name": "caller_name", "safe_to_ring": "caller_safe"}
"""Her own answers, where the plain names are those of whom she asks for."""


class Asking:
    """The verbs of the public form and of the link. Each raises ``NotFound("link_closed")`` for a link that opens
    nothing, and for a request that is not behind it."""

    def __init__(self, desk: Desk, roster: Roster, intake: Intake, incidents: Incidents) -> None:
        self._desk = desk
        self._roster = roster
        self._intake = intake
        self._incidents = incidents

    async def ask(
        self,
        new: NewNeed,
        pass_on: MayPassOn | None = None,
        *,
        language: str = "",
        told: NewPerson | None = None,
    ) -> Sent:
        """Takes it in as ``Intake.ask`` does, under a new private link. ``pass_on``: to which group she lets us give
        it, which a coordinator does; ``language``: in which she asked, and is written to; ``told``: of whoever asks for
        another, how she herself is written to (else nobody is, about a request for another). Raises ``Invalid``."""
        desk, token = self._desk, links.new_token(self._desk.random)
        if told is not None and (wrong := reach_problems(told)):
            hers = {_OF_WHO_ASKS.get(field, field): problem for field, problem in wrong.items()}
            raise Invalid("asking", N_("Some answers need another look."), fields=hers)

        async def with_link(tx: Tx, taken: Taken) -> None:
            reader = await self._told(tx, told, new) if told is not None and not new.for_self else None
            for need_id in taken.need_ids:
                link = AskingLink(
                    need_id=need_id,
                    link_hash=links.asked_hash(token),
                    expires=desk.now + LIVE_DAYS * links.DAY,
                    sealed=desk.vault.seal(
                        Compartment.PEOPLE, "asking_links", need_id, {"token": token, "language": language}
                    ),
                    for_other=not new.for_self,
                    told_person=reader,
                )
                await asking_links.insert(tx, link)
                if pass_on is not None:
                    await self._let_pass_on(tx, taken, need_id, pass_on)

        return Sent(taken=await self._intake.ask(new, also=with_link), token=token)

    async def _told(self, tx: Tx, told: NewPerson, new: NewNeed) -> PersonId:
        """A record of her own for whoever asked for another, so that she chooses, is forgotten and erased as all are;
        of what she agreed to only whether she may be kept is about her, too."""
        desk, day = self._desk, self._desk.today
        person = Person(
            id=PersonId(new_id(desk.random)), state=PersonState.ACTIVE, created_day=day, updated_day=day
        )
        details = merged_person(None, NewNeed(person=told))
        await persons.insert(tx, desk.person_row(PersonRow(person=person, sealed=b""), details))
        if new.consents.keep_details is not None:
            purpose = Purpose.KEEP_DETAILS
            said = Consent(
                purpose=purpose,
                answer=new.consents.keep_details,
                wording=new.consents.wordings.get(purpose, new.consents.wording),
                at=desk.now,
                by_actor=ANONYMOUS.label,
            )
            await consents.add(tx, said, person_id=person.id, need_id=None)
        await desk.record(tx, ANONYMOUS, "person.asks_for_another", person_object(person.id))
        return person.id

    async def _let_pass_on(self, tx: Tx, taken: Taken, need_id: NeedId, may: MayPassOn) -> None:
        said = Consent(
            purpose=Purpose.DETAILS_TO_GROUP,
            answer=True,
            wording=may.wording,
            at=may.at,
            by_actor=ANONYMOUS.label,
        )
        await consents.add(tx, said, person_id=taken.person_id, need_id=need_id)
        await may_pass_on.put(tx, need_id, may)
        await self._desk.record(
            tx, ANONYMOUS, "referral.consent", need_object(need_id), peer=may.peer, yes=True
        )

    async def behind(self, token: str) -> list[Followed]:
        """Every request of that sending, in its order. Changes nothing."""
        async with self._desk.db.read() as tx:
            return [await self._asked(tx, link) for link in await self._links(tx, token)]

    async def as_asker(self, actor: Actor, need_id: NeedId) -> list[Followed]:
        """What whoever asked for this one reads behind her link, or would if she had one; for the desk, which notes the
        look (``SeeAs.lend``). Raises ``NotFound``, ``NotAllowed``."""
        require(actor, Permission.READ_PERSON)
        async with self._desk.db.read() as tx:
            return [await self._asked(tx, AskingLink(need_id=need_id, link_hash=b"", expires=0))]

    async def change(self, token: str, need_id: NeedId, *, urgency: Urgency, words: str) -> None:
        """How soon it is wanted now, and what else is to be known; somebody at the desk looks at it within a day. What
        was told before stays as it was. Raises ``Invalid``, ``Conflict("moved_on")`` for one that is over."""
        words = words.strip()
        if len(words) > MOST_LETTERS:
            message = N_("This is too long. Shorten it, please.")
            raise Invalid("asking", message, fields={"words": message})
        desk = self._desk
        async with desk.db.write() as tx:
            row = await self._row(tx, token, need_id)
            need = row.need
            if need.state is NeedState.CLOSED:
                raise moved_on()
            if not words and urgency is need.urgency:
                return
            changed = replace(
                need.answered_by(desk.now + READ_SECONDS),
                urgency=urgency,
                due_day=need.due_if(urgency, need.window, desk.today),
                changed_at=desk.now,
            )
            await needs.update(tx, replace(row, need=changed))
            await desk.record(tx, ANONYMOUS, "need.asker_wrote", need_object(need_id), why=words)

    async def call_off(self, token: str, need_id: NeedId) -> None:
        """Not needed any more; whoever was to come is taken off it. Raises ``Conflict("moved_on")``."""
        desk = self._desk
        async with desk.db.write() as tx:
            row = await self._row(tx, token, need_id)
            helping = [task.person_id for task in await assignments.of_need(tx, need_id)]
            await move_need(tx, desk, ANONYMOUS, row, NeedMove.CLOSE, reason=CloseReason.NO_LONGER_NEEDED)
            await asking_links.ended(tx, need_id, row.need.state, desk.now)
        await self._refresh(helping)

    async def bring_back(self, token: str, need_id: NeedId) -> None:
        """Takes a slip back: as it was before, but that whoever was to come has to be asked anew.

        Raises ``Conflict("moved_on")`` when it is too late, or was not called off on this link."""
        desk = self._desk
        async with desk.db.write() as tx:
            row = await self._row(tx, token, need_id)
            [link] = [each for each in await self._links(tx, token) if each.need_id == need_id]
            if not self._back_until(link, row) or link.ended_from is None:
                raise moved_on()
            if link.ended_from in (NeedState.NEW, NeedState.ON_HOLD):
                # Nobody opened it, so it does not come back as one that volunteers may see. The day until which it
                # was on hold is gone: somebody looks at it today.
                as_it_was = replace(
                    row.need,
                    state=link.ended_from,
                    hold_until=desk.today if link.ended_from is NeedState.ON_HOLD else None,
                    close_reason=None,
                    closed_day=None,
                    changed_at=desk.now,
                )
                await needs.update(tx, replace(row, need=as_it_was))
                await desk.record(tx, ANONYMOUS, "need.reopen", need_object(need_id))
            else:
                await move_need(tx, desk, ANONYMOUS, row, NeedMove.REOPEN)
            await asking_links.ended(tx, need_id, None, None)

    async def say_how(self, token: str, need_id: NeedId, answer: Answer, *, early: bool = False) -> None:
        """How it went. Well or partly closes it; not at all stays open for a coordinator, who looks within a day.
        ``early``: she says that it is done already, though we have not heard so.

        Raises ``Conflict("moved_on")`` while it cannot have happened, and when it was said before."""
        desk = self._desk
        async with desk.db.write() as tx:
            row = await self._row(tx, token, need_id)
            [link] = [each for each in await self._links(tx, token) if each.need_id == need_id]
            asked = await self._asked(tx, link)
            if not (asked.may_say or (early and asked.may_be_done)):
                raise moved_on()
            said = Feedback(
                id=new_id(desk.random),
                need_id=need_id,
                assignment_id=None,
                answer=answer,
                at=desk.now,
                by_actor=ANONYMOUS.label,
            )
            await feedback.insert(tx, said)
            helping = [task.person_id for task in await assignments.of_need(tx, need_id)]
            if answer is Answer.NOT:
                waits = row.need.answered_by(desk.now + READ_SECONDS)
                await needs.update(tx, replace(row, need=waits))
            elif row.need.state in SAYS_HOW:
                await move_need(tx, desk, ANONYMOUS, row, NeedMove.CLOSE, reason=REASON[answer])
            await desk.record(tx, ANONYMOUS, "need.asker_said", need_object(need_id), answer=str(answer))
        await self._refresh(helping)

    async def unsafe(self, token: str, text: str) -> None:
        """Something felt wrong: for those alone who look after safety. Raises ``Invalid``, ``Conflict``
        (``nobody_to_read``)."""
        async with self._desk.db.read() as tx:
            behind = await self._links(tx, token)
            asked = [await self._desk.need_row(tx, link.need_id) for link in behind]
            went = [task.person_id for row in asked for task in await who_went(tx, row.need.id)]
        source = Source(
            teller=Teller.ASKER,
            person=behind[0].told(asked[0].need.person_id),
            requests=tuple((row.need.id, row.need.reference) for row in asked),
        )
        await self._incidents.told_by_link(text, source, about=went)

    # --- what stands behind a link

    async def _links(self, tx: Tx, token: str) -> list[AskingLink]:
        found = await asking_links.behind(tx, links.asked_hash(token), self._desk.now) if token else ()
        if not found:
            raise links.closed_link()
        return list(found)

    async def _row(self, tx: Tx, token: str, need_id: NeedId) -> NeedRow:
        if need_id not in {link.need_id for link in await self._links(tx, token)}:
            raise links.closed_link()
        return await self._desk.need_row(tx, need_id)

    async def _asked(self, tx: Tx, link: AskingLink) -> Followed:
        desk, row = self._desk, await self._desk.need_row(tx, link.need_id)
        need = row.need
        coming = [
            task
            for task in await assignments.of_need(tx, need.id)
            if task.round == need.round and task.state in FILLS_A_PLACE
        ]
        if coming:
            need, _ = await on_its_round(tx, need, coming[0])
        names, groups, where, ours = list[str](), dict[str, None](), True, 0
        for task in coming:
            origin = await persons.peer_of(tx, task.person_id)
            if origin is None:
                ours += 1
                helper = await persons.get(tx, task.person_id) if desk.unlocked else None
                names += [desk.open_person(helper).first_name] if helper else []
            elif peer := await peers.get(tx, origin):
                # Another group's volunteer has no name here: it is told at the door.
                offer = await peer_offers.of_assignment(tx, task.id)
                groups[peer.name] = None
                where = where and offer is not None and offer.details is Details.RECEIVED
        details = desk.open_need(row) if desk.unlocked else None
        return Followed(
            need_id=need.id,
            reference=need.reference,
            category=details.category if details else need.category,
            state=need.state,
            urgency=need.urgency,
            window=need.window,
            part_of_day=need.part_of_day,
            for_another=link.for_other or (details is not None and details.caller is not None),
            late=need.due_day is not None and need.due_day < desk.today,
            begun=need.window is None or need.window.first <= desk.today,
            helpers=tuple(filter(None, names)),
            name_waits=bool(ours) and not desk.unlocked,
            groups=tuple(groups),
            groups_know_where=bool(groups) and where,
            said=any(each.assignment_id is None for each in await feedback.of_need(tx, need.id)),
            taken_back_until=self._back_until(link, row),
            close_reason=need.close_reason,
            handed_on=None if coming else await self._handed_on(tx, row),
        )

    async def _handed_on(self, tx: Tx, row: NeedRow) -> HandedOn | None:
        need, now = row.need, self._desk.now
        found = handed(await referrals.of_need(tx, need.id), need.state, need.close_reason, now)
        peer = await peers.get(tx, found[0].peer) if found else None
        if found is None or peer is None:
            return None
        referral, stands = found
        waits = stands is Handed.ASKED and referral.waits_until > now
        return HandedOn(
            peer=peer.origin,
            group=peer.name,
            stands=stands,
            since=referral.changed_at,
            until=referral.waits_until if waits else 0,
        )

    def _back_until(self, link: AskingLink, row: NeedRow) -> int:
        if link.ended_at is None or row.need.state is not NeedState.CLOSED or not row.need.person_id:
            return 0
        until = link.ended_at + TAKE_BACK_SECONDS
        return until if link.ended_at <= self._desk.now <= until else 0

    async def _refresh(self, helping: list[PersonId]) -> None:
        for person_id in dict.fromkeys(helping):
            await self._roster.refresh(person_id)
