"""What machines read: ``/healthz`` and the public API. Faults are problem JSON (RFC 9457)."""

from aiohttp import web

from node.appkeys import NEIGHBOURHOOD, STANDING
from node.errors import N_, Invalid, MutualAidError
from node.services.neighbourhood import parse_area


def setup(app: web.Application) -> None:
    """Adds the routes."""
    app.router.add_get("/healthz", healthz, name="healthz")
    app.router.add_get("/api/v1/needs.geojson", needs_geojson, name="needs_geojson")


async def healthz(request: web.Request) -> web.Response:
    """200 with ``status`` ``ok`` while the node can read its data; whether it is set up and locked. Never counts."""
    return web.json_response(
        await request.config_dict[STANDING].health(), headers={"Cache-Control": "no-store"}
    )


async def needs_geojson(request: web.Request) -> web.Response:
    """``GET /api/v1/needs.geojson?near=LAT,LON&km=N&category=C``: set ``public`` only, as polygons (RFC 7946)."""
    neighbourhood = request.config_dict[NEIGHBOURHOOD]
    try:
        area = parse_area(request.query.get("near"), request.query.get("km"))
        categories = request.query.getall("category", [])
        for code in categories:
            if not neighbourhood.known_category(code):
                raise Invalid("bad_category", N_("There is no such kind of help: %(kind)s"), kind=code[:40])
        found = await neighbourhood.geojson(area, categories=categories)
    except MutualAidError as error:
        return problem(error)
    return web.json_response(
        found,
        content_type="application/geo+json",
        headers={"Cache-Control": "public, max-age=60", "Access-Control-Allow-Origin": "*"},
    )


def problem(error: MutualAidError) -> web.Response:
    """The error as ``application/problem+json`` (RFC 9457): type, title, status, code."""
    status = 503 if error.code == "not_set_up" else error.status
    title = error.message % error.values if error.values else error.message
    return web.json_response(
        {"type": "about:blank", "title": title, "status": status, "code": error.code},
        status=status,
        content_type="application/problem+json",
    )
