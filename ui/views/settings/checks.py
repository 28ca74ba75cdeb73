"""`/settings/checks`: whether everything works, from outside in; and the list of what is left to set up."""

from collections.abc import Sequence

from aiohttp import web

from node.appkeys import CHECKS, TODO
from node.domain.actors import Actor
from node.domain.safety.checks import WHERE, Sign
from node.domain.settings.todo import TODO as TASKS
from ui.contexts.settings import CheckRow, ChecksPage, TodoRow
from ui.web.site import go, render


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Looks now, and says what it found."""
    rows = [
        CheckRow(
            sign=str(each.outcome.sign),
            says=each.outcome.says,
            todo=each.outcome.todo,
            values=each.values,
            where=WHERE.get(each.code.partition(".")[0], "") if each.outcome.sign is not Sign.FINE else "",
        )
        for each in await request.config_dict[CHECKS].look(actor)
    ]
    return await render(request, "settings_checks.html", ChecksPage(rows=rows))


async def todo(request: web.Request, actor: Actor) -> Sequence[TodoRow]:
    """What is left to set up, for whoever may do it."""
    return [
        TodoRow(
            code=code,
            words=TASKS[code].words,
            minutes=TASKS[code].minutes,
            where=TASKS[code].where,
            must=TASKS[code].must,
        )
        for code in await request.config_dict[TODO].left(actor)
    ]


async def put_aside(request: web.Request, actor: Actor) -> web.StreamResponse:
    """ "Not for us"."""
    data = await request.post()
    await request.config_dict[TODO].put_aside(actor, str(data.get("task", "")))
    return go("/board", done="saved")
