"""`/static/<name>`: the style sheet, the icons; each under an address that changes with its content."""

from aiohttp import web

from ui import headers
from ui.site import ASSETS


async def show(request: web.Request) -> web.StreamResponse:
    """The file, to be kept for ever."""
    asset = request.config_dict[ASSETS].find(request.match_info["name"])
    if asset is None:
        raise web.HTTPNotFound
    return web.Response(
        body=asset.body,
        content_type=asset.content_type,
        charset="utf-8",
        headers={"Cache-Control": headers.FOR_EVER},
    )
