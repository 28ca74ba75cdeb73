"""What other nodes may ask: a sub-application for ``/mac/v1``.

``GET node`` is open to everybody: keys and profile prove themselves. Every POST must be signed by an active
peer; the answer is signed and bound to its request.
"""

import base64
import binascii
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import web

from federation.body import BodyRefused, read_body
from federation.feed import CursorLost, Feed
from federation.ingest import Ingest
from federation.nonces import NonceCache
from federation.ports import Clock, Peers, Signer
from federation.store import NeighbourhoodStore
from protocol import bundle, canonical, http_signature
from protocol.errors import ProtocolError
from protocol.http_signature import Target
from protocol.identity import public_of
from protocol.limits import MAX_LINE_BYTES, PAGE_ITEMS

REQUEST_CAP = 64 * 1024
"""Bytes of a request's body: cursors and lists of origins."""
NDJSON = "application/x-ndjson"
PROBLEM = "application/problem+json"
KEYS_HEADER = "Mac-Keys"
"""base64 of the sender's keys line: lets a node that we never reached prove which op key is its own."""

Verb = Callable[["Asked"], Awaitable[web.Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request whose signature was verified."""

    origin: str
    body: dict[str, Any]


class Refusal(Exception):
    """Ends in a problem document (RFC 9457)."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail


class Federation:
    """The handlers, with everything they need; use :func:`federation_app`."""

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
    ) -> None:
        self._store = store
        self._ingest = ingest
        self._peers = peers
        self._signer = signer
        self._clock = clock
        self._authorities = authorities
        self._body_seconds = body_seconds
        self._feed = Feed(store)
        self._nonces = NonceCache()
        self._started = self._now()

    async def node(self, request: web.Request) -> web.Response:
        """Who we are: our keys line and our profile line."""
        lines = await self._signer.own_keys_lines()
        return web.Response(
            body=bundle.write(lines), content_type=NDJSON, headers={"Cache-Control": "no-store"}
        )

    def signed(self, verb: Verb) -> Callable[[web.Request], Awaitable[web.Response]]:
        """A handler around ``verb``: checks the request, signs the answer."""

        async def handle(request: web.Request) -> web.Response:
            try:
                asked = await self._check(request)
                response = await verb(asked)
            except BodyRefused as refusal:
                response = self._problem(refusal.status, "body_refused", str(refusal))
                response.force_close()
            except Refusal as refusal:
                response = self._problem(refusal.status, refusal.code, refusal.detail)
            except ProtocolError as fault:
                response = self._problem(fault.status, fault.code, fault.detail)
            return self._sign(request, response)

        return handle

    async def pull(self, asked: Asked) -> web.Response:
        """One page of the changes feed."""
        cursor = asked.body.get("cursor")
        limit = asked.body.get("limit", PAGE_ITEMS)
        if (cursor is not None and type(cursor) is not str) or type(limit) is not int:
            raise Refusal(400, "bad_request", "cursor is a string or null, limit an integer")
        try:
            page = await self._feed.page(
                await self._ingest.follow_policy(),
                cursor=cursor,
                limit=limit,
                origins=_origins(asked.body),
                kind_set=_set(asked.body),
            )
        except CursorLost:
            raise Refusal(410, "cursor_lost", "begin again without a cursor") from None
        return web.Response(body=page.body(), content_type=NDJSON)

    async def heads(self, asked: Asked) -> web.Response:
        """Keys, profiles and heads of what we would serve, without the items."""
        allow = await self._ingest.follow_policy()
        wanted = _origins(asked.body)
        only = _set(asked.body)
        lines = await self._store.front_of(
            allow.served if wanted is None else allow.served & wanted, peers_of=allow.own, kind_set=only
        )
        return web.Response(body=bundle.write(lines), content_type=NDJSON)

    async def _check(self, request: web.Request) -> Asked:
        body = await read_body(request, cap=REQUEST_CAP, seconds=self._body_seconds)
        target = _target(request)
        if target.authority not in self._authorities():
            # Otherwise what was signed for another node could be brought here.
            raise Refusal(421, "other_authority", "the request is addressed to another node")
        claim = http_signature.read_request(request.headers)
        peer = await self._peers.get(claim.origin)
        if peer is None or peer.state != "active":
            raise Refusal(403, "not_a_peer", "our operators have not (yet) approved this node")
        await self._learn_keys(claim.origin, claim.op_key, request.headers.get(KEYS_HEADER))
        now = self._now()
        http_signature.verify_request(target, body, request.headers, public=public_of(claim.op_key), now=now)
        if claim.created < self._started:
            raise Refusal(401, "before_start", "the request was made before this process started")
        assert claim.nonce is not None
        if (spent := self._nonces.spend(claim.origin, claim.nonce, now=now)) is not None:
            raise Refusal(503 if spent == "busy" else 401, spent, "a request is answered once")
        value = canonical.decode(body, limit=REQUEST_CAP) if body else {}
        if type(value) is not dict:
            raise Refusal(400, "bad_request", "the body is a JSON object")
        return Asked(origin=claim.origin, body=value)

    async def _learn_keys(self, origin: str, op_key: str, header: str | None) -> None:
        """Makes sure that ``op_key`` is the origin's op key, by the held keys line or a newer one in the
        header."""
        held = await self._store.origin(origin)
        if held.op_key == op_key:
            return
        if header is not None and len(header) <= 2 * MAX_LINE_BYTES:
            try:
                line = base64.b64decode(header, validate=True)
            except (binascii.Error, ValueError):
                raise Refusal(400, "bad_request", f"{KEYS_HEADER} is not base64") from None
            await self._ingest.lines([line], via=origin, end_of_round=False)
            if (await self._store.origin(origin)).op_key == op_key:
                return
        raise Refusal(401, "keys_unknown", f"send your keys line in {KEYS_HEADER}")

    def _problem(self, status: int, code: str, detail: str) -> web.Response:
        # The time is for the asker's operator to see; nobody sets a clock by one peer.
        problem = {"code": code, "detail": detail, "status": status, "time": self._now(), "title": code}
        return web.Response(status=status, body=orjson.dumps(problem), content_type=PROBLEM)

    def _sign(self, request: web.Request, response: web.Response) -> web.Response:
        response.headers["Cache-Control"] = "no-store"
        asked = request.headers.get("Signature")
        if asked is not None and len(asked) <= 200 and asked.isascii() and asked.isprintable():
            body = response.body
            assert isinstance(body, bytes)
            response.headers.update(
                http_signature.sign_response(
                    response.status,
                    body,
                    request_signature=asked,
                    keyid=http_signature.key_id(self._signer.origin, self._signer.did),
                    created=self._now(),
                    sign=self._signer.sign,
                )
            )
        return response

    def _now(self) -> int:
        return int(self._clock.now().timestamp())


def federation_app(
    *,
    store: NeighbourhoodStore,
    ingest: Ingest,
    peers: Peers,
    signer: Signer,
    clock: Clock,
    authorities: Callable[[], Collection[str]],
    body_seconds: float = 10.0,
) -> web.Application:
    """The sub-application to mount at ``/mac/v1``.

    ``authorities``: every ``host`` or ``host:port`` (lower case, the scheme's own port left out) under which
    this node is reached from outside; a request signed for another one is refused.
    """
    federation = Federation(
        store=store,
        ingest=ingest,
        peers=peers,
        signer=signer,
        clock=clock,
        authorities=authorities,
        body_seconds=body_seconds,
    )
    app = web.Application(client_max_size=REQUEST_CAP)
    app.router.add_get("/node", federation.node)
    app.router.add_post("/pull", federation.signed(federation.pull))
    app.router.add_post("/heads", federation.signed(federation.heads))
    return app


def _target(request: web.Request) -> Target:
    path, _, query = request.raw_path.partition("?")
    return Target(
        method=request.method,
        authority=(request.headers.get("Host") or "").lower(),
        path=path or "/",
        query=query,
    )


def _origins(body: dict[str, Any]) -> frozenset[str] | None:
    value = body.get("origins")
    if value is None:
        return None
    if type(value) is not list or len(value) > 500 or not all(type(origin) is str for origin in value):
        raise Refusal(400, "bad_request", "origins is a list of at most 500 strings")
    return frozenset(value)


def _set(body: dict[str, Any]) -> str | None:
    value = body.get("set")
    if value not in (None, "public", "peers"):
        raise Refusal(400, "bad_request", "set is public or peers")
    return value if isinstance(value, str) else None
