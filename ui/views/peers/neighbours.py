"""`/board/neighbours`: what neighbouring groups need, whom of ours we offer, and the bells they ring."""

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from node.appkeys import AWAY_ASKS, AWAY_BOARD, AWAY_TASKS, EXCHANGE, NEIGHBOURHOOD, REFERRALS, RINGS
from node.domain.actors import Actor
from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.board.exchange_views import AwayTaskView
from node.domain.exchange.away_task import AwayCandidate
from node.domain.ids import NeedId, PersonId
from node.domain.permissions import Permission, may
from node.errors import N_, Conflict, Invalid, Locked, NotFound
from node.ports import SeenNeed
from node.services.exchange.away_asks import AskView
from node.services.settings.texts import OFFERED
from ui.contexts.away import NeighboursPage, PastWishPage, WishPage, WishRow
from ui.parts import consenting, places, shared_needs, standing
from ui.web import address
from ui.web.site import LANGUAGE, go, render, say

_STEPS = {
    "contacted": (AssignmentMove.CONTACT, "contacted"),
    "done": (AssignmentMove.DONE, "finished"),
    "release": (AssignmentMove.RELEASE, "declined"),
}
WHY_HINDERED = {
    "left": N_("does not help any more"),
    "not_suitable": N_("not for this one"),
    "paused": N_("has a break"),
    "off_today": N_("has that day off"),
    "not_this_kind": N_("does not do this kind of help"),
    "lacks_check": N_("safety check is missing"),
    "lacks": N_("cannot manage what it takes"),
    "too_far": N_("too far away"),
}


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Everything of other groups that is on the map, and who of ours is on it."""
    board = request.config_dict[AWAY_BOARD]
    found = await board.wanted(actor)
    going_on = await board.going_on(actor)
    asks = await request.config_dict[AWAY_ASKS].waiting(actor)
    named = await places.areas(request, (seen.summary.cell for seen in found))
    page = NeighboursPage(
        rows=[
            _row(request, seen, _where(request, named, seen.summary.cell), going_on, asks) for seen in found
        ],
        going_on=going_on,
        rung=await request.config_dict[RINGS].heard(actor),
        referrals=await request.config_dict[REFERRALS].waiting(actor),
        offers=list((await standing.for_the_desk(request)).values()),
    )
    return await render(request, "neighbours.html", page)


async def one(request: web.Request, actor: Actor) -> web.StreamResponse:
    """One of them, and who of ours could go."""
    return await _page(request, actor)


async def offer(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Offers one volunteer, who was asked; the page then shows the private link for them."""
    form = await request.post()
    person, agreed = PersonId(str(form.get("person", ""))), form.get("agreed") == "y"
    origin, wish = _wish(request)
    try:
        task = await request.config_dict[AWAY_TASKS].offer(
            actor,
            origin,
            wish,
            person,
            agreed=agreed,
            wording=await consenting.version_read(request, form, OFFERED),
        )
    except (Conflict, Invalid) as error:
        return await _page(request, actor, status=error.status, problem=_why(request, error), chosen=person)
    return await _with_link(request, actor, task)


async def forward(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A volunteer put herself forward: we name her to that group, or not for this one."""
    asks, asked = request.config_dict[AWAY_ASKS], request.match_info["asked"]
    origin, wish = _wish(request)
    if all(each.id != asked for each in await _waiting(request, actor)):
        raise NotFound("no_such_ask", N_("That one was answered already."))
    if request.match_info["word"] == "no":
        await asks.no(actor, asked)
        return go(f"/board/neighbours/{origin}/{wish}", done="not_named")
    try:
        await asks.yes(actor, asked)
    except Conflict as error:
        return await _page(request, actor, status=error.status, problem=_why(request, error))
    return go(f"/board/neighbours/{origin}/{wish}", done="named")


async def link(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A new private link; the one before stops working."""
    return await _with_link(request, actor, await _task(request, actor))


async def step(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What our volunteer said over the phone."""
    move, said = _STEPS[request.match_info["step"]]
    await request.config_dict[AWAY_TASKS].report(actor, await _task(request, actor), move)
    origin, wish = _wish(request)
    return go(f"/board/neighbours/{origin}/{wish}", done=said)


async def how(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Asks the group how it stands there."""
    await request.config_dict[EXCHANGE].ask_of_task(actor, await _task(request, actor))
    origin, wish = _wish(request)
    return go(f"/board/neighbours/{origin}/{wish}", done="asked_how")


async def seen(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Somebody at the desk has heard the bell."""
    await request.config_dict[RINGS].seen(actor, request.match_info["bell"])
    return go("/board/neighbours")


async def ring(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Rings the chosen neighbours for what is needed today."""
    need = NeedId(request.match_info["need"])
    chosen = [str(each) for each in (await request.post()).getall("group", [])]
    await request.config_dict[RINGS].ring(actor, need, chosen)
    return go(f"/board/{need}", done="rung")


def _why(request: web.Request, error: Conflict | Invalid) -> str:
    why = WHY_HINDERED.get(str(error.values.get("why")))
    text = request[LANGUAGE].explain(error)
    return f"{text} {say(request, why)}" if why else text


async def _waiting(request: web.Request, actor: Actor) -> Sequence[AskView]:
    """Who put herself forward for the need in the address."""
    found = await request.config_dict[AWAY_ASKS].waiting(actor)
    return [each for each in found if (each.peer, each.public_id) == _wish(request)]


def _wish(request: web.Request) -> tuple[str, str]:
    return request.match_info["origin"], request.match_info["wish"]


async def _task(request: web.Request, actor: Actor) -> str:
    """The task in the address, if it is one of the need's before it."""
    found = await request.config_dict[AWAY_BOARD].offered(actor, *_wish(request))
    task = request.match_info["away"]
    if task not in {each.id for each in found}:
        raise NotFound("no_such_task", N_("There is no such task."))
    return task


async def _with_link(request: web.Request, actor: Actor, task: str) -> web.StreamResponse:
    token = await request.config_dict[AWAY_TASKS].link(actor, task)
    base = (await address.own(request)).base
    found = await request.config_dict[AWAY_BOARD].offered(actor, *_wish(request))
    name = next((each.name for each in found if each.id == task), "")
    return await _page(request, actor, link=f"{base}/t/{token}", link_for=name)


async def _page(request: web.Request, actor: Actor, *, status: int = 200, **more: Any) -> web.Response:
    board, (origin, wish) = request.config_dict[AWAY_BOARD], _wish(request)
    ours = await board.offered(actor, origin, wish)
    try:
        found = await board.one(actor, origin, wish)
    except NotFound:
        if not ours:
            raise
        return await _past(request, ours, status=status, **more)
    can_offer = may(actor, Permission.DISPATCH) and await board.can_offer(origin)
    candidates: Sequence[AwayCandidate] = ()
    locked = False
    try:
        if can_offer:
            candidates = await board.candidates(actor, found)
    except Locked:
        locked = True
    named = await places.areas(request, [found.summary.cell])
    group = next(
        (each for each in await request.config_dict[NEIGHBOURHOOD].groups() if each.origin == origin), None
    )
    told = next((each.span for each in ours if each.span), None)
    page = WishPage(
        row=_row(request, found, _where(request, named, found.summary.cell), ours),
        group=found.origin_name,
        aloud=await consenting.read_aloud(request, OFFERED, group=found.origin_name),
        phone=shared_needs.phone_of(group),
        span=shared_needs.span_words(request, *told) if told else "",
        candidates=candidates,
        spans={
            each.person_id: shared_needs.span_words(request, *each.span) for each in candidates if each.span
        },
        locked=locked,
        can_offer=can_offer,
        asks=await _waiting(request, actor),
        **more,
    )
    return await render(request, "neighbour_need.html", page, status=status)


async def _past(
    request: web.Request, ours: Sequence[AwayTaskView], *, status: int, **more: Any
) -> web.Response:
    origin, wish = _wish(request)
    page = PastWishPage(
        category=ours[0].category,
        group=ours[0].group,
        base=f"/board/neighbours/{origin}/{wish}",
        ours=ours,
        held=any(each.holds_details for each in ours),
        **more,
    )
    return await render(request, "neighbour_past.html", page, status=status)


def _where(request: web.Request, named: Mapping[str, str], cell: str) -> str:
    """By the place files; where they know nothing of it, by the middle of the area, as one types it into a map."""
    return named.get(cell) or places.around(request, cell)


def _row(
    request: web.Request,
    seen: SeenNeed,
    area: str,
    tasks: Sequence[AwayTaskView],
    asks: Sequence[AskView] = (),
) -> WishRow:
    summary = seen.summary
    return WishRow(
        seen=seen,
        area=area,
        window=shared_needs.days(request, shared_needs.window_of(summary)),
        takes=shared_needs.takes(request, summary.requires, summary.tags),
        ours=[each for each in tasks if (each.peer, each.public_id) == (seen.origin, summary.id)],
        asks=[each for each in asks if (each.peer, each.public_id) == (seen.origin, summary.id)],
    )
