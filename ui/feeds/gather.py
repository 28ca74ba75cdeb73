"""From what the neighbourhood holds to a listing in words."""

from urllib.parse import urlencode

from aiohttp import web

from node.appkeys import NEIGHBOURHOOD, STANDING
from node.domain.sharing.narrowing import Narrowing
from node.errors import N_
from node.ports import SeenNeed
from node.services.sharing.neighbourhood import Sought
from protocol import cells
from ui.contexts.listing import Entry, Listing
from ui.forms.near import NearForm
from ui.parts import places, shared_needs
from ui.web import sessions
from ui.web.site import LANGUAGE, say, shared_catalogue
from ui.words import words

MOST = 1000
"""Entries of one feed; the nearest or newest."""


async def listing(request: web.Request, sought: Sought, narrowed: Narrowing) -> Listing:
    """Set ``public`` of all groups, in the reader's language."""
    neighbourhood = request.config_dict[NEIGHBOURHOOD]
    every = await neighbourhood.near(sought.area, categories=sought.categories, limit=MOST)
    found = [need for need in every if narrowed.lets(need.seen.summary)]
    named = await places.areas(request, (need.seen.summary.cell for need in found))
    urls = {group.origin: shared_needs.url_of(group) for group in await neighbourhood.groups()}
    group = (await request.config_dict[STANDING].about()).name
    base = "://".join(sessions.origin_of(request))
    return Listing(
        title=say(request, N_("Someone needs help – %(group)s"), group=group),
        language=request[LANGUAGE].code,
        address=f"{base}{request.path_qs}",
        page=f"{base}{page_of(sought, narrowed)}",
        group=group,
        entries=[
            _entry(request, need.seen, named.get(need.seen.summary.cell, ""), urls.get(need.seen.origin, ""))
            for need in found
        ],
        when_empty=neighbourhood.day,
    )


def page_of(sought: Sought, narrowed: Narrowing) -> str:
    """The page that shows the same, as a path; of several kinds of help it can show one, and no frame of a map."""
    query = {"category": sought.categories[0]} if len(sought.categories) == 1 else {}
    if len(narrowed.takes) == 1:
        query["takes"] = narrowed.takes[0]
    if sought.area is not None:
        area = sought.area
        reach = next((each for each in NearForm.REACHES if each >= area.km), NearForm.REACHES[-1])
        query = {"place": f"{area.lat:g}, {area.lon:g}", "km": str(reach), **query}
    return f"/near?{urlencode(query)}" if query else "/near"


def _entry(request: web.Request, seen: SeenNeed, area: str, url: str) -> Entry:
    summary = seen.summary
    kind = shared_catalogue(request).name(summary.category, request[LANGUAGE].code)
    window = shared_needs.window_of(summary)
    when = shared_needs.days(request, window) if window else say(request, words.URGENCY[summary.urgency])
    parts = (kind, when, area)
    return Entry(
        id=f"{seen.origin}/{summary.id}",
        title=" · ".join(part for part in parts if part),
        words=_words(request, seen, area),
        kind=kind,
        category=summary.category,
        group=seen.origin_name,
        url=url,
        open=summary.status == "open",
        posted=summary.posted,
        expires=summary.expires,
        window=window,
        cell=summary.cell,
        rings=cells.pieces(summary.cell),
    )


def _words(request: web.Request, seen: SeenNeed, area: str) -> list[str]:
    summary = seen.summary
    takes = shared_needs.takes(request, summary.requires, summary.tags)
    said = []
    if summary.status != "open":
        said.append(say(request, N_("Somebody is helping already.")))
    if takes:
        said.append(say(request, N_("What it takes: %(what)s."), what=request[LANGUAGE].listed(takes)))
    if area:
        said.append(say(request, N_("Where: %(area)s."), area=area))
    said.append(
        say(request, N_("Ask %(group)s: they know the person and say yes first."), group=seen.origin_name)
    )
    if not seen.own and seen.origin_state != "complete":
        said.append(f"{say(request, words.FRESHNESS[seen.origin_state])}.")
    return said
