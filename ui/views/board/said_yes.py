"""A yes that was not ticked on the call, or is given later: other groups may see this request."""

from aiohttp import web

from node.appkeys import AGREEMENTS
from node.domain.actors import Actor
from node.domain.ids import NeedId
from ui.parts import may_they_see
from ui.views.board import listing
from ui.web.site import go


async def others_may_see(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Noted with the words that were read out."""
    need = NeedId(request.match_info["need"])
    wording = await may_they_see.read_out(request, await request.post())
    await request.config_dict[AGREEMENTS].others_may_see(actor, need, wording)
    return go(f"/board/{need}", show=listing.chosen(request), done="agreed")
