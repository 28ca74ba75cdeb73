"""`/settings/chat`: the chat by which volunteers can be told, and the group's room; with a test of each."""

from typing import Any

from aiohttp import web

from node.appkeys import NOTICES, ROOM, STANDING
from node.domain.actors import Actor
from node.domain.notices.answers import Refusal
from node.errors import N_, Invalid
from ui.contexts.notices import ChatPage
from ui.forms.notices import ChatForm, RoomForm, TryChatForm
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
    try:
        refusal = await request.config_dict[NOTICES].chat.try_it(
            actor, test.to.data, await _test_words(request)
        )
    except Invalid as error:
        test.blame(error.fields)
        return await _page(request, actor, test=test, status=422, problem=say(request, error.message))
    return await _page(request, actor, test=test if refusal else None, **_tried(request, refusal))


async def submit_room(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Sets the group's room."""
    room = RoomForm(await request.post())
    try:
        await request.config_dict[ROOM].change(
            actor, (room.url.data or "").strip(), urgent=bool(room.urgent.data)
        )
    except Invalid as error:
        room.blame(error.fields)
        return await _page(request, actor, room=room, status=422)
    return go("/settings/chat", done="room_set")


async def room_off(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Nothing to the room any more."""
    await request.config_dict[ROOM].take_out(actor)
    return go("/settings/chat", done="room_off")


async def try_room(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Says one line in the room now."""
    try:
        refusal = await request.config_dict[ROOM].try_it(actor, await _test_words(request))
    except Invalid as error:
        return await _page(request, actor, status=422, problem=say(request, error.message))
    return await _page(request, actor, tried_room=True, **_tried(request, refusal))


async def _test_words(request: web.Request) -> str:
    about = await request.config_dict[STANDING].about()
    writer = NoticeWriter(request.config_dict[TEMPLATES], request.config_dict[LANGUAGES])
    return writer.test_text(about.name, request[LANGUAGE])


def _tried(request: web.Request, refusal: Refusal | None) -> dict[str, Any]:
    if refusal is None:
        return {"tried": say(request, N_("The chat took it. Look there.")), "tried_well": True}
    return {"tried": say(request, notice_words.chat_answer(refusal.answer)), "said": refusal.said}


async def _page(
    request: web.Request,
    actor: Actor,
    *,
    form: ChatForm | None = None,
    test: TryChatForm | None = None,
    room: RoomForm | None = None,
    status: int = 200,
    **more: Any,
) -> web.Response:
    notices = request.config_dict[NOTICES]
    view, room_view = await notices.chat.shown(actor), await request.config_dict[ROOM].shown(actor)
    page = ChatPage(
        form=form or ChatForm.showing(view),
        test=test or TryChatForm(),
        view=view,
        room=room or RoomForm(urgent=room_view is not None and room_view.urgent),
        room_view=room_view,
        has_address=await notices.mail.has_address(),
        **more,
    )
    return await render(request, "settings_chat.html", page, status=status)
