"""What every page tells the browser: no script, nothing inline, nothing foreign, nothing kept where it is personal."""

from typing import Final

from aiohttp import web

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
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

FOR_EVER: Final = "public, max-age=31536000, immutable"


FOUND_BY_SEARCH: Final = frozenset({"/", "/ask", "/near"})
"""Pages that search engines may list."""


def plain(response: web.StreamResponse) -> None:
    """The few headers for what machines read: it is never taken for a page."""
    for name in ("X-Content-Type-Options", "Server"):
        response.headers.setdefault(name, EVERY_PAGE[name])


def dress(response: web.StreamResponse, *, path: str, https: bool) -> None:
    """Adds the headers; a page that did not say otherwise is not kept anywhere."""
    if path not in FOUND_BY_SEARCH:
        response.headers.setdefault("X-Robots-Tag", "noindex")
    for name, value in EVERY_PAGE.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    if https:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
