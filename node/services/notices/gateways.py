"""Speaking with a gateway for texts: a web hook by our own client, everything else, and chats, through Apprise."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from threading import get_ident
from typing import Protocol

from aiohttp import ClientError, ClientSession, ClientTimeout

from node.domain.notices import chat
from node.domain.notices.answers import Refusal, Stage
from node.domain.notices.gateway import Gateway, GatewayKind, addressed, refused_with
from node.services.notices.carrying import Line, Parcel, Refused

SECONDS = 30.0
LONGEST_ANSWER = 500
_STATUS = re.compile(r"\berror=(\d{3})\b")
"""How Apprise writes down what a service answered."""


class TextCarrier(Protocol):
    """What carries texts."""

    def open(self, gateway: Gateway) -> AbstractAsyncContextManager[Line]:
        """A connection for as long as the context lasts."""


class Gateways:
    """The real ones."""

    @asynccontextmanager
    async def open(self, gateway: Gateway) -> AsyncIterator[Line]:
        """As ``TextCarrier``; what a gateway says it says to each text."""
        if gateway.kind is GatewayKind.APPRISE:
            yield _ByApprise(gateway)
            return
        async with ClientSession(timeout=ClientTimeout(total=SECONDS)) as session:
            yield _ByHook(gateway, session)


class _ByHook:
    """``POST {"id", "to", "text"}``; every 2xx is a yes. No redirect is followed: the number is for nobody else."""

    def __init__(self, gateway: Gateway, session: ClientSession) -> None:
        self._gateway = gateway
        self._session = session

    async def send(self, parcel: Parcel) -> None:
        secret = self._gateway.secret
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        body = {"id": parcel.id, "to": parcel.to, "text": parcel.content.decode()}
        try:
            async with self._session.post(
                self._gateway.url, json=body, headers=headers, allow_redirects=False
            ) as answer:
                if 200 <= answer.status < 300:
                    return
                said = (await answer.content.read(LONGEST_ANSWER)).decode("utf-8", "replace")
        except (ClientError, OSError, ValueError) as error:
            # No answer, or none in time: that is never about one text or one number.
            raise Refused(Refusal(stage=Stage.CONNECT, said=type(error).__name__)) from error
        raise Refused(refused_with(answer.status, said))


class _ByApprise:
    """One service for each text, made anew with that number; Apprise speaks in a thread of its own."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def send(self, parcel: Parcel) -> None:
        url = addressed(self._gateway.url, parcel.to)
        went, said = await asyncio.to_thread(_notify, url, parcel.content.decode())
        if went:
            return
        found = _STATUS.search(said)
        if found is not None:
            raise Refused(refused_with(int(found[1]), said[:LONGEST_ANSWER]))
        raise Refused(Refusal(stage=Stage.CONNECT, said=said[:LONGEST_ANSWER]))


async def post_to_chat(url: str, text: str) -> None:
    """One message to the chat behind that Apprise URL. Raises ``Refused``."""
    if not await asyncio.to_thread(speaks, url):
        raise Refused(chat.unknown_there())
    went, said = await asyncio.to_thread(_notify, url, text)
    if not went:
        found = _STATUS.search(said)
        raise Refused(chat.refused_with(int(found[1]) if found else 0, said[:LONGEST_ANSWER]))


class _Heard(logging.Handler):
    """What Apprise says of one message: the only place where it tells why. It says it in the thread that sends, and all
    threads share one logger: what is said in another is about another message."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.words: list[str] = []
        self._thread = get_ident()
        self.addFilter(lambda record: get_ident() == self._thread)

    def emit(self, record: logging.LogRecord) -> None:
        self.words.append(record.getMessage())


def speaks(url: str) -> bool:
    """Whether Apprise knows that kind of URL and finds everything in it. Takes a second the first time."""
    import apprise

    return apprise.Apprise.instantiate(url, suppress_exceptions=True) is not None


def _notify(url: str, text: str) -> tuple[bool, str]:
    """Whether the service took it, and what was said if not. The library is imported with the first text: a node that
    does not use it never loads it."""
    import apprise

    heard, log = _Heard(), logging.getLogger("apprise")
    log.propagate = False  # it would write numbers into our own log
    log.addHandler(heard)
    try:
        service = apprise.Apprise.instantiate(url, suppress_exceptions=True)
        went = service is not None and bool(service.notify(body=text))
    finally:
        log.removeHandler(heard)
    return went, " ".join(heard.words)
