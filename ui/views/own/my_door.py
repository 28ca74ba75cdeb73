"""How a volunteer comes to her own page: a link from the group, one tap, no password. And who asked for a link."""

from aiohttp import web

from node.appkeys import OWN_DOOR
from node.domain.actors import Actor
from node.domain.ids import PersonId
from node.errors import Invalid
from node.services.own.door import LINK_DAYS
from ui.contexts.own import DoorPage, InPage, MyDevicesPage, OwnAsksPage, OwnLinkPage
from ui.views.accounts.devices import LEAVES_NOTHING
from ui.views.own import passkeys
from ui.web import address, browsers, sessions
from ui.web.site import go, render, say


async def show(request: web.Request) -> web.StreamResponse:
    """The one button. Opening a link does nothing: messengers and mail scanners open them too."""
    token = request.match_info["token"]
    await request.config_dict[OWN_DOOR].whose(token)
    return await render(request, "my_in.html", InPage(token=token))


async def come_in(request: web.Request) -> web.StreamResponse:
    """Uses the link up; from now on she is signed in here."""
    browser = browsers.code_of(request.headers.get("User-Agent", ""))
    cookie = await request.config_dict[OWN_DOOR].sign_in(request.match_info["token"], browser)
    response = go("/my")
    sessions.write(request, response, sessions.OWN, cookie, max_age=sessions.LONG)
    return response


async def ask(request: web.Request) -> web.StreamResponse:
    """Somebody would like a link; the same answer whoever it is."""
    typed = str((await request.post()).get("who", ""))
    try:
        await request.config_dict[OWN_DOOR].ask(typed)
    except Invalid as error:
        page = DoorPage(
            problem=say(request, error.message), typed=typed[:200], passkey=passkeys.to_come_in(request)
        )
        return await render(request, "my_door.html", page, status=422)
    return await render(request, "my_door.html", DoorPage(asked=True))


async def go_out(request: web.Request) -> web.StreamResponse:
    """Ends this session; what the browser kept of our pages goes with it."""
    await request.config_dict[OWN_DOOR].sign_out(sessions.read(request, sessions.OWN))
    response = go("/my", done="own_signed_out")
    sessions.forget(request, response, sessions.OWN)
    response.headers["Clear-Site-Data"] = LEAVES_NOTHING
    return response


async def devices(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Where she is signed in; nobody sees another's."""
    rows = await request.config_dict[OWN_DOOR].devices(actor, sessions.read(request, sessions.OWN))
    return await render(
        request,
        "my_devices.html",
        MyDevicesPage(rows=[(row, *browsers.names_of(row.browser)) for row in rows]),
    )


async def end(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Signs her out there."""
    await request.config_dict[OWN_DOOR].end_device(actor, request.match_info["device"])
    return go("/my/devices", done="own_device_ended")


# --- the desk


async def make(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A link for one volunteer, shown this once."""
    person = PersonId(request.match_info["person"])
    token = await request.config_dict[OWN_DOOR].make_link(actor, person)
    base = (await address.own(request)).base
    page = OwnLinkPage(link=f"{base}/my/in/{token}", person_id=person, days=LINK_DAYS)
    return await render(request, "own_link.html", page)


async def asks(request: web.Request, actor: Actor) -> web.StreamResponse:
    """How many would like a link; who, only after a look that is written down."""
    count = await request.config_dict[OWN_DOOR].how_many_ask(actor)
    return await render(request, "own_asks.html", OwnAsksPage(count=count))


async def look(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Opens the list."""
    rows = await request.config_dict[OWN_DOOR].asks(actor)
    return await render(request, "own_asks.html", OwnAsksPage(count=len(rows), rows=rows))


async def answered(request: web.Request, actor: Actor) -> web.StreamResponse:
    """One of them is off the list."""
    await request.config_dict[OWN_DOOR].drop_ask(actor, request.match_info["ask"])
    return await look(request, actor)
