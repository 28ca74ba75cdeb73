"""What groups offer whoever asks, a line for each: for the map, the board, a group's own page and the phone book."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from aiohttp import web

from node.appkeys import NEIGHBOURHOOD
from node.domain.sharing.publication import SETS
from node.ports import SeenOrigin
from node.services.sharing.neighbourhood import NearNeed
from ui.contexts.common import NearOffer
from ui.parts import places, shared_needs
from ui.web.site import LANGUAGE, shared_catalogue


async def for_the_desk(
    request: web.Request, origins: Collection[str] | None = None
) -> Mapping[str, NearOffer]:
    """What other groups (or these) offer, by group: also what they show to chosen groups only, so for staff alone."""
    here = request.config_dict[NEIGHBOURHOOD]
    held = await here.near(None, sets=SETS, origins=origins, kind="offer")
    found = [each for each in held if not each.seen.own]
    if not found:
        return {}
    groups = {each.origin: each for each in await here.groups()}
    named = await places.areas(request, {each.seen.summary.cell for each in found})
    areas = {cell: named.get(cell) or places.around(request, cell) for cell in _cells(found)}
    return {
        each.origin: replace(
            each,
            area=request[LANGUAGE].listed(
                dict.fromkeys(areas[one.seen.summary.cell] for one in found if one.seen.origin == each.origin)
            ),
        )
        for each in by_group(request, found, groups)
    }


def by_group(
    request: web.Request, found: Sequence[NearNeed], groups: Mapping[str, SeenOrigin]
) -> Sequence[NearOffer]:
    """A line for each group, ours first."""
    catalogue, code = shared_catalogue(request), request[LANGUAGE].code
    lines: dict[str, list[NearNeed]] = {}
    for each in sorted(found, key=lambda each: not each.seen.own):
        lines.setdefault(each.seen.origin, []).append(each)
    return [
        NearOffer(
            origin=origin,
            name=offers[0].seen.origin_name,
            own=offers[0].seen.own,
            url="" if offers[0].seen.own else shared_needs.url_of(groups.get(origin)),
            phone=shared_needs.phone_of(groups.get(origin)),
            kinds=sorted({catalogue.name(each.seen.summary.category, code) for each in offers}),
            freshness="complete" if offers[0].seen.own else offers[0].seen.origin_state,
            until=shared_needs.days(request, (soonest, soonest)),
            neighbour=origin in groups and groups[origin].voucher is None,
            chosen=any(each.seen.summary.set == "peers" for each in offers),
        )
        for origin, offers in lines.items()
        for soonest in [min(each.seen.summary.expires for each in offers)]
    ]


def _cells(found: Sequence[NearNeed]) -> set[str]:
    return {each.seen.summary.cell for each in found}
