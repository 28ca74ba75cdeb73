"""Asking other nodes, who may be anybody: every byte and every second of an answer is counted.

One ``aiohttp`` session is passed in (made by :func:`open_session`). Names are resolved here, every address is
held against ``federation.addresses``, and the connection goes to an address that was checked, so that a name
cannot change its meaning in between (DNS pin). No redirects, no cookies, no compressed answers, no proxies
from the environment.
"""

import asyncio
import base64
import secrets
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

import aiohttp
import orjson
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from federation.addresses import Address, OddAddress, literal, may_connect
from federation.errors import PeerError
from federation.ports import Clock, Signer
from federation.routes import KEYS_HEADER, NDJSON
from protocol import b64, bundle, canonical, http_signature
from protocol.bundle import BadLine
from protocol.errors import RemoteProtocolError
from protocol.http_signature import Target
from protocol.identity import public_of
from protocol.limits import PAGE_BYTES

PATH = "/mac/v1/"
NODE_CAP = 64 * 1024
PAGE_CAP = PAGE_BYTES + 64 * 1024
PROBLEM_CAP = 16 * 1024
HEADS_CAP = 4 * PAGE_BYTES

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """Seconds. ``total`` ends what drips, ``read`` what hangs."""

    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A peer as the client needs it."""

    origin: str
    url: str
    op_key: str
    """did:key of the op key we hold for it: answers must be signed by this one."""
    allow_private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PullPage:
    """A page as received: nothing about its lines is checked yet."""

    lines: tuple[bytes | BadLine, ...]
    cursor: str
    more: bool
    behind: frozenset[str] = frozenset()
    """Origins in it of which the peer says that it does not hold all itself."""


class _NoResolver(AbstractResolver):
    """The session must never look a name up by itself."""

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
        raise OSError("names are resolved before the session is asked")

    async def close(self) -> None:
        """Nothing to close."""


def open_session() -> aiohttp.ClientSession:
    """The session that PeerClient wants; close it when the node stops."""
    # A pooled TLS connection was verified for one name only, so none is used twice.
    connector = aiohttp.TCPConnector(resolver=_NoResolver(), use_dns_cache=False, force_close=True, limit=16)
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
        headers={"User-Agent": "mutual-aid-connect"},
    )


async def system_resolve(host: str, port: int) -> Sequence[str]:
    """Addresses by the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=1)
    return [str(info[4][0]) for info in found]


class PeerClient:
    """Signed requests, verified answers. Raises PeerError and nothing else for whatever the other side
    does."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        signer: Signer,
        clock: Clock,
        *,
        resolve: Resolve = system_resolve,
        deadlines: Deadlines | None = None,
        random: Callable[[int], bytes] = secrets.token_bytes,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._session = session
        self._signer = signer
        self._clock = clock
        self._resolve = resolve
        self._deadlines = deadlines or Deadlines()
        self._random = random
        self._tls = tls

    async def node(self, url: str, *, allow_private: bool = False) -> tuple[bytes | BadLine, ...]:
        """The lines of ``GET node``: keys and profile, not checked yet."""
        status, _, body = await self._ask("GET", url, "node", b"", {}, NODE_CAP, allow_private)
        if status != 200:
            raise PeerError("failed", f"{url} answered with status {status} instead of saying who it is.")
        return tuple(bundle.iter_lines(body))

    async def pull(
        self,
        peer: Endpoint,
        *,
        cursor: str | None,
        limit: int = 500,
        origins: Sequence[str] | None = None,
        kind_set: str | None = None,
    ) -> PullPage:
        """One page of the peer's changes feed; PeerError ``cursor_lost`` asks to begin again."""
        asked: dict[str, Any] = {"cursor": cursor, "limit": limit}
        if origins is not None:
            asked["origins"] = list(origins)
        if kind_set is not None:
            asked["set"] = kind_set
        body = await self._post(peer, "pull", asked, PAGE_CAP)
        lines = list(bundle.iter_lines(body))
        try:
            first = lines[0]
            if isinstance(first, BadLine):
                raise ValueError("no page line")
            about = orjson.loads(first)
            next_cursor, more = about["cursor"], about["more"]
            if about["type"] != "page" or type(next_cursor) is not str or type(more) is not bool:
                raise ValueError("no page line")
            if len(next_cursor) > 100 or not next_cursor.isascii():
                raise ValueError("no cursor")
            behind = frozenset(map(str, about.get("behind", ())))
        except (IndexError, KeyError, TypeError, ValueError) as error:
            raise PeerError(
                "nonsense", f"{peer.url} answered something that is not a page of statements."
            ) from error
        return PullPage(lines=tuple(lines[1:]), cursor=next_cursor, more=more, behind=behind)

    async def heads(
        self, peer: Endpoint, *, origins: Sequence[str] | None = None
    ) -> tuple[bytes | BadLine, ...]:
        """Keys, profiles and heads that the peer would serve, without the items."""
        asked = {} if origins is None else {"origins": list(origins)}
        return tuple(bundle.iter_lines(await self._post(peer, "heads", asked, HEADS_CAP)))

    async def _post(self, peer: Endpoint, verb: str, asked: dict[str, Any], cap: int) -> bytes:
        try:
            return await self._signed(peer, verb, asked, cap, {})
        except PeerError as error:
            if error.code != "keys_unknown":
                raise
        lines = await self._signer.own_keys_lines()
        return await self._signed(peer, verb, asked, cap, {KEYS_HEADER: base64.b64encode(lines[0]).decode()})

    async def _signed(
        self, peer: Endpoint, verb: str, asked: dict[str, Any], cap: int, extra: dict[str, str]
    ) -> bytes:
        body = canonical.encode(asked, limit=64 * 1024)
        url = _url(peer.url, verb)
        now = self._now()
        headers = http_signature.sign_request(
            Target(method="POST", authority=_authority(url), path=url.raw_path, query=url.raw_query_string),
            body,
            keyid=http_signature.key_id(self._signer.origin, self._signer.did),
            created=now,
            nonce=b64.encode(self._random(16)),
            sign=self._signer.sign,
        )
        status, answered, answer = await self._ask(
            "POST", peer.url, verb, body, headers | extra, cap, peer.allow_private
        )
        try:
            http_signature.verify_response(
                status,
                answer,
                answered,
                request_signature=headers["Signature"],
                keyid=http_signature.key_id(peer.origin, peer.op_key),
                public=public_of(peer.op_key),
                now=self._now(),
            )
        except RemoteProtocolError as fault:
            # An unsigned "go away" still says more than "not signed".
            if status != 200 and fault.code == "not_signed":
                raise PeerError("failed", f"{peer.url} answered with status {status}, unsigned.") from fault
            code = "clock" if fault.code == "out_of_time" else fault.code
            raise PeerError(code, f"The answer of {peer.url} cannot be trusted: {fault.detail}.") from fault
        if status != 200:
            raise _problem(peer.url, status, answer, self._now())
        return answer

    async def _ask(
        self,
        method: str,
        base: str,
        verb: str,
        body: bytes,
        headers: dict[str, str],
        cap: int,
        allow_private: bool,
    ) -> tuple[int, dict[str, str], bytes]:
        """(status, headers by lower-case name, body), from the first checked address that takes the
        connection."""
        url = _url(base, verb)
        told: Exception | None = None
        try:
            async with asyncio.timeout(self._deadlines.total):
                for address in await self._addresses(url, allow_private):
                    try:
                        return await self._ask_at(address, url, method, body, headers, cap)
                    except aiohttp.ClientConnectorError as error:
                        told = error
        except TimeoutError as error:
            raise PeerError("deadline", f"{base} did not answer in time.") from error
        except (aiohttp.ClientError, ssl.SSLError, OSError, ValueError) as error:
            raise PeerError("unreachable", f"{base} cannot be reached ({_plain(error)}).") from error
        raise PeerError("unreachable", f"{base} cannot be reached ({_plain(told)}).")

    async def _ask_at(
        self, address: Address, url: URL, method: str, body: bytes, headers: dict[str, str], cap: int
    ) -> tuple[int, dict[str, str], bytes]:
        secure = url.scheme == "https"
        sent = {
            **headers,
            "Host": _authority(url),
            "Accept-Encoding": "identity",
            "Accept": NDJSON,
            "Content-Type": "application/json",
        }
        async with self._session.request(
            method,
            url.with_host(str(address)),
            data=body if method == "POST" else None,
            headers=sent,
            allow_redirects=False,
            server_hostname=url.host if secure else None,
            ssl=(self._tls or True) if secure else True,
            timeout=aiohttp.ClientTimeout(
                total=self._deadlines.total,
                sock_connect=self._deadlines.connect,
                sock_read=self._deadlines.read,
            ),
        ) as response:
            if 300 <= response.status < 400:
                raise PeerError(
                    "redirect",
                    f"{url.origin()} sends us elsewhere; we do not follow. Ask for the new address.",
                )
            if response.headers.get("Content-Encoding", "identity").lower() != "identity":
                raise PeerError(
                    "compressed", f"{url.origin()} answered in a compressed form, which we did not ask for."
                )
            limit = cap if response.status == 200 else PROBLEM_CAP
            if response.content_length is not None and response.content_length > limit:
                raise PeerError("too_large", f"{url.origin()} announced an answer larger than any may be.")
            parts: list[bytes] = []
            size = 0
            async for part in response.content.iter_any():
                size += len(part)
                if size > limit:
                    raise PeerError("too_large", f"{url.origin()} sent more than any answer may have.")
                parts.append(part)
            return response.status, {k.lower(): v for k, v in response.headers.items()}, b"".join(parts)

    async def _addresses(self, url: URL, allow_private: bool) -> list[Address]:
        """Where the URL's host is; all of its addresses must be allowed, not just one."""
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
            addresses = [
                ip_address(text.partition("%")[0]) for text in await self._resolve(host, url.port or 443)
            ]
        if not addresses:
            raise PeerError("unreachable", f"{host} has no address.")
        for address in addresses:
            if not may_connect(address, allow_private=allow_private):
                hint = "" if allow_private else " If that is meant, add the peer with --allow-private."
                raise PeerError(
                    "bad_address", f"{host} leads to {address}, which is not a public address.{hint}"
                )
        return list(dict.fromkeys(addresses))

    def _now(self) -> int:
        return int(self._clock.now().timestamp())


def _url(base: str, verb: str) -> URL:
    try:
        url = URL(base)
        bad = (
            url.scheme not in ("https", "http")
            or not url.raw_host
            or url.user
            or url.query_string
            or url.fragment
        )
    except ValueError:
        bad = True
    if bad:
        raise PeerError(
            "bad_url", f"{base} is not the address of a node: it should look like https://group.example."
        )
    return URL(f"{base.rstrip('/')}{PATH}{verb}")


def _authority(url: URL) -> str:
    host = (url.raw_host or "").lower()
    host = f"[{host}]" if ":" in host else host
    return host if url.is_default_port() else f"{host}:{url.port}"


def _problem(base: str, status: int, body: bytes, now: int) -> PeerError:
    """A signed refusal, in words."""
    try:
        problem = orjson.loads(body)
        code, their_time = problem["code"], problem["time"]
        if type(code) is not str or type(their_time) is not int:
            raise ValueError
    except (KeyError, TypeError, ValueError):
        return PeerError("failed", f"{base} answered with status {status}.")
    if code == "cursor_lost":
        return PeerError("cursor_lost", f"{base} does not know how far we had read; we begin again.")
    if code == "keys_unknown":
        return PeerError("keys_unknown", f"{base} does not hold our keys yet.")
    if code == "not_a_peer":
        return PeerError("refused", f"{base} has not approved us yet: ask its people to add our id.")
    if code in ("out_of_time", "before_start") and abs(their_time - now) > 60:
        ahead = "ahead of" if their_time > now else "behind"
        minutes = abs(their_time - now) // 60
        return PeerError(
            "clock", f"The clock of {base} is {minutes} minutes {ahead} ours: one of the two is wrong."
        )
    return PeerError("failed", f"{base} answered with status {status} ({code[:40]!r}).")


def _plain(error: BaseException | None) -> str:
    text = getattr(error, "strerror", None) or str(error or "no address took the connection")
    return text[:200] or type(error).__name__
