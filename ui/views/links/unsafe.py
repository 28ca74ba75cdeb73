"""`/t/<token>/unsafe` and `/my/task/<task>/unsafe`: a volunteer does not feel safe. First whom to ring, then room for
words, for those alone who look after safety."""

from aiohttp import web

from node.appkeys import EMERGENCIES, HELPERS_UNSAFE
from node.errors import Conflict, Invalid
from ui.contexts.ask import UnsafePage
from ui.parts.own import OWN, base_of, key_of
from ui.web import sessions
from ui.web.site import go, render, say


async def show(request: web.Request) -> web.StreamResponse:
    """Changes nothing."""
    return await _page(request, still=await request.config_dict[HELPERS_UNSAFE].may(key_of(request)))


async def tell(request: web.Request) -> web.StreamResponse:
    """For those alone who look after safety."""
    text, device = str((await request.post()).get("text", "")), sessions.read(request, sessions.DEVICE)
    service = request.config_dict[HELPERS_UNSAFE]
    try:
        still = await service.tell(key_of(request), device, text)
    except Invalid as error:
        problem = say(request, error.fields.get("text", error.message))
        return await _again(request, error.status, text, problem)
    except Conflict as error:
        if error.code != "nobody_to_read":
            raise
        return await _again(request, error.status, text, say(request, error.message))
    return go(base_of(request) if still else f"{base_of(request)}/unsafe", done="unsafe_told")


async def _again(request: web.Request, status: int, text: str, problem: str) -> web.Response:
    still = await request.config_dict[HELPERS_UNSAFE].may(key_of(request))
    return await _page(request, still=still, status=status, text=text, problem=problem)


async def _page(
    request: web.Request, *, still: bool, status: int = 200, text: str = "", problem: str = ""
) -> web.Response:
    number = (await request.config_dict[EMERGENCIES].rules()).number
    base = base_of(request)
    page = UnsafePage(
        base=base,
        back=base if still else "/my" if OWN in request else "",
        number=number,
        text=text,
        problem=problem,
        helps=True,
    )
    return await render(request, "asked_unsafe.html", page, status=status)
