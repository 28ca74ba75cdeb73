"""Faults as pages: what happened, what is saved, what to do, and a reference that is also in the log."""

import secrets

from aiohttp import web

from node.domain.actors import ActorKind
from node.errors import N_, Conflict, Invalid, Locked, MutualAidError, NotAllowed, NotFound
from node.logs import logger
from ui.contexts.common import ErrorPage
from ui.web import headers
from ui.web.site import ACTOR, go, own_path, path_before, render, say

log = logger("pages")

ROLES = {
    "admin": N_("an admin"),
    "coordinator": N_("a coordinator"),
    "triage": N_("whoever sorts the calls"),
    "safety": N_("a safety officer"),
}

TITLES: tuple[tuple[type[MutualAidError], str, str], ...] = (
    (Locked, N_("Waiting for a coordinator to sign in"), "candle"),
    (NotAllowed, N_("That is not yours to do here"), "coats"),
    (NotFound, N_("There is nothing here"), "basket"),
    (Conflict, N_("Somebody was quicker"), "kettle"),
    (Invalid, N_("That does not fit"), "basket"),
)


async def page_for(request: web.Request, error: MutualAidError) -> web.StreamResponse:
    """The page for something the node refuses or cannot do."""
    actor = request[ACTOR]
    if isinstance(error, Locked) and actor.kind is not ActorKind.STAFF and request.method in ("GET", "HEAD"):
        return go("/sign-in", next=request.path_qs)
    title, picture = next(
        ((title, picture) for kind, title, picture in TITLES if isinstance(error, kind)),
        (N_("That did not work"), "basket"),
    )
    reference = ""
    if error.status >= 500:
        reference = secrets.token_hex(4)
        log.error("refused", code=error.code, reference=reference, hint=error.hint)
    roles = error.values.get("roles", ()) if isinstance(error, NotAllowed) else ()
    page = ErrorPage(
        title=say(request, title),
        what=say(request, error.message, **error.values),
        saved=say(request, N_("Nothing was changed.")) if request.method == "POST" else "",
        todo=_todo(request, error),
        reference=reference,
        picture=picture,
        way_out=_where_to(request, error),
        way_out_words=say(request, _way_out(error)),
        who=[say(request, ROLES[role]) for role in roles if role in ROLES],
    )
    return await _draw(request, page, error.status)


async def _draw(request: web.Request, page: ErrorPage, status: int) -> web.Response:
    # In a frame on somebody else's site there is no form, and nothing to press.
    template = "embed_error.html" if request.path in headers.TO_BE_FRAMED else "error.html"
    return await render(request, template, page, status=status)


def _way_out(error: MutualAidError) -> str:
    if isinstance(error, Locked) or error.code == "sign_in":
        return N_("Sign in")
    if isinstance(error, NotFound):
        return N_("To the first page")
    return N_("Back")


def _todo(request: web.Request, error: MutualAidError) -> str:
    if isinstance(error, Conflict):
        return say(request, N_("Go back and look at it as it is now."))
    if error.status >= 500:
        return say(
            request, N_("Try again in a minute. If it stays like this, tell whoever looks after this site.")
        )
    return ""


def _where_to(request: web.Request, error: MutualAidError) -> str:
    if isinstance(error, Locked) or error.code == "sign_in":
        return "/sign-in"
    before = own_path(path_before(request), "/")
    return (
        "/" if isinstance(error, NotFound) or (before == request.path and request.method == "GET") else before
    )


async def page_for_status(request: web.Request, status: int) -> web.StreamResponse:
    """The page for an address that does not exist, or cannot be used like that."""
    message = {
        404: N_("There is no page at this address. It may have been mistyped, or it is no longer there."),
        405: N_("This address cannot be used like that."),
        413: N_("That is more than this page can take. Send less at once."),
    }.get(status, N_("The browser sent something we do not understand."))
    error = NotFound("no_page", message) if status == 404 else MutualAidError("http", message)
    page = ErrorPage(
        title=say(request, N_("There is nothing here") if status == 404 else N_("That did not work")),
        what=say(request, error.message),
        saved="",
        todo="",
        reference="",
        picture="basket",
        way_out="/",
        way_out_words=say(request, N_("To the first page")),
    )
    return await _draw(request, page, status)


async def page_for_accident(request: web.Request) -> web.StreamResponse:
    """The page for a fault of ours. Its reference is in the log, with the trace."""
    reference = secrets.token_hex(4)
    log.exception("page_failed", reference=reference, route=_route(request))
    page = ErrorPage(
        title=say(request, N_("Something broke on our side")),
        what=say(request, N_("It is not your fault.")),
        saved=say(request, N_("Whatever was saved before is still there; this last step was not saved.")),
        todo=say(
            request, N_("Try again in a minute. If it stays like this, tell whoever looks after this site.")
        ),
        reference=reference,
        picture="basket",
        way_out="/",
        way_out_words=say(request, N_("To the first page")),
    )
    return await _draw(request, page, 500)


def bare(request: web.Request) -> web.Response:
    """For when no page can be drawn at all: one line, and its reference is in the log with the trace."""
    reference = secrets.token_hex(4)
    log.exception("nothing_drawn", reference=reference, route=_route(request))
    return web.Response(status=500, text=f"Something broke on our side. Reference: {reference}\n")


def for_machines(request: web.Request) -> web.Response:
    """A fault of ours where no person reads: problem JSON with ``code`` ``broke``; its ``instance`` is in the log."""
    reference = secrets.token_hex(4)
    log.exception("nothing_answered", reference=reference, route=_route(request))
    said = {"type": "about:blank", "title": "Something broke on our side", "status": 500, "code": "broke"}
    return web.json_response(
        {**said, "instance": reference}, status=500, content_type="application/problem+json"
    )


def _route(request: web.Request) -> str:
    return request.match_info.route.name or "unknown"
