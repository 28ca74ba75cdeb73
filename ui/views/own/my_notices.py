"""`/my/notices`: what a volunteer wants to be told, and when not. As by the link under each message."""

from aiohttp import web

from node.appkeys import NOTICES
from node.domain.actors import Actor
from node.domain.ids import PersonId
from node.errors import Conflict, Invalid, TooMany
from node.services.settings.texts import MESSAGES
from ui.contexts.own import MyNoticesPage
from ui.forms.notices import ChatAddressForm, ChatCodeForm, ChoicesForm
from ui.parts import consenting, pushing
from ui.web import sessions
from ui.web.site import LANGUAGE, go, render, say


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """As they are."""
    return await _page(request, actor)


async def choose(request: web.Request, actor: Actor) -> web.StreamResponse:
    """All of them anew."""
    data = await request.post()
    form, person = ChoicesForm(data), PersonId(actor.id or "")
    if not form.validate():
        return await _page(request, actor, form=form, status=422)
    try:
        wording = await consenting.version_read(request, data, MESSAGES)
        await request.config_dict[NOTICES].choose(actor, person, form.wanted(person), wording)
    except Invalid as error:
        return await _page(request, actor, form=form, status=422, problem=say(request, error.message))
    return go("/my/notices", done="notices_chosen")


async def turn_on(request: web.Request, actor: Actor) -> web.StreamResponse:
    """This browser shows what we tell her; the page's script has asked it for an address (``push.js``)."""
    given = await pushing.given(request)
    if given is None:
        return await _page(request, actor, status=422, problem=say(request, pushing.NOTHING))
    said = await consenting.beside(request, MESSAGES)
    cookie = sessions.read(request, sessions.OWN)
    await request.config_dict[NOTICES].push.turn_on(actor, cookie, given, said.version)
    return go("/my/notices", done="push_on")


async def turn_off(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Not here any more."""
    await request.config_dict[NOTICES].push.turn_off(actor, sessions.read(request, sessions.OWN))
    return go("/my/notices", done="push_off")


async def chat_address(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Her address in the chat; digits are sent there first."""
    form = ChatAddressForm(await request.post())
    if not form.validate():
        return await _page(request, actor, chat_address=form, status=422)
    try:
        await request.config_dict[NOTICES].chat_addresses.set_address(actor, form.address.data)
    except Invalid as error:
        form.blame(error.fields)
        return await _page(request, actor, chat_address=form, status=error.status)
    except (Conflict, TooMany) as error:
        problem = request[LANGUAGE].explain(error)
        return await _page(request, actor, chat_address=form, status=error.status, problem=problem)
    return go("/my/notices", done="chat_address")


async def chat_code(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The digits: the address is hers."""
    form = ChatCodeForm(await request.post())
    if not form.validate():
        return await _page(request, actor, chat_code=form, status=422)
    try:
        said = await consenting.beside(request, MESSAGES)
        await request.config_dict[NOTICES].chat_addresses.confirm(actor, form.code.data, said.version)
    except Invalid as error:
        form.blame(error.fields)
        return await _page(request, actor, chat_code=form, status=error.status)
    return go("/my/notices", done="chat_confirmed")


async def chat_end(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The address goes."""
    await request.config_dict[NOTICES].chat_addresses.forget(actor)
    return go("/my/notices", done="chat_off_for_me")


async def _page(
    request: web.Request,
    actor: Actor,
    *,
    form: ChoicesForm | None = None,
    chat_address: ChatAddressForm | None = None,
    chat_code: ChatCodeForm | None = None,
    status: int = 200,
    problem: str = "",
) -> web.Response:
    service = request.config_dict[NOTICES]
    view = await service.choices(PersonId(actor.id or ""))
    page = MyNoticesPage(
        view=view,
        form=form or ChoicesForm.showing(view),
        chat=await service.chat_addresses.own(actor),
        chat_address=chat_address or ChatAddressForm(),
        chat_code=chat_code or ChatCodeForm(),
        agrees=await consenting.beside(request, MESSAGES),
        problem=problem,
        push_key=await service.push.public_key(),
        push_on=await service.push.is_on(sessions.read(request, sessions.OWN)),
    )
    return await render(request, "my_notices.html", page, status=status)
