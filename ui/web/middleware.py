"""Around every page: headers, who reads it and in which language, the form seal, faults as pages.

What machines read (``/api``, ``/mac``, ``/healthz``) passes through, but for two headers.
"""

import asyncio

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from node.appkeys import SEE_AS
from node.domain.actors import ANONYMOUS
from node.domain.permissions import Permission, may
from node.errors import N_, MutualAidError, NotAllowed
from ui.web import csrf, errors, headers, incoming, packing, sessions
from ui.web.site import ACTOR, EYES, LANGUAGE, LANGUAGES, SEAL, usual_language

MACHINES = ("/api/", "/mac/", "/.well-known/")
FILES = ("/static/", "/tiles/")
"""What pages load: the same for everybody, so nobody is looked up for it, and no cookie goes with it."""


def is_page(request: web.Request) -> bool:
    """Whether a person reads what this answers."""
    return not request.path.startswith(MACHINES) and request.path != "/healthz"


@web.middleware
async def dressed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Security headers on every answer, also on faults; pages packed for whoever takes that."""
    try:
        response = await handler(request)
    except web.HTTPException as error:
        _dress(request, error)
        raise
    except Exception:
        # Nothing can be drawn: not even the page that says so.
        response = errors.bare(request) if is_page(request) else errors.for_machines(request)
    _dress(request, response)
    return response


def _dress(request: web.Request, response: web.StreamResponse) -> None:
    if is_page(request):
        headers.dress(response, path=request.path, https=sessions.origin_of(request)[0] == "https")
        packing.pack(request, response)
    else:
        headers.plain(response)


@web.middleware
async def welcomed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Who reads, in which language, with which form seal; and every fault as a page in that language."""
    if not is_page(request) or request.path.startswith(FILES):
        return await handler(request)
    request[LANGUAGE] = request.config_dict[LANGUAGES].choose(
        request.headers.get("Accept-Language", ""),
        chosen=sessions.read(request, sessions.LANGUAGE),
        usual=await usual_language(request),
    )
    seal = sessions.read(request, sessions.SEAL)
    request[SEAL] = seal or sessions.fresh()
    framed = request.path in headers.TO_BE_FRAMED
    request[ACTOR] = ANONYMOUS if framed else await sessions.find_actor(request)
    request[EYES] = ""
    try:
        if request.match_info.http_exception is not None:
            raise request.match_info.http_exception
        await incoming.check(request)
        await csrf.check(request)
        response = await _with_whose_eyes(request, handler)
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
    if not seal and not framed:
        sessions.write(request, response, sessions.SEAL, request[SEAL])
    return response


STILL_DONE = frozenset({"/see-as/end", "/sign-out", "/switch", "/lock", "/language"})
"""What can be done while one looks with somebody else's eyes: stopping, and leaving."""
NOT_LOOKED_AT = STILL_DONE | sessions.BY_ITSELF


async def _with_whose_eyes(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The page as somebody else sees it, for whoever asked for that (`/see-as`): then nothing can be done."""
    code, actor = sessions.read(request, sessions.EYES), request[ACTOR]
    if not code or not may(actor, Permission.SEE_AS) or request.path in NOT_LOOKED_AT:
        return await handler(request)
    see_as = request.config_dict[SEE_AS]
    eyes = await see_as.eyes(actor, code)
    request[ACTOR], request[EYES] = eyes, code
    if request.method not in ("GET", "HEAD"):
        raise NotAllowed(
            "looking_only",
            N_("You are looking with somebody else’s eyes: nothing can be done. End that first."),
        )
    await see_as.note(actor, code, request.path)
    with see_as.nothing_is_done():
        return await handler(request)


ALL: tuple[Middleware, ...] = (dressed, welcomed)
