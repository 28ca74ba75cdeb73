"""`/polls`: short questions to everybody, and what came of them."""

from datetime import timedelta

from aiohttp import web

from node.appkeys import POLLS, SECOND_YES
from node.domain.actors import Actor
from node.domain.settings.polls import USUAL_DAYS
from node.errors import Invalid
from ui.contexts.polls import PollsPage
from ui.forms.polls import PollForm
from ui.web.site import go, render, say, today


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Every poll with every count, and the form for a new one."""
    return await _page(request, actor, PollForm())


async def begin(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Asks everybody, or waits for a second yes."""
    form = PollForm(await request.post())
    if not form.validate():
        return await _page(request, actor, form, status=422)
    try:
        poll = request.config_dict[POLLS].new(
            form.question.data,
            tuple(form.choices.data.splitlines()),
            form.until.data or today(request) + timedelta(days=USUAL_DAYS),
            shown=form.shown.data,
        )
        waits = await request.config_dict[SECOND_YES].poll(actor, poll)
    except Invalid as error:
        form.blame(error.fields)
        problem = "" if error.fields else say(request, error.message, **error.values)
        return await _page(request, actor, form, status=422, problem=problem)
    return go("/polls", done="waits" if waits else "poll_begun")


async def end(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Nobody can answer any more."""
    await request.config_dict[POLLS].end(actor, request.match_info["poll"])
    return go("/polls", done="poll_ended")


async def remove(request: web.Request, actor: Actor) -> web.StreamResponse:
    """With what came of it."""
    await request.config_dict[POLLS].remove(actor, request.match_info["poll"])
    return go("/polls", done="removed")


async def _page(
    request: web.Request, actor: Actor, form: PollForm, *, status: int = 200, problem: str = ""
) -> web.Response:
    rows = await request.config_dict[POLLS].results(actor)
    page = PollsPage(rows=rows, form=form, today=today(request), problem=problem)
    return await render(request, "polls.html", page, status=status)
