"""Around every signed verb: who asks, is the request what was signed and asked once, and an answer that is
signed and bound to its request.
"""

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import orjson
from aiohttp import web

from federation.body import BodyRefused, read_body
from federation.encoding import GZIP, LEAST, deflated, takes_gzip
from federation.ingest import Ingest
from federation.nonces import NonceCache
from federation.pace import RETRY_BUSY, Pace, Places
from federation.ports import Clock, Peers, Signer
from federation.store import NeighbourhoodStore, StoreFull
from federation.turned import Turned
from protocol import canonical, codec, http_signature
from protocol.errors import ProtocolError
from protocol.http_signature import WINDOW, Target
from protocol.identity import public_of
from protocol.limits import MAX_LINE_BYTES

REQUEST_CAP = 64 * 1024
"""Bytes of a request's body: cursors and lists of origins."""
STRANGERS = 1_000
"""Introductions remembered at a time: apart, so that strangers cannot make us busy for peers."""
DISK_WAIT = 3600
"""Seconds to stay away while our disk is full."""
LINES_PATIENCE = 6
"""So many times longer than for a small request we wait for a bundle: it may come over a thin link."""
STRANGERS_CAP = 1024
"""Bytes of a request's body by a node that is on no list: a secret and an address."""
NDJSON = "application/x-ndjson"
PROBLEM = "application/problem+json"
KEYS_HEADER = "Mac-Keys"
"""base64 of the sender's keys line: lets a node that we never reached prove which op key is its own."""
PROFILE_HEADER = "Mac-Profile"
"""base64 of the sender's profile line: what a node that asks to join says of itself."""

_PROVED = web.RequestKey("mac_proved", bool)
"""Set on a request once it is known to be of whom it says."""

Verb = Callable[["Asked"], Awaitable[web.Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request whose signature was verified."""

    origin: str
    body: dict[str, Any]
    """What was asked; empty for a verb that takes lines."""
    raw: bytes = b""
    """The body as it came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """A request by a node that is on no list: what it claims, before and after its signature was verified."""

    origin: str
    op_key: str
    body: dict[str, Any]
    headers: Mapping[str, str]


class Admission(Protocol):
    """The verb that strangers may ask (``federation.verbs.joining``)."""

    async def admits(self, stranger: Stranger) -> bytes:
        """The public op key to verify the request with; raises Refusal before anything dear is done."""
        ...

    async def introduce(self, stranger: Stranger) -> web.Response:
        """The answer to a request whose signature holds."""
        ...


class Refusal(Exception):
    """Ends in a problem document (RFC 9457)."""

    def __init__(self, status: int, code: str, detail: str, *, retry_after: int | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.retry_after = retry_after
        """Seconds to wait, sent as Retry-After."""


def said(value: dict[str, Any]) -> web.Response:
    """An answer of one canonical JSON object."""
    return web.Response(body=canonical.encode(value, limit=REQUEST_CAP), content_type="application/json")


class Answering:
    """Checks requests and signs answers; one for all verbs of a node."""

    def __init__(
        self,
        *,
        store: NeighbourhoodStore,
        ingest: Ingest,
        peers: Peers,
        signer: Signer,
        clock: Clock,
        authorities: Callable[[], Collection[str]],
        body_seconds: float,
        pace: Pace,
        nonces: NonceCache,
        turned: Turned,
    ) -> None:
        self._store = store
        self._ingest = ingest
        self._peers = peers
        self._signer = signer
        self._clock = clock
        self._authorities = authorities
        self._body_seconds = body_seconds
        self._nonces = nonces
        self._turned = turned
        self._strangers = NonceCache(STRANGERS)
        self._pace = pace
        self._places = Places()
        self._started = self._now()

    def signed(
        self,
        verb: Verb,
        *,
        cap: int = REQUEST_CAP,
        lines: bool = False,
        also: Callable[[str], Awaitable[bool]] | None = None,
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        """A handler around ``verb``: checks the request, signs the answer. ``cap``: bytes of its body;
        ``lines``: the body is a bundle and not an object; ``also``: who of those that we talk with no more may ask."""

        async def handle(request: web.Request) -> web.Response:
            async def answer() -> web.Response:
                asked = await self._check(request, cap, lines, also)
                with self._places.one(asked.origin) as free:
                    if not free:
                        raise Refusal(503, "busy", "too much is asked at once", retry_after=RETRY_BUSY)
                    return await _packed(request, await verb(asked))

            return self._sign(request, await self._told(request, answer))

        return handle

    def introduced(self, admission: Admission) -> Callable[[web.Request], Awaitable[web.Response]]:
        """A handler for strangers: the admission names the key, the request is held against it like any other."""

        async def handle(request: web.Request) -> web.Response:
            async def answer() -> web.Response:
                return await admission.introduce(await self._check_stranger(request, admission))

            return self._sign(request, await self._told(request, answer))

        return handle

    async def _told(
        self, request: web.Request, answer: Callable[[], Awaitable[web.Response]]
    ) -> web.Response:
        """The answer, or the refusal as a problem document, of which a count is kept."""
        try:
            return await answer()
        except BodyRefused as refusal:
            code = "body_refused"
            response = self._problem(refusal.status, code, str(refusal))
            response.force_close()
        except Refusal as refusal:
            code = refusal.code
            response = self._problem(refusal.status, code, refusal.detail)
            if refusal.retry_after is not None:
                response.headers["Retry-After"] = str(refusal.retry_after)
        except StoreFull:
            code = "busy"
            response = self._problem(503, code, "nothing can be kept just now")
            response.headers["Retry-After"] = str(DISK_WAIT)
        except ProtocolError as fault:
            code = fault.code
            response = self._problem(fault.status, code, fault.detail)
        if (origin := _named(request)) is not None:
            await self._turned.note(origin, code, proved=_PROVED in request)
        return response

    async def _check_stranger(self, request: web.Request, admission: Admission) -> Stranger:
        body = await read_body(request, cap=STRANGERS_CAP, seconds=self._body_seconds)
        target = _target(request)
        if target.authority not in self._authorities():
            raise Refusal(421, "other_authority", "the request is addressed to another node")
        claim = http_signature.read_request(request.headers)
        value = canonical.decode(body, limit=STRANGERS_CAP)
        if type(value) is not dict:
            raise Refusal(400, "bad_request", "the body is a JSON object")
        stranger = Stranger(
            origin=claim.origin, op_key=claim.op_key, body=value, headers=dict(request.headers)
        )
        public = await admission.admits(stranger)
        self._proved(claim, target, body, request, public)
        request[_PROVED] = True
        self._once(claim, self._strangers)
        return stranger

    async def _check(
        self,
        request: web.Request,
        cap: int,
        lines: bool,
        also: Callable[[str], Awaitable[bool]] | None,
    ) -> Asked:
        body = await read_body(
            request, cap=cap, seconds=self._body_seconds * (LINES_PATIENCE if lines else 1)
        )
        target = _target(request)
        if target.authority not in self._authorities():
            # Otherwise what was signed for another node could be brought here.
            raise Refusal(421, "other_authority", "the request is addressed to another node")
        claim = http_signature.read_request(request.headers)
        self._proved(claim, target, body, request, public_of(claim.op_key))
        await self._known(claim, request, also)
        self._once(claim, self._nonces)
        if lines:
            return Asked(origin=claim.origin, body={}, raw=body)
        value = canonical.decode(body, limit=cap) if body else {}
        if type(value) is not dict:
            raise Refusal(400, "bad_request", "the body is a JSON object")
        return Asked(origin=claim.origin, body=value, raw=body)

    def _proved(
        self, claim: http_signature.Claim, target: Target, body: bytes, request: web.Request, public: bytes
    ) -> None:
        """The request was signed by this key, and not before our time. Whose key that is, is another question: so
        far nobody learns whom we know."""
        http_signature.verify_request(target, body, request.headers, public=public, now=self._now())
        if claim.created < self._started:
            raise Refusal(401, "before_start", "the request was made before this process started")

    async def _known(
        self,
        claim: http_signature.Claim,
        request: web.Request,
        also: Callable[[str], Awaitable[bool]] | None,
    ) -> None:
        """The maker of a proved request is an active peer, or was one and is let in by ``also``; raises Refusal. All
        others - unknown, paused, blocked - get one answer, and whoever does not prove whose key it is gets what anybody
        gets in any name."""
        peer = await self._peers.get(claim.origin)
        state = peer.state if peer is not None else None
        gone = state in ("paused", "blocked", "left")
        if state == "active" or gone:
            held = await self._holds(claim)
            if held:
                request[_PROVED] = True
            if held and (state == "active" or (also is not None and await also(claim.origin))):
                return
            if held and state == "left":
                self._once(claim, self._nonces)
                raise Refusal(403, "left", "our operators ended the talks with this node")
        line = _keys_told(claim, request.headers.get(KEYS_HEADER))
        if state != "active" and not (gone and also is not None and await also(claim.origin)):
            raise Refusal(403, "not_a_peer", "our operators have not (yet) approved this node")
        await self._ingest.lines([line], via=claim.origin, end_of_round=False)
        if not await self._holds(claim):
            raise _keys_unknown()
        request[_PROVED] = True

    async def _holds(self, claim: http_signature.Claim) -> bool:
        """Whether the op key is the origin's own, as far as we know."""
        return (await self._store.origin(claim.origin)).op_key == claim.op_key

    def _once(self, claim: http_signature.Claim, nonces: NonceCache) -> None:
        """A proved request was not answered before, and its maker does not ask too often. In this order: nobody uses
        up another's share."""
        if nonces.knows(claim.origin, claim.nonce):
            raise Refusal(401, "replayed", "a request is answered once")
        if nonces is self._nonces:
            wait = self._pace.take(claim.origin, at=self._clock.monotonic())
            if wait is not None:
                raise Refusal(429, "too_often", "come again later", retry_after=wait)
        if nonces.spend(claim.origin, claim.nonce, now=self._now()) is not None:
            raise Refusal(503, "busy", "too many requests to remember", retry_after=2 * WINDOW)

    def _problem(self, status: int, code: str, detail: str) -> web.Response:
        # The time is for the asker's operator to see; nobody sets a clock by one peer.
        problem = {"code": code, "detail": detail, "status": status, "time": self._now(), "title": code}
        return web.Response(status=status, body=orjson.dumps(problem), content_type=PROBLEM)

    def _sign(self, request: web.Request, response: web.Response) -> web.Response:
        asked = request.headers.get("Signature")
        if asked is not None and len(asked) <= 200 and asked.isascii() and asked.isprintable():
            body = response.body
            assert isinstance(body, bytes)
            response.headers.update(
                http_signature.sign_response(
                    response.status,
                    body,
                    request_signature=asked,
                    keyid=http_signature.answer_key_id(self._signer.origin, self._signer.did),
                    created=self._now(),
                    sign=self._signer.sign,
                )
            )
        return response

    def _now(self) -> int:
        return int(self._clock.now().timestamp())


def _named(request: web.Request) -> str | None:
    """In whose name a request comes, proved or not; None if it says so in no way that we know."""
    try:
        return http_signature.read_request(request.headers).origin
    except ProtocolError:
        return None


def _keys_told(claim: http_signature.Claim, header: str | None) -> bytes:
    """The keys line in the header, if it proves that the op key is the origin's. What is not that origin's own is not
    taken note of, or a stranger could have it put down to a peer."""
    if header is None or len(header) > 2 * MAX_LINE_BYTES:
        raise _keys_unknown()
    try:
        line = base64.b64decode(header, validate=True)
    except (binascii.Error, ValueError):
        raise Refusal(400, "bad_request", f"{KEYS_HEADER} is not base64") from None
    signed = codec.read_line(line)
    codec.verify_keys(signed)
    if (signed.statement.origin, getattr(signed.statement, "op_key", None)) != (claim.origin, claim.op_key):
        raise _keys_unknown()
    return line


def _keys_unknown() -> Refusal:
    return Refusal(401, "keys_unknown", f"send your own keys line, with this op key, in {KEYS_HEADER}")


async def _packed(request: web.Request, response: web.Response) -> web.Response:
    """The answer in fewer bytes, for whoever takes them: digest and signature are then over those."""
    body = response.body
    if (
        isinstance(body, bytes)
        and len(body) > LEAST
        and takes_gzip(request.headers.get("Accept-Encoding", ""))
    ):
        response.body = await asyncio.to_thread(deflated, body)
        response.headers["Content-Encoding"] = GZIP
    return response


def _target(request: web.Request) -> Target:
    path, _, query = request.raw_path.partition("?")
    return Target(
        method=request.method,
        authority=(request.headers.get("Host") or "").lower(),
        path=path or "/",
        query=query,
    )
