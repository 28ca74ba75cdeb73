"""`/team/<id>/leaving`: somebody who works here leaves; all of it on one page, behind one button."""

from aiohttp import web

from node.appkeys import OFF_BOARDING
from node.domain.actors import Actor
from node.errors import Conflict, Invalid
from ui.contexts.rights import LeavingPage
from ui.web.site import go, render, say
from ui.words import words


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What would happen; nothing happens yet."""
    return await _page(request, actor)


async def submit(request: web.Request, actor: Actor) -> web.StreamResponse:
    """All of it; pressed again, whatever is left of it."""
    data = await request.post()
    to, anyway = str(data.get("to", "")) or None, data.get("anyway") == "y"
    try:
        await request.config_dict[OFF_BOARDING].go(actor, request.match_info["member"], to=to, anyway=anyway)
    except (Conflict, Invalid) as error:
        fields = error.fields if isinstance(error, Invalid) else {}
        problem = say(request, next(iter(fields.values()), error.message), **error.values)
        return await _page(request, actor, problem=problem, status=error.status)
    return go(f"/team/{request.match_info['member']}/leaving", done="left")


async def _page(request: web.Request, actor: Actor, *, problem: str = "", status: int = 200) -> web.Response:
    plan = await request.config_dict[OFF_BOARDING].plan(actor, request.match_info["member"])
    page = LeavingPage(plan=plan, records=words.RECORDS, own=plan.staff_id == actor.id, problem=problem)
    return await render(request, "leaving.html", page, status=status)
