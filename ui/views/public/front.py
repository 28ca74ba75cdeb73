"""`/`: what the group does, how to reach it, and three doors."""

from aiohttp import web

from node.appkeys import NEIGHBOURHOOD, POLLS
from ui.contexts.common import FrontPage
from ui.parts.scope import scope
from ui.web.site import catalogue_of, headings, render


async def show(request: web.Request) -> web.StreamResponse:
    """The front page."""
    needs = await request.config_dict[NEIGHBOURHOOD].near(None)
    wanted = sum(need.seen.summary.status == "open" for need in needs)
    page = FrontPage(
        headings=[each.heading for each in headings(catalogue_of(request))],
        nearby=wanted,
        polls=await request.config_dict[POLLS].open_now(),
        scope=await scope(request),
    )
    return await render(request, "front.html", page)
