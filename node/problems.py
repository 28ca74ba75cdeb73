"""Faults as machines read them: problem JSON (RFC 9457)."""

from aiohttp import web

from node.errors import MutualAidError


def problem(error: MutualAidError) -> web.Response:
    """The error as ``application/problem+json``: type, title, status, code."""
    status = 503 if error.code == "not_set_up" else error.status
    title = error.message % error.values if error.values else error.message
    return web.json_response(
        {"type": "about:blank", "title": title, "status": status, "code": error.code},
        status=status,
        content_type="application/problem+json",
    )
