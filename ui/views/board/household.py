"""On the page of a request: whether it is for everybody who lives there."""

from aiohttp import web

from node.appkeys import HOUSEHOLDS
from node.domain.actors import Actor
from node.domain.board.views import NeedView
from node.domain.ids import NeedId
from node.domain.people.portraits import HouseholdOf
from ui.web.site import go


async def line(request: web.Request, actor: Actor, view: NeedView) -> HouseholdOf | None:
    """How many live there and whether it is for all; None where nobody else is known to."""
    return await request.config_dict[HOUSEHOLDS].of_need(actor, view.need.id)


async def for_all(request: web.Request, actor: Actor) -> web.StreamResponse:
    """For the whole household, or for one person only."""
    need = NeedId(request.match_info["need"])
    everybody = (await request.post()).get("for_all") == "yes"
    await request.config_dict[HOUSEHOLDS].for_all(actor, need, everybody)
    return go(f"/board/{need}", show=request.query.get("show", ""), done="saved")
