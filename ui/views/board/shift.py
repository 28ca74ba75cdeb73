"""`/board/shift`: who is on, by day and part of day, and notes for whoever comes after."""

from datetime import date, timedelta
from typing import Any

from aiohttp import web

from node.appkeys import SHIFTS
from node.domain.actors import Actor
from node.domain.board.shifts import monday, of_day
from node.domain.ids import StaffId
from node.domain.need import PartOfDay
from node.errors import Invalid
from ui.contexts.desk import ShiftPage
from ui.web.site import go, render, say, today


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """This week and the next; the week of one person to change."""
    return await _page(request, actor)


async def set_week(request: web.Request, actor: Actor) -> web.StreamResponse:
    """When one person is on in one week: what is ticked, and nothing else."""
    data = await request.post()
    first = _day(str(data.get("week", "")))
    ticked = [str(each).partition(" ") for each in data.getall("on", [])]
    on = [
        (day, PartOfDay(part)) for text, _, part in ticked if (day := _day(text)) and part in list(PartOfDay)
    ]
    try:
        await request.config_dict[SHIFTS].set_week(
            actor, StaffId(str(data.get("who", ""))), first or date.min, on
        )
    except Invalid as error:
        return await _page(request, actor, status=422, problem=say(request, error.message))
    return go("/board/shift", done="shift_set")


async def same_again(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Next week as this one."""
    await request.config_dict[SHIFTS].same_again(actor)
    return go("/board/shift", done="shift_set")


async def leave_note(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A note for whoever comes after."""
    text = str((await request.post()).get("text", ""))
    try:
        await request.config_dict[SHIFTS].leave_note(actor, text)
    except Invalid as error:
        return await _page(request, actor, status=422, problem=say(request, error.message), text=text)
    return go("/board/shift", done="shift_note")


async def have_read(request: web.Request, actor: Actor) -> web.StreamResponse:
    """It is not shown to them at the top any more."""
    await request.config_dict[SHIFTS].have_read(actor, request.match_info["note"])
    return go("/board", done="shift_read")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


async def _page(
    request: web.Request, actor: Actor, *, status: int = 200, problem: str = "", text: str = "", **more: Any
) -> web.Response:
    shifts, now = request.config_dict[SHIFTS], today(request)
    rota = await shifts.rota(actor)
    who = request.query.get("who", "")
    who = who if who in rota.handles else (actor.id or "")
    wanted = _day(request.query.get("week", ""))
    weeks = [rota.days[start : start + 7] for start in range(0, len(rota.days), 7)]
    week = wanted if wanted in [days[0] for days in weeks] else monday(now)
    assert week is not None
    page = ShiftPage(
        rota=rota,
        weeks=weeks,
        today=now,
        who=who,
        week=week,
        on=frozenset(
            (shift.day, str(shift.part))
            for shift in rota.shifts
            if shift.staff_id == who and week <= shift.day < week + timedelta(days=7)
        ),
        table={
            (day, str(part)): [rota.handles[each] for each in ids]
            for day in rota.days
            for part, ids in of_day(rota.shifts, day).items()
        },
        notes=await shifts.notes(actor),
        on_now=await shifts.on_now(actor),
        problem=problem,
        text=text,
    )
    return await render(request, "shift.html", page, status=status)
