"""`/t/<token>/unsafe`, `/my/task/<task>/unsafe`, `/r/<token>/stop/<stop>/unsafe`: a volunteer does not feel safe."""

from aiohttp import web

from node.appkeys import HELPERS_UNSAFE, RUN_LINKS
from node.domain.ids import AssignmentId
from ui.parts import unsafe
from ui.parts.own import OWN, base_of, key_of
from ui.web import sessions
from ui.web.site import go


async def show(request: web.Request) -> web.StreamResponse:
    """Changes nothing."""
    return await unsafe.page(request, await _where(request))


async def tell(request: web.Request) -> web.StreamResponse:
    """Then back to the task, or where that is over to this page."""
    service, device = request.config_dict[HELPERS_UNSAFE], sessions.read(request, sessions.DEVICE)
    still = False

    async def telling(text: str) -> None:
        nonlocal still
        still = await service.tell(key_of(request), device, text)

    again = await unsafe.told(request, telling, lambda: _where(request))
    return again or go(base_of(request) if still else f"{base_of(request)}/unsafe", done="unsafe_told")


async def show_at_a_door(request: web.Request) -> web.StreamResponse:
    """The same on a round, on whatever device: it says whom to ring. Changes nothing."""
    await _door(request, looks=True)
    return await unsafe.page(request, await _where_on_a_round(request))


async def tell_at_a_door(request: web.Request) -> web.StreamResponse:
    """Then back to the round."""

    async def telling(text: str) -> None:
        await request.config_dict[HELPERS_UNSAFE].at_a_door(await _door(request, looks=False), text)

    again = await unsafe.told(request, telling, lambda: _where_on_a_round(request))
    return again or go(f"/r/{request.match_info['token']}", done="unsafe_told")


async def _where(request: web.Request) -> unsafe.Where:
    base = base_of(request)
    still = await request.config_dict[HELPERS_UNSAFE].may(key_of(request))
    return unsafe.Where(base=base, back=base if still else "/my" if OWN in request else "")


async def _where_on_a_round(request: web.Request) -> unsafe.Where:
    base = f"/r/{request.match_info['token']}/stop/{request.match_info['stop']}"
    return unsafe.Where(base=base, back=base)


async def _door(request: web.Request, *, looks: bool) -> AssignmentId:
    device, stop = sessions.read(request, sessions.DEVICE), AssignmentId(request.match_info["stop"])
    return await request.config_dict[RUN_LINKS].at_door(
        request.match_info["token"], device, stop, looks=looks
    )
