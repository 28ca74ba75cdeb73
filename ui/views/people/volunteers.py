"""`/volunteers`: who helps, and adding somebody."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

from aiohttp import web

from node.appkeys import INTAKE, JOURNEYS, OWN_DOOR, PEOPLE, STREET_TEAMS
from node.domain.actors import Actor
from node.domain.hours import ALL_HOURS, in_order
from node.domain.ids import PersonId
from node.domain.intake.intake import KnownPerson, NewPerson
from node.domain.people.newcomer import NewVolunteer
from node.domain.person import PersonKind
from node.domain.settings.questions import AskedAt
from node.domain.volunteer import Cleared, Stage, Transport
from node.errors import N_, Conflict, Invalid
from ui.contexts.people import VolunteerFormPage, VolunteersPage
from ui.forms.volunteers import HelpsForm, KnownHelperForm, OrganisationForm, VolunteerForm, days_in
from ui.parts import own_questions, places
from ui.views.intake.intake import line, tongues
from ui.web.site import LANGUAGE, catalogue_of, go, headings, render, say

F = TypeVar("F", bound=HelpsForm)

FIELDS = {"abilities": "kinds", "radius_km": "radius"}


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Who is new and what comes next; then everybody, by name."""
    rows = await request.config_dict[PEOPLE].list_volunteers(actor)
    newcomers = await request.config_dict[JOURNEYS].newcomers(actor)
    team = None
    if request.query.get("team"):
        team = await request.config_dict[STREET_TEAMS].one(actor, request.query["team"])
        theirs = {person for person, _ in team.members}
        rows = [row for row in rows if row.person_id in theirs]
        newcomers = [row for row in newcomers if row.person_id in theirs]
    new = {row.person_id for row in newcomers}
    here = [row for row in rows if row.volunteer.state != "left" and row.person_id not in new]
    page = VolunteersPage(
        newcomers=newcomers,
        rows=[row for row in here if not row.organisation],
        organisations=[row for row in here if row.organisation],
        links_asked=await request.config_dict[OWN_DOOR].how_many_ask(actor),
        team=team.team.name if team else "",
        left=[row for row in rows if row.volunteer.state == "left"],
    )
    return await render(request, "volunteers.html", page)


async def form(request: web.Request, actor: Actor) -> web.StreamResponse:
    """An empty form: for a person, for an organisation, or for somebody we know, of whom it shows nothing."""
    if person := request.query.get("person", ""):
        return await _page(request, _form(request, kind="known"), person_id=person)
    return await _page(request, _form(request, kind=request.query.get("kind", "")))


async def add(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Adds one volunteer, or one organisation that helps; first asks whether it is somebody we know already."""
    data = await request.post()
    filled = _form(request, data, kind=str(data.get("kind", "")))
    picked = str(data["known_person"]) if "known_person" in data else None
    person_id = picked or "" if isinstance(filled, KnownHelperForm) else ""
    if not filled.validate():
        return await _page(request, filled, status=422, person_id=person_id)
    known: Sequence[KnownPerson] = ()
    try:
        new = await _new(request, filled)
        if person_id:
            new = replace(new, person=NewPerson(languages=new.person.languages), point=None)
        else:
            known = await request.config_dict[INTAKE].find_like(actor, new.person)
            shown = str(data.get("shown", "")).split()
            if known and (picked is None or not {each.person_id for each in known} <= set(shown)):
                problem = say(request, N_("Please choose one of these.")) if shown else ""
                return await _page(request, filled, known=known, status=409, problem=problem)
            new = next((_as_known(new, each) for each in known if each.person_id == picked), new)
        if person_id:
            new = replace(new, known_person=PersonId(person_id))
        others = [each.person_id for each in known] if new.known_person is None else []
        await request.config_dict[PEOPLE].add_volunteer(actor, new, others)
    except Invalid as error:
        filled.blame({FIELDS.get(field, field): message for field, message in error.fields.items()})
        problem = "" if filled.errors else say(request, error.message, **error.values)
        return await _page(
            request,
            filled,
            status=422,
            problem=problem,
            person_id=person_id,
            known=known,
            picked=picked,
        )
    except Conflict as error:
        return await _page(
            request,
            filled,
            status=409,
            problem=say(request, error.message),
            person_id=person_id,
            known=known,
            picked=picked,
            helping=str(error.values.get("person", "")),
        )
    if new.known_person is not None:
        return go(f"/people/{new.known_person}", done="helps_too")
    return go("/volunteers", done="volunteer_added")


def _as_known(new: NewVolunteer, card: KnownPerson) -> NewVolunteer:
    """She is that person: name and address stay as they are written down; they are changed on her page."""
    person = replace(new.person, name="" if card.name else new.person.name)
    if card.address:
        return replace(new, known_person=card.person_id, person=replace(person, address=""), point=None)
    return replace(new, known_person=card.person_id, person=person)


async def _new(request: web.Request, form: VolunteerForm) -> NewVolunteer:
    organisation = isinstance(form, OrganisationForm)
    return NewVolunteer(
        person=NewPerson(
            name=form.name.data,
            phone=form.phone.data,
            email=form.email.data,
            address=form.address.data,
            safe_to_ring=form.safe_to_ring.data,
            languages=tuple(form.languages.data or ()),
            contact_by=form.contact_by.data if organisation else "",
        ),
        kind=PersonKind.ORGANISATION if organisation else PersonKind.PERSON,
        contact_name=form.contact_name.data if organisation else "",
        about=form.about.data if organisation else "",
        stage=Stage(form.stage.data),
        point=await places.locate(request, form.address.data),
        abilities=tuple(form.kinds.data),
        takes=tuple(form.takes.data or ()),
        languages=tuple(form.languages.data or ()),
        transport=Transport(form.transport.data),
        radius_km=form.radius.data or 5.0,
        max_per_week=form.max_per_week.data,
        hours=in_order(form.hours.data),
        days_off=days_in(form.days_off.data),
        rest_days=form.rest_days.data or 0,
        cleared=tuple(Cleared(check=check) for check in form.cleared.data or ()),
        answers=() if organisation else await own_questions.read(request, AskedAt.HELPER, form),
    )


def _form(request: web.Request, data: Any = None, *, kind: str = "") -> VolunteerForm:
    made = {"organisation": OrganisationForm, "known": KnownHelperForm}.get(kind, VolunteerForm)
    # An empty form stands for "any time": most people untick a few.
    form = offered(request, made(data, hours=None if data else ALL_HOURS))
    own_questions.typed_in(form, data)
    return form


def offered(request: web.Request, form: F) -> F:
    """The form with the kinds of help, abilities and languages there are."""
    catalogue, language = catalogue_of(request), request[LANGUAGE].code
    form.kinds.choices = [(each.code, each.name(language)) for each in catalogue.categories]
    takes = {each.code: each.name(language) for each in (*catalogue.requires, *catalogue.tags)}
    form.takes.choices = list(takes.items())
    form.languages.choices = tongues(request)
    return form


async def _page(
    request: web.Request,
    form: VolunteerForm,
    *,
    status: int = 200,
    problem: str = "",
    person_id: str = "",
    known: Sequence[KnownPerson] = (),
    picked: str | None = None,
    helping: str = "",
) -> web.Response:
    organisation = isinstance(form, OrganisationForm)
    page = VolunteerFormPage(
        form=form,
        headings=headings(catalogue_of(request)),
        problem=problem,
        organisation=organisation,
        questions=() if organisation else await own_questions.asked(request, AskedAt.HELPER, form),
        person_id=person_id,
        known=known,
        lines=[line(request, each) for each in known],
        picked=picked,
        helping=helping,
    )
    return await render(request, "volunteer_form.html", page, status=status)
