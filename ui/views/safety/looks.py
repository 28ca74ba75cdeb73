"""`/safety/looks`: unusual looks, week by week. Closed until opening it is written down."""

from datetime import date

from aiohttp import web

from node.appkeys import LOOKS
from node.domain.actors import Actor
from ui.contexts.safety import LooksPage
from ui.web.site import render

MOST_WEEKS = 12


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Which weeks there are."""
    return await render(request, "looks.html", LooksPage(mondays=_mondays(request)))


async def look(request: web.Request, actor: Actor) -> web.StreamResponse:
    """One week: a look that is itself written down."""
    text = str((await request.post()).get("ago", ""))
    ago = int(text) if text.isdecimal() and len(text) < 3 and int(text) < MOST_WEEKS else 0
    week = await request.config_dict[LOOKS].week(actor, ago)
    return await render(request, "looks.html", LooksPage(mondays=_mondays(request), week=week, ago=ago))


def _mondays(request: web.Request) -> list[date]:
    return [request.config_dict[LOOKS].monday(ago) for ago in range(MOST_WEEKS)]
