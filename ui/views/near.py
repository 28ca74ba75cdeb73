"""`/near`: who would like help around a place, over all groups, as a map and as a table."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web
from babel.dates import format_date

from node.appkeys import NEIGHBOURHOOD
from node.errors import N_
from node.services.neighbourhood import Area, NearNeed
from protocol.statements import Summary
from ui import places, svg
from ui.contexts import NearPage, NearRow
from ui.forms.near import NearForm
from ui.i18n import Language
from ui.site import LANGUAGE, catalogue_of, render, say

MOST_ROWS = 200
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
    found = await request.config_dict[NEIGHBOURHOOD].near(area, categories=[category] if category else ())
    if area is None:
        found = sorted(found, key=lambda need: _SOONEST.index(str(need.seen.summary.urgency)))
    found = found[:MOST_ROWS]
    named = await places.areas(request, (need.seen.summary.cell for need in found))
    urls = {each.origin: each for each in await request.config_dict[NEIGHBOURHOOD].groups()}
    return await render(
        request,
        "near.html",
        _page(request, form, found, area, text, urls, named, problem),
        status=status,
    )


def _form(request: web.Request) -> NearForm:
    language, catalogue = request[LANGUAGE].code, catalogue_of(request)
    codes = dict.fromkeys(each.wire for each in catalogue.categories if each.wire)
    form = NearForm(request.query)
    form.category.choices = [
        ("", say(request, N_("Every kind"))),
        *sorted(((code, catalogue.name(code, language)) for code in codes), key=lambda pair: pair[1]),
    ]
    if not form.km.data:
        form.km.data = "10"
    if form.category.data is None:
        form.category.data = ""
    return form


def _page(
    request: web.Request,
    form: NearForm,
    found: Sequence[NearNeed],
    area: Area | None,
    text: str,
    groups: Any,
    named: Mapping[str, str],
    problem: str,
) -> NearPage:
    signs: dict[str, str] = {}
    counts: Counter[str] = Counter()
    rows = []
    for need in found:
        cell = need.seen.summary.cell
        first = cell not in signs
        signs.setdefault(cell, svg.letters(len(signs)))
        counts[cell] += need.seen.summary.status == "open"
        group = groups.get(need.seen.origin)
        rows.append(_row(request, need, signs[cell], named.get(cell, ""), first=first, group=group))
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
    return NearPage(
        form=form,
        rows=rows,
        groups=len({need.seen.origin for need in found}),
        map=drawn,
        where=where,
        problem=problem,
    )


def _row(request: web.Request, need: NearNeed, sign: str, area: str, *, first: bool, group: Any) -> NearRow:
    seen, summary, language = need.seen, need.seen.summary, request[LANGUAGE]
    catalogue = catalogue_of(request)
    profile = group.profile if group else None
    takes = [catalogue.requires_name(code, language.code) for code in summary.requires or ()]
    takes += [catalogue.tag_name(code, language.code) for code in summary.tags or ()]
    return NearRow(
        kind=summary.category,
        urgency=str(summary.urgency),
        status=str(summary.status),
        origin=seen.origin_name,
        url="" if seen.own or profile is None or not profile.urls else profile.urls[0],
        phone=(profile.phone or "") if profile else "",
        freshness="complete" if seen.own else seen.origin_state,
        heard=None if seen.own else seen.last_heard,
        distance=_distance(request, need),
        window=_window(summary, language),
        takes=takes,
        sign=sign,
        area=area,
        first_of_area=first,
    )


def _distance(request: web.Request, need: NearNeed) -> str:
    if need.span_km is None:
        return ""
    nearest, farthest = need.span_km
    if nearest <= 0:
        return say(request, N_("up to %(far)s km"), far=f"{farthest:g}")
    return say(request, N_("%(near)s to %(far)s km"), near=f"{nearest:g}", far=f"{farthest:g}")


def _window(summary: Summary, language: Language) -> str:
    if summary.window is None:
        return ""
    days = dict.fromkeys((summary.window.from_, summary.window.to))
    return " – ".join(str(format_date(day, "d MMM", locale=language.locale)) for day in days)


def _area_words(request: web.Request, sign: str, count: int, area: str) -> str:
    said = request[LANGUAGE].say_many(
        N_("Area %(sign)s: %(num)s request"), N_("Area %(sign)s: %(num)s requests"), count, sign=sign
    )
    return f"{said}, {area}" if area else said
