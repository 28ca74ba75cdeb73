"""`/safety/kinds`: what each kind of help asks of whoever does it. More than every group asks, never less."""

from aiohttp import web

from node.appkeys import DEMANDS
from node.domain.actors import Actor
from node.errors import Invalid
from ui.contexts.safety import DemandsPage
from ui.web.site import go, render, say


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Every kind, with what is asked."""
    return await _page(request, actor)


async def submit(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Saves what was chosen; kinds that the form does not name stay as they are."""
    data = await request.post()
    service = request.config_dict[DEMANDS]
    wanted = {
        row.shared.code: (
            str(data.get(f"check:{row.shared.code}", row.ours.check)),
            str(data.get(f"going:{row.shared.code}", row.ours.going)),
        )
        for row in await service.table(actor)
    }
    try:
        await service.change(actor, wanted)
    except Invalid as error:
        problem = say(request, next(iter(error.fields.values()), error.message))
        return await _page(request, actor, status=422, problem=problem)
    return go("/safety/kinds", done="saved")


async def _page(request: web.Request, actor: Actor, *, status: int = 200, problem: str = "") -> web.Response:
    rows = await request.config_dict[DEMANDS].table(actor)
    return await render(request, "safety_kinds.html", DemandsPage(rows=rows, problem=problem), status=status)
