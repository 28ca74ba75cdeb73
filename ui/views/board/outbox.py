"""`/notices`: messages that wait or did not arrive, why, and what to do about it."""

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web

from node.appkeys import NOTICES, STANDING
from node.domain.actors import Actor
from node.domain.ids import AssignmentId
from node.domain.notices.notice import Kind
from node.domain.permissions import Permission, may
from node.errors import N_, Conflict, moved_on
from ui.contexts.common import Notice
from ui.contexts.notices import OutboxPage
from ui.parts.ringing import ring_line
from ui.web.site import LANGUAGE, LANGUAGES, TEMPLATES, go, render, say
from ui.words import notice_words


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The outbox, without a name."""
    return await _page(request, actor)


async def look(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The same with names."""
    return await _page(request, actor, named=True)


async def paper(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The calls to make, to print: the same recorded look. Printing changes nothing."""
    return await _page(request, actor, named=True, template="outbox_paper.html")


async def reached(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Whoever had to be rung knows it now."""
    return await _rung(request, actor, request.config_dict[NOTICES].ringing.reached)


async def no_answer(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Somebody rang her in vain."""
    return await _rung(request, actor, request.config_dict[NOTICES].ringing.no_answer)


async def _rung(
    request: web.Request, actor: Actor, note: Callable[[Actor, AssignmentId, Kind], Awaitable[None]]
) -> web.StreamResponse:
    """Notes what came of a call; whoever had the names open goes on with the next one."""
    data = await request.post()
    kind, problem, status = str(data.get("kind", "")), "", 200
    if kind not in notice_words.SAY:
        raise moved_on()
    try:
        await note(actor, AssignmentId(request.match_info["task"]), Kind(kind))
    except Conflict as error:
        problem, status = request[LANGUAGE].explain(error), error.status
    if not problem and "named" not in data:
        return go("/notices", done="call_noted")
    return await _page(request, actor, named="named" in data, problem=problem, status=status)


async def _page(
    request: web.Request,
    actor: Actor,
    *,
    named: bool = False,
    problem: str = "",
    status: int = 200,
    template: str = "outbox.html",
) -> web.Response:
    view = await request.config_dict[NOTICES].outbox(actor, named=named)
    locked = (await request.config_dict[STANDING].about()).locked
    reader, templates, languages = (
        request[LANGUAGE],
        request.config_dict[TEMPLATES],
        request.config_dict[LANGUAGES],
    )
    ring = [ring_line(line, reader, templates, languages) for line in view.ring]
    page = OutboxPage(view=view, ring=ring, locked=locked, problem=problem)
    return await render(request, template, page, status=status)


async def again(request: web.Request, actor: Actor) -> web.StreamResponse:
    """One message once more."""
    await request.config_dict[NOTICES].again(actor, request.match_info["notice"])
    return go("/notices", done="notice_again")


async def seen_to(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A text that came in is off the list."""
    await request.config_dict[NOTICES].answering.seen_to(actor, request.match_info["text"])
    return go("/notices", done="text_seen_to")


async def notices(request: web.Request, actor: Actor) -> Sequence[Notice]:
    """For the board, while something did not arrive that somebody can do something about."""
    if not may(actor, Permission.READ_PERSON):
        return []
    service, language, found = request.config_dict[NOTICES], request[LANGUAGE], list[Notice]()
    if failed := await service.failing():
        words = language.say_many(
            "A message to somebody did not arrive.", "%(num)s messages did not arrive.", failed
        )
        found.append(Notice(words=words, link="/notices", link_words=say(request, N_("See why"))))
    if texts := await service.texts_waiting():
        words = language.say_many(
            "A text came in that somebody should read.",
            "%(num)s texts came in that somebody should read.",
            texts,
        )
        found.append(Notice(words=words, link="/notices#texts", link_words=say(request, N_("Read it"))))
    return found
