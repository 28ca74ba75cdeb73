"""`/cards`: proves that the rescue cards were printed, by words typed back from the paper."""

from aiohttp import web

from node.appkeys import SETUP
from node.domain.actors import Actor
from node.errors import Invalid, MutualAidError, TooMany
from ui.contexts.common import FormPage
from ui.forms.front import CardsForm
from ui.web.site import go, render, say


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Three empty lines."""
    return await _page(request, CardsForm())


async def check(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Compares what was typed; the cards themselves are kept nowhere."""
    form = CardsForm(await request.post())
    if not form.validate():
        return await _page(request, form, status=422)
    try:
        typed = [form.first.data, form.second.data, form.third.data]
        await request.config_dict[SETUP].confirm_cards(actor, typed)
    except (Invalid, TooMany) as error:
        return await _page(request, form, status=error.status, error=error)
    return go("/board", done="cards")


async def _page(
    request: web.Request, form: CardsForm, *, status: int = 200, error: MutualAidError | None = None
) -> web.Response:
    problem = say(request, error.message, **error.values) if error else ""
    return await render(request, "cards_check.html", FormPage(form=form, problem=problem), status=status)
