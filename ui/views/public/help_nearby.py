"""`/help-nearby`: other help that there is around, for anybody, to print too; and its edit page."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from aiohttp import web

from node.appkeys import RESOURCES, SECOND_YES, ZONE
from node.domain.actors import Actor
from node.domain.board.views import NeedView
from node.domain.permissions import Permission, may
from node.domain.settings.opening import Now, Standing, as_typed
from node.domain.settings.resources import Resource
from node.domain.zone import Zone
from node.errors import N_, Invalid
from ui.contexts.settings import HelpNearbyPage, PlacePage, PlaceRow
from ui.forms.settings import PlaceForm
from ui.views.intake.intake import tongues
from ui.web import incoming
from ui.web.site import ACTOR, LANGUAGE, catalogue_of, go, headings, render, say, today


async def show(request: web.Request) -> web.StreamResponse:
    """The list; with ``?kind=`` only what helps with that, with ``?open=now`` only what is open."""
    return await _list(request)


async def hsds_json(request: web.Request) -> web.StreamResponse:
    """The list as HSDS."""
    text = await request.config_dict[RESOURCES].as_json()
    return _file(text, "application/json", "help-nearby.json")


async def hsds_sheet(request: web.Request) -> web.StreamResponse:
    """The list as a flat sheet."""
    return _file(await request.config_dict[RESOURCES].as_sheet(), "text/csv", "help-nearby.csv")


async def edit(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A new place, or one that is there."""
    id = request.query.get("id", "")
    form = PlaceForm()
    if id:
        place = await request.config_dict[RESOURCES].one(id)
        days = {field: as_typed(place.week, at) for at, field in enumerate(PlaceForm.DAYS)}
        form = PlaceForm(
            data={name: days.get(name) or getattr(place, name, "") for name in PlaceForm()._fields}
        )
    return await _form_page(request, form)


async def save(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Keeps it."""
    form = _offered(request, PlaceForm(await request.post()))
    if not form.validate():
        return await _form_page(request, form, status=422)
    try:
        waits = await request.config_dict[SECOND_YES].place(
            actor,
            Resource(
                id=request.query.get("id", ""),
                **{
                    name: form[name].data or ""
                    for name in ("name", "what", "address", "area", "hours", "phone")
                },
                link=form.link.data,
                kinds=tuple(form.kinds.data),
                languages=tuple(form.languages.data),
                checked_on=form.checked_on.data,
                week=form.week(),
            ),
        )
    except Invalid as error:
        form.blame(error.fields)
        return await _form_page(request, form, status=422)
    return go("/help-nearby", done="waits" if waits else "saved")


async def remove(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Takes it off the list."""
    data = await request.post()
    await request.config_dict[SECOND_YES].take_off(actor, str(data.get("id", "")))
    return go("/help-nearby", done="saved")


async def bring(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Places of an HSDS file."""
    content = request.get(incoming.FILE, b"")
    if not content:
        return await _list(request, status=422, problem=say(request, N_("Choose the file first.")))
    try:
        brought, waits = await request.config_dict[SECOND_YES].places(actor, content)
    except Invalid as error:
        return await _list(request, status=422, problem=say(request, error.message, **error.values))
    return await _list(request, brought=brought, waits=waits)


def _file(text: str, kind: str, name: str) -> web.Response:
    response = web.Response(text=text, content_type=kind, charset="utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _offered(request: web.Request, form: PlaceForm) -> PlaceForm:
    language = request[LANGUAGE].code
    form.kinds.choices = [(each.code, each.name(language)) for each in catalogue_of(request).categories]
    form.languages.choices = tongues(request)
    return form


async def _list(request: web.Request, *, status: int = 200, **more: Any) -> web.Response:
    every = await request.config_dict[RESOURCES].standing()
    kind, open_now = request.query.get("kind", ""), request.query.get("open", "") == "now"
    fitting = [row for row in every if not kind or kind in row[0].kinds]
    shown = [row for row in fitting if not open_now or _is_open(row[1])]
    zone = request.config_dict[ZONE]
    page = HelpNearbyPage(
        rows=[
            PlaceRow(place=place, standing=stands, changes_on=_changes_on(zone, stands))
            for place, stands in shown
        ],
        untold=sum(not _is_told(stands) for _, stands in fitting) if open_now else 0,
        kinds=sorted({code for place, _ in every for code in place.kinds}),
        kind=kind,
        open_now=open_now,
        times=any(stands for _, stands in every),
        any=bool(every),
        today=today(request),
        edits=may(request[ACTOR], Permission.DISPATCH),
        **more,
    )
    return await render(request, "help_nearby.html", page, status=status)


def _is_open(stands: Standing | None) -> bool:
    return stands is not None and stands.now is Now.OPEN


def _is_told(stands: Standing | None) -> bool:
    return stands is not None and stands.now is not Now.HOLIDAY


def _changes_on(zone: Zone, stands: Standing | None) -> date | None:
    return zone.day(stands.changes) if stands is not None and stands.changes is not None else None


async def _form_page(request: web.Request, form: PlaceForm, *, status: int = 200) -> web.Response:
    _offered(request, form)
    page = PlacePage(id=request.query.get("id", ""), form=form, headings=headings(catalogue_of(request)))
    return await render(request, "help_nearby_edit.html", page, status=status)


async def signposts(request: web.Request, view: NeedView | None) -> Sequence[Resource]:
    """Where the one who asks for this may be sent instead: places for that kind of help first."""
    if view is None or "close" not in view.moves:
        return ()
    every = await request.config_dict[RESOURCES].all()
    return sorted(every, key=lambda each: view.category not in each.kinds)


async def signposted(request: web.Request, id: str, note: str) -> str:
    """The note of a request whose person was sent to that place."""
    if not id:
        return note
    place = await request.config_dict[RESOURCES].one(id)
    return ". ".join(filter(None, (request[LANGUAGE].listed((place.name, place.phone)), note)))
