"""Only our own pages may change things: the request's origin is ours, and the form carries its seal.

The token is an HMAC of a random cookie, so it needs no memory on the server and a page left open over a restart
still works; a foreign site can neither read the cookie nor (``__Host-``) set it.
"""

import base64
import hashlib
import hmac
import re
import secrets

from aiohttp import web

from node.errors import N_, NotAllowed
from ui.web import sessions

FIELD = "seal"
SENT = web.RequestKey("ui_seal_sent", str)
"""The token of a form that brought a file, which was read before this looks."""
LENGTH = 24
"""Bytes of a seal's digest."""
ONE_CLICK = re.compile(r"/n/(?:desk/)?[A-Za-z0-9_-]{22}\Z")
"""Where a mail program ends the messages to somebody with one request of its own (RFC 8058): no page of ours, no cookie
and no seal. The address itself is the secret, and all it can do is to stop."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def token(seal: str) -> str:
    """What a form must carry for that cookie; written differently each time, so that its letters cannot be guessed from
    how long packed pages are (``ui.web.packing``)."""
    pad = secrets.token_bytes(LENGTH)
    return base64.urlsafe_b64encode(pad + _xor(pad, _digest(seal))).decode("ascii")


def fits(seal: str, token: str) -> bool:
    """Whether that token was made for that cookie."""
    try:
        given = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
    except ValueError:
        return False
    return len(given) == 2 * LENGTH and hmac.compare_digest(
        _xor(given[:LENGTH], given[LENGTH:]), _digest(seal)
    )


def _digest(seal: str) -> bytes:
    return hmac.digest(seal.encode(), b"mutual-aid-connect/form", hashlib.sha256)[:LENGTH]


def _xor(one: bytes, other: bytes) -> bytes:
    assert len(one) == len(other) == LENGTH
    return (int.from_bytes(one) ^ int.from_bytes(other)).to_bytes(LENGTH)


def same_origin(request: web.Request) -> bool:
    """Whether the browser says that the request comes from one of our pages.

    Old browsers send neither header; for them the token alone decides.
    """
    origin = request.headers.get("Origin")
    if origin is not None:
        scheme, host = sessions.origin_of(request)
        return origin == f"{scheme}://{host}"
    return request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")


def is_one_click(request: web.Request) -> bool:
    """Whether this is a mail program's own request to stop."""
    return request.method == "POST" and ONE_CLICK.match(request.path) is not None


async def check(request: web.Request) -> None:
    """Raises :class:`NotAllowed` when a change was not asked for by one of our own pages."""
    if request.method in SAFE or is_one_click(request):
        return
    seal = sessions.read(request, sessions.SEAL)
    given = request[SENT] if SENT in request else str((await request.post()).get(FIELD, ""))
    if not same_origin(request) or not seal or not fits(seal, given):
        raise NotAllowed(
            "foreign_form",
            N_(
                "This form was too old, or did not come from this site. Go back, load the page again and send it again."
            ),
            hint="origin or form token did not match; behind a proxy, check public_url",
        )
