"""`/t/<token>/unsafe`, `/my/task/<task>/unsafe`, `/r/<token>/stop/<stop>/unsafe`: a volunteer does not feel safe. First
whom to ring, then room for words, for those alone who look after safety."""

from aiohttp import web

from node.appkeys import EMERGENCIES, HELPERS_UNSAFE, RUN_LINKS
from node.domain.ids import AssignmentId
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


async def show_at_a_door(request: web.Request) -> web.StreamResponse:
    """The same on a round. Changes nothing."""
    return await _at_a_door(request)


async def tell_at_a_door(request: web.Request) -> web.StreamResponse:
    """For those alone who look after safety."""
    text = str((await request.post()).get("text", ""))
    try:
        await request.config_dict[HELPERS_UNSAFE].at_a_door(await _door(request, looks=False), text)
    except Invalid as error:
        problem = say(request, error.fields.get("text", error.message))
        return await _at_a_door(request, status=error.status, text=text, problem=problem)
    except Conflict as error:
        if error.code != "nobody_to_read":
            raise
        return await _at_a_door(request, status=error.status, text=text, problem=say(request, error.message))
    return go(f"/r/{request.match_info['token']}", done="unsafe_told")


async def _door(request: web.Request, *, looks: bool) -> AssignmentId:
    device, stop = sessions.read(request, sessions.DEVICE), AssignmentId(request.match_info["stop"])
    return await request.config_dict[RUN_LINKS].at_door(
        request.match_info["token"], device, stop, looks=looks
    )


async def _at_a_door(
    request: web.Request, *, status: int = 200, text: str = "", problem: str = ""
) -> web.Response:
    await _door(request, looks=True)  # whom to ring is said on whatever device
    base = f"/r/{request.match_info['token']}/stop/{request.match_info['stop']}"
    return await _drawn(request, base=base, back=base, status=status, text=text, problem=problem)


async def _again(request: web.Request, status: int, text: str, problem: str) -> web.Response:
    still = await request.config_dict[HELPERS_UNSAFE].may(key_of(request))
    return await _page(request, still=still, status=status, text=text, problem=problem)


async def _page(
    request: web.Request, *, still: bool, status: int = 200, text: str = "", problem: str = ""
) -> web.Response:
    base = base_of(request)
    back = base if still else "/my" if OWN in request else ""
    return await _drawn(request, base=base, back=back, status=status, text=text, problem=problem)


async def _drawn(
    request: web.Request, *, base: str, back: str, status: int, text: str, problem: str
) -> web.Response:
    number = (await request.config_dict[EMERGENCIES].rules()).number
    page = UnsafePage(
        base=base,
        back=back,
        number=number,
        text=text,
        problem=problem,
        helps=True,
    )
    return await render(request, "asked_unsafe.html", page, status=status)
