"""Only our own pages may change things: the request's origin is ours, and the form carries its seal.

The token is an HMAC of a random cookie, so it needs no memory on the server and a page left open over a restart
still works; a foreign site can neither read the cookie nor (``__Host-``) set it.
"""

import base64
import hashlib
import hmac

from aiohttp import web

from node.errors import N_, NotAllowed
from ui import sessions

FIELD = "seal"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def token(seal: str) -> str:
    """What a form must carry for that cookie."""
    digest = hmac.digest(seal.encode(), b"mutual-aid-connect/form", hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:24]).decode("ascii")


def same_origin(request: web.Request) -> bool:
    """Whether the browser says that the request comes from one of our pages.

    Old browsers send neither header; for them the token alone decides.
    """
    origin = request.headers.get("Origin")
    if origin is not None:
        scheme, host = sessions.origin_of(request)
        return origin == f"{scheme}://{host}"
    return request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")


def _same(wanted: str, given: str) -> bool:
    return hmac.compare_digest(wanted.encode(), given.encode("utf-8", "replace"))


async def check(request: web.Request) -> None:
    """Raises :class:`NotAllowed` when a change was not asked for by one of our own pages."""
    if request.method in SAFE:
        return
    seal = sessions.read(request, sessions.SEAL)
    given = str((await request.post()).get(FIELD, ""))
    if not same_origin(request) or not seal or not _same(token(seal), given):
        raise NotAllowed(
            "foreign_form",
            N_(
                "This form was too old, or did not come from this site. Go back, load the page again and send it again."
            ),
            hint="origin or form token did not match; behind a proxy, check public_url",
        )
