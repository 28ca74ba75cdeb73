"""`/p/<token>`: a street captain's patch by her private link. Opening it changes nothing."""

from aiohttp import web

from node.appkeys import PATCH_LINKS
from ui.contexts.people import PatchPage
from ui.parts import places
from ui.web import sessions
from ui.web.site import go, render


async def show(request: web.Request) -> web.StreamResponse:
    """What is wanted in her streets, on this device."""
    token = request.match_info["token"]
    view = await request.config_dict[PATCH_LINKS].view(token, sessions.read(request, sessions.DEVICE) or None)
    areas = await places.areas(request, [line.cell for line in view.lines])
    return await render(request, "patch.html", PatchPage(token=token, view=view, areas=areas))


async def open_here(request: web.Request) -> web.StreamResponse:
    """Ties the link to this device."""
    token, device = request.match_info["token"], sessions.read(request, sessions.DEVICE) or sessions.fresh()
    await request.config_dict[PATCH_LINKS].open_here(token, device)
    response = go(f"/p/{token}")
    sessions.write(request, response, sessions.DEVICE, device, max_age=sessions.LONG)
    return response
