"""`/rounds`: deliveries grouped by area and day, planned, changed, printed and told of by phone."""

from datetime import date, timedelta
from typing import Any

from aiohttp import web

from node.appkeys import RUN_BOOK, RUNS
from node.domain.actors import Actor
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.matching.matching import Gate
from node.domain.permissions import Permission, may
from node.domain.rounds.run import (
    AHEAD_DAYS,
    OFF_DAY,
    HandOff,
    RunDetails,
    RunMove,
    StopWord,
    off_its_days,
)
from node.domain.rounds.run_views import Area
from node.errors import N_, Conflict, Invalid, MutualAidError
from ui.contexts.runs import PlanPage, RunPage, RunsNear, RunsPage, SheetPage
from ui.forms.runs import DoorForm, PlanForm, SaidForm
from ui.parts import places
from ui.web import address
from ui.web.site import LANGUAGE, go, render, say, today

NOWHERE = "unknown"
"""How a page asks for what waits where nobody knows the place."""
MOVES = {"start": RunMove.START, "finish": RunMove.FINISH, "call-off": RunMove.CALL_OFF}
"""The last part of the address a button posts to."""


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Rounds that are planned, what waits to be brought, and how the last ones went."""
    book = request.config_dict[RUN_BOOK]
    going_on, ended, waiting = await book.going_on(actor), await book.ended(actor), await book.waiting(actor)
    cells = [cell for line in (*going_on, *ended) for cell in line.cells]
    page = RunsPage(
        going_on=going_on,
        ended=ended,
        waiting=waiting,
        areas=await places.told_apart(request, [*cells, *(area.cell for area in waiting)]),
    )
    return await render(request, "rounds.html", page)


async def form(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A new round: what waits in one area comes first and is ticked."""
    waiting = await request.config_dict[RUN_BOOK].waiting(actor)
    area = request.query.get("area", "")
    here = next((each for each in waiting if area and (each.cell or NOWHERE) == area), None)
    day = _day(request, request.query.get("day", ""), here)
    # What is wanted on other days is asked about, so it is not ticked unasked; what is late already is.
    fits = [
        each
        for each in (here.deliveries if here else ())
        if not off_its_days(each.window, day, today(request))
    ]
    chosen = frozenset(str(each.need_id) for each in fits)
    return await _plan_page(request, actor, PlanForm(day=day), waiting, day, area, chosen)


async def plan(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Makes it. What cannot come along is left out and named."""
    waiting = await request.config_dict[RUN_BOOK].waiting(actor)
    data = await request.post()
    filled = PlanForm(data)
    day = _day(request, str(data.get("day", "")), None)
    drivers = await request.config_dict[RUN_BOOK].drivers(actor, day)
    filled.driver.choices = [("", "–"), *((str(each.person_id), each.name) for each in drivers)]
    there = {str(each.need_id) for area in waiting for each in area.deliveries}
    filled.needs.choices = [(need, need) for need in (*there, *map(str, data.getall("needs", [])))]
    area, chosen = str(data.get("area", "")), frozenset(map(str, data.getall("needs", [])))
    again = (request, actor, filled, waiting, day, area, chosen)
    fine = filled.validate()
    if not filled.driver.data:
        filled.blame({"driver": N_("Choose who drives.")})
        fine = False
    if not fine:
        return await _plan_page(*again, status=422)
    try:
        made = await request.config_dict[RUNS].plan(
            actor,
            day=filled.day.data or day,
            driver=PersonId(filled.driver.data),
            needs=[NeedId(need) for need in filled.needs.data],
            details=RunDetails(
                start=filled.start.data,
                point=await places.locate(request, filled.start.data),
                note=filled.note.data,
            ),
            why=filled.why.data,
        )
    except Invalid as error:
        filled.blame(error.fields)
        return await _plan_page(*again, status=422)
    except Conflict as error:
        problem = request[LANGUAGE].explain(error)
        if error.code in (Gate.BUSY_THEN, OFF_DAY):
            filled.blame({"why": problem})
            return await _plan_page(*again, status=422, clash=error.values["left_out"])
        return await _plan_page(
            *again, status=409, problem=problem, left_out=error.values.get("left_out", ())
        )
    if made.left_out:
        return await _run_page(request, actor, made.run_id, left_out=made.left_out)
    return go(f"/rounds/{made.run_id}", done="saved")


async def one(request: web.Request, actor: Actor) -> web.StreamResponse:
    """One round."""
    return await _run_page(request, actor, _run(request))


async def link(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A new private link; the one before stops working."""
    token = await request.config_dict[RUNS].link(actor, _run(request))
    base = (await address.own(request)).base
    return await _run_page(request, actor, _run(request), link=f"{base}/r/{token}")


async def sheet(request: web.Request, actor: Actor) -> web.StreamResponse:
    """To print: a look at everybody on it, written down. Printing changes nothing."""
    page = SheetPage(sheet=await request.config_dict[RUN_BOOK].sheet(actor, _run(request)))
    return await render(request, "round_sheet.html", page)


async def move(request: web.Request, actor: Actor) -> web.StreamResponse:
    """They set off, it is over, or it is called off."""
    try:
        await request.config_dict[RUNS].move(actor, _run(request), MOVES[request.match_info["move"]])
    except Conflict as error:
        return await _wrong(request, actor, error)
    return _back(request)


async def give(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Somebody else drives."""
    data = await request.post()
    person, why = PersonId(str(data.get("driver", ""))), str(data.get("why", "")).strip()[:200]
    try:
        given = await request.config_dict[RUNS].give_to(actor, _run(request), person, why)
    except Conflict as error:
        if error.code != Gate.BUSY_THEN:
            raise
        asks = {"clash": error.values["left_out"], "given": person}
        return await _wrong(request, actor, error, status=422, **asks)
    if given.left_out:
        return await _run_page(request, actor, given.run_id, left_out=given.left_out)
    return _back(request)


async def set_day(request: web.Request, actor: Actor) -> web.StreamResponse:
    """It is on another day, with all its stops."""
    data = await request.post()
    text, why = str(data.get("day", "")), str(data.get("why", "")).strip()[:200]
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    try:
        moved = await request.config_dict[RUNS].set_day(actor, _run(request), day, why)
    except Invalid as error:
        return await _run_page(
            request, actor, _run(request), status=422, day_problem=say(request, error.fields["day"])
        )
    except Conflict as error:
        if error.code not in (Gate.BUSY_THEN, OFF_DAY):
            return await _wrong(request, actor, error)
        asks = {"day_clash": error.values["left_out"], "new_day": day}
        return await _wrong(request, actor, error, status=422, **asks)
    if moved.told:
        return await _run_page(request, actor, _run(request), moved=moved)
    return _back(request)


async def order(request: web.Request, actor: Actor) -> web.StreamResponse:
    """One stop earlier; without a stop, all of them in the order that we know best."""
    task = str((await request.post()).get("stop", ""))
    runs = request.config_dict[RUNS]
    if task:
        await runs.earlier(actor, _run(request), AssignmentId(task))
    else:
        await runs.best_order(actor, _run(request))
    return _back(request)


async def describe(request: web.Request, actor: Actor) -> web.StreamResponse:
    """How one door is done."""
    filled = DoorForm(await request.post())
    if not filled.validate():
        return await _run_page(request, actor, _run(request), status=422, problem=_first(request, filled))
    how = HandOff(filled.hand_off.data)
    await request.config_dict[RUNS].describe(actor, _run(request), _task(request), how, filled.note.data)
    return _back(request)


async def take_off(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Not on it any more; the request looks for somebody again."""
    try:
        await request.config_dict[RUNS].take_off(actor, _run(request), _task(request))
    except Conflict as error:
        return await _wrong(request, actor, error)
    return _back(request)


async def said(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What became of a stop, told by phone."""
    filled = SaidForm(await request.post())
    if not filled.validate():
        return await _run_page(request, actor, _run(request), status=422, problem=_first(request, filled))
    try:
        await request.config_dict[RUNS].said(
            actor, _run(request), _task(request), StopWord(filled.word.data), filled.note.data
        )
    except Conflict as error:
        return await _wrong(request, actor, error)
    return _back(request)


async def add(request: web.Request, actor: Actor) -> web.StreamResponse:
    """From the page of a request: onto a round that passes near it."""
    need = NeedId(request.match_info["need"])
    data = await request.post()
    run, why = str(data.get("round", "")), str(data.get("why", "")).strip()[:200]
    try:
        await request.config_dict[RUNS].add(actor, run, need, why)
    except Conflict as error:
        return await _wrong(request, actor, error, run)
    return go(f"/board/{need}", show=request.query.get("show", ""), done="confirmed")


async def beside(request: web.Request, actor: Actor, need_id: NeedId) -> RunsNear | None:
    """On the page of a request: the round it is on, or those that pass near it; None where that is nobody's to do."""
    if not may(actor, Permission.DISPATCH):
        return None
    book = request.config_dict[RUN_BOOK]
    try:
        on = await book.of_need(actor, need_id)
        near = () if on else await book.near(actor, need_id)
    except MutualAidError:
        return None
    return RunsNear(on=on, near=near) if on or near else None


def _run(request: web.Request) -> str:
    return request.match_info["run"]


def _task(request: web.Request) -> AssignmentId:
    return AssignmentId(request.match_info["task"])


def _back(request: web.Request) -> web.Response:
    return go(f"/rounds/{_run(request)}", done="saved")


def _first(request: web.Request, filled: Any) -> str:
    return next((say(request, errors[0]) for errors in filled.errors.values() if errors), "")


def _day(request: web.Request, text: str, area: Area | None) -> date:
    """The day in the address, else the one on which something in that area presses, else tomorrow."""
    now = today(request)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = area.day if area and area.day else now + timedelta(days=1)
    return min(max(day, now), now + timedelta(days=AHEAD_DAYS))


async def _wrong(
    request: web.Request,
    actor: Actor,
    error: Conflict,
    run: str | None = None,
    *,
    status: int = 409,
    **more: Any,
) -> web.StreamResponse:
    problem = request[LANGUAGE].explain(error)
    return await _run_page(request, actor, run or _run(request), status=status, problem=problem, **more)


async def _plan_page(
    request: web.Request,
    actor: Actor,
    filled: PlanForm,
    waiting: list[Area],
    day: date,
    area: str,
    chosen: frozenset[str],
    *,
    status: int = 200,
    **more: Any,
) -> web.Response:
    now = today(request)
    waiting = sorted(waiting, key=lambda each: (each.cell or "") != area)
    page = PlanPage(
        form=filled,
        day=day,
        first=now,
        last=now + timedelta(days=AHEAD_DAYS),
        area=area,
        waiting=waiting,
        areas=await places.told_apart(request, [each.cell for each in waiting]),
        drivers=await request.config_dict[RUN_BOOK].drivers(actor, day),
        chosen=chosen,
        **more,
    )
    return await render(request, "round_plan.html", page, status=status)


async def _run_page(
    request: web.Request, actor: Actor, run_id: str, *, status: int = 200, **more: Any
) -> web.Response:
    book = request.config_dict[RUN_BOOK]
    run = await book.one(actor, run_id)
    page = RunPage(
        run=run,
        areas=await places.told_apart(request, [stop.cell for stop in run.stops]),
        drivers=await book.drivers(actor, run.day) if may(actor, Permission.DISPATCH) else (),
        today=today(request),
        last=today(request) + timedelta(days=AHEAD_DAYS),
        **more,
    )
    return await render(request, "round.html", page, status=status)
