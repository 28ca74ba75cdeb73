"""`/settings`: for each kind of help, who may see that it is wanted."""

from aiohttp import web

from node.appkeys import PUBLISHING
from node.domain.actors import Actor
from node.domain.need import Share
from node.errors import Conflict, Invalid
from ui.contexts import SettingsPage, ShareRow
from ui.site import LANGUAGE, catalogue_of, go, headings, next_slot, render, say


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Every kind of help with its setting."""
    return await _page(request, actor)


async def submit(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Saves what was changed; what was left alone is not touched."""
    publishing, data = request.config_dict[PUBLISHING], await request.post()
    now = await publishing.shared(actor)
    for_all = str(data.get("share:all", ""))
    wanted = {code: for_all or str(data.get(f"share:{code}", "")) for code in now}
    changed = {
        code: Share(choice)
        for code, choice in wanted.items()
        if choice in {str(each) for each in Share} and choice != str(now[code])
    }
    try:
        await publishing.share(actor, changed)
    except Invalid as error:
        return await _page(request, actor, status=422, problem=say(request, error.message, **error.values))
    return go("/settings", done="saved")


async def send(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Sends out now what waits for its time."""
    try:
        await request.config_dict[PUBLISHING].publish(actor)
    except Conflict as error:
        return await _page(request, actor, status=409, problem=say(request, error.message, **error.values))
    return go("/settings", done="sent")


async def _page(request: web.Request, actor: Actor, *, status: int = 200, problem: str = "") -> web.Response:
    catalogue, language = catalogue_of(request), request[LANGUAGE].code
    shared = await request.config_dict[PUBLISHING].shared(actor)
    rows, seen = [], set()
    for heading in headings(catalogue):
        lines = []
        for kind in heading.kinds:
            code = kind.wire or kind.code
            if code in seen:
                continue
            seen.add(code)
            members = [each.name(language) for each in catalogue.categories if each.wire == code]
            lines.append(
                ShareRow(
                    code=code,
                    name=catalogue.name(code, language),
                    share=str(shared.get(code, Share.ONLY_US)),
                    never=kind.wire is None,
                    members=members if len(members) > 1 else (),
                )
            )
        if lines:
            rows.append((heading.heading, lines))
    page = SettingsPage(rows=rows, next_at=next_slot(request), problem=problem)
    return await render(request, "settings.html", page, status=status)
