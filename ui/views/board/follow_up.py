"""Following one request up: the calls, and the day to ring again."""

from aiohttp import web

from node.appkeys import FOLLOW_UP, UNDO
from node.domain.actors import Actor
from node.domain.dispatch.follow_up import ContactKind
from node.domain.ids import NeedId
from ui.forms.follow_up import ContactForm
from ui.web.site import go


async def log(request: web.Request, actor: Actor) -> web.StreamResponse:
    """One entry, one button."""
    form = ContactForm(await request.post())
    form.validate()
    day = await request.config_dict[FOLLOW_UP].log(
        actor, _need_id(request), ContactKind(form.kind.data), form.note.data or "", form.again.data
    )
    return back(request, "logged_again" if day else "logged")


async def not_again(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Nobody need ring on that day any more."""
    await request.config_dict[FOLLOW_UP].need_not_ring(actor, _need_id(request))
    return back(request, "call_back_done")


async def undo(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The last move on the request is taken back, all of it."""
    await request.config_dict[UNDO].undo(actor, _need_id(request))
    return back(request, "undone")


def back(request: web.Request, said: str) -> web.Response:
    """To the page of the request, with a word on what was done."""
    return go(f"/board/{_need_id(request)}", show=request.query.get("show", ""), done=said)


def _need_id(request: web.Request) -> NeedId:
    return NeedId(request.match_info["need"])
