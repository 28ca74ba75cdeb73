"""The page of somebody who feels unsafe, whoever it is: first whom to ring, then room for words, which only those who
look after safety read.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from node.appkeys import EMERGENCIES
from node.errors import Conflict, Invalid
from ui.contexts.ask import UnsafePage
from ui.web.site import render, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where the page lies. ``base``: what its form posts below; ``back``: where back leads, empty for nowhere;
    ``helps``: she went there to help."""

    base: str
    back: str
    helps: bool = True


async def page(
    request: web.Request, where: Where, *, status: int = 200, text: str = "", problem: str = ""
) -> web.Response:
    """With what was typed, should something be wrong with it."""
    number = (await request.config_dict[EMERGENCIES].rules()).number
    shown = UnsafePage(
        base=where.base, back=where.back, number=number, text=text, problem=problem, helps=where.helps
    )
    return await render(request, "asked_unsafe.html", shown, status=status)


async def told(
    request: web.Request,
    tell: Callable[[str], Awaitable[None]],
    where: Callable[[], Awaitable[Where]],
) -> web.Response | None:
    """Hands what was typed to ``tell``. None: it is told; else the page again, as it lies then (``where``). Raises what
    is no fault of the words."""
    text = str((await request.post()).get("text", ""))
    try:
        await tell(text)
    except Invalid as error:
        status, problem = error.status, say(request, error.fields.get("text", error.message))
    except Conflict as error:
        if error.code != "nobody_to_read":
            raise
        status, problem = error.status, say(request, error.message)
    else:
        return None
    return await page(request, await where(), status=status, text=text, problem=problem)
