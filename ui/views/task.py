"""`/t/<token>`: a volunteer's task by private link. Opening it changes nothing; each button does one thing."""

from aiohttp import web

from node.appkeys import TASKS
from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.views import TaskView
from node.errors import N_
from ui import places, sessions, svg
from ui.contexts import TaskPage
from ui.site import go, render, say

ANSWERS = {
    "help": AssignmentMove.INTEREST,
    "not-this-time": AssignmentMove.DECLINE,
    "on-my-way": AssignmentMove.CONTACT,
    "done": AssignmentMove.DONE,
    "give-back": AssignmentMove.RELEASE,
}
"""The last part of the address a button posts to."""


async def show(request: web.Request) -> web.StreamResponse:
    """The task as it stands, on this device."""
    task = await request.config_dict[TASKS].task_by_token(_token(request), _device(request))
    return await _page(request, task)


async def answer(request: web.Request) -> web.StreamResponse:
    """One answer; the task is tied to the device that gave the first."""
    device = _device(request) or sessions.fresh()
    move = ANSWERS[request.match_info["answer"]]
    task = await request.config_dict[TASKS].answer(_token(request), device, move)
    response = go("/t/thanks") if task is None else go(f"/t/{_token(request)}")
    sessions.write(request, response, sessions.DEVICE, device, max_age=sessions.LONG)
    return response


async def open_here(request: web.Request) -> web.StreamResponse:
    """Opens the details on this device, and from then on on no other."""
    device = _device(request) or sessions.fresh()
    await request.config_dict[TASKS].confirm(_token(request), device)
    response = go(f"/t/{_token(request)}")
    sessions.write(request, response, sessions.DEVICE, device, max_age=sessions.LONG)
    return response


async def thanks(request: web.Request) -> web.StreamResponse:
    """After a no: the link is closed, and that is fine."""
    return await render(request, "thanks.html", None)


def _token(request: web.Request) -> str:
    return request.match_info["token"]


def _device(request: web.Request) -> str | None:
    return sessions.read(request, sessions.DEVICE) or None


async def _page(request: web.Request, task: TaskView) -> web.Response:
    drawn, area = None, ""
    if task.cell and task.details is None and not task.remote:
        where = say(request, N_("Roughly where it is"))
        area = (await places.areas(request, [task.cell])).get(task.cell, "")
        drawn = svg.area_map([svg.Area(task.cell, 1, "", where)], title=where, links=False)
    page = TaskPage(task=task, token=_token(request), map=drawn, area=area)
    return await render(request, "task.html", page)
