"""What machines read: ``/healthz`` and the public API (``schemas/openapi.json``). Faults are problem JSON."""

import asyncio
import json
from importlib import resources
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from node.appkeys import KINDS, NEIGHBOURHOOD, NOTICES, STANDING
from node.domain.notices.answering import Incoming
from node.domain.sharing.narrowing import Narrowing, narrowing
from node.errors import N_, Invalid, MutualAidError
from node.problems import problem
from node.services.sharing.neighbourhood import Neighbourhood, Sought

LONGEST_TEXT_BYTES = 8 * 1024
TEXT_SECONDS = 10.0
ANYBODY = {"Cache-Control": "public, max-age=60", "Access-Control-Allow-Origin": "*"}


def setup(app: web.Application) -> None:
    """Adds the routes."""
    app.router.add_get("/healthz", healthz, name="healthz")
    app.router.add_get("/api/v1/needs.geojson", needs_geojson, name="needs_geojson")
    app.router.add_get("/api/v1/openapi.json", openapi, name="openapi")
    app.router.add_post("/api/v1/texts/{token}", texts_in, name="texts_in")


async def healthz(request: web.Request) -> web.Response:
    """200 with ``status`` ``ok`` while the node can read its data; whether it is set up and locked. Never counts."""
    return web.json_response(
        await request.config_dict[STANDING].health(), headers={"Cache-Control": "no-store"}
    )


async def needs_geojson(request: web.Request) -> web.Response:
    """``GET /api/v1/needs.geojson?near=LAT,LON&km=N&category=C&takes=T&bbox=W,S,E,N``: set ``public`` only, as polygons
    (RFC 7946)."""
    neighbourhood, query = request.config_dict[NEIGHBOURHOOD], request.query
    known = request.config_dict[KINDS].shared.requires_codes
    try:
        sought = neighbourhood.sought(query.get("near"), query.get("km"), query.getall("category", []))
        narrowed = narrowing(query.getall("takes", []), query.get("bbox"), known)
        found = await neighbourhood.geojson(sought.area, categories=sought.categories)
        if narrowed:
            found["features"] = await _kept(neighbourhood, sought, narrowed, found["features"])
    except MutualAidError as error:
        return problem(error)
    return web.json_response(found, content_type="application/geo+json", headers=ANYBODY)


async def _kept(
    neighbourhood: Neighbourhood, sought: Sought, narrowed: Narrowing, features: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """A feature does not say what it takes; the need that it was drawn from does."""
    needs = await neighbourhood.near(sought.area, categories=sought.categories, limit=len(features))
    lets = {
        f"{each.seen.origin}/{each.seen.summary.id}" for each in needs if narrowed.lets(each.seen.summary)
    }
    return [feature for feature in features if feature["id"] in lets]


async def texts_in(request: web.Request) -> web.Response:
    """``POST /api/v1/texts/TOKEN`` by the group's own gateway: ``{"from", "text"}`` as JSON or as a form (also as
    Twilio spells it: ``From``, ``Body``). 200 once it is kept; the token is the secret of this address."""
    try:
        async with asyncio.timeout(TEXT_SECONDS):
            came = await _text_of(request)
        await request.config_dict[NOTICES].answering.take(request.match_info["token"], came)
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except MutualAidError as error:
        return problem(error)
    return web.json_response({"status": "kept"}, headers={"Cache-Control": "no-store"})


async def _text_of(request: web.Request) -> Incoming:
    """Raises ``Invalid`` for what is neither, 413 for more than ``LONGEST_TEXT_BYTES``."""
    body = await request.content.read(LONGEST_TEXT_BYTES + 1)
    while len(body) <= LONGEST_TEXT_BYTES and (more := await request.content.read(LONGEST_TEXT_BYTES)):
        body += more
    if len(body) > LONGEST_TEXT_BYTES:
        raise web.HTTPRequestEntityTooLarge(LONGEST_TEXT_BYTES, len(body))
    try:
        if request.content_type == "application/json":
            fields = json.loads(body)
        else:
            fields = dict(parse_qsl(body.decode(), strict_parsing=True, max_num_fields=50))
        number, text = fields.get("from") or fields["From"], fields.get("text") or fields["Body"]
        if not isinstance(number, str) or not isinstance(text, str):
            raise TypeError
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Invalid("no_text", N_("A text has a number and words.")) from None
    return Incoming(number=number, text=text)


async def openapi(request: web.Request) -> web.Response:
    """``GET /api/v1/openapi.json``: every public address of the API (OpenAPI 3.1)."""
    document = json.loads(resources.files("schemas").joinpath("openapi.json").read_bytes())
    return web.json_response(document, headers=ANYBODY)
