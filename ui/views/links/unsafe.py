"""`/t/<token>/unsafe` and `/my/task/<task>/unsafe`: a volunteer does not feel safe. First whom to ring, then room for
words, for those alone who look after safety."""

from aiohttp import web

from node.appkeys import EMERGENCIES, HELPERS_UNSAFE
from node.errors import Conflict, Invalid
from ui.contexts.ask import UnsafePage
from ui.parts.own import base_of, key_of
from ui.web import sessions
from ui.web.site import go, render, say


async def show(request: web.Request) -> web.StreamResponse:
    """Changes nothing."""
    await request.config_dict[HELPERS_UNSAFE].may(key_of(request))
    return await _page(request)


async def tell(request: web.Request) -> web.StreamResponse:
    """For those alone who look after safety."""
    text, device = str((await request.post()).get("text", "")), sessions.read(request, sessions.DEVICE)
    try:
        await request.config_dict[HELPERS_UNSAFE].tell(key_of(request), device, text)
    except Invalid as error:
        problem = say(request, error.fields.get("text", error.message))
        return await _page(request, status=error.status, text=text, problem=problem)
    except Conflict as error:
        if error.code != "nobody_to_read":
            raise
        return await _page(request, status=error.status, text=text, problem=say(request, error.message))
    return go(base_of(request), done="unsafe_told")


async def _page(
    request: web.Request, *, status: int = 200, text: str = "", problem: str = ""
) -> web.Response:
    number = (await request.config_dict[EMERGENCIES].rules()).number
    page = UnsafePage(base=base_of(request), number=number, text=text, problem=problem, helps=True)
    return await render(request, "asked_unsafe.html", page, status=status)
