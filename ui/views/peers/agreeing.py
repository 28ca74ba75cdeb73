"""Settings of one neighbouring group, narrower than those for all; and our own line in the phone book."""

from typing import Any

from aiohttp import web

from node.appkeys import CARD, CLOCK, GROUP_ZONE, SECOND_YES, TERMS
from node.clock import unix
from node.domain import zone
from node.domain.actors import Actor
from node.errors import Conflict, Invalid
from node.services.exchange.peering import PeerView
from ui.contexts.peers import EntryPage, TermsPage
from ui.forms.agreeing import EntryForm, TermsForm
from ui.forms.settings import ZoneForm
from ui.parts import neighbours
from ui.views.intake.intake import tongues
from ui.web.site import LANGUAGE, catalogue_of, go, render


async def terms(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What is agreed now; nothing is, with one that left."""
    view = await neighbours.named(request, actor)
    peer = view.peer
    if peer.state == "left":
        return go(f"/peers/{peer.origin}")
    form = TermsForm(
        role=peer.role,
        gives=peer.gives,
        which="all" if peer.takes is None else "some",
        takes=list(peer.takes or ()),
        checks_count=peer.checks_count,
        ask_now=peer.ask_now,
        vouched=peer.vouched,
    )
    return await _terms_page(request, view, form)


async def agree(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Saves it; it counts at once."""
    view = await neighbours.named(request, actor)
    if view.peer.state == "left":
        return go(f"/peers/{view.peer.origin}", done="done_already")
    form = TermsForm(await request.post())
    form.takes.choices = _kinds(request)
    if not form.validate():
        return await _terms_page(request, view, form, status=422)
    try:
        await request.config_dict[TERMS].change(
            actor,
            view.peer.origin,
            role=form.role.data,
            gives=form.gives.data,
            takes="all" if form.which.data == "all" else tuple(form.takes.data),
            checks_count=form.checks_count.data,
            ask_now=form.ask_now.data,
            vouched=form.vouched.data,
        )
    except (Invalid, Conflict) as error:
        problem = request[LANGUAGE].explain(error)
        return await _terms_page(request, view, form, status=error.status, problem=problem)
    return go(f"/peers/{view.peer.origin}", done="saved")


async def _terms_page(
    request: web.Request, view: PeerView, form: TermsForm, *, status: int = 200, problem: str = ""
) -> web.Response:
    form.takes.choices = _kinds(request)
    return await render(
        request, "peer_terms.html", TermsPage(view=view, form=form, problem=problem), status=status
    )


def _kinds(request: web.Request) -> list[tuple[str, str]]:
    catalogue, code = catalogue_of(request), request[LANGUAGE].code
    wire = dict.fromkeys(each.wire for each in catalogue.categories if each.wire)
    return sorted(((each, catalogue.name(each, code)) for each in wire), key=lambda pair: pair[1])


async def entry(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Our line as it is."""
    return await _entry_page(request, await _entry_form(request))


async def _entry_form(request: web.Request) -> EntryForm:
    now = await request.config_dict[CARD].shown()
    return EntryForm(
        name=now.name,
        phone=now.phone,
        hours=now.hours,
        state=now.state,
        until=now.until,
        headings=list(now.headings) or [each.code for each in catalogue_of(request).headings],
        kind=now.kind,
        languages=list(now.languages),
    )


async def change_entry(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Saves it; it goes out with the next lines."""
    form = EntryForm(await request.post())
    form.headings.choices, form.languages.choices = _headings(request), tongues(request)
    if not form.validate():
        return await _entry_page(request, form, status=422)
    state = form.state.data
    try:
        waits = await request.config_dict[SECOND_YES].card(
            actor,
            name=form.name.data,
            phone=form.phone.data,
            hours=form.hours.data,
            state=state,
            until=form.until.data if state != "open" else None,
            kind=form.kind.data,
            languages=form.languages.data,
            headings="all" if len(form.headings.data) == len(form.headings.choices) else form.headings.data,
        )
    except Invalid as error:
        problem = request[LANGUAGE].explain(error)
        form.blame(dict.fromkeys(error.fields, problem))
        return await _entry_page(request, form, status=422)
    return go("/settings/group", done="waits" if waits else "entry")


async def change_zone(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Moves the group's clock."""
    form = ZoneForm(await request.post())
    if form.validate():
        try:
            await request.config_dict[GROUP_ZONE].change(actor, form.zone.data)
            return go("/settings/group", done="saved")
        except Invalid as error:
            form.blame(error.fields)
    return await _entry_page(request, await _entry_form(request), status=422, zone_form=form)


async def _entry_page(
    request: web.Request, form: EntryForm, *, status: int = 200, zone_form: ZoneForm | None = None
) -> web.Response:
    form.headings.choices, form.languages.choices = _headings(request), tongues(request)
    page = EntryPage(
        form=form,
        zone_form=zone_form or ZoneForm(zone=request.config_dict[GROUP_ZONE].name),
        zones=zone.names(),
        now=unix(request.config_dict[CLOCK]),
    )
    return await render(request, "settings_group.html", page, status=status)


def _headings(request: web.Request) -> list[tuple[str, Any]]:
    code = request[LANGUAGE].code
    return [(each.code, each.name(code)) for each in catalogue_of(request).headings]
