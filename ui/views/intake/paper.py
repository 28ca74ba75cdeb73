"""`/paper`: what the group prints: a card for the fridge, a leaflet, a poster, tomorrow's sheet, from its settings."""

from aiohttp import web

from node.appkeys import CALL_BOOK, EMERGENCIES, TOMORROW
from node.domain.actors import Actor
from node.errors import N_
from ui.contexts.paper import PaperPage, TomorrowPage
from ui.drawing import qr
from ui.parts import places
from ui.web import address
from ui.web.site import catalogue_of, headings, render, say

SHEETS = ("fridge", "leaflet", "poster")
"""The last part of the address; each has a template of its own."""


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What there is to print."""
    return await render(request, "paper.html", PaperPage())


async def sheet(request: web.Request, actor: Actor) -> web.StreamResponse:
    """One of them. Nobody's details are on any."""
    here = await address.own(request)
    link = f"{here.base}/ask"
    page = PaperPage(
        # A hundred posters with a code that leads nowhere are worse than none: then the number stands alone.
        link=link.partition("://")[2] if here.far else "",
        code=qr.drawing(link, say(request, N_("A code to scan: it leads to our page"))) if here.far else None,
        headings=headings(catalogue_of(request)),
        emergency=(await request.config_dict[EMERGENCIES].rules()).number,
    )
    return await render(request, f"paper_{request.match_info['sheet']}.html", page)


async def tomorrow(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What is on tomorrow, as digits and kinds."""
    return await _tomorrow(request, actor, reveal=False)


async def with_names(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The same with names and numbers: a look at everybody on it, written down."""
    return await _tomorrow(request, actor, reveal=True)


async def _tomorrow(request: web.Request, actor: Actor, *, reveal: bool) -> web.Response:
    service = request.config_dict[TOMORROW]
    found = await service.sheet(actor, reveal=reveal)
    cells = [line.cell for line in found.lines]
    page = TomorrowPage(
        sheet=found,
        day=service.day,
        calls=await request.config_dict[CALL_BOOK].coming(actor, service.day),
        areas=await places.told_apart(request, cells),
    )
    return await render(request, "paper_tomorrow.html", page)
