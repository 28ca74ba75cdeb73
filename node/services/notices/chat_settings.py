"""The chat service by which people can be written to: set by an admin, tried at once with a message to herself."""

import asyncio
from dataclasses import dataclass

from node.domain.actors import Actor
from node.domain.notices.answers import Refusal
from node.domain.notices.chat import ChatService, addressed, faults, handle_of
from node.domain.notices.notice import Way
from node.domain.permissions import Permission, require
from node.errors import N_, Invalid
from node.services.desk import Desk
from node.services.notices import gateways
from node.services.notices.carrying import Refused
from node.store import alert_choices, chats
from node.store.chats import ServiceRow
from node.store.db import Tx
from node.vault import Compartment

FAULTS = {
    "no_name": N_("Say which chat it is, in at most 30 letters: Signal, Telegram, Matrix …"),
    "long_hint": N_("Say it in at most 200 letters."),
    "no_place": N_("This should be an Apprise address with {to} once, behind the name of the machine."),
    "not_known": N_("Apprise does not understand this address. Compare it with its page about that service."),
}
"""Code of ``domain.notices.chat.faults`` -> what the page says."""
NO_ADDRESS = N_("This can be no address in a chat. Write it without spaces.")
_TABLE = "chat_service"
_SOMEBODY = "+447700900000"
"""From the range for films: to see whether an address with somebody in it is understood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatServiceView:
    """As it is set, without its keys."""

    name: str
    hint: str


class ChatSettings:
    """Shown, changed and tried. Its address lies sealed: while the records are closed no message goes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def named(self) -> ChatServiceView | None:
        """What it is called, for whoever gives an address there. Works while locked."""
        async with self._desk.db.read() as tx:
            held = await chats.service(tx)
        return None if held is None else ChatServiceView(name=held.name, hint=held.hint)

    async def shown(self, actor: Actor) -> ChatServiceView | None:
        """As it is set."""
        require(actor, Permission.SETTINGS)
        return await self.named()

    async def change(self, actor: Actor, service: ChatService) -> None:
        """Sets it. An empty address keeps the one that is set. Under another name it is another service: everybody's
        addresses go, coordinators' too, because they would be strangers' there. Raises ``Invalid``, and ``Locked``
        if the address is kept, or for another service where coordinators gave addresses."""
        require(actor, Permission.SETTINGS)
        desk, url = self._desk, service.url
        async with desk.db.read() as tx:
            held = await chats.service(tx)
            if not url and held is not None and held.name == service.name:
                url = self._url(held)
        wanted = ChatService(name=service.name, hint=service.hint, url=url)
        wrong = faults(wanted)
        if not wrong and not await asyncio.to_thread(gateways.speaks, addressed(wanted, _SOMEBODY)):
            wrong = {"url": "not_known"}
        if wrong:
            raise Invalid(
                "chat_service",
                N_("Something here cannot be right."),
                fields={field: FAULTS[code] for field, code in wrong.items()},
            )
        sealed = desk.vault.seal(Compartment.PEOPLE, _TABLE, chats.ROW, {"url": url})
        async with desk.db.write() as tx:
            if held is not None and held.name != wanted.name:
                await chats.drop_all(tx)
            if held is None or held.name != wanted.name:
                await self._drop_staff(tx)
            await chats.put_service(tx, ServiceRow(name=wanted.name, hint=wanted.hint, sealed=sealed))
            await desk.record(tx, actor, "chat.set", "group")

    async def take_out(self, actor: Actor) -> None:
        """No message goes that way any more, and everybody's address there is forgotten; while locked, coordinators'
        only with the next service: until then nothing goes there."""
        require(actor, Permission.SETTINGS)
        async with self._desk.db.write() as tx:
            if await chats.take_out_service(tx):
                if self._desk.unlocked:
                    await self._drop_staff(tx)
                await self._desk.record(tx, actor, "chat.off", "group")

    async def try_it(self, actor: Actor, to: str, text: str) -> Refusal | None:
        """Sends one message to that address, now; None when the service took it, else what it said. The address is not
        kept. Raises ``Invalid``, ``Locked``."""
        require(actor, Permission.SETTINGS)
        desk, handle = self._desk, handle_of(to)
        if not handle:
            raise Invalid("chat_to", NO_ADDRESS, fields={"to": NO_ADDRESS})
        async with desk.db.read() as tx:
            service = await self.opened(tx)
        if service is None:
            raise Invalid("chat_service", N_("Set up the chat first."))
        refusal = None
        try:
            await gateways.post_to_chat(addressed(service, handle), text)
        except Refused as refused:
            refusal = refused.refusal
        async with desk.db.write() as tx:
            await desk.record(tx, actor, "chat.tried", "group", answer=refusal.answer if refusal else "taken")
        return refusal

    async def opened(self, tx: Tx) -> ChatService | None:
        """With its keys. Raises ``Locked``."""
        held = await chats.service(tx)
        return None if held is None else ChatService(name=held.name, hint=held.hint, url=self._url(held))

    async def _drop_staff(self, tx: Tx) -> None:
        """Coordinators' addresses in the chat go, with what waits for them. Which those are lies sealed: raises
        ``Locked``."""
        for row in await alert_choices.all_of_them(tx):
            record = self._desk.vault.open(Compartment.PEOPLE, "alert_choices", row.handle, row.sealed)
            if record.get("way") == Way.CHAT:
                await alert_choices.delete(tx, row.handle)

    def _url(self, held: ServiceRow) -> str:
        record = self._desk.vault.open(Compartment.PEOPLE, _TABLE, chats.ROW, held.sealed)
        return str(record["url"])
