"""Handing a rule on: somebody else is asked, her own yes counts, the one before helps until then, both are told."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from node.domain.actors import Actor
from node.domain.dispatch.series import (
    HAND_STANDS,
    Hand,
    HandMove,
    HandState,
    PairState,
    Series,
    SeriesState,
    after_hand,
    helper_on,
)
from node.domain.ids import PersonId, new_id
from node.domain.matching.matching import Gate, not_suitable_pair
from node.domain.permissions import Permission, require
from node.errors import N_, Invalid, NotFound, not_suitable
from node.services.desk import Desk, person_object
from node.services.dispatch.series_closing import take_back_asked
from node.services.matching.apart import kept_from
from node.services.matching.roster import Roster
from node.store import buddies, merges, persons, series, series_hands
from node.store.db import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class HandView:
    """One that stands: who takes over, and who has helped until then (empty for nobody)."""

    hand: Hand
    name: str
    before: str

    @property
    def to_tell(self) -> bool:
        """She said yes, and not both know it yet."""
        untold = not self.hand.told_new or (bool(self.before) and not self.hand.told_before)
        return self.hand.state is HandState.AGREED and untold


class HandingOn:
    """The verbs. All raise ``NotAllowed``; what names anybody raises ``Locked``."""

    def __init__(self, desk: Desk, roster: Roster) -> None:
        self._desk = desk
        self._roster = roster

    async def ask(self, actor: Actor, series_id: str, helper_id: PersonId, from_day: date) -> str:
        """She is asked to take it over from that day on; until her yes nothing changes. Whoever was asked before and
        has not answered is not asked any more. The id.

        Raises ``Invalid`` (``helper``, ``from_day``), ``Conflict`` (``not_suitable``, ``moved_on``), ``NotFound``.
        """
        require(actor, Permission.DISPATCH)
        await self._roster.ready()
        desk = self._desk
        async with desk.db.write() as tx:
            found = await self._running(tx, series_id)
            hands, helper_id = await series_hands.of_series(tx, series_id), await desk.whole(tx, helper_id)
            problems = {}
            helper = self._roster.get(helper_id)
            if helper is None or helper_id == found.person_id or helper_on(hands, from_day) == helper_id:
                problems["helper"] = N_("Choose another volunteer.")
            if from_day <= desk.today:
                problems["from_day"] = N_("This day is past.")
            elif any(
                made.need_id and day >= from_day and not made.skipped
                for day, made in (await series.days_of(tx, series_id)).items()
            ):
                problems["from_day"] = N_(
                    "The request for that day is on the board already. Choose a later day."
                )
            if problems:
                raise Invalid("hand_on", next(iter(problems.values())), fields=problems)
            await self._refuse(tx, found.person_id, helper_id)
            for hand in hands:
                if hand.state is HandState.ASKED:
                    await series_hands.put(tx, replace(hand, state=after_hand(hand.state, HandMove.END)))
            hand = Hand(
                id=new_id(desk.random),
                series_id=series_id,
                helper_id=helper_id,
                from_day=from_day,
                state=HandState.ASKED,
                asked_day=desk.today,
            )
            await series_hands.put(tx, hand)
            await self._record(tx, actor, found, hand, "series.hand_asked")
        return hand.id

    async def answer(self, actor: Actor, hand_id: str, move: HandMove) -> HandState:
        """Her own yes or no, or its end. Raises ``Conflict`` (``moved_on``, ``not_suitable``), ``NotFound``."""
        require(actor, Permission.DISPATCH)
        if self._desk.unlocked:
            await self._roster.ready()
        async with self._desk.db.write() as tx:
            hand = await self._hand(tx, hand_id)
            found = await self._running(tx, hand.series_id)
            if move is HandMove.AGREE and self._desk.unlocked:
                await self._refuse(tx, found.person_id, hand.helper_id)
            moved = replace(hand, state=after_hand(hand.state, move))
            await series_hands.put(tx, moved)
            await self._record(tx, actor, found, moved, f"series.hand_{move}")
            if hand.state is HandState.AGREED and moved.state is HandState.ENDED:
                days = (await series.made_days(tx, found.id)).values()
                hers = [day.need_id for day in days if day.need_id and day.open and day.day >= hand.from_day]
                await take_back_asked(tx, self._desk, actor, hers, hand.helper_id)
        if self._desk.unlocked:
            await self._roster.refresh(hand.helper_id)
        return moved.state

    async def told(self, actor: Actor, hand_id: str, *, new: bool) -> None:
        """She (``new``), or the one before, knows from when. Twice is no error. Raises ``NotFound``."""
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            hand = await self._hand(tx, hand_id)
            knows = replace(hand, told_new=True) if new else replace(hand, told_before=True)
            await series_hands.put(tx, knows)
            found = await self._running(tx, hand.series_id)
            await self._record(tx, actor, found, knows, "series.hand_told")

    async def standing(self, actor: Actor, of: Iterable[str]) -> dict[str, tuple[HandView, ...]]:
        """Series -> who was asked or said yes, in order, for these series."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            found = {}
            for series_id in of:
                hands = await series_hands.of_series(tx, series_id)
                held = await series.get(tx, series_id)
                shown = [hand for hand in hands if hand.state in HAND_STANDS]
                if shown and held is not None:
                    found[series_id] = tuple(
                        [
                            HandView(
                                hand=hand,
                                name=await self._name(tx, hand.helper_id),
                                before=await self._before(tx, held[0], hands, hand),
                            )
                            for hand in shown
                        ]
                    )
        return found

    async def _refuse(self, tx: Tx, person_id: PersonId, helper_id: PersonId) -> None:
        helper = self._roster.get(helper_id)
        not_with, unseen = await kept_from(tx, self._roster, person_id), await merges.unseen(tx)
        if helper is None or not_suitable_pair(helper, not_with, unseen):
            raise not_suitable(gate=str(Gate.NOT_SUITABLE))

    async def _before(self, tx: Tx, found: Series, hands: Iterable[Hand], hand: Hand) -> str:
        others = [each for each in hands if each.id != hand.id]
        before = helper_on(others, hand.from_day)
        if before is None:
            before = next(
                (
                    pair.helper_id
                    for pair in await buddies.of_person(tx, found.person_id)
                    if pair.state is PairState.AGREED and pair.person_id == found.person_id
                ),
                None,
            )
        return await self._name(tx, before) if before and before != hand.helper_id else ""

    async def _name(self, tx: Tx, person_id: PersonId) -> str:
        held = await persons.get(tx, person_id)
        return self._desk.open_person(held).name if held else ""

    async def _hand(self, tx: Tx, hand_id: str) -> Hand:
        found = await series_hands.get(tx, hand_id)
        if found is None:
            raise NotFound("no_such_hand", N_("Nobody was asked to take this over."))
        return found

    async def _running(self, tx: Tx, series_id: str) -> Series:
        held = await series.get(tx, series_id)
        if held is None or held[0].state is SeriesState.ENDED:
            raise NotFound("no_such_series", N_("There is no such rule."))
        return held[0]

    async def _record(self, tx: Tx, actor: Actor, found: Series, hand: Hand, action: str) -> None:
        for each in (found.person_id, hand.helper_id):
            await self._desk.record(tx, actor, action, person_object(each), series=found.id, hand=hand.id)
