"""`/offer`: "I have something to give", one thing a page, without an account or a script. Works while the records are
closed."""

from typing import Any

from aiohttp import web

from node.appkeys import GIVING
from node.domain.consents import Purpose
from node.errors import N_, Invalid
from node.services.settings.texts import OF_GIVERS
from ui.contexts.gifts import OfferedPage, OfferPage
from ui.contexts.steps import Step
from ui.forms.gifts import GiftForm
from ui.parts import consenting, gifts, steps
from ui.parts.scope import privacy
from ui.parts.steps import Turn
from ui.web import sessions
from ui.web.once import once
from ui.web.site import catalogue_of, headings, render, say, today

STEPS = (
    Step(name="sort", title=N_("What would you like to offer?"), fields=("sort",)),
    Step(name="what", title=N_("What is it?"), fields=("what", "much")),
    Step(name="kinds", title=N_("What is it good for?"), fields=("kinds",)),
    Step(name="way", title=N_("How does it get to somebody?"), fields=("way",)),
    Step(name="until", title=N_("Until when does it stand?"), fields=("until",)),
    Step(name="who", title=N_("How do we reach you?"), fields=("name", "phone", "email", "address")),
    Step(name="check", title=N_("Is all of this right?"), fields=("keep_details",)),
)


async def show(request: web.Request) -> web.StreamResponse:
    """The first page, or the one that is asked for."""
    return await _page(request, _form(request, None), steps.opened(request, STEPS), None)


async def submit(request: web.Request) -> web.StreamResponse:
    """On to the next page, back, to one that is changed, or sent; nothing of it stands in the address."""
    data = await request.post()
    language = steps.speak(request, data)
    form = _form(request, data)
    form.validate()
    turn = steps.pressed(data, STEPS, form)
    if turn.send:
        return await _send(request)
    response = await _page(request, form, turn, data, status=422 if turn.blame else 200)
    steps.remember(request, response, language)
    return steps.kept_for_the_way_back(response)


@once
async def _send(request: web.Request) -> web.StreamResponse:
    """Takes it in; the answer has the private link, shown this once."""
    data = await request.post()
    form = _form(request, data)
    form.validate()
    giving = request.config_dict[GIVING]
    try:
        wording = (await consenting.read_out(request, data, OF_GIVERS))[Purpose.KEEP_DETAILS]
        token = await giving.offer(await gifts.read(request, form), wording=wording)
    except Invalid as error:
        turn = steps.refused(STEPS, form, error, {})
        problem = "" if form.errors else say(request, error.message, **error.values)
        return await _page(request, form, turn, data, status=422, problem=problem)
    page = OfferedPage(
        link=f"{'://'.join(sessions.origin_of(request))}/o/{token}", until=(await giving.behind(token)).until
    )
    return steps.forgotten(await render(request, "offered.html", page, back=f"/o/{token}"))


def _form(request: web.Request, data: Any) -> GiftForm:
    return gifts.offered(request, GiftForm(data))


async def _page(
    request: web.Request, form: GiftForm, turn: Turn, data: Any, *, status: int = 200, problem: str = ""
) -> web.Response:
    await consenting.worded(request, form, OF_GIVERS)
    page = OfferPage(
        form=form,
        walk=steps.walk("/offer", STEPS, turn, form, data),
        headings=headings(catalogue_of(request)),
        today=today(request),
        problem=problem,
        privacy=await privacy(request),
    )
    return await render(request, "offer.html", page, status=status)
