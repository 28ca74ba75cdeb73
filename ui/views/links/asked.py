"""`/a/<link>`: how far a request is, for the one who asked. Opening it changes nothing; each button does one thing."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from node.appkeys import ASKING
from node.domain.dispatch.follow_up import Answer
from node.domain.ids import NeedId
from node.domain.need import Urgency
from node.errors import Conflict, Invalid
from node.services.asking.asking import Asking
from node.services.links import closed_link
from ui.contexts.ask import AskedPage, DonePage
from ui.parts import others, out_of_area, unsafe
from ui.web.site import go, render, say
from ui.words import words

Verb = Callable[[Asking, str, NeedId, Mapping[str, Any]], Awaitable[None]]


async def show(request: web.Request) -> web.StreamResponse:
    """Every request of that sending."""
    return await _page(request)


async def do(request: web.Request) -> web.StreamResponse:
    """One change, and back to the page."""
    data = await request.post()
    verb = request.match_info["verb"]
    try:
        await VERBS[verb](
            request.config_dict[ASKING], request.match_info["token"], NeedId(str(data.get("need", ""))), data
        )
    except (Conflict, Invalid) as error:
        return await _page(request, status=error.status, problem=say(request, error.message, **error.values))
    return go(_base(request), done=f"asker_{verb}")


async def done_already(request: web.Request) -> web.StreamResponse:
    """Before anybody told us that it is done: the question, so that one tap alone ends nothing."""
    wanted = request.query.get("need", "")
    rows = await request.config_dict[ASKING].behind(request.match_info["token"])
    asked = next((each for each in rows if each.need_id == wanted and each.may_be_done), None)
    if asked is None:
        return go(_base(request))
    return await render(request, "asked_done.html", DonePage(base=_base(request), asked=asked))


async def feels_unsafe(request: web.Request) -> web.StreamResponse:
    """Whom to ring first, when we read messages, and room for words."""
    await request.config_dict[ASKING].behind(request.match_info["token"])
    return await unsafe.page(request, await _where(request))


async def tell_unsafe(request: web.Request) -> web.StreamResponse:
    """For those alone who look after safety."""

    async def telling(text: str) -> None:
        await request.config_dict[ASKING].unsafe(request.match_info["token"], text)

    again = await unsafe.told(request, telling, lambda: _where(request))
    return again or await _page(request, told=True)


async def _change(asking: Asking, token: str, need: NeedId, data: Mapping[str, Any]) -> None:
    said = str(data.get("urgency", ""))
    urgency = Urgency(said) if said in words.URGENCY else Urgency.THIS_WEEK
    await asking.change(token, need, urgency=urgency, words=str(data.get("words", "")))


async def _how(asking: Asking, token: str, need: NeedId, data: Mapping[str, Any]) -> None:
    said = str(data.get("answer", ""))
    if said not in set(Answer):
        raise closed_link()
    await asking.say_how(token, need, Answer(said), early=data.get("early") == "y")


async def _off(asking: Asking, token: str, need: NeedId, data: Mapping[str, Any]) -> None:
    await asking.call_off(token, need)


async def _back(asking: Asking, token: str, need: NeedId, data: Mapping[str, Any]) -> None:
    await asking.bring_back(token, need)


VERBS: Mapping[str, Verb] = {"change": _change, "off": _off, "back": _back, "how": _how}
"""The last part of the address a button posts to."""


def _base(request: web.Request) -> str:
    return f"/a/{request.match_info['token']}"


async def _page(
    request: web.Request, *, status: int = 200, problem: str = "", told: bool = False
) -> web.Response:
    behind = await request.config_dict[ASKING].behind(request.match_info["token"])
    page = AskedPage(
        base=_base(request),
        rows=[(asked, await others.see(request, asked.need_id)) for asked in behind],
        book=await out_of_area.handed_to(request, behind),
        urgencies=words.URGENCY,
        problem=problem,
        told=told,
    )
    return await render(request, "asked.html", page, status=status)


async def _where(request: web.Request) -> unsafe.Where:
    return unsafe.Where(base=_base(request), back=_base(request), helps=False)
