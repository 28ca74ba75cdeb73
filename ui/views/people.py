"""`/people/<id>`: one person, closed until the look is written down."""

from dataclasses import replace

from aiohttp import web

from node.appkeys import PEOPLE
from node.domain.actors import Actor
from node.domain.ids import PersonId
from node.domain.permissions import Permission, may
from node.domain.views import VolunteerRow
from node.domain.volunteer import WEEKDAYS, Cleared, Transport
from node.errors import N_, Invalid, NotFound
from ui.contexts import HelpsPage, PersonPage
from ui.forms.volunteers import HelpsForm
from ui.site import catalogue_of, go, headings, render, say
from ui.views.volunteers import offered


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The closed door: opening this address looks at nothing."""
    return await render(
        request, "person.html", PersonPage(person_id=request.match_info["person"], person=None)
    )


async def look(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Opens it, and writes down who looked and why."""
    why = str((await request.post()).get("why", ""))[:200]
    return await _page(request, actor, why)


async def apart(request: web.Request, actor: Actor) -> web.StreamResponse:
    """These two must not meet. It is never listed anywhere."""
    data = await request.post()
    try:
        await request.config_dict[PEOPLE].keep_apart(
            actor, _id(request), PersonId(str(data.get("other", ""))), str(data.get("why", ""))[:200]
        )
    except Invalid as error:
        text = say(request, next(iter(error.fields.values()), error.message))
        return await _page(request, actor, "", status=422, problem=text)
    return go("/volunteers", done="apart")


async def pause(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A break until further notice."""
    await request.config_dict[PEOPLE].pause(actor, _id(request))
    return go("/volunteers", done="saved")


async def back(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Back from the break."""
    await request.config_dict[PEOPLE].resume(actor, _id(request))
    return go("/volunteers", done="saved")


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
        days_off=held.days_off,
        cleared=[each.check for each in held.cleared],
    )
    return await _helps_page(request, row, offered(request, form))


async def change(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Saves it; single days off, and until when a check holds, stay as they were."""
    row = await _volunteer(request, actor)
    form = offered(request, HelpsForm(await request.post()))
    if not form.validate():
        return await _helps_page(request, row, form, status=422)
    held = row.volunteer
    seen = {each.check: each for each in held.cleared}
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
            days_off=(*(form.days_off.data or ()), *(day for day in held.days_off if day not in WEEKDAYS)),
            cleared=tuple(seen.get(check, Cleared(check=check)) for check in form.cleared.data or ()),
        ),
    )
    return go("/volunteers", done="saved")


async def ask_to_erase(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What erasing means, before it is done."""
    page = PersonPage(person_id=request.match_info["person"], person=None)
    return await render(request, "erase.html", page)


async def erase(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Erases for good, if the box was ticked."""
    if not (await request.post()).get("sure"):
        return go(f"/people/{_id(request)}/erase")
    await request.config_dict[PEOPLE].erase(actor, _id(request))
    return go("/volunteers", done="erased")


async def _volunteer(request: web.Request, actor: Actor) -> VolunteerRow:
    for row in await request.config_dict[PEOPLE].list_volunteers(actor):
        if row.person_id == _id(request):
            return row
    raise NotFound("no_such_person", N_("We know no volunteer by that number."))


async def _helps_page(
    request: web.Request, row: VolunteerRow, form: HelpsForm, *, status: int = 200
) -> web.Response:
    page = HelpsPage(
        person_id=row.person_id, name=row.name, form=form, headings=headings(catalogue_of(request))
    )
    return await render(request, "helps.html", page, status=status)


def _id(request: web.Request) -> PersonId:
    return PersonId(request.match_info["person"])


async def _page(
    request: web.Request, actor: Actor, why: str, *, status: int = 200, problem: str = ""
) -> web.Response:
    people = request.config_dict[PEOPLE]
    person = await people.person(actor, _id(request), why)
    others = []
    if may(actor, Permission.KEEP_APART):
        others = [row for row in await people.list_volunteers(actor) if row.person_id != _id(request)]
    page = PersonPage(person_id=_id(request), person=person, others=others, problem=problem)
    return await render(request, "person.html", page, status=status)
