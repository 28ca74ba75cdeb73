"""`/leave`: away from here at once, and what was typed cannot be brought back with the browser's way back."""

from aiohttp import web

from ui.contexts.common import ELSEWHERE
from ui.parts.steps import forgotten
from ui.web.site import go


async def now(request: web.Request) -> web.StreamResponse:
    """To a page that anybody might be reading; the browser drops what it kept of ours."""
    return forgotten(go(ELSEWHERE))
