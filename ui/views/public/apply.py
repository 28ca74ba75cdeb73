"""`/volunteer`: "I can help", one thing a page, without an account or a script. Works while the records are closed."""

from contextlib import suppress
from typing import Any

from aiohttp import web
from multidict import MultiDict

from node.appkeys import JOURNEYS, OWN_DOOR
from node.domain.consents import Purpose
from node.domain.hours import ALL_HOURS, in_order
from node.domain.intake.intake import NewPerson
from node.domain.people.newcomer import NewVolunteer
from node.domain.settings.questions import AskedAt
from node.domain.volunteer import Transport
from node.errors import N_, Invalid
from node.services.settings.texts import MESSAGES, OF_VOLUNTEERS
from ui.contexts.own import AppliedPage, ApplyPage
from ui.contexts.steps import Step
from ui.forms.volunteers import ApplyForm, days_in
from ui.parts import consenting, own_questions, places, steps
from ui.parts.scope import privacy
from ui.parts.steps import Turn
from ui.views.people.volunteers import FIELDS, offered
from ui.web import sessions
from ui.web.once import once
from ui.web.site import LANGUAGE, LANGUAGES, catalogue_of, headings, render, say

STEPS = (
    Step(name="kinds", title=N_("What do you like to do?"), fields=("kinds",)),
    Step(name="when", title=N_("When can you, in an ordinary week?"), fields=("hours",)),
    Step(name="how", title=N_("How do you get about?"), fields=("transport", "radius", "languages")),
    Step(name="who", title=N_("Who are you?"), fields=("name", "phone", "email", "address")),
    Step(name="more", title=N_("Anything you would like to tell us?"), fields=("notes",), own=True),
    Step(name="check", title=N_("Is all of this right?"), fields=("keep_details",)),
)


async def show(request: web.Request) -> web.StreamResponse:
    """The first page, or the one that is asked for."""
    return await _page(request, _form(request, None), steps.opened(request, STEPS), None)


async def submit(request: web.Request) -> web.StreamResponse:
    """On to the next page, back, to one that is changed, or sent; nothing of it stands in the address."""
    data = _any_time(await request.post())
    language = steps.speak(request, data)
    form = _form(request, data)
    form.validate()
    with suppress(Invalid):  # what is wrong stands on the form
        await own_questions.read(request, AskedAt.HELPER, form)
    turn = steps.pressed(data, STEPS, form)
    if turn.send:
        return await _send(request)
    response = await _page(request, form, turn, data, status=422 if turn.blame else 200)
    steps.remember(request, response, language)
    return steps.kept_for_the_way_back(response)


@once
async def _send(request: web.Request) -> web.StreamResponse:
    """Takes it in; the answer has the private link to a page of her own, shown this once."""
    data = await request.post()
    form = _form(request, data)
    form.validate()
    try:
        wordings = await consenting.read_out(request, data, {**OF_VOLUNTEERS, **MESSAGES})
        person = await request.config_dict[JOURNEYS].apply(
            await _new(request, form),
            wording=wordings[Purpose.KEEP_DETAILS],
            messages=wordings[Purpose.MESSAGES]
            if data.get(f"{consenting.WORDING}{Purpose.MESSAGES}")
            else "",
        )
    except Invalid as error:
        turn = steps.refused(STEPS, form, error, FIELDS)
        problem = "" if form.errors else say(request, error.message, **error.values)
        return await _page(request, form, turn, data, status=422, problem=problem)
    token = await request.config_dict[OWN_DOOR].first_link(person)
    page = AppliedPage(way=f"/my/in/{token}", link=f"{'://'.join(sessions.origin_of(request))}/my/in/{token}")
    return steps.forgotten(await render(request, "apply_thanks.html", page, back=page.way))


async def _new(request: web.Request, form: ApplyForm) -> NewVolunteer:
    return NewVolunteer(
        person=NewPerson(
            name=form.name.data,
            phone=form.phone.data,
            email=form.email.data,
            address=form.address.data,
            languages=tuple(form.languages.data or ()),
            notes=form.notes.data,
        ),
        point=await places.locate(request, form.address.data),
        abilities=tuple(form.kinds.data),
        takes=tuple(form.takes.data or ()),
        languages=tuple(form.languages.data or ()),
        transport=Transport(form.transport.data),
        radius_km=float(form.radius.data),
        max_per_week=form.max_per_week.data,
        hours=in_order(form.hours.data),
        days_off=days_in(form.days_off.data or ""),
        answers=await own_questions.read(request, AskedAt.HELPER, form),
    )


def _any_time(data: Any) -> Any:
    """Whoever comes to the grid for the first time finds it full: most people untick a few."""
    if data.get(steps.AT) != STEPS[0].name or "hours" in data:
        return data
    full: MultiDict[Any] = MultiDict(data)
    full.extend(("hours", slot) for slot in ALL_HOURS)
    return full


def _form(request: web.Request, data: Any) -> ApplyForm:
    form = offered(request, ApplyForm(data, hours=None if data else ALL_HOURS))
    # The one that she reads here first, then the others of this site, then all the rest.
    first = [request[LANGUAGE].code, *(each.code for each in request.config_dict[LANGUAGES])]
    form.languages.choices.sort(key=lambda each: first.index(each[0]) if each[0] in first else len(first))
    own_questions.typed_in(form, data)
    return form


async def _page(
    request: web.Request, form: ApplyForm, turn: Turn, data: Any, *, status: int = 200, problem: str = ""
) -> web.Response:
    await consenting.worded(request, form, OF_VOLUNTEERS)
    page = ApplyPage(
        form=form,
        walk=steps.walk("/volunteer", STEPS, turn, form, data),
        headings=headings(catalogue_of(request)),
        problem=problem,
        privacy=await privacy(request),
        messages=await consenting.beside(request, MESSAGES),
        questions=await own_questions.asked(request, AskedAt.HELPER, form),
    )
    return await render(request, "apply.html", page, status=status)
