"""`/settings/texts`: what the group says in its own words, one text at a time with ours beside it."""

from itertools import groupby

from aiohttp import web

from node.appkeys import SECOND_YES, TEXTS
from node.domain.actors import Actor
from node.domain.settings import texts as rules
from node.errors import N_, Invalid, NotFound
from ui.contexts.settings import TextRow, TextsPage
from ui.forms.settings import TextForm
from ui.web.site import LANGUAGE, go, render, say

_FIRST = "scope.do"


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The list, and the chosen text."""
    key, language = _chosen(request)
    now = await request.config_dict[TEXTS].said(key, language)
    own = now.own and now.language == language
    return await _page(request, key, language, TextForm(text=now.text if own else ""))


async def submit(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Saves it, or goes back to ours."""
    key, language = _chosen(request)
    data = await request.post()
    form = TextForm(data)
    if not form.validate():
        return await _page(request, key, language, form, status=422)
    words = "" if "back" in data else form.text.data
    try:
        waits = await request.config_dict[SECOND_YES].text(actor, key, language, words)
    except Invalid as error:
        form.blame(error.fields)
        problem = "" if form.errors else say(request, error.message)
        return await _page(request, key, language, form, status=422, problem=problem)
    return go("/settings/texts", text=key, language=language, done="waits" if waits else "saved")


def _chosen(request: web.Request) -> tuple[str, str]:
    key = request.query.get("text", _FIRST)
    if key not in rules.TEXTS:
        raise NotFound("no_text", N_("There is no such text."))
    return key, rules.language_of(request.query.get("language", request[LANGUAGE].code))


async def _page(
    request: web.Request, key: str, language: str, form: TextForm, *, status: int = 200, problem: str = ""
) -> web.Response:
    service = request.config_dict[TEXTS]
    own = await service.own_languages()
    rows = [TextRow(key=each, own=bool(own[each]), chosen=each == key) for each in rules.TEXTS]
    ours, ours_in = rules.default(key, language)
    page = TextsPage(
        parts=[
            (part, list(inside)) for part, inside in groupby(rows, key=lambda row: rules.TEXTS[row.key].part)
        ],
        text=rules.TEXTS[key],
        now=await service.said(key, language),
        default=ours,
        default_language=ours_in,
        language=language,
        languages=rules.LANGUAGES,
        own_in=own[key],
        form=form,
        problem=problem,
    )
    return await render(request, "settings_texts.html", page, status=status)
