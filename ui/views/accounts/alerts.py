"""`/devices/notices`: what somebody who works here is told while the board is not open, and where."""

from aiohttp import web

from node.appkeys import ALERTS
from node.domain.actors import Actor
from node.errors import Conflict, Invalid, TooMany
from ui.contexts.notices import AlertDeviceRow, AlertsPage
from ui.forms.alerts import AlertAddressForm, AlertCodeForm, AlertsForm
from ui.parts import pushing
from ui.web import browsers
from ui.web.site import LANGUAGE, go, render, say
from ui.words import notice_words

PAGE = "/devices/notices"


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """One's own; nobody sees another's."""
    return await _page(request, actor)


async def choose(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The choices, all anew."""
    service = request.config_dict[ALERTS].choosing
    view = await service.own(actor)
    form = AlertsForm(await request.post()).only(view.matters)
    if not form.validate():
        return await _page(request, actor, form=form, status=422)
    await service.choose(actor, form.wanted(view.choices), request[LANGUAGE].code)
    return go(PAGE, done="notices_chosen")


async def address(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Where to; digits are sent there first."""
    form = AlertAddressForm(await request.post())
    if not form.validate():
        return await _page(request, actor, address=form, status=422)
    try:
        await request.config_dict[ALERTS].choosing.set_address(
            actor, form.address.data, request[LANGUAGE].code, in_chat=form.in_chat.data
        )
    except Invalid as error:
        form.blame(error.fields)
        return await _page(request, actor, address=form, status=error.status)
    except (Conflict, TooMany) as error:
        problem = request[LANGUAGE].explain(error)
        return await _page(request, actor, address=form, status=error.status, problem=problem)
    return go(PAGE, done="alerts_address")


async def code(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The digits: the address is theirs."""
    form = AlertCodeForm(await request.post())
    if not form.validate():
        return await _page(request, actor, code=form, status=422)
    try:
        await request.config_dict[ALERTS].choosing.confirm(actor, form.code.data)
    except Invalid as error:
        form.blame(error.fields)
        return await _page(request, actor, code=form, status=error.status)
    return go(PAGE, done="alerts_confirmed")


async def forget(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The address goes, with the choices."""
    await request.config_dict[ALERTS].choosing.forget(actor)
    return go(PAGE, done="alerts_off")


async def turn_on(request: web.Request, actor: Actor) -> web.StreamResponse:
    """This browser shows what waits; the page's script has asked it for an address (``push.js``)."""
    given = await pushing.given(request)
    if given is None:
        return await _page(request, actor, status=422, problem=say(request, pushing.NOTHING))
    browser = browsers.code_of(request.headers.get("User-Agent", ""))
    try:
        await request.config_dict[ALERTS].choosing.turn_on(actor, given, browser, request[LANGUAGE].code)
    except Conflict as error:
        return await _page(request, actor, status=error.status, problem=request[LANGUAGE].explain(error))
    return go(PAGE, done="push_on")


async def turn_off(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Not there any more."""
    await request.config_dict[ALERTS].choosing.turn_off(actor, request.match_info["device"])
    return go(PAGE, done="push_off_there")


async def _page(
    request: web.Request,
    actor: Actor,
    *,
    form: AlertsForm | None = None,
    address: AlertAddressForm | None = None,
    code: AlertCodeForm | None = None,
    status: int = 200,
    problem: str = "",
) -> web.Response:
    view = await request.config_dict[ALERTS].choosing.own(actor)
    page = AlertsPage(
        view=view,
        form=form or AlertsForm.showing(view.choices).only(view.matters),
        address=address or AlertAddressForm(),
        code=code or AlertCodeForm(),
        devices=[AlertDeviceRow(device=each, names=browsers.names_of(each.browser)) for each in view.devices],
        failed=say(request, notice_words.ANSWER[view.way](view.failed)) if view.failed else "",
        problem=problem,
    )
    return await render(request, "staff_notices.html", page, status=status)
