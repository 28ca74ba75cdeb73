"""What every page tells the browser: our own scripts only, nothing inline, nothing foreign, nothing personal kept."""

from typing import Final

from aiohttp import web

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)

EVERY_PAGE: Final = {
    "Content-Security-Policy": POLICY,
    # same-origin, not no-referrer: with the latter browsers send "Origin: null" with our own forms.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Server": "mutual-aid-connect",
}

EVERY_FILE: Final = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    **{
        name: EVERY_PAGE[name]
        for name in ("X-Content-Type-Options", "Cross-Origin-Resource-Policy", "Server")
    },
}
"""For what pages load: the rest is about pages, and a first page has ten files (half a kilobyte each)."""

FRAMED: Final = {
    **{name: value for name, value in EVERY_PAGE.items() if name != "X-Frame-Options"},
    "Content-Security-Policy": POLICY.replace("frame-ancestors 'none'", "frame-ancestors *"),
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""For the one page that others may show inside theirs."""
TO_BE_FRAMED: Final = frozenset({"/embed"})
"""It has no form, knows nobody who is signed in, and sets no cookie: there is nothing to trick anybody into."""

FOR_EVER: Final = "public, max-age=31536000, immutable"


KEEP_OFFLINE: Final = "X-Keep-Offline"
"""For the worker of a volunteer's pages (``sw.js``): so many seconds it may keep this one; ``none``: nothing at all."""
KEPT_AT_LEAST: Final = 3 * 86400
"""Seconds: long enough for a weekend without a line."""
KEPT_AT_MOST: Final = 14 * 86400
"""Seconds since it was last read with a line. A task is wanted until it is done; but what is forgotten, or lies on a
telephone that is lost and never finds a line again, goes by itself."""

FOUND_BY_SEARCH: Final = frozenset({"/", "/ask", "/near", "/privacy"})
"""Pages that search engines may list."""


def plain(response: web.StreamResponse) -> None:
    """The few headers for what machines read: it is never taken for a page."""
    for name in ("X-Content-Type-Options", "Server"):
        response.headers.setdefault(name, EVERY_PAGE[name])


def dress(response: web.StreamResponse, *, path: str, https: bool) -> None:
    """Adds the headers; a page that did not say otherwise is not kept anywhere."""
    if path not in FOUND_BY_SEARCH:
        response.headers.setdefault("X-Robots-Tag", "noindex")
    is_file = response.headers.get("Cache-Control") == FOR_EVER
    for name, value in (EVERY_FILE if is_file else FRAMED if path in TO_BE_FRAMED else EVERY_PAGE).items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    if https:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
