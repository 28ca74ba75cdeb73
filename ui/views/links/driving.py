"""`/r/<token>`: a round by its private link, a page a door. Opening it changes nothing; each button does one thing."""

from aiohttp import web

from node.appkeys import RUN_LINKS
from node.domain.ids import AssignmentId
from node.domain.rounds.run import RunMove, StopWord
from node.errors import Conflict
from ui.contexts.runs import DoorPage, DriverPage
from ui.forms.receipts import ReceiptForm
from ui.forms.runs import SaidForm
from ui.parts import places
from ui.web import sessions
from ui.web.site import LANGUAGE, go, render, say

STEPS = {"start": RunMove.START, "finish": RunMove.FINISH}
"""The last part of the address a button posts to."""


async def show(request: web.Request) -> web.StreamResponse:
    """The round as it stands, on this device."""
    return await _page(request)


async def open_here(request: web.Request) -> web.StreamResponse:
    """Ties the round to this device."""
    device = _device(request) or sessions.fresh()
    await request.config_dict[RUN_LINKS].open_here(_token(request), device)
    response = go(f"/r/{_token(request)}")
    sessions.write(request, response, sessions.DEVICE, device, max_age=sessions.LONG)
    return response


async def step(request: web.Request) -> web.StreamResponse:
    """They set off, or are home again."""
    move = STEPS[request.match_info["step"]]
    try:
        await request.config_dict[RUN_LINKS].step(_token(request), _device(request), move)
    except Conflict as error:
        if error.code == "other_device":
            raise
        return await _page(request, status=409, problem=request[LANGUAGE].explain(error))
    return go("/r/thanks" if move is RunMove.FINISH else f"/r/{_token(request)}")


async def door(request: web.Request) -> web.StreamResponse:
    """What the next door takes. Where there is nothing to read, back to the round."""
    try:
        return await _door(request)
    except Conflict:
        return go(f"/r/{_token(request)}")


async def said(request: web.Request) -> web.StreamResponse:
    """What became of it; then the next door."""
    filled = SaidForm(await request.post())
    if not filled.validate():
        wrong = next((say(request, errors[0]) for errors in filled.errors.values() if errors), "")
        return await _door(request, status=422, problem=wrong)
    try:
        following = await request.config_dict[RUN_LINKS].said(
            _token(request), _device(request), _task(request), StopWord(filled.word.data), filled.note.data
        )
    except Conflict as error:
        if error.code == "other_device":
            raise
        return await _page(request, status=409, problem=request[LANGUAGE].explain(error))
    return go(f"/r/{_token(request)}/stop/{following}" if following else f"/r/{_token(request)}")


async def with_receipt(request: web.Request, filled: ReceiptForm) -> web.StreamResponse:
    """The round again, with what was typed of a receipt and what is wrong beside it."""
    return await _page(request, status=422, receipt=filled)


async def thanks(request: web.Request) -> web.StreamResponse:
    """After a round: the link is closed."""
    return await render(request, "round_thanks.html", None)


def _token(request: web.Request) -> str:
    return request.match_info["token"]


def _task(request: web.Request) -> AssignmentId:
    return AssignmentId(request.match_info["stop"])


def _device(request: web.Request) -> str:
    return sessions.read(request, sessions.DEVICE) or ""


async def _door(request: web.Request, *, status: int = 200, problem: str = "") -> web.Response:
    view = await request.config_dict[RUN_LINKS].door(_token(request), _device(request), _task(request))
    page = DoorPage(token=_token(request), door=view, problem=problem)
    return await render(request, "round_door.html", page, status=status)


async def _page(
    request: web.Request, *, status: int = 200, problem: str = "", receipt: ReceiptForm | None = None
) -> web.Response:
    view = await request.config_dict[RUN_LINKS].view(_token(request), _device(request))
    areas = await places.told_apart(request, [stop.cell for stop in view.stops])
    page = DriverPage(token=_token(request), view=view, areas=areas, problem=problem, receipt=receipt)
    return await render(request, "round_driving.html", page, status=status)
