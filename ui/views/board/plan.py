"""`/board/plan`: the plan of a morning: made for the whole list, looked at line by line, asked for what was ticked."""

from aiohttp import web

from node.appkeys import PLANS
from node.domain.actors import Actor
from node.domain.matching.plan import Which
from node.errors import N_, Conflict
from ui.contexts.matching import MessagesPage, PlanPage
from ui.parts import places
from ui.views.board.waves import written
from ui.web.site import LANGUAGE, go, render, say


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The newest plan; nothing is done by looking."""
    return await _page(request, actor)


async def make(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A new plan in place of the one before. Nobody is asked by it."""
    text = str((await request.post()).get("which", ""))
    which = Which(text) if text in set(Which) else Which.WEEK
    await request.config_dict[PLANS].make(actor, which)
    return go("/board/plan")


async def decide(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Asks for the lines that were ticked, or leaves them out; then shows what to send."""
    data = await request.post()
    plan_id, lines = request.match_info["plan"], [str(each) for each in data.getall("line", [])]
    plans = request.config_dict[PLANS]
    if not lines:
        return await _page(
            request, actor, problem=say(request, N_("Tick at least one line first.")), status=422
        )
    try:
        if data.get("do") == "leave":
            await plans.leave_out(actor, plan_id, lines)
            return go("/board/plan", done="left_out")
        done = await plans.ask(actor, plan_id, lines)
    except Conflict as error:
        return await _page(request, actor, problem=request[LANGUAGE].explain(error), status=409)
    problem = ""
    if done.stale:
        problem = request[LANGUAGE].say_many(
            "One line no longer held, so nobody was asked for it. The plan says why.",
            "%(num)s lines no longer held, so nobody was asked for them. The plan says why.",
            done.stale,
        )
    page = MessagesPage(
        messages=await written(request, actor, done.messages),
        back="/board/plan",
        back_words=say(request, N_("Back to the plan")),
        problem=problem,
    )
    return await render(request, "messages.html", page)


async def _page(request: web.Request, actor: Actor, *, problem: str = "", status: int = 200) -> web.Response:
    view = await request.config_dict[PLANS].shown(actor)
    cells = [line.need.cell for line in view.lines] if view else []
    page = PlanPage(view=view, areas=await places.areas(request, cells), problem=problem)
    return await render(request, "plan.html", page, status=status)
