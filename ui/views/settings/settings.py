"""`/settings`: the way to all of them; `/settings/sharing`: for each kind of help, who may see that it is wanted."""

from collections.abc import Mapping

from aiohttp import web

from node.appkeys import OFFERING, PRIVACY, PUBLISHING, SECOND_YES
from node.domain.actors import Actor
from node.domain.need import Share
from node.errors import Conflict, Invalid
from ui import forms
from ui.contexts.common import FirstSharePage, SettingsPage, ShareRow
from ui.parts import places
from ui.web.site import LANGUAGE, catalogue_of, go, headings, next_slot, render, say, shared_catalogue
from ui.words.outgoing import Teller

ROWS_SHOWN = 10
"""So many of the requests that would stand out are shown."""


async def start(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Every page of the settings, and what is there."""
    return await render(request, "settings.html", None)


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
    privacy = request.config_dict[PRIVACY]
    leaving = {code: share for code, share in changed.items() if share is not Share.ONLY_US}
    typed = str(data["residents"]).strip() if "residents" in data else None
    served = await privacy.served()
    said = (forms.whole(typed) or 0) if typed else None
    other = typed is not None and said != served
    first = await privacy.first_time()
    try:
        if other:
            privacy.check_served(said)
        if "sure" not in data and ((leaving and first) or other):
            return await _first_page(request, actor, changed, typed=typed, first=first)
        waits = other and await request.config_dict[SECOND_YES].residents(actor, said)
        waits = await request.config_dict[SECOND_YES].share(actor, changed) or waits
    except Invalid as error:
        problem = say(request, error.message, **error.values)
        if "sure" in data or other:
            return await _first_page(request, actor, changed, typed=typed, first=first, problem=problem)
        return await _page(request, actor, status=422, problem=problem)
    return go("/settings/sharing", done="waits" if waits else "saved")


async def _first_page(
    request: web.Request,
    actor: Actor,
    choices: Mapping[str, Share],
    *,
    typed: str | None,
    first: bool,
    problem: str = "",
) -> web.StreamResponse:
    """Before anything was ever shared, and before the number of residents changes, on which it hangs whether a map for
    everybody is allowed: how far what goes out would tell one request from all others."""
    report = await request.config_dict[PRIVACY].uniqueness(actor, choices)
    shown = report.rows[:ROWS_SHOWN]
    named = await places.areas(request, (row.content.cell for row in shown))
    teller = Teller(request[LANGUAGE], shared_catalogue(request), named)
    page = FirstSharePage(
        choices={code: str(share) for code, share in choices.items()},
        report=report,
        rows=[teller.wanted(row.content) for row in shown],
        residents=str(await request.config_dict[PRIVACY].served() or "") if typed is None else typed,
        first=first,
        problem=problem,
    )
    return await render(request, "settings_first.html", page, status=422 if problem else 200)


async def offer(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What the group offers whoever asks, and who may see it."""
    data = await request.post()
    said = str(data.get("offers_share", ""))
    share = Share(said) if said in {str(each) for each in Share} else Share.PEERS
    try:
        waits = await request.config_dict[SECOND_YES].offers(
            actor, [str(code) for code in data.getall("offer", [])], share
        )
    except Invalid as error:
        return await _page(request, actor, status=422, problem=say(request, error.message, **error.values))
    return go("/settings/sharing", done="waits" if waits else "saved")


async def send(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Sends out now what waits for its time."""
    try:
        await request.config_dict[PUBLISHING].publish(actor)
    except Conflict as error:
        return await _page(request, actor, status=409, problem=say(request, error.message, **error.values))
    return go("/settings/sharing", done="sent")


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
    offered = await request.config_dict[OFFERING].shown()
    page = SettingsPage(
        rows=rows,
        offered=offered.since.keys(),
        offered_to=str(offered.share),
        next_at=next_slot(request),
        residents=await request.config_dict[PRIVACY].served(),
        problem=problem,
    )
    return await render(request, "settings_sharing.html", page, status=status)
