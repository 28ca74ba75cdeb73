"""`/peers/file`: news by hand, when a line is thin or down: a file to take along, and one that was brought."""

from aiohttp import web

from node.appkeys import CARRIER, PEERING
from node.domain.actors import Actor
from node.domain.sharing.publication import SETS
from node.errors import N_, Conflict
from node.ports import Brought
from ui.contexts.peers import CarryPage
from ui.parts import neighbours
from ui.web import incoming
from ui.web.site import LANGUAGE, render, say, today


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Files to take along, and a place to bring one in."""
    return await _page(request, actor)


async def everybody(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What anybody may see, of all groups here."""
    neighbours.may_see(actor)
    return _file(request, await request.config_dict[CARRIER].export(("public",)), "for-anybody")


async def one(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What one group would fetch here."""
    origin = (await neighbours.named(request, actor)).peer.origin
    try:
        body = await request.config_dict[CARRIER].export(SETS, to=origin)
    except Conflict:
        problem = say(request, N_("Nothing goes to this group now. Talk with them again first."))
        return await _page(request, actor, status=409, problem=problem)
    return _file(request, body, f"for-{origin[-8:]}")


async def bring(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Takes a file in, and says what came of it."""
    neighbours.may_see(actor)
    data = request.get(incoming.FILE, b"")
    if not data:
        problem = say(request, N_("Choose the file first."))
        return await _page(request, actor, status=422, problem=problem)
    brought = await request.config_dict[CARRIER].take(data)
    return await _page(request, actor, brought=brought)


def _file(request: web.Request, body: bytes, name: str) -> web.Response:
    day = today(request).isoformat()
    return web.Response(
        body=body,
        content_type="application/x-ndjson",
        headers={"Content-Disposition": f'attachment; filename="news-{name}-{day}.ndjson"'},
    )


async def _page(
    request: web.Request,
    actor: Actor,
    *,
    status: int = 200,
    problem: str = "",
    brought: Brought | None = None,
) -> web.Response:
    views = await request.config_dict[PEERING].list(actor)
    language = request[LANGUAGE]
    page = CarryPage(
        active=[view for view in views if view.peer.talks],
        problem=problem,
        brought=brought,
        foreign=brought is not None
        and not brought.ok
        and not (brought.received or brought.same or brought.passed_over or brought.missing),
        missing=[
            language.say(each.words, name=each.name, held=each.held, counted=each.counted)
            for each in (brought.missing if brought else ())
        ],
    )
    return await render(request, "peer_file.html", page, status=status)
