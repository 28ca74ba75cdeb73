"""What a form must be before anything looks at it: urlencoded UTF-8, small, without NUL, and there in time."""

import asyncio
from urllib.parse import unquote_to_bytes

from aiohttp import web

FORM = "application/x-www-form-urlencoded"
LONGEST_BYTES = 256 * 1024
"""More than the longest form of ours filled to its limits."""
SECONDS = 30.0
"""A telephone with one bar sends a form in that time; a connection that is only held open does not."""


async def check(request: web.Request) -> None:
    """Refuses what no browser sends of our forms: 400, 408, 413 or 415, before a field is read."""
    if not request.can_read_body:
        return
    plain_form = request.content_type == FORM and "Content-Encoding" not in request.headers
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
