"""`/setup`: the starting code and five questions, once."""

from aiohttp import web

from node.appkeys import CONFIG, SETUP
from node.errors import N_, Invalid, MutualAidError, NotFound, TooMany
from node.services.setup import SetupAnswers
from ui import places, sessions
from ui.contexts import CardsPage, FormPage
from ui.forms.front import SetupForm
from ui.site import LANGUAGES, render, say


async def show(request: web.Request) -> web.StreamResponse:
    """The five questions; gone once they are answered."""
    await _only_once(request)
    return await _page(request, _form(request))


async def submit(request: web.Request) -> web.StreamResponse:
    """Makes the site, and shows the rescue cards this once."""
    await _only_once(request)
    form = _form(request, await request.post())
    if not form.validate():
        return await _page(request, form, status=422)
    point = await places.locate(request, form.point.data)
    if point is None:
        form.blame({"point": N_("Write latitude, comma, longitude, like 51.44, -2.58.")})
        return await _page(request, form, status=422)
    try:
        made = await request.config_dict[SETUP].complete(
            SetupAnswers(
                code=form.code.data,
                language=form.language.data,
                group_name=form.group_name.data,
                place=(point.lat, point.lon),
                phone=form.phone.data,
                hours=form.hours.data,
                handle=form.handle.data,
                password=form.password.data,
                public_url=_own_url(request),
            )
        )
    except Invalid as error:
        form.blame({_FIELDS.get(name, name): message for name, message in error.fields.items()})
        return await _page(request, form, status=422, error=None if form.errors else error)
    except TooMany as error:
        return await _page(request, form, status=error.status, error=error)
    page = CardsPage(cards=made.cards, words=made.words, group=form.group_name.data)
    return await render(request, "cards.html", page)


_FIELDS = {"place": "point"}


def _own_url(request: web.Request) -> str:
    scheme, host = sessions.origin_of(request)
    return request.config_dict[CONFIG].public_url or f"{scheme}://{host}"


async def _only_once(request: web.Request) -> None:
    if await request.config_dict[SETUP].is_done():
        raise NotFound("set_up", N_("This site has been set up already."))


def _form(request: web.Request, data: object = None) -> SetupForm:
    form = SetupForm(data)
    form.language.choices = [(language.code, language.name) for language in request.config_dict[LANGUAGES]]
    return form


async def _page(
    request: web.Request, form: SetupForm, *, status: int = 200, error: MutualAidError | None = None
) -> web.Response:
    problem = say(request, error.message, **error.values) if error else ""
    return await render(request, "setup.html", FormPage(form=form, problem=problem), status=status)
