"""What neighbouring groups bring to the board: what they say of a volunteer, their bells, what they pass on."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from node.appkeys import AWAY_BOARD, OUT_OF_AREA, REFERRALS, RINGS
from node.domain.actors import Actor
from node.domain.board.exchange_views import PeerOfferView
from node.domain.board.views import NeedView
from node.errors import N_
from ui.parts import out_of_area
from ui.web.site import LANGUAGE, catalogue_of, say

CHECKS: Mapping[str, str] = {
    "met": N_("they have met them"),
    "id": N_("they have seen ID"),
    "criminal_record": N_("police record seen by them"),
}


def in_words(request: web.Request, offer: PeerOfferView) -> str:
    """Member since when, checks as they state them, languages, what she can manage, how far."""
    stated, catalogue = offer.stated, catalogue_of(request)
    parts = []
    if stated.since:
        parts.append(say(request, N_("member since %(year)s"), year=stated.since))
    checks = [say(request, CHECKS.get(each.check, each.check)) for each in stated.checks]
    parts.append(
        say(request, N_("checks: %(checks)s"), checks=request[LANGUAGE].listed(checks))
        if checks
        else say(request, N_("checks: they state none"))
    )
    if not offer.counts:
        parts.append(say(request, N_("not checked by us")))
    if offer.span:
        near, far = offer.span
        parts.append(
            say(request, N_("up to %(far)s km"), far=far)
            if near <= 0
            else say(request, N_("%(near)s to %(far)s km"), near=near, far=far)
        )
    if stated.manages:
        language = request[LANGUAGE]
        can = [catalogue.name(code, language.code) for code in stated.manages]
        parts.append(say(request, N_("can do: %(code)s"), code=language.listed(can)))
    return " · ".join(parts)


async def from_neighbours(request: web.Request, actor: Actor) -> int:
    """How many open requests neighbouring groups show us."""
    wanted = await request.config_dict[AWAY_BOARD].wanted(actor)
    return sum(seen.summary.status == "open" for seen in wanted)


async def beside(request: web.Request, actor: Actor, view: NeedView | None) -> dict[str, Any]:
    """What of neighbouring groups stands on the board, and on one request of ours."""
    found: dict[str, Any] = {
        "from_neighbours": await from_neighbours(request, actor),
        "rung": await request.config_dict[RINGS].heard(actor),
        "to_take_back": await request.config_dict[AWAY_BOARD].to_take_back(actor),
        "asked_of_us": len(await request.config_dict[REFERRALS].waiting(actor)),
    }
    if view is None:
        return found
    return found | {
        "offers_told": {each.id: in_words(request, each.offer) for each in view.assignments if each.offer},
        "askable": await request.config_dict[RINGS].askable(actor, view.need.id),
        "no_bell": await request.config_dict[RINGS].why_nobody(actor, view.need.id),
        "passed_on": await request.config_dict[REFERRALS].of_need(actor, view.need.id),
        "outside": await out_of_area.in_words(
            request, await request.config_dict[OUT_OF_AREA].of_need(actor, view.need.id)
        ),
        "agreed_to": await request.config_dict[OUT_OF_AREA].allowed(actor, view.need.id),
    }
