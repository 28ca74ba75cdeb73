"""Verbs that read: who we are, what changed, what stands where."""

from typing import Any

from aiohttp import web

from federation.answering import NDJSON, Asked, Refusal
from federation.feed import CursorLost, Feed, Heads, Manifest, Page
from federation.ingest import Ingest
from federation.ports import Signer
from federation.store import NeighbourhoodStore
from protocol import b64, bundle
from protocol.errors import ProtocolError
from protocol.limits import ID_BYTES, PAGE_ITEMS


class Reading:
    """``GET node``, ``POST pull``, ``POST heads``, ``POST manifest``."""

    def __init__(self, store: NeighbourhoodStore, ingest: Ingest, signer: Signer) -> None:
        self._ingest = ingest
        self._signer = signer
        self._feed = Feed(store)

    async def node(self, request: web.Request) -> web.Response:
        """Who we are: our keys line and our profile line."""
        lines = await self._signer.own_keys_lines()
        return web.Response(
            body=bundle.write(lines), content_type=NDJSON, headers={"Cache-Control": "no-store"}
        )

    async def pull(self, asked: Asked) -> web.Response:
        """One page of the changes feed, or the registers under some ids; 204 if there is nothing since the cursor,
        which then stays as it is."""
        allow = await self._ingest.follow_policy()
        origins, kind_set, ids = origins_of(asked.body), set_of(asked.body), _ids(asked.body)
        if ids is not None:
            if origins is None or len(origins) != 1:
                raise Refusal(400, "bad_request", "ids are of exactly one origin")
            (origin,) = origins
            return _answer(
                await self._feed.by_ids(allow, asker=asked.origin, origin=origin, ids=ids, kind_set=kind_set)
            )
        cursor = asked.body.get("cursor")
        limit = asked.body.get("limit", PAGE_ITEMS)
        if (cursor is not None and type(cursor) is not str) or type(limit) is not int:
            raise Refusal(400, "bad_request", "cursor is a string or null, limit an integer")
        try:
            page = await self._feed.page(
                allow, asker=asked.origin, cursor=cursor, limit=limit, origins=origins, kind_set=kind_set
            )
        except CursorLost:
            raise Refusal(410, "cursor_lost", "begin again without a cursor") from None
        if cursor == page.cursor and not page.lines and not page.more:
            return web.Response(status=204, body=b"")
        return _answer(page)

    async def heads(self, asked: Asked) -> web.Response:
        """Keys, profiles and heads of what we would serve, without the items, and the cursor that goes on from
        there."""
        allow = await self._ingest.follow_policy()
        return _answer(
            await self._feed.heads(
                allow, asker=asked.origin, origins=origins_of(asked.body), kind_set=set_of(asked.body)
            )
        )

    async def manifest(self, asked: Asked) -> web.Response:
        """The ids, numbers and hashes of which one set consists."""
        allow = await self._ingest.follow_policy()
        origin, kind_set = asked.body.get("origin"), set_of(asked.body)
        if type(origin) is not str or kind_set is None:
            raise Refusal(400, "bad_request", "a manifest is of one origin and set")
        after = asked.body.get("after")
        found = await self._feed.manifest(
            allow,
            asker=asked.origin,
            origin=origin,
            kind_set=kind_set,
            after=b"" if after is None else _id(after),
        )
        return _answer(found)


def _answer(made: Page | Heads | Manifest) -> web.Response:
    return web.Response(body=made.body(), content_type=NDJSON)


def _ids(body: dict[str, Any]) -> frozenset[bytes] | None:
    value = body.get("ids")
    if value is None:
        return None
    if type(value) is not list or not 0 < len(value) <= PAGE_ITEMS:
        raise Refusal(400, "bad_request", "ids is a list of 1 to 500 ids")
    return frozenset(_id(text) for text in value)


def _id(text: Any) -> bytes:
    try:
        if type(text) is str:
            return b64.decode(text, ID_BYTES)
    except ProtocolError:
        pass
    raise Refusal(400, "bad_request", "an id is 16 bytes in base64url")


def origins_of(body: dict[str, Any]) -> frozenset[str] | None:
    """The origins that a request names; None if it names none."""
    value = body.get("origins")
    if value is None:
        return None
    if type(value) is not list or len(value) > 500 or not all(type(origin) is str for origin in value):
        raise Refusal(400, "bad_request", "origins is a list of at most 500 strings")
    return frozenset(value)


def set_of(body: dict[str, Any]) -> str | None:
    """The set that a request names; None if it names none."""
    value = body.get("set")
    if value not in (None, "public", "peers"):
        raise Refusal(400, "bad_request", "set is public or peers")
    return value if isinstance(value, str) else None
