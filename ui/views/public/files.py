"""`/static/<name>`: the style sheet, the icons; each under an address that changes with its content. `/sw.js`,
`/app.webmanifest` and `/no-connection` have addresses that stay."""

import json

from aiohttp import web

from node.appkeys import STANDING
from node.errors import N_
from ui.web import headers, packing
from ui.web.site import ASSETS, LANGUAGE, LANGUAGES, render, say


async def show(request: web.Request) -> web.StreamResponse:
    """The file, to be kept for ever."""
    asset = request.config_dict[ASSETS].find(request.match_info["name"])
    if asset is None:
        raise web.HTTPNotFound
    response = web.Response(
        body=asset.body,
        content_type=asset.content_type,
        charset="utf-8",
        headers={"Cache-Control": headers.FOR_EVER},
    )
    packing.pack(request, response, asset.packed)
    return response


async def worker(request: web.Request) -> web.StreamResponse:
    """`/sw.js`: at the root, because a worker may only look after what lies beneath it; asked for anew each time."""
    asset = request.config_dict[ASSETS].named("sw.js")
    response = web.Response(body=asset.body, content_type=asset.content_type, charset="utf-8")
    packing.pack(request, response, asset.packed)
    return response


async def manifest(request: web.Request) -> web.StreamResponse:
    """`/app.webmanifest`: by which a phone puts the volunteer's page beside its other programs."""
    about, assets = await request.config_dict[STANDING].about(), request.config_dict[ASSETS]
    told = {
        "name": about.name or say(request, N_("Mutual Aid Connect")),
        "short_name": about.name[:24] or say(request, N_("Mutual Aid Connect")),
        "lang": request[LANGUAGE].code,
        "dir": request[LANGUAGE].direction,
        "start_url": "/my",
        "scope": "/my",
        "display": "standalone",
        "theme_color": "#fbf4e7",
        "background_color": "#fbf4e7",
        "icons": [
            {"src": assets.url("mark.svg"), "sizes": "any", "type": "image/svg+xml"},
            {"src": assets.url("touch.png"), "sizes": "180x180", "type": "image/png"},
        ],
    }
    return web.Response(
        text=json.dumps(told, ensure_ascii=False), content_type="application/manifest+json", charset="utf-8"
    )


async def no_connection(request: web.Request) -> web.StreamResponse:
    """`/no-connection?lang=CODE`: what the desk reads while nobody can be reached (``desk.js`` keeps it). It is drawn
    for nobody in particular: whoever asks has no cookie with it."""
    if (lang := request.query.get("lang", "")) in {each.code for each in request.config_dict[LANGUAGES]}:
        request[LANGUAGE] = request.config_dict[LANGUAGES].get(lang)
    return await render(request, "no_connection.html", None)
