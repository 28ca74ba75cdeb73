"""Speaking SMTP: one connection for a turn, one recipient a message, every answer with the part that it answered."""

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Protocol

from node.domain.notices.answers import Refusal, Stage
from node.domain.notices.mail import MailServer, Tls
from node.services.notices.carrying import Line, Parcel, Refused

if TYPE_CHECKING:
    from aiosmtplib import SMTP

SECONDS = 30.0
LONGEST_ANSWER = 500


class Carrier(Protocol):
    """What carries mail."""

    def open(self, server: MailServer) -> AbstractAsyncContextManager[Line]:
        """A connection for as long as the context lasts. Raises ``Refused`` (``connect``, ``sign_in``)."""


class Smtp:
    """The real one. ``context`` makes the TLS settings: the system's certificates, outside tests."""

    def __init__(self, context: Callable[[], ssl.SSLContext] = ssl.create_default_context) -> None:
        self._context = context

    @asynccontextmanager
    async def open(self, server: MailServer) -> AsyncIterator[Line]:
        """As ``Carrier``. The library is imported with the first message: a node without mail never loads it."""
        import aiosmtplib

        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.tls is Tls.TLS,
            start_tls=server.tls is Tls.STARTTLS,
            tls_context=None if server.tls is Tls.NONE else self._context(),
            local_hostname=server.domain,
            timeout=SECONDS,
        )
        try:
            await client.connect()
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            client.close()
            raise _refused(Stage.CONNECT, error) from error
        try:
            if server.user:
                try:
                    await client.login(server.user, server.password)
                except (aiosmtplib.SMTPException, OSError, ValueError) as error:
                    raise _refused(Stage.SIGN_IN, error) from error
            yield _Open(client, server.sender)
        finally:
            try:
                await client.quit()
            except (aiosmtplib.SMTPException, OSError):
                pass  # it hung up first, and whatever it took it has
            finally:
                client.close()


class _Open:
    """One connection."""

    def __init__(self, client: "SMTP", sender: str) -> None:
        self._client = client
        self._sender = sender

    async def send(self, parcel: Parcel) -> None:
        """MAIL, RCPT and DATA, one after the other, so that a no is known to be about one of them."""
        import aiosmtplib

        stage = Stage.SENDER
        try:
            await self._client.mail(self._sender)
            stage = Stage.RECIPIENT
            await self._client.rcpt(parcel.to)
            stage = Stage.CONTENT
            await self._client.data(parcel.content)
        except (aiosmtplib.SMTPException, OSError) as error:
            refused = _refused(stage, error)
            if refused.refusal.code:
                await self._begin_anew()
            raise refused from error

    async def _begin_anew(self) -> None:
        """What was begun is forgotten, so that the next message can be sent over the same connection."""
        import aiosmtplib

        try:
            await self._client.rset()
        except (aiosmtplib.SMTPException, OSError):
            self._client.close()


def _refused(stage: Stage, error: Exception) -> Refused:
    from aiosmtplib import SMTPServerDisconnected, SMTPTimeoutError

    code = int(getattr(error, "code", 0) or 0)
    if 400 <= code <= 599:
        return Refused(Refusal(stage=stage, code=code, said=_words(error)))
    # No answer, or the connection went: that is never about one message or one address.
    gone = (
        isinstance(error, OSError | SMTPServerDisconnected | SMTPTimeoutError) or stage is not Stage.SIGN_IN
    )
    return Refused(Refusal(stage=Stage.CONNECT if gone else stage, said=_words(error)))


def _words(error: Exception) -> str:
    return str(getattr(error, "message", "") or error or type(error).__name__)[:LONGEST_ANSWER]
