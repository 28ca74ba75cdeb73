"""`/my/elsewhere/...`: "I can help" at another group's need, in two taps, and what became of it on `/my`."""

from collections.abc import Mapping, Sequence
from datetime import date

from aiohttp import web

from node.appkeys import NEIGHBOURHOOD, OWN_AWAY, TEXTS
from node.domain.actors import Actor
from node.domain.exchange.away_task import Seen, seen_of
from node.domain.exchange.followed import AwayRow
from node.errors import Locked
from node.ports import SeenOrigin
from node.services.own.away import AwayNear
from node.services.settings.texts import OFFERED
from ui.contexts.own import AwaySheetPage, Elsewhere, Followed
from ui.parts import consenting, places, shared_needs
from ui.web import sessions
from ui.web.site import LANGUAGE, go, render, say
from ui.words import words


async def near_her(request: web.Request, actor: Actor) -> list[Elsewhere]:
    """What neighbouring groups want near her, nearest first."""
    return await _shown(request, await request.config_dict[OWN_AWAY].near(actor))


async def followed(request: web.Request, actor: Actor, device: str | None) -> list[Followed]:
    """What she offered them, and how it stands."""
    rows = await request.config_dict[OWN_AWAY].followed(actor, device)
    return await _told(request, rows)


async def done(request: web.Request, actor: Actor) -> list[Followed]:
    """What she has done for them."""
    return await _told(request, await request.config_dict[OWN_AWAY].done(actor))


async def sheet(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The second tap: what that group will hear of her, and what happens then. Opening it does nothing."""
    own = request.config_dict[OWN_AWAY]
    try:
        found = await own.one(actor, request.match_info["origin"], request.match_info["wish"])
    except Locked:
        return go("/my")  # which says who has to sign in first
    [row] = await _shown(request, [found])
    alone = await request.config_dict[TEXTS].said("visit.alone", request[LANGUAGE].code)
    page = AwaySheetPage(
        row=row,
        aloud=await consenting.read_aloud(request, OFFERED, group=row.group),
        at_once=await own.at_once(),
        going=None if found.need.seen.summary.remote else alone,
    )
    return await render(request, "my_elsewhere.html", page)


async def offer(request: web.Request, actor: Actor) -> web.StreamResponse:
    """She says yes to what stood on the sheet."""
    device = sessions.read(request, sessions.DEVICE) or sessions.fresh()
    wording = await consenting.version_read(request, await request.post(), OFFERED)
    origin, wish, own = (
        request.match_info["origin"],
        request.match_info["wish"],
        request.config_dict[OWN_AWAY],
    )
    # Pressed again on a slow line, or in another tab: it is offered already, and she reads so.
    made = await own.hers(actor, origin, wish) or await own.offer(actor, origin, wish, device, wording)
    response = go("/my", asked=made)
    sessions.write(request, response, sessions.DEVICE, device, max_age=sessions.LONG)
    return response


async def take_back(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Before a coordinator said anything: as if she had never offered."""
    await request.config_dict[OWN_AWAY].take_back(actor, request.match_info["asked"])
    return go("/my", done="own_undone")


async def _told(request: web.Request, rows: Sequence[AwayRow]) -> list[Followed]:
    named = await places.areas(request, [row.seen.cell for row in rows])
    return [
        Followed(row=row, area=named.get(row.seen.cell, ""), when=_when(request, row.seen)) for row in rows
    ]


async def _shown(request: web.Request, found: Sequence[AwayNear]) -> list[Elsewhere]:
    neighbourhood = request.config_dict[NEIGHBOURHOOD]
    groups = {each.origin: each for each in await neighbourhood.groups()} if found else {}
    named = await places.areas(request, [each.need.seen.summary.cell for each in found])
    return [_row(request, each, groups.get(each.need.seen.origin), named) for each in found]


def _row(
    request: web.Request, near: AwayNear, group: SeenOrigin | None, named: Mapping[str, str]
) -> Elsewhere:
    origin, summary = near.need.seen.origin, near.need.seen.summary
    return Elsewhere(
        kind=summary.category,
        cell=summary.cell,
        where=shared_needs.distance(request, near.need),
        area=named.get(summary.cell, ""),
        when=_when(request, seen_of(summary)),
        takes=shared_needs.takes(request, summary.requires, summary.tags),
        effort=say(request, words.EFFORT[str(summary.effort)]) if summary.effort else "",
        group=near.need.seen.origin_name,
        url=shared_needs.url_of(group),
        phone=shared_needs.phone_of(group),
        offer=f"/my/elsewhere/{origin}/{summary.id}" if near.writes else "",
    )


def _when(request: web.Request, seen: Seen) -> str:
    window = (date.fromisoformat(seen.window[0]), date.fromisoformat(seen.window[1])) if seen.window else None
    parts = [say(request, words.URGENCY[seen.urgency]), shared_needs.days(request, window)]
    if seen.part_of_day:
        parts.append(say(request, words.PART_OF_DAY[seen.part_of_day]))
    return request[LANGUAGE].listed(parts)
