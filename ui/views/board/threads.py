"""What a coordinator and a volunteer write to each other about one task; and how it went."""

from aiohttp import web

from node.appkeys import OUTCOME, THREADS
from node.domain.actors import Actor
from node.domain.dispatch.follow_up import Answer
from node.domain.ids import AssignmentId, NeedId
from node.errors import N_, Invalid, NotFound
from ui.parts.own import base_of, key_of
from ui.views.board.follow_up import back
from ui.web import sessions
from ui.web.site import go


async def write(request: web.Request, actor: Actor) -> web.StreamResponse:
    """To the volunteer, who reads it on her private link."""
    threads = request.config_dict[THREADS]
    await threads.write(actor, await task_of(request, actor), await _text(request))
    return back(request, "written")


async def seen(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Somebody here has read what she wrote."""
    await request.config_dict[THREADS].seen(actor, await task_of(request, actor))
    return back(request, "seen")


async def happened(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The one it was for says how it went."""
    said = await _answer(request)
    await request.config_dict[OUTCOME].asked(
        actor, NeedId(request.match_info["need"]), said, await _text(request, "note")
    )
    return back(request, "nobody_came" if said is Answer.NOT else "closed")


async def hers(request: web.Request) -> web.StreamResponse:
    """The volunteer writes, on the device that opened the task; a question before the yes opens it there."""
    device = _device(request) or sessions.fresh()
    await request.config_dict[THREADS].answer(key_of(request), device, await _text(request))
    response = go(base_of(request), done="written_by_her")
    sessions.write(request, response, sessions.DEVICE, device, max_age=sessions.LONG)
    return response


async def how(request: web.Request) -> web.StreamResponse:
    """The volunteer says how it went."""
    await request.config_dict[OUTCOME].by_helper(
        key_of(request), _device(request), await _answer(request), await _text(request, "note")
    )
    return go(base_of(request), done="how")


async def task_of(request: web.Request, actor: Actor) -> AssignmentId:
    """The task in the address, if it is one of the request's before it."""
    task = AssignmentId(request.match_info["task"])
    if task not in await request.config_dict[THREADS].tasks_of(actor, NeedId(request.match_info["need"])):
        raise NotFound("no_such_task", N_("There is no such task."))
    return task


async def _text(request: web.Request, field: str = "text") -> str:
    return str((await request.post()).get(field, ""))


async def _answer(request: web.Request) -> Answer:
    said = await _text(request, "answer")
    if said not in list(Answer):
        raise Invalid(
            "answer", N_("Please choose one of these."), fields={"answer": N_("Please choose one of these.")}
        )
    return Answer(said)


def _device(request: web.Request) -> str:
    return sessions.read(request, sessions.DEVICE) or ""
