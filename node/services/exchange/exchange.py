"""Help across groups, put together: which message goes to which service, and what the clock rings."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from node.domain.actors import Actor
from node.domain.assignment_lifecycle import LIVE
from node.domain.exchange.away_task import AwayTask
from node.domain.exchange.referral import Referral
from node.domain.ids import AssignmentId, NeedId
from node.domain.peer_offer import PeerOffer, Word
from node.domain.permissions import Permission, require
from node.errors import N_, Conflict, NotFound
from node.logs import logger
from node.ports import NeighbourhoodReader
from node.services.desk import Desk, away_object, need_object
from node.services.exchange.away_asks import AwayAsks
from node.services.exchange.away_board import AwayBoard
from node.services.exchange.away_links import AwayLinks
from node.services.exchange.away_offering import AwayOffering
from node.services.exchange.away_tasks import AwayTasks
from node.services.exchange.away_words import AwayWords
from node.services.exchange.blocking import Blocking
from node.services.exchange.correspondence import Correspondence, Message
from node.services.exchange.offer_words import OfferWords
from node.services.exchange.out_of_area import OutOfArea
from node.services.exchange.peer_offers import PeerOffers
from node.services.exchange.referral_words import ReferralWords
from node.services.exchange.referrals import Referrals
from node.services.exchange.rings import Rings
from node.services.intake.intake import Intake
from node.services.matching.matching import Matching
from node.services.matching.roster import Roster
from node.store import assignments, away_tasks, peer_offers, peers, recovery, referrals, settings
from node.store.db import Tx

log = logger("exchange")


class Exchange:
    """Gives every kind of message to whom it concerns: an offer for a need of ours, a task of one of our volunteers,
    or a referral. A message about none of them (forgotten, or never ours) changes nothing."""

    def __init__(
        self,
        desk: Desk,
        roster: Roster,
        matching: Matching,
        intake: Intake,
        reader: NeighbourhoodReader,
        post: Correspondence,
    ) -> None:
        self._desk = desk
        self._post = post
        self.offers = offers = PeerOffers(desk, roster, matching, post)
        self.board = AwayBoard(desk, roster, reader)
        self.offering = AwayOffering(desk, post)
        self.away = AwayTasks(desk, roster, self.board, self.offering)
        self.asks = AwayAsks(desk, roster, self.board, self.offering)
        self.links = AwayLinks(desk, self.away)
        self.passed = passed = Referrals(desk, roster, intake, post)
        self.blocking = Blocking(desk, passed)
        self._words = (OfferWords(desk, post), AwayWords(desk, post), ReferralWords(desk, post))
        self.bells = bells = Rings(desk, reader, post)
        self.out_of_area = OutOfArea(desk, reader)
        handlers: dict[str, Callable[[Tx, Message], Awaitable[None]]] = {
            "offer": offers.offered,
            "answer": self._answer,
            "handover": self._handover,
            "receipt": self._receipt,
            "outcome": self._outcome,
            "referral": passed.arrived,
            "revoke": self._revoke,
            "deleted": self._deleted,
            "state?": self._state_asked,
            "state": self._state,
            "ring": bells.arrived,
        }
        for kind, handler in handlers.items():
            post.on(kind, handler)

    async def tell(self) -> int:
        """Sends everything that the rows owe to other groups; works while locked. Returns how many messages."""
        await self.passed.fold()
        asked = await self._after_restore()
        return asked + sum([await words.tell() for words in self._words])

    async def sweep(self) -> int:
        """Deletes and ends what is over by now. On a trusted clock only. Returns how many rows changed."""
        await self.bells.sweep()
        await self.asks.sweep()
        return await self.away.sweep() + await self.passed.sweep()

    async def ask_again(self, actor: Actor) -> int:
        """After trouble (a long silence, a clock that was wrong): asks every group of everything that goes on how it
        stands. Groups that cannot be written to are passed over. Returns how many questions that were.
        """
        require(actor, Permission.PUBLISH)
        async with self._desk.db.read() as tx:
            every = {peer.origin for peer in await peers.all_of_them(tx) if peer.state == "active"}
        return sum([await self._ask(origin) or 0 for origin in sorted(every)])

    async def ask_of_need(self, actor: Actor, need_id: NeedId, assignment_id: AssignmentId) -> None:
        """Asks the group whose volunteer that is how her task on our need stands; the answer comes to the board by
        itself. Works while locked. Raises ``Conflict`` where that group cannot be written to, ``NotFound``.
        """
        require(actor, Permission.DISPATCH)
        async with self._desk.db.read() as tx:
            offer = await peer_offers.of_assignment(tx, assignment_id)
        if offer is None or offer.need_id != need_id:
            raise NotFound("no_such_task", N_("There is no such task."))
        await self._ask_one(actor, need_object(need_id), offer.peer, offer.public_id, offer.helper)

    async def ask_of_task(self, actor: Actor, task_id: str) -> None:
        """The same of one of our volunteers' tasks for another group."""
        require(actor, Permission.DISPATCH)
        async with self._desk.db.read() as tx:
            task = await self.away.task(tx, task_id)
        await self._ask_one(actor, away_object(task_id), task.peer, task.public_id, task.helper)

    async def _ask_one(self, actor: Actor, about: str, peer: str, public_id: str, helper: str) -> None:
        letter = await self._post.prepare(peer, "state?", need=public_id, content={"helper": helper})
        async with self._desk.db.write() as tx:
            await self._post.put(tx, letter)
            await self._desk.record(tx, actor, "task.asked", about, peer=peer)

    async def _after_restore(self) -> int:
        """Whoever is still to be asked since a backup came back, as soon as it can be written to."""
        async with self._desk.db.read() as tx:
            waiting = await settings.get(tx, recovery.STILL_TO_ASK)
        asked = 0
        for origin in waiting:
            if (sent := await self._ask(origin)) is None:
                continue
            asked += sent
            async with self._desk.db.write() as tx:
                left = [each for each in await settings.get(tx, recovery.STILL_TO_ASK) if each != origin]
                await settings.put(tx, recovery.STILL_TO_ASK, left)
        return asked

    async def _ask(self, origin: str) -> int | None:
        """One question for each task and referral that goes on with that group, and for each whose details are in
        doubt; how many, or None if it cannot be written to."""
        async with self._desk.db.read() as tx:
            offers = [
                each
                for each in await peer_offers.unsettled(tx)
                if each.peer == origin
                and each.assignment_id
                and (held := await assignments.get(tx, each.assignment_id)) is not None
                and held.state in LIVE
            ]
            tasks = await away_tasks.to_ask(tx, origin)
            passed = await referrals.going_on(tx, origin)
        about: list[tuple[str | None, dict[str, str]]] = [
            (each.public_id, {"helper": each.helper}) for each in offers
        ]
        about += [(each.public_id, {"helper": each.helper}) for each in tasks]
        about += [(None, {"ref": each.id}) for each in passed]
        try:
            letters = [
                await self._post.prepare(origin, "state?", need=need, content=content)
                for need, content in about
            ]
        except Conflict as error:
            log.info("not_asked_yet", why=error.code)
            return None
        async with self._desk.db.write() as tx:
            for letter in letters:
                await self._post.put(tx, letter)
        return len(letters)

    async def _answer(self, tx: Tx, letter: Message) -> None:
        word = str(letter.content["answer"])
        if referral := await self._referral(tx, letter):
            await self.passed.answered(tx, referral, word)
        elif task := await self._task(tx, letter):
            await self.away.answered(tx, task, word, letter.content.get("span", ()))

    async def _handover(self, tx: Tx, letter: Message) -> None:
        if task := await self._task(tx, letter):
            await self.away.handed_over(tx, task, letter)

    async def _receipt(self, tx: Tx, letter: Message) -> None:
        if offer := await self._offer(tx, letter):
            await self.offers.received(tx, offer)

    async def _outcome(self, tx: Tx, letter: Message) -> None:
        if referral := await self._referral(tx, letter):
            await self.passed.ended(tx, referral, str(letter.content.get("reason", "")))
        elif offer := await self._offer(tx, letter):
            await self.offers.told(tx, offer, str(letter.content["state"]))

    async def _revoke(self, tx: Tx, letter: Message) -> None:
        if referral := await self._referral(tx, letter):
            await self.passed.revoked(tx, referral)
        elif task := await self._task(tx, letter):
            await self.away.answered(tx, task, "revoke")

    async def _deleted(self, tx: Tx, letter: Message) -> None:
        if referral := await self._referral(tx, letter):
            await self.passed.deleted(tx, referral)
        elif offer := await self._offer(tx, letter):
            await self.offers.deleted(tx, offer)

    async def _state_asked(self, tx: Tx, letter: Message) -> None:
        if referral := await self._referral(tx, letter):
            await self.passed.asked(tx, referral)
        elif offer := await self._offer(tx, letter):
            await self.offers.asked(tx, offer)
        elif task := await self._task(tx, letter):
            await self.away.asked(tx, task)

    async def _state(self, tx: Tx, letter: Message) -> None:
        state = str(letter.content["state"])
        if referral := await self._referral(tx, letter):
            await self.passed.stands(tx, referral, state)
        elif offer := await self._offer(tx, letter):
            await self.offers.told(tx, offer, state)
            again = await peer_offers.get(tx, offer.id) or offer
            if await self.offers.revoke_lost(tx, again, state, str(letter.content.get("details", ""))):
                return
            if letter.content.get("details") == "deleted":
                await self.offers.deleted(tx, again)
            elif letter.content.get("details") == "held":
                await self.offers.received(tx, again)
        elif (task := await self._task(tx, letter)) and state in tuple(Word):
            await self.away.answered(tx, task, state)

    # Each of these notes the letter: whatever we write about it next says that this one arrived.

    async def _offer(self, tx: Tx, letter: Message) -> PeerOffer | None:
        if letter.need is None or "helper" not in letter.content:
            return None
        found = await peer_offers.of_helper(tx, letter.sender, letter.need, str(letter.content["helper"]))
        if found is not None:
            found = replace(found, re=letter.id)
            await peer_offers.update(tx, found)
        return found

    async def _task(self, tx: Tx, letter: Message) -> AwayTask | None:
        if letter.need is None or "helper" not in letter.content:
            return None
        found = await away_tasks.of_helper(tx, letter.sender, letter.need, str(letter.content["helper"]))
        if found is not None:
            found = replace(found, re=letter.id)
            await away_tasks.update(tx, found)
        return found

    async def _referral(self, tx: Tx, letter: Message) -> Referral | None:
        found = await referrals.get(tx, str(letter.content["ref"])) if "ref" in letter.content else None
        if found is None or found.peer != letter.sender:
            return None
        found = replace(found, re=letter.id)
        await referrals.update(tx, found)
        return found
