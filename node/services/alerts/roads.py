"""By what members of staff can be written to: the group's mail server, its gateway for texts, its chat, their own
browsers."""

from node.domain.notices.chat import ChatService, handle_of
from node.domain.notices.gateway import Gateway
from node.domain.notices.mail import MailServer
from node.domain.notices.notice import Way
from node.domain.notices.texts import mobile
from node.domain.reach import is_email
from node.services.alerts.own_devices import AlertDevices
from node.services.notices.chat_settings import ChatSettings
from node.services.notices.mail_settings import MailSettings
from node.services.notices.text_settings import TextSettings
from node.store import chats, mail_server, text_gateway
from node.store.db import Tx

LONGEST_ADDRESS = 200


class Roads:
    """As the group has set them up for everybody."""

    def __init__(
        self, mail: MailSettings, texts: TextSettings, chat: ChatSettings, devices: AlertDevices
    ) -> None:
        self.mail = mail
        self.devices = devices
        self._texts = texts
        self._chat = chat

    async def ways(self, tx: Tx) -> frozenset[Way]:
        """Those that are set up."""
        set_up = {
            Way.EMAIL: await mail_server.get(tx),
            Way.TEXT: await text_gateway.get(tx),
            Way.CHAT: await chats.service(tx),
        }
        return frozenset(way for way, held in set_up.items() if held is not None)

    async def opened(self, tx: Tx) -> tuple[MailServer | None, Gateway | None, ChatService | None]:
        """With their secrets. Raises ``Locked``."""
        return await self.mail.opened(tx), await self._texts.opened(tx), await self._chat.opened(tx)

    def read(self, typed: str, ways: frozenset[Way], *, in_chat: bool = False) -> tuple[Way, str] | None:
        """By which way an address that somebody typed is reached, and as what: an e-mail address, else a mobile number
        where texts go, else an address in the chat. None for what is none of these.

        ``in_chat``: it is one in the chat, whatever it looks like (some know people by number, or by mail address).
        """
        typed = typed.strip()
        if len(typed) > LONGEST_ADDRESS or not typed.isprintable():
            return None
        if is_email(typed) and not in_chat:
            return Way.EMAIL, typed
        number = mobile(typed, self._texts.region)
        if Way.TEXT in ways and number and not in_chat:
            return Way.TEXT, number
        handle = handle_of(typed)
        return (Way.CHAT, handle) if Way.CHAT in ways and handle else None
