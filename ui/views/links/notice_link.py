"""`/n/<token>`: the link at the foot of every message. Opening it changes nothing; one tap ends all messages."""

from aiohttp import web

from node.appkeys import NOTICES
from node.domain.ids import PersonId
from node.errors import Invalid
from node.services.settings.texts import MESSAGES
from ui.contexts.notices import NoticeLinkPage
from ui.forms.notices import ChoicesForm
from ui.parts import consenting
from ui.web.site import go, render, say


async def show(request: web.Request) -> web.StreamResponse:
    """What she is told now, and one button to end it."""
    return await _page(request)


async def out(request: web.Request) -> web.StreamResponse:
    """No more messages. For the button, and for mail programs (RFC 8058), which follow no other answer than this."""
    await request.config_dict[NOTICES].out_by_link(request.match_info["token"])
    return await _page(request)


async def choose(request: web.Request) -> web.StreamResponse:
    """Her choices, all anew."""
    data = await request.post()
    token, form = request.match_info["token"], ChoicesForm(data)
    service = request.config_dict[NOTICES]
    if not form.validate():
        return await _page(request, form=form, status=422)
    try:
        wording = await consenting.version_read(request, data, MESSAGES)
        await service.choose_by_link(token, form.wanted(PersonId("")), wording)
    except Invalid as error:
        return await _page(request, form=form, status=422, problem=say(request, error.message))
    return go(f"/n/{token}", done="notices_chosen")


async def _page(
    request: web.Request, *, form: ChoicesForm | None = None, status: int = 200, problem: str = ""
) -> web.Response:
    token = request.match_info["token"]
    view = await request.config_dict[NOTICES].by_link(token)
    page = NoticeLinkPage(
        token=token,
        view=view,
        form=form or ChoicesForm.showing(view),
        agrees=await consenting.beside(request, MESSAGES),
        problem=problem,
    )
    return await render(request, "notice_link.html", page, status=status)
