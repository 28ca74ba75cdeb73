"""`/safety/incidents`: writing down what must not happen, and looking into it. Who cannot read one does not see it."""

from typing import Any

from aiohttp import web

from node.appkeys import ACCESS, INCIDENTS, OLD_REPORTS, PEOPLE, TEAM
from node.domain.actors import Actor
from node.domain.ids import PersonId
from node.domain.people.journey import JourneyMove, StopReason
from node.domain.permissions import Permission, may
from node.domain.safety.incidents import Report
from node.errors import N_, Conflict, Invalid, Locked, NotFound
from ui.contexts.safety import IncidentFormPage, IncidentPage, IncidentsPage, SafetyCardsPage
from ui.forms.incidents import IncidentForm
from ui.web import sessions
from ui.web.site import go, render, say, today


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What that one may read, without a name; for everybody else only how to write something down."""
    return await _list_page(request, actor)


async def begin(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The first safety officer opens the closed records, and is shown their own rescue cards this once."""
    cards = await request.config_dict[TEAM].begin_safeguarding(actor)
    return await render(request, "safety_cards.html", SafetyCardsPage(cards=cards))


async def form(request: web.Request, actor: Actor) -> web.StreamResponse:
    """An empty report; ``person`` in the address: whom it is about."""
    return await _form_page(request, actor, IncidentForm(day=today(request)))


async def tell(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Writes it down. Whoever told it may not be able to read it afterwards."""
    data = await request.post()
    filled = await _filled(request, actor, IncidentForm(data))
    if not filled.validate():
        return await _form_page(request, actor, filled, status=422)
    about = [filled.volunteer.data, str(data.get("person", ""))]
    report = Report(
        kind=filled.kind.data,
        text=filled.text.data or "",
        day=filled.day.data,
        about=tuple(dict.fromkeys(each for each in about if each)),
        staff=filled.staff.data or None,
    )
    try:
        await request.config_dict[INCIDENTS].tell(actor, report)
    except Invalid as error:
        filled.blame(error.fields)
        return await _form_page(request, actor, filled, status=422)
    except Conflict as error:
        return await _form_page(request, actor, filled, status=409, problem=say(request, error.message))
    return go("/safety/incidents", done="told_incident")


async def one(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Closed until the look is written down; not there for whoever may not read it."""
    shelf = await request.config_dict[INCIDENTS].shelf(actor, await _key(request))
    row = next((row for row in shelf.rows if row.id == request.match_info["incident"]), None)
    if row is None:
        raise NotFound("no_such_incident", N_("There is nothing here."))
    return await render(request, "incident.html", IncidentPage(row=row))


async def look(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The whole of it: a look that is written down."""
    return await _whole(request, actor)


async def note(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What was done; with ``close``, it is looked into no more."""
    data = await request.post()
    close = {"yes": True, "again": False}.get(str(data.get("close", "")))
    try:
        await request.config_dict[INCIDENTS].note(
            actor,
            await _key(request),
            request.match_info["incident"],
            str(data.get("text", ""))[:8000],
            close=close,
        )
    except Invalid as error:
        return await _whole(request, actor, status=422, problem=say(request, error.message))
    return go(f"/safety/incidents/{request.match_info['incident']}", done="saved")


async def give_again(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Whoever may read it and has a new password can open it again."""
    incident = request.match_info["incident"]
    await request.config_dict[INCIDENTS].give_again(actor, await _key(request), incident)
    return go(f"/safety/incidents/{incident}", done="given_again")


async def let_read(request: web.Request, actor: Actor) -> web.StreamResponse:
    """One more of us can read it from now on."""
    incident, chosen = request.match_info["incident"], str((await request.post()).get("staff", ""))
    try:
        await request.config_dict[INCIDENTS].let_read(actor, await _key(request), incident, chosen)
    except Invalid as error:
        return await _whole(request, actor, status=422, problem=say(request, error.fields["staff"]))
    return go(f"/safety/incidents/{incident}", done="let_read")


async def remove(request: web.Request, actor: Actor) -> web.StreamResponse:
    """One that is over is gone for good."""
    incident = request.match_info["incident"]
    try:
        await request.config_dict[OLD_REPORTS].remove(actor, await _key(request), incident)
    except Conflict as error:
        if error.code == "copy_ended":
            raise
        return await _whole(request, actor, status=409, problem=say(request, error.message))
    return go("/safety/incidents", done="incident_removed")


async def take_in(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What she can read of before there were closed records goes into them; ``ending``: whose copies end, as shown."""
    ending = [str(each) for each in (await request.post()).getall("ending", [])]
    try:
        await request.config_dict[INCIDENTS].take_in(actor, await _key(request), ending=ending)
    except Conflict as error:
        return await _list_page(request, actor, status=409, problem=say(request, error.message))
    return go("/safety/incidents", done="taken_in")


async def know_ended(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Her own copy ended, and she has read that."""
    await request.config_dict[INCIDENTS].know_ended(actor)
    return go("/safety/incidents")


async def stop(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A volunteer it is about is stopped while it is looked into."""
    service, incident = request.config_dict[INCIDENTS], request.match_info["incident"]
    person = PersonId(str((await request.post()).get("person", "")))
    if person not in await service.about(actor, await _key(request), incident):
        raise NotFound("no_such_person", N_("We know nobody by that number."))
    await request.config_dict[PEOPLE].move(actor, person, JourneyMove.SUSPEND, reason=StopReason.LOOKING_INTO)
    return go(f"/safety/incidents/{incident}", done="stopped")


async def _list_page(
    request: web.Request, actor: Actor, *, status: int = 200, problem: str = ""
) -> web.Response:
    shelf = await request.config_dict[INCIDENTS].shelf(actor, await _key(request))
    return await render(request, "incidents.html", IncidentsPage(shelf=shelf, problem=problem), status=status)


async def _whole(request: web.Request, actor: Actor, *, status: int = 200, problem: str = "") -> web.Response:
    incident = await request.config_dict[INCIDENTS].look(
        actor, await _key(request), request.match_info["incident"]
    )
    names = await _volunteers(request, actor)
    page = IncidentPage(
        incident=incident,
        names=names,
        running=await _running(request, actor),
        problem=problem,
    )
    return await render(request, "incident.html", page, status=status)


async def _key(request: web.Request) -> Any:
    """The reader's own key, which only the cookie opens; handed through, never looked into here."""
    return await request.config_dict[ACCESS].own_key(sessions.read(request, sessions.DESK))


async def _volunteers(request: web.Request, actor: Actor) -> dict[str, str]:
    if not may(actor, Permission.READ_BOARD):
        return {}
    try:
        return {row.person_id: row.name for row in await request.config_dict[PEOPLE].list_volunteers(actor)}
    except Locked:
        return {}


async def _running(request: web.Request, actor: Actor) -> frozenset[str]:
    """Volunteers who could still be stopped."""
    if not may(actor, Permission.BAR):
        return frozenset()
    try:
        rows = await request.config_dict[PEOPLE].list_volunteers(actor)
    except Locked:
        return frozenset()
    return frozenset(row.person_id for row in rows if row.volunteer.state != "suspended")


async def _filled(request: web.Request, actor: Actor, form: IncidentForm) -> IncidentForm:
    nobody = ("", say(request, N_("No")))
    members = await request.config_dict[TEAM].members(actor)
    form.volunteer.choices = [nobody, *(await _volunteers(request, actor)).items()]
    form.staff.choices = [nobody, *((row.id, row.handle) for row in members if row.id != actor.id)]
    return form


async def _form_page(
    request: web.Request, actor: Actor, form: IncidentForm, *, status: int = 200, problem: str = ""
) -> web.Response:
    person = str((await request.post()).get("person", "")) or request.query.get("person", "")
    page = IncidentFormPage(form=await _filled(request, actor, form), person=person[:40], problem=problem)
    return await render(request, "incident_form.html", page, status=status)
