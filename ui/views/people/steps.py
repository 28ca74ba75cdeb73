"""`/people/<id>/step/<step>`: the journey of a volunteer, and keeping somebody away. What ends something is asked
about first; the rest is one button."""

from datetime import timedelta

from aiohttp import web

from node.appkeys import PEOPLE
from node.domain.actors import Actor
from node.domain.ids import PersonId
from node.domain.people.journey import REASONS, WHO, JourneyMove, StopReason
from node.domain.permissions import Permission, require
from node.errors import Invalid
from ui.contexts.people import StepPage
from ui.forms.people import StepForm
from ui.web.site import go, render, say, today

BANS = ("bar", "unbar")
STEPS = (*(str(move) for move in JourneyMove), *BANS)


async def ask(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What the step means, before it is done."""
    step = request.match_info["step"]
    require(actor, Permission.BAR if step in BANS else WHO[JourneyMove(step)])
    return await _page(request, _form(step))


async def do(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The step itself."""
    people, step = request.config_dict[PEOPLE], request.match_info["step"]
    person = PersonId(request.match_info["person"])
    form = _form(step, await request.post())
    require(actor, Permission.BAR if step in BANS else WHO[JourneyMove(step)])
    if not form.validate():
        return await _page(request, form, status=422)
    reason = StopReason(form.reason.data) if form.reason.data else None
    if step in BANS:
        await (people.bar if step == "bar" else people.unbar)(actor, person, form.note.data, reason)
        return go(f"/people/{person}", done="saved")
    try:
        await people.move(
            actor, person, JourneyMove(step), until=form.until.data, reason=reason, why=form.note.data
        )
    except Invalid as error:
        problem = say(request, next(iter(error.fields.values()), error.message))
        return await _page(request, form, status=422, problem=problem)
    return go("/volunteers", done="saved")


def _form(step: str, data: object = None) -> StepForm:
    form = StepForm(data)
    form.offer([str(reason) for reason in REASONS.get(step, ())])
    return form


async def _page(
    request: web.Request, form: StepForm, *, status: int = 200, problem: str = ""
) -> web.Response:
    step = request.match_info["step"]
    page = StepPage(
        person_id=request.match_info["person"],
        step=step,
        form=form,
        asks_day=step == JourneyMove.REST,
        tomorrow=today(request) + timedelta(days=1),
        problem=problem,
    )
    return await render(request, "step.html", page, status=status)
