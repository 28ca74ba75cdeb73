"""Where a request goes: addresses that were checked, and one kept connection for each peer.

Names are resolved here, every address is held against ``federation.addresses``, and the connection goes to an
address that was checked, so that a name cannot change its meaning in between (DNS pin). No redirects, no
cookies, no proxies from the environment.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from types import SimpleNamespace
from typing import Any, NamedTuple

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from federation.addresses import Address, OddAddress, literal, may_connect
from federation.errors import PeerError

KEEP_IDLE = 2400.0
"""Seconds that an unused connection is kept: longer than the longest pause between two rounds."""
KEPT_PEERS = 200
"""Peers to which connections are kept; the one that was idle longest makes room."""
AT_ONCE = 2
"""Connections to one peer: a message need not wait for a long pull."""

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


class _NoResolver(AbstractResolver):
    """A session must never look a name up by itself."""

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
        raise OSError("names are resolved before the session is asked")

    async def close(self) -> None:
        """Nothing to close."""


class Line(NamedTuple):
    """To whom a connection may be kept: it is never used for another peer, another address, or after the
    operator changed where this peer may live."""

    origin: str
    url: str
    allow_private: bool


@dataclass(slots=True)
class Kept:
    """A peer's own session and the addresses that were checked for it."""

    session: aiohttp.ClientSession
    addresses: tuple[Address, ...] = ()
    used: float = 0.0
    """By the running clock of the event loop."""
    users: int = 0
    """Requests that go over it now; it is closed only when there are none."""
    over: bool = False

    def pinned(self) -> tuple[Address, ...]:
        """The addresses checked when it was last connected; empty after a long pause: look up again."""
        idle = asyncio.get_running_loop().time() - self.used
        return self.addresses if idle < KEEP_IDLE else ()

    def pin(self, addresses: Sequence[Address]) -> None:
        """These are good for as long as the connection is used."""
        self.addresses = tuple(addresses)
        self.used = asyncio.get_running_loop().time()


class Connections:
    """All connections to others; close it when the node stops. Made within a running event loop."""

    def __init__(self) -> None:
        self._passing = _session(keep=False)
        self._kept: OrderedDict[Line, Kept] = OrderedDict()

    @property
    def passing(self) -> aiohttp.ClientSession:
        """For a request to somebody whom we do not know yet: its connection is not kept."""
        return self._passing

    @asynccontextmanager
    async def kept(self, line: Line) -> AsyncIterator[Kept]:
        """The peer's own, made when it is first asked for. After a failure of the connection it is hung up: the
        next request begins with a look-up and a new one."""
        found = self._kept.get(line)
        if found is None:
            found = self._kept[line] = Kept(_session(keep=True))
        self._kept.move_to_end(line)
        while len(self._kept) > KEPT_PEERS:
            await self._drop(next(iter(self._kept)))
        found.users += 1
        try:
            yield found
        except PeerError as error:
            if error.code in ("unreachable", "deadline") and self._kept.get(line) is found:
                await self._drop(line)
            raise
        finally:
            found.users -= 1
            if found.over and not found.users:
                await found.session.close()

    async def _drop(self, line: Line) -> None:
        kept = self._kept.pop(line)
        kept.over = True
        if not kept.users:
            await kept.session.close()

    async def close(self) -> None:
        """Hangs up everywhere."""
        for kept in self._kept.values():
            await kept.session.close()
        self._kept.clear()
        await self._passing.close()


def open_session() -> Connections:
    """What PeerClient wants; close it when the node stops."""
    return Connections()


def _session(*, keep: bool) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(
        resolver=_NoResolver(),
        use_dns_cache=False,
        limit=AT_ONCE if keep else 16,
        **({"keepalive_timeout": KEEP_IDLE} if keep else {"force_close": True}),
    )
    watch = aiohttp.TraceConfig()
    watch.on_connection_reuseconn.append(_mark_reused)
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
        trace_configs=[watch],
    )


@dataclass(slots=True)
class Trace:
    """What became of one request on its way: given to the session with it."""

    reused: bool = False
    """It went over a connection that was kept."""


async def _mark_reused(session: aiohttp.ClientSession, context: SimpleNamespace, params: Any) -> None:
    if isinstance(context.trace_request_ctx, Trace):
        context.trace_request_ctx.reused = True


async def system_resolve(host: str, port: int) -> Sequence[str]:
    """Addresses by the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=1)
    return [str(info[4][0]) for info in found]


async def checked_addresses(url: URL, resolve: Resolve, *, allow_private: bool) -> list[Address]:
    """Where the URL's host is; all of its addresses must be allowed, not just one. Raises PeerError."""
    host = url.raw_host or ""
    try:
        spelled = literal(host)
    except OddAddress as error:
        raise PeerError(
            "bad_address", f"{host} is a spelling of an address that we do not accept."
        ) from error
    if spelled is not None:
        addresses = [spelled]
    else:
        try:
            found = await resolve(host, url.port or 443)
            addresses = [ip_address(text.partition("%")[0]) for text in found]
        except (OSError, ValueError) as error:
            words = getattr(error, "strerror", None) or error
            raise PeerError("unreachable", f"{host} cannot be found ({words}).") from error
    if not addresses:
        raise PeerError("unreachable", f"{host} has no address.")
    for address in addresses:
        if not may_connect(address, allow_private=allow_private):
            hint = "" if allow_private else " If that is meant, add the peer with --allow-private."
            raise PeerError("bad_address", f"{host} leads to {address}, which is not a public address.{hint}")
    return list(dict.fromkeys(addresses))
