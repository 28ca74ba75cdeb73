"""`/settings/kinds`: what the group calls each kind of help, and which it does not do."""

from collections.abc import Mapping

from aiohttp import web

from node.appkeys import KINDS, SECOND_YES
from node.domain.actors import Actor
from node.domain.settings.texts import LANGUAGES, language_of
from node.errors import Invalid
from node.services.settings.kinds import KindChange
from ui.contexts.settings import KindRow, KindsPage
from ui.web.site import LANGUAGE, go, render, say


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Every kind with its names."""
    service, language = request.config_dict[KINDS], _language(request)
    own = await service.own_names()
    now = {
        each.code: KindChange(
            name=own.get((each.code, language), ""), hidden=each.code in service.ours.hidden
        )
        for each in service.shared.categories
    }
    return await _page(request, now)


async def submit(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Saves all of them, or none."""
    data, service = await request.post(), request.config_dict[KINDS]
    wanted = {
        each.code: KindChange(name=str(data.get(f"name:{each.code}", "")), hidden=f"hide:{each.code}" in data)
        for each in service.shared.categories
    }
    try:
        waits = await request.config_dict[SECOND_YES].names(actor, _language(request), wanted)
    except Invalid as error:
        return await _page(
            request, wanted, status=422, fields=error.fields, problem=say(request, error.message)
        )
    return go("/settings/kinds", language=_language(request), done="waits" if waits else "saved")


def _language(request: web.Request) -> str:
    return language_of(request.query.get("language", request[LANGUAGE].code))


async def _page(
    request: web.Request,
    now: Mapping[str, KindChange],
    *,
    status: int = 200,
    fields: Mapping[str, str] | None = None,
    problem: str = "",
) -> web.Response:
    shared, language, blamed = request.config_dict[KINDS].shared, _language(request), fields or {}
    rows = {
        each.code: KindRow(
            code=each.code,
            shared=each.name(language),
            name=now[each.code].name,
            hidden=now[each.code].hidden,
            problem=blamed.get(f"name:{each.code}", "") or blamed.get(f"hide:{each.code}", ""),
        )
        for each in shared.categories
    }
    page = KindsPage(
        parts=[
            (heading, [rows[kind.code] for kind in shared.under(heading.code)]) for heading in shared.headings
        ],
        language=language,
        languages=LANGUAGES,
        problem=problem,
    )
    return await render(request, "settings_kinds.html", page, status=status)
