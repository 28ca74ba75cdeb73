"""``/api/v1/needs.atom``, ``.kml``, ``.ics`` and ``/embed``: what everybody may take to their own site or calendar."""

import hashlib
import re
from collections import Counter

from aiohttp import web

from node.appkeys import NEIGHBOURHOOD
from node.domain.sharing.narrowing import Narrowing, narrowing
from node.errors import N_, Invalid, MutualAidError
from node.problems import problem
from node.services.sharing.neighbourhood import Sought
from ui.contexts.common import EmbedPage
from ui.drawing import svg
from ui.feeds import atom, ics, kml
from ui.feeds.gather import listing
from ui.i18n import Language
from ui.web.site import LANGUAGE, LANGUAGES, render, say, shared_catalogue, usual_language

FORMATS = {"atom": atom, "kml": kml, "ics": ics}
ANYBODY = {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}
MOST_ROWS = 30
"""On somebody else's page; the rest is one click away."""


async def feed(request: web.Request) -> web.Response:
    """``?near=LAT,LON&km=N&category=C&takes=T&bbox=W,S,E,N&lang=es``, all as in
    ``needs.geojson``; set ``public`` only. 304 if unchanged."""
    written = FORMATS[request.path.rpartition(".")[2]]
    try:
        request[LANGUAGE] = await _language(request)
        found = await listing(request, _sought(request), _narrowed(request))
    except MutualAidError as error:
        return problem(error)
    body = written.written(found)
    tag = hashlib.sha256(body).hexdigest()[:32]
    headers = {**ANYBODY, "ETag": f'"{tag}"', "Content-Language": found.language, "Vary": "Accept-Language"}
    if any(each.value in (tag, "*") for each in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    return web.Response(body=body, content_type=written.TYPE, charset="utf-8", headers=headers)


async def embed(request: web.Request) -> web.Response:
    """A small map and list for a frame on somebody else's page: no cookie, nobody's name, the same for everybody."""
    request[LANGUAGE] = await _language(request)
    sought = _sought(request)
    found = await listing(request, sought, _narrowed(request))
    shown = found.entries[:MOST_ROWS]
    signs = {
        cell: svg.letters(number) for number, cell in enumerate(dict.fromkeys(each.cell for each in shown))
    }
    wanted = Counter(each.cell for each in shown if each.open)
    here = sought.area
    page = EmbedPage(
        rows=[(signs[each.cell], each) for each in shown],
        more=len(found.entries) - len(shown),
        map=svg.area_map(
            [
                svg.Area(cell, wanted[cell], sign, say(request, N_("Area %(sign)s"), sign=sign))
                for cell, sign in signs.items()
            ],
            title=say(request, N_("Map: where help is wanted, roughly")),
            here=(here.lat, here.lon) if here else None,
            reach_km=here.km if here else None,
            links=False,
        ),
        address=found.page,
    )
    response = await render(request, "embed.html", page)
    response.headers.update({"Cache-Control": ANYBODY["Cache-Control"], "Vary": "Accept-Language"})
    return response


def _sought(request: web.Request) -> Sought:
    query = request.query
    return request.config_dict[NEIGHBOURHOOD].sought(
        query.get("near"), query.get("km"), query.getall("category", [])
    )


def _narrowed(request: web.Request) -> Narrowing:
    query = request.query
    return narrowing(query.getall("takes", []), query.get("bbox"), shared_catalogue(request).requires_codes)


async def _language(request: web.Request) -> Language:
    """Raises ``Invalid`` for what is no code of a language; one that we have no words for gives what the browser
    asks for."""
    if not re.fullmatch("[a-z]{2}", request.query.get("lang", "en"), re.ASCII):
        raise Invalid("bad_language", N_("A language is two letters: lang=es"))
    return request.config_dict[LANGUAGES].choose(
        request.headers.get("Accept-Language", ""),
        chosen=request.query.get("lang", ""),
        usual=await usual_language(request),
    )
