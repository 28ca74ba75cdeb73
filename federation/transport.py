"""Asking other nodes, who may be anybody: every byte and every second of an answer is counted, packed and
unpacked. Where a request goes is in ``federation.connections``.
"""

import asyncio
import base64
import secrets
import ssl
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
from yarl import URL

from federation.addresses import Address
from federation.answering import KEYS_HEADER, NDJSON
from federation.connections import Connections, Line, Resolve, Trace, checked_addresses, system_resolve
from federation.encoding import GZIP, BadEncoding, TooLarge, inflated
from federation.errors import PeerError
from federation.ports import Clock, Signer
from federation.problems import clocks_apart, problem_told, wait_told
from protocol import b64, canonical, http_signature
from protocol.errors import RemoteProtocolError
from protocol.http_signature import Target

TimeTold = Callable[[str, int], None]
"""Is told (origin, Unix seconds) at every answer: what time it is there by its own signature, right or not."""
PATH = "/mac/v1/"
PROBLEM_CAP = 16 * 1024
IDENTITY = "identity"


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


class Transport:
    """Signed requests, verified answers. Raises PeerError and nothing else for whatever the other side
    does."""

    def __init__(
        self,
        connections: Connections,
        signer: Signer,
        clock: Clock,
        *,
        resolve: Resolve = system_resolve,
        deadlines: Deadlines | None = None,
        random: Callable[[int], bytes] = secrets.token_bytes,
        tls: ssl.SSLContext | None = None,
        time_told: TimeTold | None = None,
    ) -> None:
        self._connections = connections
        self._signer = signer
        self._time_told = time_told
        self._clock = clock
        self._resolve = resolve
        self._deadlines = deadlines or Deadlines()
        self._random = random
        self._tls = tls

    async def post(
        self,
        peer: Endpoint,
        verb: str,
        asked: dict[str, Any],
        cap: int,
        extra: dict[str, str] | None = None,
    ) -> bytes:
        """Asks with a JSON object; returns a body of at most ``cap`` bytes, its signature checked. ``extra``:
        headers to send along."""
        return await self._known(peer, verb, canonical.encode(asked, limit=64 * 1024), cap, extra or {})

    async def post_lines(self, peer: Endpoint, verb: str, body: bytes, cap: int) -> bytes:
        """The same with a bundle as the request's body."""
        return await self._known(peer, verb, body, cap, {"Content-Type": NDJSON})

    async def _known(self, peer: Endpoint, verb: str, body: bytes, cap: int, sent: dict[str, str]) -> bytes:
        try:
            return await self._again_if_hung_up(peer, verb, body, cap, sent)
        except PeerError as error:
            if error.code != "keys_unknown" or KEYS_HEADER in sent:
                raise
        lines = await self._signer.own_keys_lines()
        told = base64.b64encode(lines[0]).decode()
        return await self._signed(peer, verb, body, cap, {**sent, KEYS_HEADER: told})

    async def _again_if_hung_up(
        self, peer: Endpoint, verb: str, body: bytes, cap: int, extra: dict[str, str]
    ) -> bytes:
        """Once more, signed anew, over a new connection: every verb may be asked twice."""
        try:
            return await self._signed(peer, verb, body, cap, extra)
        except PeerError as error:
            if not isinstance(error.__cause__, _HungUp):
                raise
        return await self._signed(peer, verb, body, cap, extra)

    async def _signed(self, peer: Endpoint, verb: str, body: bytes, cap: int, extra: dict[str, str]) -> bytes:
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
        line = Line(peer.origin, peer.url, peer.allow_private)
        status, answered, answer = await self.ask(
            "POST", peer.url, verb, body, headers | extra, cap, peer.allow_private, line=line
        )
        try:
            created = http_signature.answer_time(
                status,
                answer,
                answered,
                request_signature=headers["Signature"],
                origin=peer.origin,
                op_key=peer.op_key,
            )
        except RemoteProtocolError as fault:
            # An unsigned "go away" still says more than "not signed".
            if status == 404 and fault.code == "not_signed":
                raise PeerError("not_offered", f"{peer.url} does not know the request {verb!r}.") from fault
            if status != 200 and fault.code == "not_signed":
                words = f"{peer.url} answered with status {status}, unsigned."
                raise PeerError("failed", words, retry_after=wait_told(status, answered)) from fault
            raise PeerError(
                fault.code, f"The answer of {peer.url} cannot be trusted: {fault.detail}."
            ) from fault
        if self._time_told is not None:
            self._time_told(peer.origin, created)
        if abs(created - self._now()) > http_signature.WINDOW:
            raise clocks_apart(peer.url, created, self._now())
        answer = _unpacked(peer.url, answered, answer, cap if status == 200 else PROBLEM_CAP)
        if status not in (200, 204):
            raise problem_told(peer.url, status, answer, self._now(), answered)
        return answer

    async def ask(
        self,
        method: str,
        base: str,
        verb: str,
        body: bytes,
        headers: dict[str, str],
        cap: int,
        allow_private: bool,
        *,
        line: Line | None = None,
    ) -> tuple[int, dict[str, str], bytes]:
        """(status, headers by lower-case name, body), from the first checked address that takes the
        connection; the connection of ``line`` is kept. With it the body may be packed (its header says so)."""
        url = _url(base, verb)

        async def look_up() -> Sequence[Address]:
            return await checked_addresses(url, self._resolve, allow_private=allow_private)

        try:
            async with asyncio.timeout(self._deadlines.total):
                if line is None:
                    session = self._connections.passing
                    return await self._ask_one_of(await look_up(), session, url, method, body, headers, cap)
                async with self._connections.kept(line) as kept:
                    addresses = kept.pinned() or await look_up()
                    found = await self._ask_one_of(addresses, kept.session, url, method, body, headers, cap)
                    kept.pin(addresses)
                    return found
        except TimeoutError as error:
            raise PeerError("deadline", f"{base} did not answer in time.") from error

    async def _ask_one_of(
        self, addresses: Sequence[Address], session: aiohttp.ClientSession, url: URL, *request: Any
    ) -> tuple[int, dict[str, str], bytes]:
        told: Exception | None = None
        for address in addresses:
            try:
                return await self._ask_at(address, session, url, *request)
            except aiohttp.ClientConnectorError as error:
                told = error
            except TimeoutError as error:
                raise PeerError("deadline", f"{url.origin()} did not answer in time.") from error
            except (aiohttp.ClientError, ssl.SSLError, OSError, ValueError) as error:
                told = error
                break
        raise PeerError("unreachable", f"{url.origin()} cannot be reached ({_plain(told)}).") from told

    async def _ask_at(
        self,
        address: Address,
        session: aiohttp.ClientSession,
        url: URL,
        method: str,
        body: bytes,
        headers: dict[str, str],
        cap: int,
    ) -> tuple[int, dict[str, str], bytes]:
        secure = url.scheme == "https"
        posts = method == "POST"
        trace = Trace()
        try:
            async with session.request(
                method,
                url.with_host(str(address)),
                data=body if posts else None,
                headers={
                    **headers,
                    "Host": _authority(url),
                    "Accept-Encoding": GZIP if posts else IDENTITY,
                },
                skip_auto_headers=(
                    "Accept",
                    "Content-Type",
                    "User-Agent",
                ),  # on a thin link every line counts
                allow_redirects=False,
                server_hostname=url.host if secure else None,
                ssl=(self._tls or True) if secure else True,
                trace_request_ctx=trace,
                timeout=aiohttp.ClientTimeout(
                    total=self._deadlines.total,
                    sock_connect=self._deadlines.connect,
                    sock_read=self._deadlines.read,
                ),
            ) as response:
                trace.reused = False  # from here on it is not the connection's fault
                return await _read(response, url, cap, (IDENTITY, GZIP) if posts else (IDENTITY,))
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError, TimeoutError) as error:
            if trace.reused:
                raise _HungUp from error
            raise

    def _now(self) -> int:
        return int(self._clock.now().timestamp())


class _HungUp(aiohttp.ClientError):
    """A kept connection was gone before anything of an answer came."""


async def _read(
    response: aiohttp.ClientResponse, url: URL, cap: int, encodings: Collection[str]
) -> tuple[int, dict[str, str], bytes]:
    if 300 <= response.status < 400:
        raise PeerError(
            "redirect", f"{url.origin()} sends us elsewhere; we do not follow. Ask for the new address."
        )
    if response.headers.get("Content-Encoding", IDENTITY).lower() not in encodings:
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


def _unpacked(base: str, headers: Mapping[str, str], body: bytes, cap: int) -> bytes:
    """The body itself, of a message whose signature was verified."""
    if headers.get("content-encoding", IDENTITY).lower() == IDENTITY:
        return body
    try:
        return inflated(body, cap=cap)
    except TooLarge:
        raise PeerError("too_large", f"{base} packed more into an answer than any may have.") from None
    except BadEncoding as error:
        raise PeerError("compressed", f"{base} sent an answer that cannot be unpacked.") from error


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


def _plain(error: BaseException | None) -> str:
    text = getattr(error, "strerror", None) or str(error or "no address took the connection")
    return text[:200] or type(error).__name__
