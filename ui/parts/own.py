"""A volunteer who is signed in: who that is, and how her tasks are addressed with a link and without."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from node.appkeys import OWN_DOOR
from node.domain.actors import Actor
from node.errors import N_, NotAllowed
from node.services.links import OwnTask, TaskKey
from ui.web import sessions
from ui.web.site import View, go

OWN = web.RequestKey("ui_own", Actor)
"""The volunteer who is signed in here."""

OwnView = Callable[[web.Request, Actor], Awaitable[web.StreamResponse]]


async def who(request: web.Request) -> Actor | None:
    """The volunteer who is signed in here, or None."""
    return await request.config_dict[OWN_DOOR].who(sessions.read(request, sessions.OWN))


def own(view: OwnView) -> View:
    """Only for a volunteer who is signed in; about which thing, the services decide."""

    async def seen(request: web.Request) -> web.StreamResponse:
        actor = await who(request)
        if actor is None:
            if request.method in ("GET", "HEAD"):
                return go("/my", next="in")
            raise NotAllowed("own_sign_in", N_("You are not signed in here any more. Ask us for a new link."))
        request[OWN] = actor
        return await view(request, actor)

    seen.__name__ = view.__name__
    seen.__doc__ = view.__doc__
    return seen


def own_task(view: View) -> View:
    """The same for the pages of a task, which its private link shows as well."""

    async def seen(request: web.Request, actor: Actor) -> web.StreamResponse:
        return await view(request)

    seen.__name__ = view.__name__
    seen.__doc__ = view.__doc__
    return own(seen)


def key_of(request: web.Request) -> TaskKey:
    """The task in the address: by the token of its link, or her own."""
    token = request.match_info.get("token")
    return token if token is not None else OwnTask(request[OWN].id or "", request.match_info["task"])


def base_of(request: web.Request) -> str:
    """The address of that task's page."""
    token = request.match_info.get("token")
    return f"/t/{token}" if token is not None else f"/my/task/{request.match_info['task']}"
