"""`/near`: who would like help around a place, over all groups, as a map and as a table.

The same answer has two shapes: a page, and for a script that asks (``HX-Request``) only what is inside it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from aiohttp import web
from markupsafe import escape

from node.appkeys import AWAY_BOARD, BASE_MAPS, NEIGHBOURHOOD, OWN_AWAY, OWN_PAGE
from node.domain.actors import ActorKind
from node.domain.board.exchange_views import AwayTaskView
from node.domain.board.shares import fair_share
from node.domain.permissions import Permission, may
from node.domain.sharing.narrowing import Narrowing
from node.errors import N_
from node.ports import SeenOrigin
from node.services.sharing.neighbourhood import Area, NearNeed
from ui.contexts.common import NearGroup, NearOffer, NearPage, NearRow
from ui.drawing import svg
from ui.forms.near import NearForm
from ui.parts import places, shared_needs, standing
from ui.parts.own import who
from ui.web import sessions
from ui.web.site import ACTOR, LANGUAGE, render, say, shared_catalogue

MOST_ROWS = 200
FIRST = 20
"""So many are not folded away: a list that goes on for ever hides the map below it."""
_FRAME = '<iframe src="%s" title="%s" width="100%%" height="560" loading="lazy"></iframe>'
_SOONEST = ("today", "this_week", "whenever")


async def show(request: web.Request) -> web.StreamResponse:
    """All of it in the address, so that it can be sent to a friend."""
    form = _form(request)
    text, status, problem, area = (form.place.data or "").strip(), 200, "", None
    if not form.validate():
        status = 422
    elif text:
        point = await places.locate(request, text)
        if point is None:
            status = 422
            form.blame({"place": N_("We do not know that place. Try the next bigger one, or 51.44, -2.58.")})
        else:
            area = Area(lat=point.lat, lon=point.lon, km=float(form.km.data))
    category = form.category.data if form.category.data and status == 200 else ""
    takes = form.takes.data if form.takes.data and status == 200 else ""
    found = await request.config_dict[NEIGHBOURHOOD].near(area, categories=[category] if category else ())
    narrowed = Narrowing(takes=(takes,) if takes else ())
    found = [need for need in found if narrowed.lets(need.seen.summary)]
    if area is None:
        found = sorted(found, key=lambda need: _SOONEST.index(str(need.seen.summary.urgency)))
    found = sorted(found, key=lambda need: need.seen.summary.status != "open")
    rows = fair_share(found, lambda need: need.seen.origin, MOST_ROWS)
    named = await places.areas(request, (need.seen.summary.cell for need in rows))
    groups = {each.origin: each for each in await request.config_dict[NEIGHBOURHOOD].groups()}
    hers = await _hers(request, rows)
    page = _page(request, form, found, rows, area, text, groups, named, await _ours(request), problem, hers)
    page = replace(
        page,
        streets=await request.config_dict[BASE_MAPS].look(),
        offers=await _offers(request, area, category, groups),
    )
    inside = request.headers.get("HX-Request") == "true"
    response = await render(request, "parts/near.html" if inside else "near.html", page, status=status)
    response.headers["Vary"] += ", HX-Request"
    return response


async def _offers(
    request: web.Request, area: Area | None, category: str, groups: Mapping[str, SeenOrigin]
) -> Sequence[NearOffer]:
    """A line for each group that offers something there to anyone."""
    found = await request.config_dict[NEIGHBOURHOOD].near(
        area, categories=[category] if category else (), kind="offer"
    )
    return standing.by_group(request, found, groups)


async def _ours(request: web.Request) -> Sequence[AwayTaskView]:
    """Whom we offered to other groups, for whoever works on the board."""
    actor = request[ACTOR]
    if not may(actor, Permission.READ_BOARD):
        return ()
    return await request.config_dict[AWAY_BOARD].going_on(actor)


async def _hers(request: web.Request, found: Sequence[NearNeed]) -> Mapping[tuple[str, str], str] | None:
    """For a volunteer who is signed in: where she says "I can help", by origin and public id. None for anybody else."""
    actor = None if request[ACTOR].kind is ActorKind.STAFF else await who(request)
    if actor is None:
        return None
    ours = [need.seen.summary.id for need in found if need.seen.own]
    here = await request.config_dict[OWN_PAGE].on_the_map(actor, ours)
    away = await request.config_dict[OWN_AWAY].on_the_map(actor)
    ways = {}
    for need in found:
        seen = need.seen
        if seen.own and seen.summary.id in here:
            ways[seen.origin, seen.summary.id] = f"/my/offer/{here[seen.summary.id]}"
        elif (seen.origin, seen.summary.id) in away:
            ways[seen.origin, seen.summary.id] = f"/my/elsewhere/{seen.origin}/{seen.summary.id}"
    return ways


def _form(request: web.Request) -> NearForm:
    language, catalogue = request[LANGUAGE].code, shared_catalogue(request)
    codes = dict.fromkeys(each.wire for each in catalogue.categories if each.wire)
    form = NearForm(request.query)
    form.category.choices = [
        ("", say(request, N_("Every kind"))),
        *sorted(((code, catalogue.name(code, language)) for code in codes), key=lambda pair: pair[1]),
    ]
    form.takes.choices = [
        ("", say(request, N_("Whatever it takes"))),
        *((each.code, catalogue.requires_name(each.code, language)) for each in catalogue.requires),
    ]
    form.km.choices = [(str(reach), f"{reach} {say(request, N_('km'))}") for reach in form.REACHES]
    if not form.km.data:
        form.km.data = "10"
    if form.category.data is None:
        form.category.data = ""
    if form.takes.data is None:
        form.takes.data = ""
    return form


def _page(
    request: web.Request,
    form: NearForm,
    found: Sequence[NearNeed],
    shown: Sequence[NearNeed],
    area: Area | None,
    text: str,
    groups: Mapping[str, SeenOrigin],
    named: Mapping[str, str],
    ours: Sequence[AwayTaskView],
    problem: str,
    hers: Mapping[tuple[str, str], str] | None,
) -> NearPage:
    signs: dict[str, str] = {}
    silent: dict[str, NearGroup] = {}
    counts: Counter[str] = Counter()
    rows = []
    for need in shown:
        cell = need.seen.summary.cell
        first = cell not in signs
        signs.setdefault(cell, svg.letters(len(signs)))
        counts[cell] += need.seen.summary.status == "open"
        group = groups.get(need.seen.origin)
        row = _row(request, need, signs[cell], named.get(cell, ""), first=first, group=group)
        way = (hers or {}).get((need.seen.origin, need.seen.summary.id), "")
        rows.append(replace(row, ours=[each for each in ours if _is_for(each, need)], help=way))
        if row.freshness != "complete":
            silent[need.seen.origin] = NearGroup(name=row.origin, freshness=row.freshness, heard=row.heard)
    drawn = svg.area_map(
        [
            svg.Area(cell, counts[cell], sign, _area_words(request, sign, counts[cell], named.get(cell, "")))
            for cell, sign in signs.items()
        ],
        title=say(request, N_("Map: where help is wanted, roughly")),
        here=(area.lat, area.lon) if area else None,
        reach_km=area.km if area else None,
        here_words=text,
    )
    where = (
        say(request, N_("within %(km)s km of %(place)s"), km=f"{area.km:g}", place=text)
        if area
        else say(request, N_("in our neighbourhood"))
    )
    free = [row for row in rows if row.status == "open"]
    asked = _asked(area, form.category.data, form.takes.data)
    base = "://".join(sessions.origin_of(request))
    return NearPage(
        asked=asked,
        frame=_FRAME
        % (escape(f"{base}/embed{asked}"), escape(say(request, N_("Who would like help near you")))),
        form=form,
        rows=free[:FIRST],
        rest=free[FIRST:],
        taken=[row for row in rows if row.status != "open"],
        own=any(row.own for row in rows),
        open=sum(need.seen.summary.status == "open" for need in found),
        more=len(found) - len(shown),
        groups=len({need.seen.origin for need in found}),
        map=drawn,
        where=where,
        silent=list(silent.values()),
        narrowed=bool(form.takes.data),
        problem=problem,
        hers=hers is not None,
    )


def _is_for(task: AwayTaskView, need: NearNeed) -> bool:
    return (task.peer, task.public_id) == (need.seen.origin, need.seen.summary.id)


def _asked(area: Area | None, category: str, takes: str) -> str:
    query = {"near": f"{area.lat:g},{area.lon:g}", "km": f"{area.km:g}"} if area is not None else {}
    if category:
        query["category"] = category
    if takes:
        query["takes"] = takes
    return f"?{urlencode(query, safe=',')}" if query else ""


def _row(
    request: web.Request, need: NearNeed, sign: str, area: str, *, first: bool, group: SeenOrigin | None
) -> NearRow:
    seen, summary = need.seen, need.seen.summary
    return NearRow(
        kind=summary.category,
        own=seen.own,
        urgency=str(summary.urgency),
        status=str(summary.status),
        origin=seen.origin_name,
        url="" if seen.own else shared_needs.url_of(group),
        phone=shared_needs.phone_of(group),
        freshness="complete" if seen.own else seen.origin_state,
        heard=None if seen.own else seen.last_heard,
        distance=shared_needs.distance(request, need),
        window=shared_needs.days(request, shared_needs.window_of(summary)),
        takes=shared_needs.takes(request, summary.requires, summary.tags),
        sign=sign,
        area=area,
        first_of_area=first,
        offer=""
        if seen.own or not may(request[ACTOR], Permission.READ_BOARD)
        else f"/board/neighbours/{seen.origin}/{summary.id}",
    )


def _area_words(request: web.Request, sign: str, count: int, area: str) -> str:
    said = request[LANGUAGE].say_many(
        "Area %(sign)s: %(num)s request", "Area %(sign)s: %(num)s requests", count, sign=sign
    )
    return f"{said}, {area}" if area else said
