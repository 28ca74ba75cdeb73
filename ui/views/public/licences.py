"""`/licences`: whose work is in these pages beside our own, and on which terms."""

from aiohttp import web

from ui.contexts.common import LicencesPage
from ui.web.site import ASSETS, render


async def show(request: web.Request) -> web.StreamResponse:
    """Ours in a sentence; that of others with the text that came with it."""
    return await render(request, "licences.html", LicencesPage(packages=request.config_dict[ASSETS].packages))
