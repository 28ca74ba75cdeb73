"""Reading what somebody sends us, with a cap and a deadline. aiohttp itself waits for a slow body for
ever."""

import asyncio

from aiohttp import web

SECONDS = 10.0


class BodyRefused(Exception):
    """``status``: 413 (too large), 408 (too slow) or 400 (encoded, or cut off)."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


async def read_body(request: web.Request, *, cap: int, seconds: float = SECONDS) -> bytes:
    """The whole body, at most ``cap`` bytes, within ``seconds`` in all; raises BodyRefused.

    After a refusal the connection must be closed: what is left of the body is not read.
    """
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise BodyRefused(400, "compressed requests are not read")
    if request.content_length is not None and request.content_length > cap:
        raise BodyRefused(413, f"a body may have {cap} bytes")
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(seconds):
            async for part in request.content.iter_any():
                size += len(part)
                if size > cap:
                    raise BodyRefused(413, f"a body may have {cap} bytes")
                parts.append(part)
    except TimeoutError:
        raise BodyRefused(408, f"the body did not come within {seconds:g} seconds") from None
    except (ConnectionError, web.HTTPException, ValueError) as error:
        raise BodyRefused(400, "the body was cut off") from error
    return b"".join(parts)
