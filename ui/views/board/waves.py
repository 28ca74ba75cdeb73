"""Asking several about one request, and the messages to copy."""

from collections.abc import Iterable

from aiohttp import web

from node.appkeys import BOARD, WAVES
from node.domain.actors import Actor
from node.domain.ids import NeedId, PersonId
from node.errors import N_, Conflict, Invalid, Locked
from node.services.dispatch.waves import Message, WaveView
from ui.contexts.common import Notice
from ui.contexts.matching import MessagesPage, Written
from ui.views.board.asking import message
from ui.views.board.follow_up import back
from ui.web import address
from ui.web.site import LANGUAGE, render, say


async def several(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Asks those who were ticked, or the first few; then shows what to send."""
    data = await request.post()
    chosen = [PersonId(str(each)) for each in data.getall("person", [])]
    try:
        await request.config_dict[WAVES].start(actor, _need_id(request), chosen, goes_on="goes_on" in data)
    except (Conflict, Invalid) as error:
        return await _page(request, actor, problem=request[LANGUAGE].explain(error), status=409)
    return await _page(request, actor)


async def messages(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What to send to everybody who was asked and not told yet."""
    return await _page(request, actor)


async def stop(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Nobody else is asked."""
    await request.config_dict[WAVES].stop(actor, _need_id(request))
    return back(request, "asking_stopped")


async def of_need(request: web.Request, actor: Actor, need_id: NeedId) -> WaveView | None:
    """For the page of the request."""
    try:
        return await request.config_dict[WAVES].of_need(actor, need_id)
    except Locked:
        return None


async def notices(request: web.Request, actor: Actor) -> list[Notice]:
    """Requests for which the clock asked somebody whom nobody has written to yet."""
    waiting = await request.config_dict[WAVES].to_tell(actor)
    return [
        Notice(
            words=request[LANGUAGE].say_many(
                "One more volunteer was asked. Somebody has to send the message.",
                "%(num)s more volunteers were asked. Somebody has to send the messages.",
                number,
            ),
            link=f"/board/{need_id}",
            link_words=say(request, N_("Look at it")),
        )
        for need_id, number in list(waiting.items())[:3]
    ]


async def written(request: web.Request, actor: Actor, found: Iterable[Message]) -> list[Written]:
    """Each message in the helper's language, with her private link."""
    base = (await address.own(request)).base
    lines = []
    for each in found:
        view = await request.config_dict[BOARD].need(actor, each.need_id)
        link = f"{base}/t/{each.token}"
        text = await message(request, view, each.name, link, language=each.language)
        lines.append(Written(name=each.name, text=text))
    return lines


def _need_id(request: web.Request) -> NeedId:
    return NeedId(request.match_info["need"])


async def _page(
    request: web.Request, actor: Actor, *, problem: str = "", status: int = 200
) -> web.StreamResponse:
    need_id = _need_id(request)
    found = () if problem else await request.config_dict[WAVES].messages(actor, need_id)
    page = MessagesPage(
        messages=await written(request, actor, found),
        back=f"/board/{need_id}",
        back_words=say(request, N_("Back to the request")),
        problem=problem,
    )
    return await render(request, "messages.html", page, status=status)
