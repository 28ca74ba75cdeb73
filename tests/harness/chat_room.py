"""A real chat service on loopback (aiohttp), spoken to by Apprise's ``json://``: it keeps what comes, and says no when
a test wants it to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer

from node.domain.notices.chat import ChatService


@dataclass(slots=True)
class Chat:
    """``said``: address and words of each message that it took. ``refuses`` maps an address to an HTTP status;
    ``status``, if not 0, is the answer to everything."""

    url: str = ""
    said: list[tuple[str, str]] = field(default_factory=list)
    refuses: dict[str, int] = field(default_factory=dict)
    status: int = 0

    def to(self, handle: str) -> list[str]:
        """What came for that address."""
        return [text for each, text in self.said if each == handle]

    def service(self, name: str = "Signal") -> ChatService:
        """As a group sets it up."""
        return ChatService(name=name, hint="your number with +", url=f"{self.url}/to/{{to}}")

    @property
    def room(self) -> str:
        """The address of the group's room there."""
        return f"{self.url}/to/room"

    async def take(self, request: web.Request) -> web.Response:
        """``POST /to/{handle}``"""
        body = await request.json()
        handle = request.match_info["handle"]
        status = self.status or self.refuses.get(handle, 0)
        if status:
            return web.Response(status=status, text="no")
        self.said.append((handle, body["message"]))
        return web.Response(status=200)


@asynccontextmanager
async def chat_room() -> AsyncIterator[Chat]:
    """One that listens."""
    chat = Chat()
    app = web.Application()
    app.router.add_post("/to/{handle}", chat.take)
    async with TestServer(app) as server:
        chat.url = str(server.make_url("")).rstrip("/").replace("http://", "json://")
        yield chat
