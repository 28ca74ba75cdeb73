"""`/devices`: where one is signed in; and `/switch`, somebody else sits down at the same laptop."""

from aiohttp import web

from node.appkeys import ACCESS, DEVICES
from node.domain.actors import Actor
from ui.contexts.rights import DeviceRow, DevicesPage
from ui.web import browsers, sessions
from ui.web.site import go, render

LEAVES_NOTHING = '"cache", "storage"'
"""For the browser: what it kept of our pages goes. It heeds it on https, and on the machine itself."""


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """One's own devices; nobody sees another's."""
    rows = []
    for each in await request.config_dict[DEVICES].own(actor, sessions.read(request, sessions.DESK)):
        browser, system = browsers.names_of(each.browser)
        rows.append(
            DeviceRow(
                id=each.id,
                browser=browser,
                system=system,
                since=each.since,
                last_seen=each.last_seen,
                here=each.here,
            )
        )
    return await render(request, "devices.html", DevicesPage(rows=rows, keys=keys_on(request)))


def keys_on(request: web.Request) -> bool:
    """Whether the keys of the board are on, on this device."""
    return sessions.read(request, sessions.KEYS) != "off"


async def keys(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The keys of the board, on or off on this device."""
    off = (await request.post()).get("keys") == "off"
    response = go("/devices", done="keys_off" if off else "keys_on")
    if off:
        sessions.write(request, response, sessions.KEYS, "off", max_age=sessions.LONG)
    else:
        sessions.forget(request, response, sessions.KEYS)
    return response


async def end(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Signs out there; here, too, if it is this one."""
    await request.config_dict[DEVICES].end(actor, request.match_info["device"])
    return go("/devices", done="device_ended")


async def end_others(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Signs out everywhere but here."""
    await request.config_dict[DEVICES].end_others(actor, sessions.read(request, sessions.DESK))
    return go("/devices", done="devices_ended")


async def switch(request: web.Request) -> web.StreamResponse:
    """Ends this session and asks who is next; nothing of the one before stays in the browser."""
    await request.config_dict[ACCESS].sign_out(sessions.read(request, sessions.DESK))
    response = go("/sign-in", done="switched")
    sessions.forget(request, response, sessions.DESK)
    sessions.forget(request, response, sessions.EYES)
    sessions.write(request, response, sessions.SEAL, sessions.fresh())
    response.headers["Clear-Site-Data"] = LEAVES_NOTHING
    return response
