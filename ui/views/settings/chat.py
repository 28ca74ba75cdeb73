"""`/settings/chat`: the chat by which volunteers can be told, with a test message to oneself."""

from typing import Any

from aiohttp import web

from node.appkeys import NOTICES, STANDING
from node.domain.actors import Actor
from node.errors import N_, Invalid
from ui.contexts.notices import ChatPage
from ui.forms.notices import ChatForm, TryChatForm
from ui.parts.texting import NoticeWriter
from ui.web.site import LANGUAGE, LANGUAGES, TEMPLATES, go, render, say
from ui.words import notice_words


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """As it is set."""
    return await _page(request, actor)


async def submit(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Sets it."""
    form = ChatForm(await request.post())
    if not form.validate():
        return await _page(request, actor, form=form, status=422)
    try:
        await request.config_dict[NOTICES].chat.change(actor, form.service())
    except Invalid as error:
        form.blame(error.fields)
        return await _page(request, actor, form=form, status=422, problem=say(request, error.message))
    return go("/settings/chat", done="chat_set")


async def off(request: web.Request, actor: Actor) -> web.StreamResponse:
    """No chats any more."""
    await request.config_dict[NOTICES].chat.take_out(actor)
    return go("/settings/chat", done="chat_off")


async def try_it(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Sends one message now, and says what the service said."""
    test = TryChatForm(await request.post())
    if not test.validate():
        return await _page(request, actor, test=test, status=422)
    about = await request.config_dict[STANDING].about()
    text = NoticeWriter(request.config_dict[TEMPLATES], request.config_dict[LANGUAGES]).test_text(
        about.name, request[LANGUAGE]
    )
    try:
        refusal = await request.config_dict[NOTICES].chat.try_it(actor, test.to.data, text)
    except Invalid as error:
        test.blame(error.fields)
        return await _page(request, actor, test=test, status=422, problem=say(request, error.message))
    if refusal is None:
        return await _page(
            request, actor, tried=say(request, N_("The chat took it. Look there.")), tried_well=True
        )
    words = say(request, notice_words.chat_answer(refusal.answer))
    return await _page(request, actor, test=test, tried=words, said=refusal.said)


async def _page(
    request: web.Request,
    actor: Actor,
    *,
    form: ChatForm | None = None,
    test: TryChatForm | None = None,
    status: int = 200,
    **more: Any,
) -> web.Response:
    notices = request.config_dict[NOTICES]
    view = await notices.chat.shown(actor)
    page = ChatPage(
        form=form or ChatForm.showing(view),
        test=test or TryChatForm(),
        view=view,
        has_address=await notices.mail.has_address(),
        **more,
    )
    return await render(request, "settings_chat.html", page, status=status)
