"""`/people/<id>`: one person with all their roles, closed until the look is written down."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from aiohttp import web

from node.appkeys import (
    BUDDIES,
    CALL_BOOK,
    DETAILS,
    DIRECTORY,
    FORGETTING,
    HOUSEHOLDS,
    JOURNEYS,
    MERGING,
    NOTICES,
    PEOPLE,
    REPEATING,
    TEXTS,
)
from node.domain.actors import Actor
from node.domain.board.views import VolunteerRow
from node.domain.consents import Purpose
from node.domain.hours import in_order
from node.domain.ids import PersonId
from node.domain.people.portraits import Found, PersonView
from node.domain.permissions import Permission, may
from node.domain.person import PersonDetails, Phone, PhoneKind
from node.domain.volunteer import Transport
from node.errors import N_, Conflict, Invalid, NotFound
from node.services.settings.texts import SPOKEN
from ui.contexts.people import HelpsPage, PersonPage
from ui.forms.people import DetailsForm
from ui.forms.volunteers import HelpsForm, days_in
from ui.parts import consenting, own_questions, places
from ui.views.intake.intake import tongues
from ui.views.people.volunteers import offered
from ui.web.site import LANGUAGE, catalogue_of, go, headings, render, say
from ui.words import words


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The closed door: opening this address looks at nothing."""
    return await render(request, "person.html", PersonPage(person_id=_id(request), person=None))


async def look(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Opens it, and writes down who looked and why."""
    return await _page(request, actor, str((await request.post()).get("why", ""))[:200])


async def change_details(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Name, number, address as they are from now on."""
    form = _details_form(request, await request.post())
    if not form.validate():
        return await _page(request, actor, status=422, form=form)
    try:
        changed = await request.config_dict[DETAILS].change(
            actor, _id(request), await _said(request, form), form.why.data
        )
    except Invalid as error:
        form.blame(error.fields)
        return await _page(request, actor, status=422, form=form)
    return await _page(request, actor, said=words.DONE["saved"] if changed else "")


async def mail_came_back(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A message to them lies in the group's mailbox: nothing more goes to that address; or it works after all."""
    works = (await request.post()).get("do") == "works"
    returned = request.config_dict[NOTICES].returned
    try:
        await (returned.works if works else returned.came_back)(actor, _id(request))
    except Conflict as error:
        return await _page(request, actor, status=error.status, problem=request[LANGUAGE].explain(error))
    return await _page(request, actor, said=words.DONE["saved"])


async def lives_with(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Somebody lives here too, or not here any more; or, first, whom is meant."""
    data = await request.post()
    households, other = request.config_dict[HOUSEHOLDS], str(data.get("other", ""))
    if text := str(data.get("find", ""))[:100]:
        found = await request.config_dict[DIRECTORY].find(actor, text)
        matches = [each for each in found if each.person_id != _id(request)]
        problem = "" if matches else say(request, N_("Nobody is found by that."))
        return await _page(request, actor, matches=matches, problem=problem)
    try:
        if other:
            await households.join(actor, _id(request), PersonId(other))
        else:
            await households.leave(actor, _id(request))
    except Invalid as error:
        return await _page(request, actor, status=422, problem=_first(request, error))
    return await _page(request, actor, said=words.DONE["saved"])


async def vouch(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Somebody we know answers for a newcomer."""
    data = await request.post()
    by = PersonId(str(data["by"])) if data.get("by") else None
    try:
        await request.config_dict[JOURNEYS].vouch(actor, _id(request), by, str(data.get("note", ""))[:400])
    except Invalid as error:
        return await _page(request, actor, status=422, problem=_first(request, error))
    return await _page(request, actor, said=words.DONE["saved"])


async def keep(request: web.Request, actor: Actor) -> web.StreamResponse:
    """They changed their mind: we may keep their details, or we may not."""
    data = await request.post()
    read_out = await consenting.read_out(request, data, {Purpose.KEEP_DETAILS: SPOKEN[Purpose.KEEP_DETAILS]})
    await request.config_dict[FORGETTING].keep(
        actor, _id(request), data.get("answer") == "yes", wording=read_out[Purpose.KEEP_DETAILS]
    )
    return await _page(request, actor, said=words.DONE["saved"])


async def apart(request: web.Request, actor: Actor) -> web.StreamResponse:
    """These two must not meet, or may again; first, who is meant. It is never listed anywhere."""
    data = await request.post()
    people, other = request.config_dict[PEOPLE], PersonId(str(data.get("other", "")))
    why, again = str(data.get("why", ""))[:200], data.get("do") == "may_meet"
    if text := str(data.get("find", ""))[:100]:
        found = await request.config_dict[DIRECTORY].find(actor, text)
        matches = [each for each in found if each.person_id != _id(request)]
        problem = "" if matches else say(request, N_("Nobody is found by that."))
        return await _page(request, actor, apart_from=matches, problem=problem)
    try:
        if not other:
            text = N_("Choose two people.")
            raise Invalid("apart", text, fields={"other": text})
        if again:
            await people.may_meet(actor, _id(request), other, why)
        else:
            await people.keep_apart(actor, _id(request), other, why)
    except Invalid as error:
        return await _page(request, actor, status=422, problem=_first(request, error))
    return go("/people", done="may_meet" if again else "apart")


async def helps(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What a volunteer does, to be changed."""
    row = await _volunteer(request, actor)
    held = row.volunteer
    form = HelpsForm(
        kinds=held.abilities,
        takes=held.takes,
        languages=held.languages,
        transport=str(held.transport),
        radius=int(held.radius_km) if held.radius_km.is_integer() else held.radius_km,
        max_per_week=held.max_per_week,
        hours=held.hours,
        days_off=" ".join(held.days_off),
        rest_days=held.rest_days or None,
    )
    return await _helps_page(request, row, offered(request, form))


async def change_helps(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Saves it; what was checked has a page of its own."""
    row = await _volunteer(request, actor)
    form = offered(request, HelpsForm(await request.post()))
    if not form.validate():
        return await _helps_page(request, row, form, status=422)
    held = row.volunteer
    await request.config_dict[PEOPLE].change_volunteer(
        actor,
        replace(
            held,
            abilities=tuple(form.kinds.data),
            takes=tuple(form.takes.data or ()),
            languages=tuple(form.languages.data or ()),
            transport=Transport(form.transport.data),
            radius_km=form.radius.data or held.radius_km,
            max_per_week=form.max_per_week.data,
            hours=in_order(form.hours.data),
            days_off=days_in(form.days_off.data),
            rest_days=form.rest_days.data or 0,
        ),
    )
    return go("/volunteers", done="saved")


async def ask_to_erase(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What erasing means, before it is done."""
    return await render(request, "erase.html", PersonPage(person_id=_id(request), person=None))


async def erase(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Erases for good, if the box was ticked."""
    if not (await request.post()).get("sure"):
        return go(f"/people/{_id(request)}/erase")
    await request.config_dict[PEOPLE].erase(actor, _id(request))
    return go("/people", done="erased")


async def _volunteer(request: web.Request, actor: Actor) -> VolunteerRow:
    for row in await request.config_dict[PEOPLE].list_volunteers(actor):
        if row.person_id == _id(request):
            return row
    raise NotFound("no_such_person", N_("We know no volunteer by that number."))


async def _helps_page(
    request: web.Request, row: VolunteerRow, form: HelpsForm, *, status: int = 200
) -> web.Response:
    page = HelpsPage(
        person_id=row.person_id,
        name=row.name,
        form=form,
        headings=headings(catalogue_of(request), also=row.volunteer.abilities),
    )
    return await render(request, "helps.html", page, status=status)


def _id(request: web.Request) -> PersonId:
    return PersonId(request.match_info["person"])


def _first(request: web.Request, error: Invalid) -> str:
    return say(request, next(iter(error.fields.values()), error.message))


def _details_form(request: web.Request, data: Any = None, person: PersonView | None = None) -> DetailsForm:
    form = DetailsForm(data)
    form.languages.choices = tongues(request)
    if person is not None:
        held = person.details
        for name in ("name", "contact_name", "email", "address", "safe_to_ring", "about", "notes"):
            form[name].data = getattr(held, name)
        form.languages.data = held.languages
        form.door.data = held.door.number if held.door else ""
        form.door_kind.data = str(held.door.kind if held.door else PhoneKind.OWN)
        form.screen.data = held.screen.number if held.screen else ""
        form.contact_by.data = held.contact_by
        if held.contact_by not in dict(form.contact_by.choices):
            form.contact_by.choices.append((held.contact_by, held.contact_by))
        # Whoever speaks a language that the list does not offer keeps it.
        offered_codes = dict(form.languages.choices)
        form.languages.choices += [(code, code) for code in held.languages if code not in offered_codes]
    return form


async def _said(request: web.Request, form: DetailsForm) -> PersonDetails:
    kind, screen = PhoneKind(form.door_kind.data), form.screen.data
    none = kind in (PhoneKind.NONE, PhoneKind.WITHHELD)
    return PersonDetails(
        name=form.name.data,
        contact_name=form.contact_name.data,
        door=Phone(number="" if none else form.door.data, kind=kind) if none or form.door.data else None,
        screen=Phone(number=screen) if screen else None,
        email=form.email.data,
        address=form.address.data,
        point=await places.locate(request, form.address.data),
        safe_to_ring=form.safe_to_ring.data,
        languages=tuple(form.languages.data or ()),
        contact_by=form.contact_by.data,
        about=form.about.data,
        notes=form.notes.data,
    )


async def after(request: web.Request, actor: Actor, *, problem: str = "") -> web.Response:
    """The page after something that another part of it did."""
    said = "" if problem else words.DONE["saved"]
    return await _page(request, actor, status=422 if problem else 200, problem=problem, said=said)


async def _page(
    request: web.Request,
    actor: Actor,
    why: str = "",
    *,
    status: int = 200,
    problem: str = "",
    said: str = "",
    form: DetailsForm | None = None,
    matches: Sequence[Found] = (),
    apart_from: Sequence[Found] = (),
) -> web.Response:
    people = request.config_dict[PEOPLE]
    person = await people.person(actor, _id(request), why)
    others = []
    if may(actor, Permission.KEEP_APART) or may(actor, Permission.MANAGE_VOLUNTEERS):
        others = [row for row in await people.list_volunteers(actor) if row.person_id != _id(request)]
    page = PersonPage(
        person_id=_id(request),
        person=person,
        form=form or _details_form(request, person=person),
        others=others,
        answers=await own_questions.told(request, person.details.answers) if person else (),
        doubles=await request.config_dict[MERGING].of_person(actor, _id(request)),
        pairs=await request.config_dict[BUDDIES].of_person(actor, _id(request)),
        series=await request.config_dict[REPEATING].of_person(actor, _id(request)),
        calls=await request.config_dict[CALL_BOOK].of_person(actor, _id(request)),
        question=await request.config_dict[TEXTS].said(SPOKEN[Purpose.KEEP_DETAILS], request[LANGUAGE].code),
        matches=matches,
        apart_from=apart_from,
        problem=problem,
        said=said,
        mail_back=person is not None
        and bool(person.details.email)
        and await request.config_dict[NOTICES].returned.is_marked(person.person.id),
    )
    return await render(request, "person.html", page, status=status, back=f"/people/{_id(request)}")
