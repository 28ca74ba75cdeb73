"""`/t/<token>`: a volunteer's task by private link, and `/my/task/<task>`: the same page for whoever is signed in.
Opening it changes nothing; each button does one thing."""

from datetime import date
from typing import Any, Protocol

from aiohttp import web

from node.appkeys import (
    AWAY_LINKS,
    CLOCK,
    EMERGENCIES,
    HELPERS_UNSAFE,
    OUTCOME,
    OWN_PAGE,
    TASKS,
    TEXTS,
    THREADS,
    UNDO,
    VETTING,
    VISITS,
)
from node.clock import unix
from node.domain.assignment import AssignmentState
from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.board.views import TaskStage, TaskView
from node.domain.need import Urgency
from node.errors import N_, NotFound
from node.services.dispatch.tasks import Tasks
from ui.contexts.common import TaskPage, ThanksPage
from ui.drawing import svg
from ui.forms.receipts import ReceiptForm
from ui.parts import places
from ui.parts.own import OWN, base_of, key_of
from ui.web import headers, sessions
from ui.web.site import LANGUAGE, go, render, say, today

ANSWERS = {
    "help": AssignmentMove.INTEREST,
    "not-this-time": AssignmentMove.DECLINE,
    "on-my-way": AssignmentMove.CONTACT,
    "done": AssignmentMove.DONE,
    "give-back": AssignmentMove.RELEASE,
}
"""The last part of the address a button posts to."""


class _Side(Protocol):
    """What both kinds of task can do; the key is a link's token or, for our own requests, hers who is signed in."""

    async def task_by_token(self, key: Any, device: str | None, /) -> TaskView: ...

    async def confirm(self, key: Any, device: str, /) -> TaskView: ...

    async def answer(self, key: Any, device: str, move: AssignmentMove, /) -> TaskView | None: ...


async def show(request: web.Request) -> web.StreamResponse:
    """The task as it stands, on this device."""
    try:
        task = await (await _service(request)).task_by_token(key_of(request), _device(request))
    except NotFound as error:
        back = await request.config_dict[UNDO].may_take_back(key_of(request))
        if back is not None:
            return await _given_back(request, declined=back is AssignmentState.DECLINED)
        if await request.config_dict[HELPERS_UNSAFE].left(key_of(request), _device(request)):
            return await _left(request, error.status)
        return await _taken_care_of(request, error)
    return await _page(request, task)


async def answer(request: web.Request) -> web.StreamResponse:
    """One answer; the task is tied to the device that gave the first."""
    device = _device(request) or sessions.fresh()
    move = ANSWERS[request.match_info["answer"]]
    key, service = key_of(request), await _service(request)
    # A telephone without a line sends it later, perhaps twice, under a key that it chose.
    sent = str((await request.post()).get("sent", ""))[:64]
    try:
        if isinstance(service, Tasks):
            task = await service.answer(key, device, move, sent=sent)
        else:
            task = await service.answer(key, device, move)
    except NotFound as error:
        return await _taken_care_of(request, error)
    # What was given back or turned down by mistake can be had again for some seconds; the page says so. And it says
    # where to turn.
    release = move is AssignmentMove.RELEASE and (isinstance(service, Tasks) or OWN not in request)
    stays = release or (move is AssignmentMove.DECLINE and isinstance(service, Tasks))
    response = _over(request) if task is None and not stays else go(base_of(request))
    sessions.write(request, response, sessions.DEVICE, device, max_age=sessions.LONG)
    return response


async def open_here(request: web.Request) -> web.StreamResponse:
    """Opens the details on this device, and from then on on no other."""
    device = _device(request) or sessions.fresh()
    await (await _service(request)).confirm(key_of(request), device)
    response = go(base_of(request))
    sessions.write(request, response, sessions.DEVICE, device, max_age=sessions.LONG)
    return response


async def not_yet(request: web.Request) -> web.StreamResponse:
    """ "On my way", "Done", giving it back or a no was a slip of the finger."""
    await request.config_dict[UNDO].of_hers(key_of(request), _device(request) or "")
    return go(base_of(request), done="not_yet")


async def thanks(request: web.Request) -> web.StreamResponse:
    """After a no: the link is closed, and that is fine."""
    return await render(request, "thanks.html", ThanksPage())


async def _given_back(request: web.Request, *, declined: bool) -> web.StreamResponse:
    """The same just after giving it back, or a no (``declined``), which can be undone."""
    page = ThanksPage(base=base_of(request), signed_in=OWN in request, declined=declined)
    return await render(request, "thanks.html", page)


async def _left(request: web.Request, status: int) -> web.StreamResponse:
    """On the device that could see the details, of a task that she is off: nothing of it but where to turn."""
    page = ThanksPage(base=base_of(request), signed_in=OWN in request)
    return await render(request, "task_left.html", page, status=status)


async def with_receipt(request: web.Request, filled: ReceiptForm) -> web.StreamResponse:
    """The task again, with what was typed of a receipt and what is wrong beside it."""
    try:
        task = await (await _service(request)).task_by_token(key_of(request), _device(request))
    except NotFound as error:
        return await _taken_care_of(request, error)
    return await _page(request, task, receipt=filled)


async def _service(request: web.Request) -> _Side:
    """Whose task it is: another group's, or one of our own."""
    away = request.config_dict[AWAY_LINKS]
    return away if await away.knows(key_of(request)) else request.config_dict[TASKS]


def _over(request: web.Request) -> web.Response:
    """After a no, which is fine: signed in, there is a page to go back to."""
    return go("/my", done="own_no") if OWN in request else go("/t/thanks")


async def _taken_care_of(request: web.Request, error: NotFound) -> web.StreamResponse:
    """Somebody asked among several, after another one said yes: no error of hers."""
    if error.code != "thanked":
        raise error
    return await render(request, "thanked.html", None)


def _device(request: web.Request) -> str | None:
    return sessions.read(request, sessions.DEVICE) or None


async def _written(request: web.Request, task: TaskView) -> dict[str, Any]:
    """What stands below the task of one of our own requests: the messages, and how it went."""
    if task.group or task.stage not in (TaskStage.ASKED, TaskStage.WAITING, TaskStage.OPEN, TaskStage.DONE):
        return {}
    key, device = key_of(request), _device(request)
    if task.stage in (TaskStage.ASKED, TaskStage.WAITING):
        return {"thread": await request.config_dict[THREADS].by_link(key, device)}
    went = await request.config_dict[OUTCOME].said_by_link(key, device)
    return {
        "renew": await request.config_dict[VETTING].hers(key, device),
        "visit": await request.config_dict[VISITS].hers(key, device),
        "thread": await request.config_dict[THREADS].by_link(key, device),
        "went": str(went or ""),
    }


def _kept_for(task: TaskView, now: date) -> int:
    """For how many seconds a telephone keeps what she has opened: until three days after the task's last day, within
    the bounds. Less would leave somebody at a gate without the address; that she is off it reaches the telephone with
    the next line, as does the end of her sign-in."""
    if task.window is None:
        return headers.KEPT_AT_LEAST if task.urgency is Urgency.TODAY else headers.KEPT_AT_MOST
    still = (task.window.last - now).days * 86400 + headers.KEPT_AT_LEAST
    return min(max(still, headers.KEPT_AT_LEAST), headers.KEPT_AT_MOST)


async def _page(request: web.Request, task: TaskView, *, receipt: ReceiptForm | None = None) -> web.Response:
    drawn, area = None, ""
    if task.cell and task.details is None and not task.remote:
        where = say(request, N_("Roughly where it is"))
        area = (await places.areas(request, [task.cell])).get(task.cell, "")
        drawn = svg.area_map([svg.Area(task.cell, 1, "", where)], title=where, links=False)
    goes = task.details is not None and not task.remote
    waits = task.stage is TaskStage.WAITING and not task.group and not task.others_go
    hours, name = (await request.config_dict[OWN_PAGE].usually() or (0, "")) if waits else (0, "")
    page = TaskPage(
        task=task,
        base=base_of(request),
        signed_in=OWN in request,
        now=unix(request.config_dict[CLOCK]),
        map=drawn,
        area=area,
        going=await request.config_dict[TEXTS].said("visit.alone", request[LANGUAGE].code) if goes else None,
        receipt=receipt,
        emergency=(await request.config_dict[EMERGENCIES].rules()).number,
        usually_hours=hours,
        usually_who=name,
        **await _written(request, task),
    )
    response = await render(request, "task.html", page, status=422 if receipt else 200)
    if task.stage is TaskStage.OPEN and task.details is not None:
        response.headers[headers.KEEP_OFFLINE] = str(_kept_for(task, today(request)))
    return response
