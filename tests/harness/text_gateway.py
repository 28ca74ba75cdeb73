"""A real gateway for texts on loopback (aiohttp): it keeps what comes, and says no when a test wants it to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer

from node.domain.notices.gateway import Gateway, GatewayKind

SECRET = "a made-up key of a gateway"


@dataclass(slots=True)
class TextGateway:
    """``texts``: number and words of each that it took. ``refuses`` maps a number to an HTTP status; ``status``, if not
    0, is the answer to everything."""

    url: str = ""
    texts: list[tuple[str, str]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    refuses: dict[str, int] = field(default_factory=dict)
    status: int = 0

    def to(self, number: str) -> list[str]:
        """What came for that number."""
        return [text for each, text in self.texts if each == number]

    def hook(self, *, answers: bool = True) -> Gateway:
        """As a group sets it up by web hook."""
        return Gateway(kind=GatewayKind.HOOK, url=f"{self.url}/send", secret=SECRET, answers=answers)

    def apprise(self) -> Gateway:
        """The same by Apprise."""
        url = self.url.replace("http://", "json://")
        return Gateway(kind=GatewayKind.APPRISE, url=f"{url}/send?:to={{number}}&:message=text")

    async def take(self, request: web.Request) -> web.Response:
        """``POST /send``"""
        body = await request.json()
        number = body["to"]
        status = self.status or self.refuses.get(number, 0)
        self.keys.append(request.headers.get("Authorization", ""))
        if status:
            return web.Response(status=status, text=f"not to {number}")
        self.texts.append((number, body["text"]))
        self.ids.append(body.get("id", ""))
        return web.Response(status=202)


@asynccontextmanager
async def text_gateway() -> AsyncIterator[TextGateway]:
    """One that listens."""
    gateway = TextGateway()
    app = web.Application()
    app.router.add_post("/send", gateway.take)
    async with TestServer(app) as server:
        gateway.url = str(server.make_url("")).rstrip("/")
        yield gateway
