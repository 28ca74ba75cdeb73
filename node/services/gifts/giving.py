"""Offering something: on the page without an account, by telephone, and the private link that follows.

All of it works while the records are closed; the link shows how it stands and never what was written.
"""

from datetime import date, timedelta

from node.domain.actors import ANONYMOUS, Actor
from node.domain.consents import Consent, Purpose
from node.domain.gifts.gift import (
    BY_LINK,
    LINK_DAYS,
    STANDS,
    Gift,
    GiftMove,
    GiftState,
    NewGift,
    gift_record,
    last_day,
    moved,
    problems,
)
from node.domain.ids import GiftId, PersonId, new_id
from node.domain.intake.intake import NewNeed
from node.domain.intake.intake_rules import merged_person
from node.domain.permissions import Permission, require
from node.domain.person import Person, PersonState
from node.errors import N_, Invalid
from node.services import links
from node.services.desk import Desk, person_object
from node.store import consents, gifts, persons
from node.store.db import Tx
from node.store.gifts import GiftRow
from node.store.persons import PersonRow
from node.vault import Compartment


class Giving:
    """The verbs of the public form and of the link, which raise ``NotFound("link_closed")`` for one that opens
    nothing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def offer(self, new: NewGift, *, wording: str) -> str:
        """Somebody has something to give: on the page, without an account. ``wording``: the words to which she agreed
        that we keep this. Returns the token of her private link. Raises ``Invalid``."""
        require(ANONYMOUS, Permission.APPLY)
        token = links.new_token(self._desk.random)
        await self._take_in(ANONYMOUS, new, GiftState.NEW, wording, links.gift_hash(token))
        return token

    async def take_call(self, actor: Actor, new: NewGift, *, wording: str) -> GiftId:
        """The same by telephone: on the list at once, and without a link. Raises ``Invalid``."""
        require(actor, Permission.TAKE_CALL)
        return await self._take_in(actor, new, GiftState.OPEN, wording, None)

    async def behind(self, token: str) -> Gift:
        """How it stands. Changes nothing."""
        async with self._desk.db.read() as tx:
            return (await self._behind(tx, token)).gift

    async def say(self, token: str, move: GiftMove) -> None:
        """It still stands, is gone, or stands again. Raises ``Conflict("moved_on")``."""
        desk = self._desk
        async with desk.db.write() as tx:
            row = await self._behind(tx, token)
            after = moved(row.gift, move, desk.today, by=BY_LINK)
            await gifts.update(tx, GiftRow(gift=after, sealed=row.sealed, link_hash=row.link_hash))
            await desk.record(tx, ANONYMOUS, f"gift.{move}", gift_object(after.id))

    async def _behind(self, tx: Tx, token: str) -> GiftRow:
        row = await gifts.behind(tx, links.gift_hash(token)) if token else None
        if row is None or self._desk.today > _open_until(row.gift):
            raise links.closed_link()
        return row

    async def _take_in(
        self, actor: Actor, new: NewGift, state: GiftState, wording: str, link_hash: bytes | None
    ) -> GiftId:
        desk, today = self._desk, self._desk.today
        found = problems(new, desk.catalogue, today)
        if found:
            raise Invalid("gift", N_("Some answers need another look."), fields=found)
        gift = Gift(
            id=GiftId(new_id(desk.random)),
            person_id=PersonId(new_id(desk.random)),
            sort=new.sort,
            state=state,
            told_day=today,
            until=new.until or last_day(new.sort, today),
            by_staff=actor.id if actor is not ANONYMOUS else None,
        )
        sealed = desk.vault.seal(Compartment.PEOPLE, "gifts", gift.id, gift_record(new.details))
        async with desk.db.write() as tx:
            await self._store_giver(tx, actor, gift.person_id, new, wording)
            await gifts.insert(tx, GiftRow(gift=gift, sealed=sealed, link_hash=link_hash))
            await desk.record(tx, actor, "gift.told", gift_object(gift.id), person=gift.person_id)
        return gift.id

    async def _store_giver(
        self, tx: Tx, actor: Actor, person_id: PersonId, new: NewGift, wording: str
    ) -> None:
        """A record of her own: one that is there already is found as every double is, and made one by somebody who
        looks."""
        desk = self._desk
        person = Person(
            id=person_id,
            state=PersonState.ACTIVE,
            kind=new.person.kind,
            created_day=desk.today,
            updated_day=desk.today,
        )
        details = merged_person(None, NewNeed(person=new.person, point=new.point))
        await persons.insert(tx, desk.person_row(PersonRow(person=person, sealed=b""), details))
        agreed = Consent(
            purpose=Purpose.KEEP_DETAILS, answer=True, wording=wording, at=desk.now, by_actor=actor.label
        )
        await consents.add(tx, agreed, person_id=person_id, need_id=None)
        await desk.record(tx, actor, "person.offered", person_object(person_id))


def gift_object(gift_id: str) -> str:
    """How the audit names a gift."""
    return f"gift:{gift_id}"


def _open_until(gift: Gift) -> date:
    last = gift.until if gift.state in STANDS else gift.ended_day or gift.until
    return last + timedelta(days=LINK_DAYS)
