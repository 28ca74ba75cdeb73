"""`/safety` and `/people/<id>/checks`: safety checks, their records, and who needs a new one."""

from aiohttp import web

from node.appkeys import PEOPLE, VETTING
from node.domain.actors import Actor
from node.domain.catalogue import CheckLevel
from node.domain.ids import PersonId
from node.domain.permissions import Permission, may
from node.domain.safety.vetting import usual_review
from node.errors import Invalid
from ui.contexts.safety import ChecksPage, SafetyPage
from ui.forms.safety import CheckForm
from ui.web.site import go, render, say, today


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Whose check ends soon, or is over; and who is kept away."""
    away = await request.config_dict[PEOPLE].kept_away(actor) if may(actor, Permission.BAR) else None
    page = SafetyPage(to_renew=await request.config_dict[VETTING].to_renew(actor), kept_away=away)
    return await render(request, "safety.html", page)


async def checks(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What somebody holds, and the form; the records stay closed."""
    return await _page(request, actor, CheckForm(seen=today(request)))


async def look(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The records too: a look that is written down."""
    return await _page(request, actor, CheckForm(seen=today(request)), opened=True)


async def note(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Notes one check. A police record without a day to look again gets the usual one."""
    form = CheckForm(await request.post())
    if not form.validate():
        return await _page(request, actor, form, status=422)
    review = form.review.data
    if review is None and form.seen.data and form.decision.data == "cleared":
        review = usual_review(CheckLevel(form.level.data), form.seen.data)
    try:
        await request.config_dict[VETTING].note(
            actor,
            _id(request),
            level=form.level.data,
            seen=form.seen.data,
            decision=form.decision.data,
            review=review,
        )
    except Invalid as error:
        form.blame(error.fields)
        return await _page(request, actor, form, status=422, problem=say(request, error.message))
    return go(f"/people/{_id(request)}/checks", done="saved")


async def spoke(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Somebody spoke to the volunteer about a check that ends."""
    level = str((await request.post()).get("level", ""))
    await request.config_dict[VETTING].seen_to(actor, _id(request), level)
    return go("/safety", done="saved")


def _id(request: web.Request) -> PersonId:
    return PersonId(request.match_info["person"])


async def _page(
    request: web.Request,
    actor: Actor,
    form: CheckForm,
    *,
    opened: bool = False,
    status: int = 200,
    problem: str = "",
) -> web.Response:
    service = request.config_dict[VETTING]
    records = await service.records(actor, _id(request)) if opened else None
    page = ChecksPage(
        held=await service.held(actor, _id(request)),
        form=form,
        today=today(request),
        records=records,
        problem=problem,
    )
    return await render(request, "checks.html", page, status=status)
