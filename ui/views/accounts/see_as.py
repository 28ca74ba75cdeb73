"""`/see-as`: looking at pages with somebody else's eyes; and one request as its helper sees it."""

from aiohttp import web

from node.appkeys import ASKING, PATCH_LINKS, SEE_AS, TASKS
from node.domain.actors import Actor, volunteer_actor
from node.domain.ids import NeedId, PersonId
from node.errors import NotAllowed
from ui.contexts.ask import AskedPage
from ui.contexts.common import TaskPage
from ui.contexts.people import PatchPage
from ui.contexts.rights import EyesRow, SeeAsPage
from ui.parts import others, out_of_area, places
from ui.views.own import my
from ui.web import sessions
from ui.web.site import go, own_path, render, say
from ui.words import rights_words, words

MINUTES = 15


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """As whom?"""
    return await _page(request, actor)


async def begin(request: web.Request, actor: Actor) -> web.StreamResponse:
    """From here on, in this browser, until it is ended or a quarter of an hour is over."""
    data = await request.post()
    code = str(data.get("as", ""))[:80]
    try:
        await request.config_dict[SEE_AS].begin(actor, code)
    except NotAllowed as error:
        return await _page(request, actor, problem=say(request, error.message), status=error.status)
    response = go(own_path(str(data.get("page", "")), "/board" if code != "anybody" else "/"))
    sessions.write(request, response, sessions.EYES, code, max_age=MINUTES * 60)
    return response


async def end(request: web.Request) -> web.StreamResponse:
    """Back to one's own eyes."""
    response = go("/see-as", done="own_eyes")
    sessions.forget(request, response, sessions.EYES)
    return response


async def as_helper(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What whoever helps with this request would see: when asked, or once confirmed. A recorded look."""
    confirmed = (await request.post()).get("stage") == "confirmed"
    need = NeedId(request.match_info["need"])
    task = await request.config_dict[TASKS].as_helper(actor, need, confirmed=confirmed)
    page = TaskPage(task=task, base="", map=None, shown_to_desk=need, area="")
    return await render(request, "task.html", page)


async def as_volunteer(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A volunteer's own page, as it opens on a telephone of hers that has confirmed nothing yet. A recorded look."""
    person, see_as = request.match_info["person"], request.config_dict[SEE_AS]
    await see_as.lend(actor, "own", f"person:{person}")
    with see_as.nothing_is_done():
        return await my.page_of(request, volunteer_actor(PersonId(person)), shown_to_desk=person)


async def as_asker(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The page of whoever asked: how far the request is. A recorded look."""
    need, see_as = NeedId(request.match_info["need"]), request.config_dict[SEE_AS]
    await see_as.lend(actor, "asker", f"need:{need}")
    with see_as.nothing_is_done():
        rows = await request.config_dict[ASKING].as_asker(actor, need)
        page = AskedPage(
            base="/a/-",  # leads nowhere
            rows=[(row, await others.see(request, row.need_id)) for row in rows],
            book=await out_of_area.handed_to(request, rows),
            urgencies=words.URGENCY,
            shown_to_desk=need,
        )
        return await render(request, "asked.html", page)


async def as_captain(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A street captain's list behind her private link. A recorded look."""
    team, see_as = request.match_info["team"], request.config_dict[SEE_AS]
    await see_as.lend(actor, "captain", f"street_team:{team}")
    with see_as.nothing_is_done():
        view = await request.config_dict[PATCH_LINKS].as_captain(actor, team)
        areas = await places.areas(request, [line.cell for line in view.lines])
        page = PatchPage(token="", view=view, areas=areas, shown_to_desk=team)
        return await render(request, "patch.html", page)


async def _page(request: web.Request, actor: Actor, *, status: int = 200, problem: str = "") -> web.Response:
    rows = [
        EyesRow(
            code=each.code,
            name=say(request, rights_words.ROLE_NAME[each.name])
            if each.code.startswith("role:")
            else each.name,
            allowed=each.allowed,
        )
        for each in await request.config_dict[SEE_AS].choices(actor)
    ]
    return await render(request, "see_as.html", SeeAsPage(rows=rows, problem=problem), status=status)
