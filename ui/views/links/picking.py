"""`/t/<token>/more`: what else a volunteer could do, to be taken unasked."""

from aiohttp import web

from node.appkeys import PICKING
from node.domain.ids import NeedId
from node.errors import Conflict, NotFound
from ui.contexts.matching import PicksPage
from ui.parts import places
from ui.parts.how_far import where
from ui.web import sessions
from ui.web.site import LANGUAGE, go, render


async def show(request: web.Request) -> web.StreamResponse:
    """The list; on another device than the task's own, back to the task, which says so."""
    return await _page(request)


async def pick(request: web.Request) -> web.StreamResponse:
    """She takes one, and goes on to its own page."""
    need = NeedId(str((await request.post()).get("need", "")))
    try:
        fresh = await request.config_dict[PICKING].pick(_token(request), _device(request), need)
    except Conflict as error:
        if error.code == "other_device":
            raise
        return await _page(request, problem=request[LANGUAGE].explain(error))
    except NotFound as error:
        if error.code == "link_closed":
            raise
        return await _page(request, problem=request[LANGUAGE].explain(error))
    return go(f"/t/{fresh}")


def _token(request: web.Request) -> str:
    return request.match_info["token"]


def _device(request: web.Request) -> str:
    return sessions.read(request, sessions.DEVICE) or ""


async def _page(request: web.Request, *, problem: str = "") -> web.StreamResponse:
    try:
        picks = await request.config_dict[PICKING].near(_token(request), _device(request))
    except Conflict:
        return go(f"/t/{_token(request)}")
    areas = await places.areas(request, [each.cell for each in picks.found])
    page = PicksPage(
        token=_token(request),
        picks=picks,
        rows=[(row, where(request, row, areas.get(row.cell or "", ""))) for row in picks.found],
        problem=problem,
    )
    return await render(request, "task_more.html", page)
