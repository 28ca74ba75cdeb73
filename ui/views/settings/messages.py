"""`/settings/messages`: what carries the group's texts, with a test text to oneself, and where answers come in."""

from typing import Any

from aiohttp import web

from node.appkeys import NOTICES, STANDING
from node.domain.actors import Actor
from node.errors import N_, Invalid
from ui.contexts.notices import MessagesPage
from ui.forms.notices import GatewayForm, TryTextForm
from ui.parts.texting import NoticeWriter
from ui.web.site import LANGUAGE, LANGUAGES, TEMPLATES, go, render, say
from ui.words import notice_words


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """As it is set."""
    return await _page(request, actor)


async def submit(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Sets it."""
    form = GatewayForm(await request.post())
    if not form.validate():
        return await _page(request, actor, form=form, status=422)
    try:
        await request.config_dict[NOTICES].texts.change(actor, form.gateway())
    except Invalid as error:
        form.blame(error.fields)
        return await _page(request, actor, form=form, status=422, problem=say(request, error.message))
    return go("/settings/messages", done="texts_set")


async def off(request: web.Request, actor: Actor) -> web.StreamResponse:
    """No texts any more."""
    await request.config_dict[NOTICES].texts.take_out(actor)
    return go("/settings/messages", done="texts_off")


async def try_it(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Sends one text now, and says what the gateway said."""
    test = TryTextForm(await request.post())
    if not test.validate():
        return await _page(request, actor, test=test, status=422)
    about = await request.config_dict[STANDING].about()
    text = NoticeWriter(request.config_dict[TEMPLATES], request.config_dict[LANGUAGES]).test_text(
        about.name, request[LANGUAGE]
    )
    try:
        refusal = await request.config_dict[NOTICES].texts.try_it(actor, test.to.data, text)
    except Invalid as error:
        test.blame(error.fields)
        return await _page(request, actor, test=test, status=422, problem=say(request, error.message))
    if refusal is None:
        words = say(request, N_("The gateway took it. Look at your telephone."))
        return await _page(request, actor, tried=words, tried_well=True)
    words = say(request, notice_words.gateway_answer(refusal.answer))
    return await _page(request, actor, test=test, tried=words, said=refusal.said)


async def _page(
    request: web.Request,
    actor: Actor,
    *,
    form: GatewayForm | None = None,
    test: TryTextForm | None = None,
    status: int = 200,
    **more: Any,
) -> web.Response:
    notices = request.config_dict[NOTICES]
    view = await notices.texts.shown(actor)
    page = MessagesPage(
        form=form or GatewayForm.showing(view),
        test=test or TryTextForm(),
        view=view,
        has_address=await notices.mail.has_address(),
        locked=(await request.config_dict[STANDING].about()).locked,
        **more,
    )
    return await render(request, "settings_messages.html", page, status=status)
