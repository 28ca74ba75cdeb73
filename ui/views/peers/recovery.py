"""`/recovery`: what is to be done after a backup came back, or when a second copy of the site runs."""

from aiohttp import web

from node.appkeys import RECOVERY
from node.domain.actors import Actor
from node.domain.sharing.epochs import HINTS, STOPS
from node.errors import NotFound
from ui.contexts.common import RecoveryPage
from ui.parts import places
from ui.web.site import go, render, say


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Why nothing is sent out, what may be over, and what is lost here."""
    standing = await request.config_dict[RECOVERY].standing()
    page = RecoveryPage(
        stopped=say(request, STOPS[standing.stop]) if standing.stop else "",
        hint=HINTS[standing.stop] if standing.stop else "",
        since=standing.since,
        on_hold=standing.on_hold,
        lost=standing.lost,
        areas=await places.areas(request, [each.content.cell for each in standing.lost]),
    )
    return await render(request, "recovery.html", page)


async def settle(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Somebody found out about a lost request."""
    try:
        await request.config_dict[RECOVERY].settle(actor, str((await request.post()).get("lost", "")))
    except NotFound:
        return go("/recovery")
    return go("/recovery", done="settled")
