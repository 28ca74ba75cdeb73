"""`/my`: a volunteer's own page: what is next, what is wanted near her, and "I can help" in two taps."""

from collections import Counter
from collections.abc import Mapping, Sequence

from aiohttp import web
from markupsafe import Markup

from node.appkeys import CLOCK, NOTICES, OWN_OFFERS, OWN_PAGE, TEXTS
from node.clock import unix
from node.domain.actors import Actor
from node.domain.ids import AssignmentId, NeedId
from node.domain.own.views import NearRow
from node.errors import N_, Locked
from node.services.own.offers import UNDO_SECONDS
from ui.contexts.own import DoorPage, Elsewhere, MyPage, SheetPage
from ui.drawing import svg
from ui.parts import places
from ui.parts.how_far import where
from ui.parts.own import who
from ui.parts.what_is_next import in_order
from ui.views.own import away, passkeys
from ui.web import headers, sessions
from ui.web.site import LANGUAGE, go, render, say


async def show(request: web.Request) -> web.StreamResponse:
    """Her page; or, for whoever is not signed in, how to get one."""
    actor = await who(request)
    if actor is None:
        response = await render(request, "my_door.html", DoorPage(passkey=passkeys.to_come_in(request)))
        response.headers[headers.KEEP_OFFLINE] = "none"
        return response
    response = await page_of(request, actor)
    response.headers[headers.KEEP_OFFLINE] = str(headers.KEPT_AT_MOST)
    return response


async def page_of(request: web.Request, actor: Actor, *, shown_to_desk: str = "") -> web.Response:
    """That volunteer's page, for her, or for the desk (``shown_to_desk``: her record) as she sees it on a new phone."""
    page = request.config_dict[OWN_PAGE]
    device = None if shown_to_desk else sessions.read(request, sessions.DEVICE) or None
    view = await page.view(actor, device)
    offered = next((task for task in view.tasks if task.id == request.query.get("offered")), None)
    hours, name = (await page.usually() or (0, "")) if offered is not None else (0, "")
    cells = [row.cell for row in view.near or ()] + [task.cell for task in (*view.tasks, *view.over)]
    areas = await places.areas(request, [cell for cell in cells if cell])
    elsewhere = await away.near_her(request, actor)
    followed = await away.followed(request, actor, device)
    drawn, signs = _map(request, view.near or (), elsewhere)
    return await render(
        request,
        "my.html",
        MyPage(
            view=view,
            near=[(row, where(request, row, areas.get(row.cell or "", ""))) for row in view.near or ()],
            areas=areas,
            elsewhere=elsewhere,
            map=drawn,
            signs=signs,
            followed=followed,
            cards=in_order(view.tasks, followed),
            asked=request.query.get("asked", ""),
            offered=offered,
            undo_seconds=UNDO_SECONDS if offered is not None else 0,
            usually_hours=hours,
            usually_who=name,
            push_key=""
            if shown_to_desk
            else await request.config_dict[NOTICES].push.offered(actor, sessions.read(request, sessions.OWN)),
            shown_to_desk=shown_to_desk,
            now=unix(request.config_dict[CLOCK]),
        ),
    )


async def sheet(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The second tap: time, what is shared, how to stay safe. Opening it does nothing."""
    try:
        row = await request.config_dict[OWN_PAGE].one(actor, request.match_info["need"])
    except Locked:
        return go("/my")  # which says who has to sign in first
    areas = await places.areas(request, [row.cell] if row.cell else [])
    alone = await request.config_dict[TEXTS].said("visit.alone", request[LANGUAGE].code)
    page = SheetPage(
        row=row,
        where=where(request, row, areas.get(row.cell or "", "")),
        going=None if row.where.code == "from_home" else alone,
    )
    return await render(request, "my_offer.html", page)


async def offer(request: web.Request, actor: Actor) -> web.StreamResponse:
    """She says yes; it can be undone for some seconds."""
    device = sessions.read(request, sessions.DEVICE) or sessions.fresh()
    need, offers = NeedId(request.match_info["need"]), request.config_dict[OWN_OFFERS]
    # Pressed again on a slow line, or in another tab: she has it already, and reads so.
    task = await offers.hers(actor, need) or await offers.offer(actor, need, device)
    response = go("/my", offered=task)
    sessions.write(request, response, sessions.DEVICE, device, max_age=sessions.LONG)
    return response


async def undo(request: web.Request, actor: Actor) -> web.StreamResponse:
    """As if she had never offered."""
    await request.config_dict[OWN_OFFERS].undo(actor, AssignmentId(request.match_info["task"]))
    return go("/my", done="own_undone")


def _map(
    request: web.Request, near: Sequence[NearRow], elsewhere: Sequence[Elsewhere]
) -> tuple[Markup | None, Mapping[str, str]]:
    """What is wanted near her as areas, and each area's letter; her own home is not on it."""
    cells = [row.cell for row in near if row.cell and row.where.code != "from_home"]
    cells += [row.cell for row in elsewhere if row.cell]
    counts = Counter(cells)
    signs = {cell: svg.letters(number) for number, cell in enumerate(counts)}
    areas = [
        svg.Area(cell, count, signs[cell], say(request, N_("Area %(sign)s"), sign=signs[cell]))
        for cell, count in counts.items()
    ]
    title = say(request, N_("Map: what is wanted near you, roughly"))
    return svg.area_map(areas, title=title) if areas else None, signs
