"""Messages by e-mail."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from node.domain.notices.envelope import Content, envelope
from node.domain.notices.mail import MailServer
from node.domain.notices.notice import Kind, Notice, Way
from node.domain.person import PersonDetails
from node.services.notices.carrying import Line, Parcel
from node.services.notices.letter import Letter, Writer
from node.services.notices.mail_settings import MailSettings
from node.services.notices.smtp import Carrier
from node.store.db import Tx


class MailWay:
    """As ``carrying.Channel``."""

    way = Way.EMAIL

    def __init__(self, mail: MailSettings, carrier: Carrier) -> None:
        self._mail = mail
        self._carrier = carrier

    async def opened(self, tx: Tx) -> "OpenedMail | None":
        """With the password of the mail server. Raises ``Locked``."""
        server = await self._mail.opened(tx)
        return None if server is None else OpenedMail(server, self._carrier)


@dataclass(frozen=True, slots=True)
class OpenedMail:
    """As ``carrying.Opened``."""

    server: MailServer
    carrier: Carrier

    def parcel(self, notice: Notice, letter: Letter, details: PersonDetails, writer: Writer) -> Parcel | None:
        """A whole message with its headers; None for what has the shape of an address and is none."""
        to, written = details.email.strip(), writer.write(letter)
        content = Content(
            language=written.language,
            subject=written.subject,
            text=written.text,
            html=written.html,
            out="" if letter.kind is Kind.SIGN_IN else letter.choices_link,
        )
        try:
            message = envelope(
                self.server, letter.group, to, content, notice_id=notice.id, created_at=notice.created_at
            )
        except ValueError:
            return None
        return Parcel(id=notice.id, to=to, content=message)

    def open(self) -> AbstractAsyncContextManager[Line]:
        """As ``smtp.Carrier``."""
        return self.carrier.open(self.server)
