"""Messages to a person's own chat, by the service that the group has set up."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from node.domain.ids import PersonId
from node.domain.notices.chat import ChatService, addressed
from node.domain.notices.notice import Kind, Notice, Way
from node.domain.person import PersonDetails
from node.services.notices.carrying import Line, Parcel
from node.services.notices.chat_addresses import ChatAddresses
from node.services.notices.chat_settings import ChatSettings
from node.services.notices.gateways import post_to_chat
from node.services.notices.letter import Letter, Writer
from node.store.db import Tx


class ChatWay:
    """As ``carrying.Channel``."""

    way = Way.CHAT

    def __init__(self, settings: ChatSettings, addresses: ChatAddresses) -> None:
        self._settings = settings
        self._addresses = addresses

    async def opened(self, tx: Tx) -> "OpenedChat | None":
        """With the keys of the service and everybody's address there. Raises ``Locked``."""
        service = await self._settings.opened(tx)
        if service is None:
            return None
        rows = await self._addresses.all_of_them(tx)
        return OpenedChat(
            service,
            {person: self._addresses.handle(row) for person, row in rows.items() if row.takes},
            {
                person: self._addresses.handle(row)
                for person, row in rows.items()
                if row.code_hash is not None
            },
        )


@dataclass(frozen=True, slots=True)
class OpenedChat:
    """As ``carrying.Opened``, and as the line: each message is asked for by itself."""

    service: ChatService
    confirmed: Mapping[PersonId, str]
    asked: Mapping[PersonId, str]
    """Where digits go."""

    def parcel(self, notice: Notice, letter: Letter, details: PersonDetails, writer: Writer) -> Parcel | None:
        """A short text with a link; None for whoever has no address there that counts."""
        to = (self.asked if notice.kind is Kind.CHAT_CODE else self.confirmed).get(notice.person_id)
        text = writer.text(letter, can_answer=False)
        return Parcel(id=notice.id, to=to, content=text.encode()) if to else None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Line]:
        """Itself."""
        yield self

    async def send(self, parcel: Parcel) -> None:
        """Raises ``Refused``."""
        await post_to_chat(addressed(self.service, parcel.to), parcel.content.decode())
