"""`/settings/mail`: where the group's mail goes out, with a test message to oneself."""

from typing import Any

from aiohttp import web

from node.appkeys import ALERTS, NOTICES, STANDING
from node.domain.actors import Actor
from node.domain.notices.envelope import Content
from node.errors import N_, Invalid
from ui.contexts.notices import MailPage
from ui.forms.notices import MailForm, TryForm
from ui.parts.mail import MailWriter
from ui.web.site import LANGUAGE, LANGUAGES, TEMPLATES, go, render, say
from ui.words import notice_words


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """As it is set."""
    return await _page(request, actor)


async def submit(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Sets it."""
    form = MailForm(await request.post())
    if not form.validate():
        return await _page(request, actor, form=form, status=422)
    try:
        await request.config_dict[NOTICES].mail.change(
            actor, form.server(), keep_password=not form.password.data
        )
    except Invalid as error:
        form.blame(error.fields)
        return await _page(request, actor, form=form, status=422, problem=say(request, error.message))
    return go("/settings/mail", done="mail_set")


async def off(request: web.Request, actor: Actor) -> web.StreamResponse:
    """No messages any more."""
    await request.config_dict[NOTICES].mail.take_out(actor)
    return go("/settings/mail", done="mail_off")


async def closed(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Whether coordinators are told while the records are closed, too."""
    wanted = (await request.post()).get("wanted") == "y"
    await request.config_dict[ALERTS].standby.want(actor, wanted)
    return go("/settings/mail", done="closed_on" if wanted else "closed_off")


async def try_it(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Sends one message now, and says what the server said."""
    test = TryForm(await request.post())
    if not test.validate():
        return await _page(request, actor, test=test, status=422)
    about = await request.config_dict[STANDING].about()
    written = MailWriter(request.config_dict[TEMPLATES], request.config_dict[LANGUAGES]).test_message(
        about.name, request[LANGUAGE]
    )
    content = Content(
        language=written.language, subject=written.subject, text=written.text, html=written.html
    )
    try:
        refusal = await request.config_dict[NOTICES].mail.try_it(actor, test.to.data, content)
    except Invalid as error:
        test.blame(error.fields)
        return await _page(request, actor, test=test, status=422, problem=say(request, error.message))
    if refusal is None:
        return await _page(
            request,
            actor,
            tried=say(request, N_("The mail server took it. Look into your inbox.")),
            tried_well=True,
        )
    words = say(request, notice_words.answer(refusal.answer))
    return await _page(request, actor, test=test, tried=words, said=refusal.said)


async def _page(
    request: web.Request,
    actor: Actor,
    *,
    form: MailForm | None = None,
    test: TryForm | None = None,
    status: int = 200,
    **more: Any,
) -> web.Response:
    mail = request.config_dict[NOTICES].mail
    server = await mail.shown(actor)
    page = MailPage(
        form=form or MailForm.showing(server),
        test=test or TryForm(),
        set=server is not None,
        has_address=await mail.has_address(),
        domain=server.domain if server else "",
        while_closed=await request.config_dict[ALERTS].standby.wanted(),
        **more,
    )
    return await render(request, "settings_mail.html", page, status=status)
