"""Cookies: the desk's session, a volunteer's, the form seal and the volunteer's device. ``__Host-`` names on https.

A ``__Host-`` cookie cannot be set from another host or for a part of the site. Over plain http (a machine in the
same room) browsers refuse that name, so there the plain one is used.
"""

import secrets
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from node.appkeys import ACCESS, CONFIG
from node.domain.actors import ANONYMOUS, Actor

DESK: Final = "desk"
"""Who is signed in; its value is also what opens that person's key."""
SEAL: Final = "seal"
"""Random; the token in every form is made from it."""
OWN: Final = "own"
"""A volunteer who is signed in to her own page."""
DEVICE: Final = "device"
"""Random; the device on which a volunteer confirmed a task."""
KNOWN: Final = "known"
"""Marks a browser that somebody signed in on before, so that strangers' guesses do not hold it up."""
EYES: Final = "eyes"
"""With whose eyes pages are looked at; a code, no secret: whether one may is asked at each page."""
LANGUAGE: Final = "language"
POLLS: Final = "polls"
"""Which short questions this device has answered, and not what."""

KEYS: Final = "keys"
"""``off`` where the keys of the board are switched off on this device."""

BY_ITSELF: Final = frozenset({"/board/news"})
"""What a page asks while nobody touches it: no session lasts longer by that, and nothing is opened."""

LONG: Final = 60 * 60 * 24 * 180


def origin_of(request: web.Request) -> tuple[str, str]:
    """Scheme and host as the browser sees them, also behind a proxy that ends https."""
    public = urlsplit(request.config_dict[CONFIG].public_url)
    if public.netloc and public.netloc == request.host:
        return public.scheme, public.netloc
    return request.scheme, request.host


def _name(request: web.Request, name: str) -> str:
    return f"__Host-{name}" if origin_of(request)[0] == "https" else name


def read(request: web.Request, name: str) -> str:
    """The cookie's value, or an empty text. Ours are plain; what holds anything else is nobody's."""
    value = request.cookies.get(_name(request, name), "")[:512]
    return value if value.isascii() and value.isprintable() else ""


def write(
    request: web.Request, response: web.StreamResponse, name: str, value: str, *, max_age: int | None = None
) -> None:
    """Sets a cookie for this site only, invisible to scripts."""
    response.set_cookie(
        _name(request, name),
        value,
        max_age=max_age,
        path="/",
        secure=origin_of(request)[0] == "https",
        httponly=True,
        samesite="Lax",
    )


def forget(request: web.Request, response: web.StreamResponse, name: str) -> None:
    """Takes a cookie back."""
    response.del_cookie(
        _name(request, name), path="/", secure=origin_of(request)[0] == "https", httponly=True, samesite="Lax"
    )


def fresh() -> str:
    """A new unguessable value."""
    return secrets.token_urlsafe(24)


async def find_actor(request: web.Request) -> Actor:
    """Who sits at the desk, or ANONYMOUS. The first click after a restart opens that person's records again."""
    cookie = read(request, DESK)
    if not cookie:
        return ANONYMOUS
    access = request.config_dict[ACCESS]
    who = await (access.glance(cookie) if request.path in BY_ITSELF else access.actor_for(cookie))
    return who or ANONYMOUS
