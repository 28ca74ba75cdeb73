"""`/tiles/{z}/{x}/{y}`: one picture of the operator's map of streets. Nobody else is ever asked for one."""

from aiohttp import web

from node.appkeys import BASE_MAPS
from ui.web import headers

A_WHILE = "public, max-age=3600"
ADDRESS = "/tiles/{z:[0-9]{1,2}}/{x:[0-9]{1,8}}/{y:[0-9]{1,8}}"


async def show(request: web.Request) -> web.StreamResponse:
    """The picture, to be kept for ever if the address names the file that it is of (``?v=``); 204 where the map has
    none, 404 where there is no map."""
    z, x, y = (int(request.match_info[name]) for name in ("z", "x", "y"))
    found = await request.config_dict[BASE_MAPS].tile(z, x, y)
    if found is None:
        raise web.HTTPNotFound
    about, picture = found
    kept = headers.FOR_EVER if request.query.get("v") == about.version else A_WHILE
    if picture is None:
        return web.Response(status=204, headers={"Cache-Control": kept})
    tag = f"{about.version}-{z}-{x}-{y}"
    told = {"Cache-Control": kept, "ETag": f'"{tag}"'}
    if any(each.value == tag for each in request.if_none_match or ()):
        return web.Response(status=304, headers=told)
    return web.Response(body=picture, content_type=about.content_type, headers=told)
