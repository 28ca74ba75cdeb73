"""`/setup`: the starting code and five questions, once."""

from contextlib import suppress

from aiohttp import web

from node.appkeys import BASE_MAPS, CLOCK, CONFIG, MADE_UP, PUBLISHING, SETUP
from node.domain import zone
from node.domain.intake import whereabouts
from node.domain.need import Point
from node.errors import N_, Invalid, MutualAidError, NotFound, TooMany
from node.services.accounts.setup import SetupAnswers
from ui.contexts.common import CardsPage, SetupPage, Where
from ui.drawing.svg import area_map
from ui.forms.front import SetupForm
from ui.parts import places
from ui.web import sessions
from ui.web.site import LANGUAGE, LANGUAGES, render, say


async def show(request: web.Request) -> web.StreamResponse:
    """The five questions; gone once they are answered."""
    await _only_once(request)
    machine = request.config_dict[CLOCK].zone_name()
    form = _form(request)
    form.zone.data = "" if machine == zone.GREENWICH else machine
    return await _page(request, form)


async def submit(request: web.Request) -> web.StreamResponse:
    """Makes the site, and shows the rescue cards this once."""
    await _only_once(request)
    data = await request.post()
    form = _form(request, data)
    point = await places.locate(request, form.point.data or "")
    if data.get("look"):
        return await _look(request, form, point)
    if not form.validate():
        return await _page(request, form, point, status=422)
    if point is None:
        form.blame({"point": whereabouts.trouble(form.point.data)})
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
                zone=form.zone.data,
                preset=form.preset.data,
                handle=form.handle.data,
                password=form.password.data,
                public_url=_own_url(request),
            )
        )
    except Invalid as error:
        form.blame({_FIELDS.get(name, name): message for name, message in error.fields.items()})
        return await _page(request, form, point, status=422, error=None if form.errors else error)
    except TooMany as error:
        return await _page(request, form, point, status=error.status, error=error)
    await request.config_dict[PUBLISHING].introduce()
    with suppress(MutualAidError):  # whatever happens now, the cards are shown: nobody sees them again
        await request.config_dict[MADE_UP].welcome(made.actor, form.language.data)
    page = CardsPage(cards=made.cards, words=made.words, group=form.group_name.data)
    return await render(request, "cards.html", page)


_FIELDS = {"place": "point"}
_ROUND_KM = 5.0
"""So far around its middle the drawing of a group's area goes."""


async def _look(request: web.Request, form: SetupForm, point: Point | None) -> web.Response:
    """The same page, with a drawing of where the middle is; nothing else is looked at yet."""
    if point is None:
        form.point.errors = [whereabouts.trouble(form.point.data or "")]
    return await _page(request, form, point, status=422 if point is None else 200)


def _drawn(request: web.Request, point: Point) -> Where:
    said = f"{point.lat:.4f}, {point.lon:.4f}"
    title = say(request, N_("Some kilometres around the middle of your area"))
    map = area_map([], title=title, here=(point.lat, point.lon), reach_km=_ROUND_KM, here_words=said)
    return Where(map=map, said=said, lat=f"{point.lat:.4f}", lon=f"{point.lon:.4f}")


def _own_url(request: web.Request) -> str:
    scheme, host = sessions.origin_of(request)
    return request.config_dict[CONFIG].public_url or f"{scheme}://{host}"


async def _only_once(request: web.Request) -> None:
    if await request.config_dict[SETUP].is_done():
        raise NotFound("set_up", N_("This site has been set up already."))


def _form(request: web.Request, data: object = None) -> SetupForm:
    form = SetupForm(data)
    form.language.choices = [(language.code, language.name) for language in request.config_dict[LANGUAGES]]
    if data is None:  # the language that whoever sets up reads this page in is most likely the group's
        form.language.data = request[LANGUAGE].code
    return form


async def _page(
    request: web.Request,
    form: SetupForm,
    point: Point | None = None,
    *,
    status: int = 200,
    error: MutualAidError | None = None,
) -> web.Response:
    problem = say(request, error.message, **error.values) if error else ""
    where = None if point is None else _drawn(request, point)
    page = SetupPage(
        form=form,
        problem=problem,
        zones=zone.names(),
        where=where,
        streets=await request.config_dict[BASE_MAPS].look(),
        round_km=_ROUND_KM,
    )
    return await render(request, "setup.html", page, status=status)
