"""A person's own address in the group's chat service: she gives it, and types the digits that come there. Nobody signs
up somebody else, and nothing but digits goes to an address before. Works while locked, but for showing it."""

import hashlib
import hmac
from dataclasses import dataclass, replace

from node.domain.actors import Actor
from node.domain.consents import AS_CHOSEN
from node.domain.ids import PersonId, new_id
from node.domain.notices.chat import CODE_LASTS, CODE_TRIES, MOST_CODES, handle_of
from node.domain.notices.notice import HOUR, LASTS, Kind, Notice, Way
from node.domain.permissions import Permission, require
from node.errors import N_, Conflict, Invalid, NotAllowed, TooMany
from node.services.desk import Desk, person_object
from node.services.notices.chat_settings import NO_ADDRESS
from node.services.notices.choosing import Choosing
from node.store import chats, notices
from node.store.chats import ChatAddress
from node.store.db import Tx
from node.store.notices import NoticeRow
from node.vault import Compartment

LENGTH = 6
_TABLE = "chat_addresses"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatAddressView:
    """How it stands for one person."""

    service: str
    """What the chat is called; empty where the group has none."""
    hint: str
    given: bool
    address: str
    """Empty while locked, and where there is none."""
    confirmed: bool
    waits: bool
    """Digits were sent, or are on their way, and can still be typed."""
    bounced: bool


class ChatAddresses:
    """The verbs of her page, and what sending reads."""

    def __init__(self, desk: Desk, choosing: Choosing) -> None:
        self._desk = desk
        self._choosing = choosing

    async def own(self, actor: Actor) -> ChatAddressView:
        """Hers; nobody else's can be seen."""
        desk, person = self._desk, _person(actor)
        async with desk.db.read() as tx:
            service, row = await chats.service(tx), await chats.get(tx, person)
        return ChatAddressView(
            service=service.name if service else "",
            hint=service.hint if service else "",
            given=row is not None,
            address=self.handle(row) if row is not None and desk.unlocked else "",
            confirmed=row is not None and row.confirmed_at is not None,
            waits=row is not None and row.code_until is not None and row.code_until > desk.now,
            bounced=row is not None and row.bounced_at is not None,
        )

    async def set_address(self, actor: Actor, typed: str) -> None:
        """From now on that one, once it is confirmed; digits are sent there. Raises ``Invalid`` (field ``address``),
        ``Conflict("no_chat")``, ``TooMany``."""
        desk, person, handle = self._desk, _person(actor), handle_of(typed)
        if not handle:
            raise Invalid("chat_address", NO_ADDRESS, fields={"address": NO_ADDRESS})
        code, now, id = (
            f"{int.from_bytes(desk.random(4)) % 10**LENGTH:0{LENGTH}}",
            desk.now,
            new_id(desk.random),
        )
        async with desk.db.write() as tx:
            if await chats.service(tx) is None:
                raise Conflict("no_chat", N_("Our group sends no messages to chats at present."))
            # Counted in the messages: taking the address away begins no new count.
            if await notices.made_since(tx, person, Kind.CHAT_CODE, now - HOUR) >= MOST_CODES:
                raise TooMany("many_codes", N_("That was often. Try again in an hour."))
            await self._choosing.ensure(tx, person)
            held = await chats.get(tx, person)
            record = held.record if held else person
            await chats.put(
                tx,
                ChatAddress(
                    person_id=person,
                    record=record,
                    code_hash=_code_hash(record, code),
                    code_until=now + CODE_LASTS,
                    changed_at=now,
                    sealed=desk.vault.seal(Compartment.PEOPLE, _TABLE, record, {"address": handle}),
                ),
            )
            await notices.drop_waiting(tx, person, Kind.CHAT_CODE)
            notice = Notice(
                id=id,
                person_id=person,
                kind=Kind.CHAT_CODE,
                way=Way.CHAT,
                due=now,
                ends=now + LASTS[Kind.CHAT_CODE],
                created_at=now,
            )
            sealed = desk.vault.seal(Compartment.PEOPLE, "notices", id, {"code": code})
            await notices.insert(tx, NoticeRow(notice=notice, sealed=sealed), (), desk.today)
            await desk.record(tx, actor, "notices.chat_address", person_object(person))

    async def confirm(self, actor: Actor, typed: str, wording: str = AS_CHOSEN) -> None:
        """The digits that came: from now on she is told there. ``wording`` as for ``Choosing.choose``.

        Raises ``Invalid`` (field ``code``); after ``CODE_TRIES`` wrong ones, or an hour, only new digits help.
        """
        desk, person = self._desk, _person(actor)
        digits = "".join(each for each in typed if each.isdecimal())
        right = False
        async with desk.db.write() as tx:
            row = await chats.get(tx, person)
            if row is not None and row.code_hash is not None and desk.now < (row.code_until or 0):
                right = row.code_tries < CODE_TRIES and hmac.compare_digest(
                    row.code_hash, _code_hash(row.record, digits)
                )
                if right:
                    done = replace(
                        row,
                        confirmed_at=desk.now,
                        code_hash=None,
                        code_until=None,
                        code_tries=0,
                        bounced_at=None,
                    )
                    await chats.put(tx, done)
                    await self._choosing.by_chat(tx, actor, person, wording)
                    await desk.record(tx, actor, "notices.chat_confirmed", person_object(person))
                else:
                    await chats.put(tx, replace(row, code_tries=row.code_tries + 1))
        if not right:
            problem = N_("These are not the digits that we sent. Look again, or have new ones sent.")
            raise Invalid("chat_code", problem, fields={"code": problem})

    async def forget(self, actor: Actor) -> None:
        """The address goes; she is told as if she had not chosen that way. Twice is the same."""
        person = _person(actor)
        async with self._desk.db.write() as tx:
            if await chats.delete(tx, person):
                await notices.drop_waiting(tx, person, Kind.CHAT_CODE)
                await self._desk.record(tx, actor, "notices.chat_off", person_object(person))

    # --- for sending

    def handle(self, row: ChatAddress) -> str:
        """Her address. Raises ``Locked``."""
        return str(self._desk.vault.open(Compartment.PEOPLE, _TABLE, row.record, row.sealed)["address"])

    async def all_of_them(self, tx: Tx) -> dict[PersonId, ChatAddress]:
        """Everybody's, by who she is now."""
        return {row.person_id: row for row in await chats.all_of_them(tx)}


def _person(actor: Actor) -> PersonId:
    require(actor, Permission.OFFER)
    if actor.id is None:
        raise NotAllowed("own_sign_in", N_("You are not signed in here any more. Ask us for a new link."))
    return PersonId(actor.id)


def _code_hash(record: str, code: str) -> bytes:
    return hashlib.sha256(b"chat-code\0" + record.encode() + b"\0" + code.encode()).digest()
