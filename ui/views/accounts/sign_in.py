"""`/sign-in`, `/sign-out`, `/lock`: coming to the desk and leaving it."""

from aiohttp import web

from node.appkeys import ACCESS
from node.domain.actors import Actor, ActorKind
from node.errors import Invalid, NotAllowed, TooMany
from ui.contexts.common import FormPage
from ui.forms.front import SignInForm
from ui.web import browsers, sessions
from ui.web.site import ACTOR, go, own_path, render, say


async def show(request: web.Request) -> web.StreamResponse:
    """The form; whoever is signed in goes on."""
    onward = own_path(request.query.get("next", ""), "/board")
    if request[ACTOR].kind is ActorKind.STAFF:
        return go(onward)
    return await render(request, "sign_in.html", FormPage(form=SignInForm(), next=onward))


async def submit(request: web.Request) -> web.StreamResponse:
    """Checks the password, which also opens the records."""
    data = await request.post()
    form = SignInForm(data)
    onward = own_path(str(data.get("next", "")), "/board")
    problem, status = "", 422
    if form.validate():
        try:
            signed_in = await request.config_dict[ACCESS].sign_in(
                form.handle.data,
                form.password.data,
                device=sessions.read(request, sessions.KNOWN) or None,
                browser=browsers.code_of(request.headers.get("User-Agent", "")),
            )
        except (NotAllowed, TooMany, Invalid) as error:
            problem, status = say(request, error.message, **error.values), error.status
        else:
            response = go(onward)
            sessions.write(request, response, sessions.DESK, signed_in.cookie)
            sessions.write(request, response, sessions.KNOWN, signed_in.device, max_age=sessions.LONG)
            # A fresh seal with each sign-in: what was planted before is worth nothing after.
            sessions.write(request, response, sessions.SEAL, sessions.fresh())
            return response
    return await render(
        request, "sign_in.html", FormPage(form=form, problem=problem, next=onward), status=status
    )


async def sign_out(request: web.Request) -> web.StreamResponse:
    """Ends this session."""
    await request.config_dict[ACCESS].sign_out(sessions.read(request, sessions.DESK))
    response = go("/sign-in", done="signed_out")
    sessions.forget(request, response, sessions.DESK)
    sessions.forget(request, response, sessions.EYES)
    return response


async def lock(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Closes the records for everybody, and signs everybody out."""
    await request.config_dict[ACCESS].lock_now(actor)
    response = go("/sign-in", done="locked")
    sessions.forget(request, response, sessions.DESK)
    return response
