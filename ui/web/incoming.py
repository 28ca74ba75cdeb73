"""What a form must be before anything looks at it: urlencoded UTF-8, small, without NUL, and there in time.

One form brings a file. Only whoever is signed in may send it, and it is read piece by piece up to its limit.
"""

import asyncio
from urllib.parse import unquote_to_bytes

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from node.domain.actors import ActorKind
from ui.web import csrf
from ui.web.site import ACTOR

FORM = "application/x-www-form-urlencoded"
LONGEST_BYTES = 256 * 1024
"""More than the longest form of ours filled to its limits."""
SECONDS = 30.0
"""A telephone with one bar sends a form in that time; a connection that is only held open does not."""

LONGEST_ONE_CLICK = 8 * 1024
UPLOADS = frozenset({"/peers/file", "/help-nearby/bring", "/settings/kit/look", "/import"})
"""Addresses whose form is multipart: a seal, then one file."""
LONGEST_FILE_BYTES = 16 * 1024 * 1024
"""Some 25,000 lines. What is larger is brought in by the command."""
FILE_SECONDS = 120.0
FILE = web.RequestKey("ui_file", bytes)
"""The file that came, empty if none was chosen."""
_PIECE = 64 * 1024


async def check(request: web.Request) -> None:
    """Refuses what no browser sends of our forms: 400, 408, 413 or 415, before a field is read."""
    if not request.can_read_body:
        return
    if csrf.is_one_click(request):
        # RFC 8058, 3.1: as a form of either kind. Nothing in it is needed, so nothing of it is read in.
        if (request.content_length or 0) > LONGEST_ONE_CLICK:
            raise web.HTTPRequestEntityTooLarge(LONGEST_ONE_CLICK, request.content_length or 0)
        return
    encoded = "Content-Encoding" in request.headers
    if request.path in UPLOADS and request.content_type == "multipart/form-data" and not encoded:
        await _take_file(request)
        return
    plain_form = request.content_type == FORM and not encoded
    if not plain_form or (request.charset or "utf-8").lower() != "utf-8":
        raise web.HTTPUnsupportedMediaType
    if (request.content_length or 0) > LONGEST_BYTES:
        raise web.HTTPRequestEntityTooLarge(LONGEST_BYTES, request.content_length or 0)
    try:
        async with asyncio.timeout(SECONDS):
            body = await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except (web.RequestPayloadError, ConnectionError):
        raise web.HTTPBadRequest from None
    if len(body) > LONGEST_BYTES:
        raise web.HTTPRequestEntityTooLarge(LONGEST_BYTES, len(body))
    plain = unquote_to_bytes(body)
    try:
        plain.decode("utf-8")  # strict: no half characters, no lone surrogates
    except UnicodeDecodeError:
        raise web.HTTPBadRequest from None
    if b"\0" in plain:
        raise web.HTTPBadRequest


async def _take_file(request: web.Request) -> None:
    """Leaves the seal and the file on the request. A stranger's is not read: the page will say why."""
    if request[ACTOR].kind is not ActorKind.STAFF:
        request[csrf.SENT] = ""
        return
    fields = {csrf.FIELD: b"", "file": b""}
    limits = {csrf.FIELD: 200, "file": LONGEST_FILE_BYTES}
    try:
        async with asyncio.timeout(FILE_SECONDS):
            async for part in await request.multipart():
                if not isinstance(part, BodyPartReader) or part.name not in fields:
                    raise web.HTTPBadRequest
                fields[part.name] = await _read(part, limits[part.name])
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except (ValueError, AssertionError, HttpProcessingError, web.RequestPayloadError, ConnectionError):
        raise web.HTTPBadRequest from None
    request[csrf.SENT] = fields[csrf.FIELD].decode("ascii", "replace")
    request[FILE] = fields["file"]


async def _read(part: BodyPartReader, limit: int) -> bytes:
    found = bytearray()
    while piece := await part.read_chunk(_PIECE):
        found += piece
        if len(found) > limit:
            raise web.HTTPRequestEntityTooLarge(limit, len(found))
    return bytes(found)
