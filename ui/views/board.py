"""`/board`: the queue on the left, one request on the right, and everything that can be done to it."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from node.appkeys import BOARD, CLOCK, DISPATCH, MATCHING, PEOPLE, PUBLISHING, TEAM
from node.clock import today
from node.domain.actors import Actor
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.need import CloseReason
from node.domain.permissions import Permission, may
from node.domain.views import NeedView, QueueFilter
from node.errors import N_, Conflict, Invalid, Locked, NotFound
from ui import places, sessions
from ui.contexts import BoardPage, Filter, Notice
from ui.forms.board import CloseForm, HoldForm
from ui.reasons import in_words
from ui.site import LANGUAGE, catalogue_of, go, next_slot, render, say


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The queue, and the request named in the address."""
    view = await _need(request, actor) if "need" in request.match_info else None
    return await _page(request, actor, view)


async def name(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The same with name, phone and address: a look that is written down."""
    return await _page(request, actor, await _need(request, actor, reveal=True))


async def ask(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Asks one volunteer; the page then shows the private link for them."""
    need, dispatch = _need_id(request), request.config_dict[DISPATCH]
    try:
        task = await dispatch.propose(actor, need, await _person(request))
    except Conflict as error:
        return await _refused(request, actor, error)
    return await _with_link(request, actor, task)


async def assign(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Asked and confirmed in one step: the volunteer is on the other line."""
    need = _need_id(request)
    try:
        task = await request.config_dict[DISPATCH].assign(actor, need, await _person(request))
    except Conflict as error:
        return await _refused(request, actor, error)
    return await _with_link(request, actor, task)


async def confirm(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The coordinator's yes. Of two at the same moment one wins; the other reads who, and who else could go."""
    try:
        await request.config_dict[DISPATCH].approve(actor, await _task_id(request, actor))
    except Conflict as error:
        return await _refused(request, actor, error)
    return _back(request, "confirmed")


async def link(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A new private link; the one before stops working."""
    return await _with_link(request, actor, await _task_id(request, actor))


async def step(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What a volunteer said over the phone, or what we take back."""
    dispatch, task = request.config_dict[DISPATCH], await _task_id(request, actor)
    moves = {
        "contacted": (dispatch.contacted, "contacted"),
        "done": (dispatch.report_done, "finished"),
        "decline": (dispatch.decline, "declined"),
        "release": (dispatch.release, "declined"),
        "withdraw": (dispatch.withdraw, "withdrawn"),
    }
    move, said = moves[request.match_info["step"]]
    await move(actor, task)
    return _back(request, said)


async def open_it(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Volunteers may be asked from now on."""
    await request.config_dict[DISPATCH].open(actor, _need_id(request))
    return _back(request, "opened")


async def told(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The person was told by phone who comes, and when."""
    await request.config_dict[DISPATCH].told_by_phone(actor, _need_id(request))
    return _back(request, "told")


async def keep(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Keeps the request in our group, or lets others see it again if its owner agreed."""
    here = (await request.post()).get("keep") != "no"
    await request.config_dict[DISPATCH].keep_here(actor, _need_id(request), here)
    return _back(request, "kept" if here else "let_go")


async def reopen(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A closed request opens again."""
    await request.config_dict[DISPATCH].reopen(actor, _need_id(request))
    return _back(request, "reopened")


async def hold(request: web.Request, actor: Actor) -> web.StreamResponse:
    """On hold, always with a day."""
    form = HoldForm(await request.post())
    if not form.validate() or form.until.data is None:
        return await _wrong(request, actor, say(request, N_("Say on which day it should come back.")))
    try:
        await request.config_dict[DISPATCH].hold(actor, _need_id(request), form.until.data, form.why.data)
    except Invalid as error:
        return await _wrong(request, actor, _first(request, error))
    return _back(request, "held")


async def close(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Closed, always with a reason."""
    form = CloseForm(await request.post())
    if not form.validate():
        return await _wrong(request, actor, say(request, N_("Say how it ended.")))
    double = NeedId(form.duplicate_of.data) if form.duplicate_of.data else None
    reason = CloseReason(form.reason.data)
    try:
        await request.config_dict[DISPATCH].close(
            actor,
            _need_id(request),
            reason,
            form.note.data,
            double if reason is CloseReason.DUPLICATE else None,
        )
    except Invalid as error:
        return await _wrong(request, actor, _first(request, error))
    return _back(request, "closed")


def _need_id(request: web.Request) -> NeedId:
    return NeedId(request.match_info["need"])


async def _task_id(request: web.Request, actor: Actor) -> AssignmentId:
    """The task in the address, if it is one of the request's before it."""
    task = AssignmentId(request.match_info["task"])
    if task not in {each.id for each in (await _need(request, actor)).assignments}:
        raise NotFound("no_such_task", N_("There is no such task."))
    return task


async def _person(request: web.Request) -> PersonId:
    return PersonId(str((await request.post()).get("person", "")))


def _back(request: web.Request, said: str) -> web.Response:
    return go(f"/board/{_need_id(request)}", show=_chosen(request), done=said)


def _chosen(request: web.Request) -> str:
    wanted = request.query.get("show", "")
    return wanted if wanted in {str(each) for each in QueueFilter} else str(QueueFilter.ALL_OPEN)


def _notice(request: web.Request, code: str, text: str) -> Notice:
    if code == "cards_unconfirmed":
        return Notice(words=text, link="/cards", link_words=say(request, N_("Check them now")))
    if code == "one_holder":
        return Notice(words=text, link="/team", link_words=say(request, N_("Let a second person")))
    return Notice(words=text)


def _first(request: web.Request, error: Invalid) -> str:
    return say(request, next(iter(error.fields.values()), error.message), **error.values)


async def _need(request: web.Request, actor: Actor, *, reveal: bool = False) -> NeedView:
    return await request.config_dict[BOARD].need(actor, _need_id(request), reveal=reveal)


async def _with_link(request: web.Request, actor: Actor, task: AssignmentId) -> web.StreamResponse:
    token = await request.config_dict[DISPATCH].task_link(actor, task)
    view = await _need(request, actor)
    scheme, host = sessions.origin_of(request)
    helper = next((each.name for each in view.assignments if each.id == task), "")
    return await _page(request, actor, view, link=f"{scheme}://{host}/t/{token}", link_for=helper)


async def _refused(request: web.Request, actor: Actor, error: Conflict) -> web.StreamResponse:
    text = request[LANGUAGE].explain(error)
    view = await _need(request, actor)
    if error.code != "already_taken":
        if error.code == "gate":
            text = await _why_not(request, actor, view) or text
        title = say(request, N_("That did not go through"))
        return await _page(request, actor, view, status=409, taken_by=text, taken_title=title)
    waiting = await request.config_dict[BOARD].queue(actor, QueueFilter.UNASSIGNED)
    return await _page(
        request,
        actor,
        view,
        status=409,
        taken_by=text,
        taken_title=say(request, N_("Already taken")),
        still_open=[row for row in waiting if row.need_id != view.need.id][:3],
    )


async def _why_not(request: web.Request, actor: Actor, view: NeedView) -> str:
    task = request.match_info.get("task")
    person = await _person(request) or next(
        (each.person_id for each in view.assignments if each.id == task), ""
    )
    reason = await request.config_dict[MATCHING].why_not(actor, view.need.id, PersonId(person))
    return in_words(reason, request[LANGUAGE], catalogue_of(request))


async def _wrong(request: web.Request, actor: Actor, text: str) -> web.StreamResponse:
    view = await _need(request, actor)
    title = say(request, N_("Something is not right yet"))
    return await _page(request, actor, view, status=422, taken_by=text, taken_title=title)


async def _page(
    request: web.Request, actor: Actor, view: NeedView | None, *, status: int = 200, **more: Any
) -> web.Response:
    board, chosen = request.config_dict[BOARD], _chosen(request)
    counts: Mapping[str, int] = await board.counts(actor)
    rows = await board.queue(actor, QueueFilter(chosen))
    page = BoardPage(
        filters=[
            Filter(code=str(each), count=counts.get(str(each)), chosen=str(each) == chosen)
            for each in (
                QueueFilter.ALL_OPEN,
                *(each for each in QueueFilter if each != QueueFilter.ALL_OPEN),
            )
        ],
        chosen=chosen,
        rows=rows,
        areas=await places.areas(request, [*(row.cell for row in rows), view.need.cell if view else None]),
        notices=[
            _notice(request, each.code, say(request, each.message, **each.values))
            for each in await request.config_dict[TEAM].notices()
        ],
        need=view,
        others_see=await request.config_dict[PUBLISHING].preview(view.need.id) if view else None,
        slot_at=next_slot(request),
        today=today(request.config_dict[CLOCK]),
        **(await _who_could_go(request, actor, view) if view else {}),
        **more,
    )
    return await render(request, "board.html", page, status=status)


async def _who_could_go(request: web.Request, actor: Actor, view: NeedView) -> dict[str, Any]:
    if (
        view.locked
        or view.need.state not in ("new", "open", "offered")
        or not may(actor, Permission.DISPATCH)
    ):
        return {}
    matching = request.config_dict[MATCHING]
    try:
        found = await matching.candidates(actor, view.need.id)
        others = await request.config_dict[PEOPLE].list_volunteers(actor)
        in_mind, why_not = request.query.get("in_mind", ""), ""
        if in_mind:
            reason = await matching.why_not(actor, view.need.id, PersonId(in_mind))
            who = next((row.name for row in others if row.person_id == in_mind), "")
            why_not = f"{who}: {in_words(reason, request[LANGUAGE], catalogue_of(request))}"
    except Locked:
        return {}
    return {"candidates": found, "in_mind": others, "in_mind_id": in_mind, "why_not": why_not}
