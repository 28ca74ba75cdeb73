"""Standing pairs that both agreed to: begun, agreed, handed on, ended by either."""

from dataclasses import dataclass, replace

from node.domain.actors import Actor
from node.domain.dispatch.series import EndedBy, Pair, PairMove, PairState, after_pair, helper_on
from node.domain.ids import PersonId, new_id
from node.domain.matching.matching import not_suitable_pair
from node.domain.permissions import Permission, require
from node.domain.person import PersonState
from node.errors import N_, Invalid, NotFound, moved_on, not_suitable
from node.services.desk import Desk, person_object
from node.services.dispatch.series_closing import take_back_asked
from node.services.matching.apart import kept_from
from node.services.matching.roster import Roster
from node.store import buddies, merges, series, series_hands
from node.store.db import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class PairView:
    """A pair as a person's page shows it: ``name`` is that of the other one."""

    pair: Pair
    name: str
    helps: bool
    """Whether the person of the page is the one who helps."""


class Buddies:
    """The verbs. Who the two are is told only where the person's page is open."""

    def __init__(self, desk: Desk, roster: Roster) -> None:
        self._desk = desk
        self._roster = roster

    async def begin(
        self,
        actor: Actor,
        person_id: PersonId,
        helper_id: PersonId,
        *,
        person_said: bool = False,
        helper_said: bool = False,
    ) -> str:
        """A pair, agreed if both have said yes; the id. Raises ``Invalid`` (no volunteer, oneself, a pair already),
        ``Conflict("not_suitable")`` without a reason, ``Locked``, ``NotFound``."""
        require(actor, Permission.DISPATCH)
        await self._roster.ready()
        async with self._desk.db.write() as tx:
            return (await self._begin(tx, actor, person_id, helper_id, person_said, helper_said)).id

    async def agree(self, actor: Actor, pair_id: str, who: EndedBy) -> PairState:
        """One of both said yes; once both have, it stands. Raises ``Conflict``, ``Locked``, ``NotFound``."""
        require(actor, Permission.DISPATCH)
        await self._roster.ready()
        async with self._desk.db.write() as tx:
            pair = await self._pair(tx, pair_id)
            if pair.state is not PairState.ASKED:
                raise moved_on()
            await self._refuse(tx, pair.person_id, pair.helper_id)
            said = replace(
                pair,
                person_said=pair.person_said or who is EndedBy.PERSON,
                helper_said=pair.helper_said or who is EndedBy.HELPER,
            )
            if said.person_said and said.helper_said:
                said = replace(said, state=after_pair(pair.state, PairMove.AGREE), since_day=self._desk.today)
            await buddies.update(tx, said)
            await self._record(tx, actor, said, "buddy.agree")
        return said.state

    async def end(self, actor: Actor, pair_id: str, by: EndedBy) -> None:
        """Either of them, or we, end it; nobody has to say why. Where the helper was only asked for the next time,
        she is asked no more; what she has said yes to stands. Raises ``Conflict("moved_on")``, ``NotFound``."""
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            pair = await self._pair(tx, pair_id)
            await self._end(tx, actor, pair, by)
        await self._roster.refresh(pair.helper_id)

    async def hand_on(self, actor: Actor, pair_id: str, helper_id: PersonId) -> str:
        """Somebody else takes over: the pair ends and a new one begins, to which both have to agree. All or nothing;
        raises as ``begin`` and ``end``."""
        require(actor, Permission.DISPATCH)
        await self._roster.ready()
        async with self._desk.db.write() as tx:
            pair = await self._pair(tx, pair_id)
            await self._end(tx, actor, pair, EndedBy.US)
            new = await self._begin(tx, actor, pair.person_id, helper_id, False, False)
        await self._roster.refresh(pair.helper_id)
        return new.id

    async def of_person(self, actor: Actor, person_id: PersonId) -> tuple[PairView, ...]:
        """The standing pairs of one person, for her page: opened by a look that was written down. Raises ``Locked``."""
        require(actor, Permission.READ_PERSON)
        async with self._desk.db.read() as tx:
            found = []
            for pair in await buddies.of_person(tx, person_id):
                helps = pair.helper_id == person_id
                other = await self._desk.need_person(tx, pair.person_id if helps else pair.helper_id)
                found.append(PairView(pair=pair, name=self._desk.open_person(other).name, helps=helps))
        return tuple(found)

    async def _begin(
        self,
        tx: Tx,
        actor: Actor,
        person_id: PersonId,
        helper_id: PersonId,
        person_said: bool,
        helper_said: bool,
    ) -> Pair:
        person = await self._desk.need_person(tx, person_id)
        person_id, helper_id = person.person.id, await self._desk.whole(tx, helper_id)
        problem = ""
        if self._roster.get(helper_id) is None or helper_id == person_id or person.person.practice:
            problem = N_("Choose a volunteer.")
        elif any(p.helper_id == helper_id for p in await buddies.of_person(tx, person_id)):
            problem = N_("These two are buddies already, or were asked.")
        if problem:
            raise Invalid("buddy", problem, fields={"helper": problem})
        await self._refuse(tx, person_id, helper_id)
        if person.person.state is PersonState.BARRED:
            raise not_suitable()
        pair = Pair(
            id=new_id(self._desk.random),
            person_id=person_id,
            helper_id=helper_id,
            state=PairState.AGREED if person_said and helper_said else PairState.ASKED,
            person_said=person_said,
            helper_said=helper_said,
            since_day=self._desk.today,
        )
        await buddies.insert(tx, pair)
        await self._record(tx, actor, pair, "buddy.begin")
        return pair

    async def _end(self, tx: Tx, actor: Actor, pair: Pair, by: EndedBy) -> None:
        state = after_pair(pair.state, PairMove.END)
        ended = replace(pair, state=state, ended_day=self._desk.today, ended_by=by)
        await buddies.update(tx, ended)
        await self._record(tx, actor, ended, "buddy.end")
        for each, _ in await series.ever_of_person(tx, pair.person_id):
            hands = await series_hands.of_series(tx, each.id)
            made = [
                day.need_id
                for day in (await series.made_days(tx, each.id)).values()
                if day.need_id and day.open and helper_on(hands, day.day) != pair.helper_id
            ]
            await take_back_asked(tx, self._desk, actor, made, pair.helper_id)

    async def _record(self, tx: Tx, actor: Actor, pair: Pair, action: str) -> None:
        for each in (pair.person_id, pair.helper_id):
            await self._desk.record(tx, actor, action, person_object(each), pair=pair.id)

    async def _pair(self, tx: Tx, pair_id: str) -> Pair:
        pair = await buddies.get(tx, pair_id)
        if pair is None:
            raise NotFound("no_such_pair", N_("There are no such buddies."))
        return pair

    async def _refuse(self, tx: Tx, person_id: PersonId, helper_id: PersonId) -> None:
        helper = self._roster.get(helper_id)
        not_with, unseen = await kept_from(tx, self._roster, person_id), await merges.unseen(tx)
        if helper is None or not_suitable_pair(helper, not_with, unseen):
            raise not_suitable()
