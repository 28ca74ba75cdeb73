"""Around every page: headers, who reads it and in which language, the form seal, faults as pages.

What machines read (``/api``, ``/mac``, ``/healthz``) passes through, but for two headers.
"""

import asyncio

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from node.errors import MutualAidError
from ui import csrf, errors, headers, incoming, sessions
from ui.site import ACTOR, LANGUAGE, LANGUAGES, SEAL

MACHINES = ("/api/", "/mac/", "/.well-known/")


def is_page(request: web.Request) -> bool:
    """Whether a person reads what this answers."""
    return not request.path.startswith(MACHINES) and request.path != "/healthz"


@web.middleware
async def dressed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Security headers on every answer, also on faults."""
    try:
        response = await handler(request)
    except web.HTTPException as error:
        _dress(request, error)
        raise
    except Exception:
        # Nothing can be drawn: not even the page that says so.
        response = errors.bare(request)
    _dress(request, response)
    return response


def _dress(request: web.Request, response: web.StreamResponse) -> None:
    if is_page(request):
        headers.dress(response, path=request.path, https=sessions.origin_of(request)[0] == "https")
    else:
        headers.plain(response)


@web.middleware
async def welcomed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Who reads, in which language, with which form seal; and every fault as a page in that language."""
    if not is_page(request) or request.path.startswith("/static/"):
        return await handler(request)
    request[LANGUAGE] = request.config_dict[LANGUAGES].choose(
        request.headers.get("Accept-Language", ""), chosen=sessions.read(request, sessions.LANGUAGE)
    )
    seal = sessions.read(request, sessions.SEAL)
    request[SEAL] = seal or sessions.fresh()
    request[ACTOR] = await sessions.find_actor(request)
    try:
        if request.match_info.http_exception is not None:
            raise request.match_info.http_exception
        await incoming.check(request)
        await csrf.check(request)
        response = await handler(request)
    except MutualAidError as error:
        response = await errors.page_for(request, error)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        response = await errors.page_for_status(request, error.status)
        if "Allow" in error.headers:
            response.headers["Allow"] = error.headers["Allow"]
    except asyncio.CancelledError:
        raise
    except Exception:
        response = await errors.page_for_accident(request)
    if not seal:
        sessions.write(request, response, sessions.SEAL, request[SEAL])
    return response


ALL: tuple[Middleware, ...] = (dressed, welcomed)
