"""`/`: what the group does, how to reach it, and three doors."""

from aiohttp import web

from node.appkeys import NEIGHBOURHOOD, SETUP
from ui.contexts import FrontPage
from ui.site import catalogue_of, go, headings, render


async def show(request: web.Request) -> web.StreamResponse:
    """The front page; before set-up, the way there."""
    if not await request.config_dict[SETUP].is_done():
        return go("/setup")
    needs = await request.config_dict[NEIGHBOURHOOD].near(None)
    wanted = sum(need.seen.summary.status == "open" for need in needs)
    page = FrontPage(headings=[each.heading for each in headings(catalogue_of(request))], nearby=wanted)
    return await render(request, "front.html", page)
