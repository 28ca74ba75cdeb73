"""`/volunteers`: who helps, and adding somebody."""

from typing import Any, TypeVar

from aiohttp import web

from node.appkeys import PEOPLE
from node.domain.actors import Actor
from node.domain.intake import NewPerson
from node.domain.newcomer import NewVolunteer
from node.domain.volunteer import Cleared, Transport
from node.errors import Invalid
from ui import places
from ui.contexts import VolunteerFormPage, VolunteersPage
from ui.forms.volunteers import HelpsForm, VolunteerForm
from ui.site import LANGUAGE, catalogue_of, go, headings, render, say
from ui.views.intake import tongues

F = TypeVar("F", bound=HelpsForm)

FIELDS = {"abilities": "kinds", "radius_km": "radius"}


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Everybody, by name."""
    rows = await request.config_dict[PEOPLE].list_volunteers(actor)
    return await render(request, "volunteers.html", VolunteersPage(rows=rows))


async def form(request: web.Request, actor: Actor) -> web.StreamResponse:
    """An empty form."""
    return await _page(request, _form(request))


async def add(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Adds one volunteer."""
    filled = _form(request, await request.post())
    if not filled.validate():
        return await _page(request, filled, status=422)
    try:
        await request.config_dict[PEOPLE].add_volunteer(actor, await _new(request, filled))
    except Invalid as error:
        filled.blame({FIELDS.get(field, field): message for field, message in error.fields.items()})
        problem = "" if filled.errors else say(request, error.message, **error.values)
        return await _page(request, filled, status=422, problem=problem)
    return go("/volunteers", done="added")


async def _new(request: web.Request, form: VolunteerForm) -> NewVolunteer:
    return NewVolunteer(
        person=NewPerson(
            name=form.name.data,
            phone=form.phone.data,
            email=form.email.data,
            address=form.address.data,
            safe_to_ring=form.safe_to_ring.data,
            languages=tuple(form.languages.data or ()),
        ),
        point=await places.locate(request, form.address.data),
        abilities=tuple(form.kinds.data),
        takes=tuple(form.takes.data or ()),
        languages=tuple(form.languages.data or ()),
        transport=Transport(form.transport.data),
        radius_km=form.radius.data or 5.0,
        max_per_week=form.max_per_week.data,
        days_off=tuple(form.days_off.data or ()),
        cleared=tuple(Cleared(check=check) for check in form.cleared.data or ()),
    )


def _form(request: web.Request, data: Any = None) -> VolunteerForm:
    return offered(request, VolunteerForm(data))


def offered(request: web.Request, form: F) -> F:
    """The form with the kinds of help, abilities and languages there are."""
    catalogue, language = catalogue_of(request), request[LANGUAGE].code
    form.kinds.choices = [(each.code, each.name(language)) for each in catalogue.categories]
    takes = {each.code: each.name(language) for each in (*catalogue.requires, *catalogue.tags)}
    form.takes.choices = list(takes.items())
    form.languages.choices = tongues(request)
    return form


async def _page(
    request: web.Request, form: VolunteerForm, *, status: int = 200, problem: str = ""
) -> web.Response:
    page = VolunteerFormPage(form=form, headings=headings(catalogue_of(request)), problem=problem)
    return await render(request, "volunteer_form.html", page, status=status)
