"""How far a request is from a volunteer who has not taken it, in words that give no door away."""

from aiohttp import web

from node.domain.own.views import NearRow
from node.errors import N_
from ui.parts import shared_needs
from ui.web.site import LANGUAGE, catalogue_of, say
from ui.words import reasons


def where(request: web.Request, row: NearRow, area: str) -> str:
    """How far it is and where roughly, in words; ``area``: as the map names it, if it does."""
    if row.where.code == "place_unknown" and area:
        return say(request, N_("Roughly %(area)s"), area=area)
    return " · ".join(part for part in (_how_far(request, row), area) if part)


def _how_far(request: web.Request, row: NearRow) -> str:
    if row.where.code == "from_home":
        return say(request, N_("from home"))
    if row.where.code == "span":
        near, far = row.where.args["near"], row.where.args.get("far")
        return shared_needs.span_words(request, float(near), None if far is None else float(far))
    if row.where.code == "place_unknown":
        return say(request, N_("We tell you where once you are confirmed"))
    return reasons.in_words(row.where, request[LANGUAGE], catalogue_of(request))
