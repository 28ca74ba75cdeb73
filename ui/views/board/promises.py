"""What we said we would do by a certain hour, at one request."""

from aiohttp import web

from node.appkeys import CLOCK, PROMISES
from node.clock import unix
from node.domain.actors import Actor
from node.domain.ids import NeedId
from node.errors import N_, Invalid
from ui.forms.intake import PromiseForm
from ui.web.site import TEMPLATES, go


async def promise(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Somebody rings back by the next time that the clock shows this."""
    form = PromiseForm(await request.post())
    if not form.validate() or form.promise.data is None:
        raise Invalid("promise", N_("Write the time like 16:00."))
    at = request.config_dict[TEMPLATES].next_time(form.promise.data, unix(request.config_dict[CLOCK]))
    await request.config_dict[PROMISES].promise(actor, _need(request), at)
    return go(f"/board/{_need(request)}", done="promised")


async def kept(request: web.Request, actor: Actor) -> web.StreamResponse:
    """They were rung."""
    await request.config_dict[PROMISES].kept(actor, _need(request))
    return go(f"/board/{_need(request)}", done="promise_kept")


def _need(request: web.Request) -> NeedId:
    return NeedId(request.match_info["need"])
