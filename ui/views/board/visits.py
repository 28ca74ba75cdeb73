"""Somebody who is out alone: setting out, staying longer, being back, and ringing whoever is late."""

from aiohttp import web

from node.appkeys import VISITS
from node.domain.actors import Actor
from node.domain.safety.visits import MORE_MINUTES, minutes_of
from ui.parts.own import base_of, key_of
from ui.views.board.threads import task_of
from ui.web import sessions
from ui.web.site import go, own_path

SAYS = ("going", "longer", "back")
"""What a volunteer says on her private link."""


async def set_out(request: web.Request, actor: Actor) -> web.StreamResponse:
    """She goes now, alone, told by phone."""
    task = await task_of(request, actor)
    await request.config_dict[VISITS].set_out(actor, task, minutes_of(await _field(request, "minutes")))
    need = request.match_info["need"]
    return go(f"/board/{need}", show=request.query.get("show", ""), done="set_out")


async def say(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What came of a ring at whoever is late, or of hers at us."""
    visits, visit, what = request.config_dict[VISITS], request.match_info["visit"], request.match_info["what"]
    if what == "longer":
        await visits.longer(actor, visit)
    elif what == "rang":
        await visits.rang(actor, visit)
    else:
        await visits.back(actor, visit)
    return go(own_path(await _field(request, "next"), "/board"), done=f"visit_{what}")


async def hers(request: web.Request) -> web.StreamResponse:
    """The same by her private link."""
    what = await _field(request, "what")
    minutes = minutes_of(await _field(request, "minutes")) if what == "going" else MORE_MINUTES
    device = sessions.read(request, sessions.DEVICE) or ""
    await request.config_dict[VISITS].says(key_of(request), device, what if what in SAYS else "back", minutes)
    return go(base_of(request))


async def _field(request: web.Request, name: str) -> str:
    return str((await request.post()).get(name, ""))
