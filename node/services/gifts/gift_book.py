"""The desk's list of what people have to give: what stands, what is over, and what is said of each.

What is offered is read like the words of a request, a look an hour for each list; who offers it, by a look of its own.
"""

from collections.abc import Sequence
from dataclasses import replace

from node.domain.actors import Actor
from node.domain.gifts.gift import (
    AT_THE_DESK,
    GiftDetails,
    GiftMove,
    GiftView,
    fits,
    gift_from,
    gift_record,
    moved,
    moves_of,
    stands,
)
from node.domain.ids import PersonId
from node.domain.intake.intake import MAX_TEXT
from node.domain.permissions import Permission, require
from node.domain.person import PersonDetails, PersonState
from node.errors import N_, Invalid, NotFound
from node.services.desk import Desk, person_object
from node.services.gifts.giving import gift_object
from node.services.matching.apart import kept_from
from node.services.matching.roster import Roster
from node.store import gifts
from node.store.db import Tx
from node.store.gifts import GiftRow
from node.vault import Compartment

MOST_OVER = 100
"""So many of what is over are shown, the latest."""


class GiftBook:
    """The verbs of `/offers`. All but ``waiting`` raise ``Locked`` while the records are closed."""

    def __init__(self, desk: Desk, roster: Roster) -> None:
        self._desk = desk
        self._roster = roster

    async def waiting(self, actor: Actor) -> int:
        """How many nobody has looked at; works while locked."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            return await gifts.count_new(tx, self._desk.today)

    async def standing(self, actor: Actor) -> list[GiftView]:
        """What somebody can have today, what waits longest first."""
        await self._look(actor)
        async with self._desk.db.read() as tx:
            return await self._views(tx, await gifts.standing(tx, self._desk.today))

    async def over(self, actor: Actor) -> list[GiftView]:
        """What was given, is gone, or whose last day is past: the latest first."""
        await self._look(actor)
        async with self._desk.db.read() as tx:
            return await self._views(tx, await gifts.over(tx, self._desk.today, MOST_OVER))

    async def good_for(self, actor: Actor, category: str, asker: PersonId | None) -> list[GiftView]:
        """What stands and is good for that kind of help; nothing of anybody who is kept away, nor of whom the asker,
        or who lives with her, must not meet: who gives and who gets may stand at one door."""
        require(actor, Permission.READ_BOARD)
        self._desk.must_be_unlocked()
        await self._roster.ready()
        async with self._desk.db.read() as tx:
            views = await self._views(tx, await gifts.standing(tx, self._desk.today))
            never = await kept_from(tx, self._roster, asker)
        return [
            view
            for view in views
            if fits(view.details, category) and not view.barred and view.gift.person_id not in never
        ]

    async def who(self, actor: Actor, gift_id: str) -> tuple[PersonId, PersonDetails]:
        """Who offers it, and how to reach them: a recorded look. Raises ``NotFound``."""
        require(actor, Permission.READ_PERSON)
        desk = self._desk
        desk.must_be_unlocked()
        async with desk.db.write() as tx:
            person_id = (await self._row(tx, gift_id)).gift.person_id
            details = desk.open_person(await desk.need_person(tx, person_id))
            await desk.record(tx, actor, "look.card", person_object(person_id))
        return person_id, details

    async def say(self, actor: Actor, gift_id: str, move: GiftMove) -> None:
        """It stays on the list, was given, is gone, or stands again. Raises ``NotFound``,
        ``Conflict("moved_on")``."""
        require(actor, Permission.DISPATCH)
        desk = self._desk
        async with desk.db.write() as tx:
            row = await self._row(tx, gift_id)
            after = moved(row.gift, move, desk.today, by=AT_THE_DESK)
            await gifts.update(tx, replace(row, gift=after))
            await desk.record(tx, actor, f"gift.{move}", gift_object(gift_id))

    async def note(self, actor: Actor, gift_id: str, text: str) -> None:
        """What the desk should know about it, in place of what was noted before. Raises ``NotFound``, ``Invalid``."""
        require(actor, Permission.DISPATCH)
        desk = self._desk
        desk.must_be_unlocked()
        if len(text) > MAX_TEXT:
            message = N_("This is too long. Shorten it, please.")
            raise Invalid("gift", message, fields={"note": message})
        async with desk.db.write() as tx:
            row = await self._row(tx, gift_id)
            record = gift_record(replace(self._open(row), note=text))
            sealed = desk.vault.seal(Compartment.PEOPLE, "gifts", gift_id, record)
            await gifts.update(tx, replace(row, sealed=sealed))
            await desk.record(tx, actor, "gift.noted", gift_object(gift_id))

    async def _look(self, actor: Actor) -> None:
        require(actor, Permission.READ_BOARD)
        self._desk.must_be_unlocked()
        await self._desk.look(actor, "look.gifts", "gifts")

    async def _row(self, tx: Tx, gift_id: str) -> GiftRow:
        row = await gifts.get(tx, gift_id)
        if row is None:
            raise NotFound("no_such_gift", N_("That is not on the list any more."))
        return row

    def _open(self, row: GiftRow) -> GiftDetails:
        return gift_from(self._desk.vault.open(Compartment.PEOPLE, "gifts", row.gift.id, row.sealed))

    async def _views(self, tx: Tx, rows: Sequence[GiftRow]) -> list[GiftView]:
        today = self._desk.today
        found = []
        for row in rows:
            person = (await self._desk.need_person(tx, row.gift.person_id)).person
            found.append(
                GiftView(
                    gift=row.gift,
                    details=self._open(row),
                    over=not stands(row.gift, today),
                    days=(today - row.gift.told_day).days,
                    moves=moves_of(row.gift),
                    barred=person.state is PersonState.BARRED,
                )
            )
        return found
