"""What comes again, and buddies: on a request, on a person's page, and `/repeats` with the group's days off."""

import re
from collections.abc import Sequence
from datetime import date

from aiohttp import web

from node.appkeys import BUDDIES, HANDING_ON, PEOPLE, REPEATING
from node.domain.actors import Actor
from node.domain.dispatch.series import EndedBy, Every, HandMove, OnHoliday
from node.domain.ids import NeedId, PersonId
from node.domain.need import PartOfDay
from node.errors import N_, Conflict, Invalid
from node.services.dispatch.series_changes import Kept
from ui.contexts.matching import RepeatsPage
from ui.views.board import board
from ui.views.board.follow_up import back
from ui.views.people import person
from ui.web.site import LANGUAGE, go, render, say
from ui.words import call_words

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Everything that comes again, without a name."""
    return await _page(request, actor)


async def holidays(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The group's days off, all of them anew."""
    data = await request.post()
    typed = str(data.get("holidays", ""))[:4000]
    words = typed.split()
    days = [found for word in words if (found := _day(word))]
    if len(days) != len(words):
        problem = say(request, N_("Write each day like 2026-12-25."))
        return await _page(request, actor, problem=problem, typed=typed, status=422)
    try:
        pairs = (str(each).split(" ", 1) for each in data.getall("close", []))
        closing = [(pair[0], day) for pair in pairs if (day := _day(pair[-1]))]
        await request.config_dict[REPEATING].set_holidays(actor, days, closing)
    except Invalid as error:
        return await _page(request, actor, problem=_first(request, error), typed=typed, status=422)
    return go("/repeats", done="saved")


async def change(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Not on one day or on it after all, a pause, on again, the end, or somebody else or other days from a day on."""
    kept: Sequence[Kept] = ()
    data = await request.post()
    repeating, rule = request.config_dict[REPEATING], request.match_info["series"]
    closing = [day for each in data.getall("close", []) if (day := _day(str(each)))]
    try:
        match data.get("do"):
            case "skip":
                await repeating.skip(actor, rule, _day(str(data.get("day", ""))) or date.min)
            case "unskip":
                await repeating.not_skipped(actor, rule, _day(str(data.get("day", ""))) or date.min)
            case "hand":
                who, frm = PersonId(str(data.get("helper", ""))), _day(str(data.get("from_day", "")))
                await request.config_dict[HANDING_ON].ask(actor, rule, who, frm or date.min)
            case "change":
                weekdays = [int(day) for day in call_words.WEEKDAYS if day in data.getall("weekdays", [])]
                part = str(data.get("part", ""))
                frm = _day(str(data.get("from_day", "")))
                said = part if part in set(PartOfDay) | {""} else None
                kept = await repeating.change(actor, rule, frm or date.min, weekdays, said)
            case "unchange":
                kept = await repeating.take_change_back(actor, rule)
            case "pause":
                await repeating.pause(actor, rule, _day(str(data.get("until", ""))), closing)
            case "resume":
                await repeating.resume(actor, rule)
            case _:
                await repeating.end(actor, rule, closing)
    except (Invalid, Conflict) as error:
        problem = _first(request, error) if isinstance(error, Invalid) else request[LANGUAGE].explain(error)
        return await _page(request, actor, problem=problem, status=422)
    if kept:
        return await _page(request, actor, kept=kept)
    return go("/repeats", done="saved")


async def hand(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Who was asked to take a rule over says yes or no; both are told; it ends."""
    handing, hand_id = request.config_dict[HANDING_ON], request.match_info["hand"]
    do = str((await request.post()).get("do", ""))
    try:
        if do in ("told-new", "told-before"):
            await handing.told(actor, hand_id, new=do == "told-new")
        else:
            await handing.answer(actor, hand_id, HandMove(do) if do in set(HandMove) else HandMove.END)
    except Conflict as error:
        return await _page(request, actor, problem=request[LANGUAGE].explain(error), status=409)
    return go("/repeats", done="saved")


async def begin(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What this request asks for comes again."""
    data, need_id = await request.post(), NeedId(request.match_info["need"])
    every, how = str(data.get("every", "")), str(data.get("on_holiday", ""))
    try:
        await request.config_dict[REPEATING].begin(
            actor,
            need_id,
            every=Every(every) if every in set(Every) else Every.WEEK,
            first_day=_day(str(data.get("first_day", ""))) or date.min,
            weekdays=[int(day) for day in call_words.WEEKDAYS if day in data.getall("weekdays", [])],
            on_holiday=OnHoliday(how) if how in set(OnHoliday) else OnHoliday.SKIP,
        )
    except (Invalid, Conflict) as error:
        problem = _first(request, error) if isinstance(error, Invalid) else request[LANGUAGE].explain(error)
        return await board.wrong(request, actor, problem)
    return back(request, "repeats")


async def buddy(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Two people who would like it to be the same face each time."""
    data = await request.post()
    try:
        await request.config_dict[BUDDIES].begin(
            actor,
            PersonId(request.match_info["person"]),
            PersonId(str(data.get("helper", ""))),
            person_said="person_said" in data,
            helper_said="helper_said" in data,
        )
    except (Invalid, Conflict) as error:
        return await person.after(request, actor, problem=request[LANGUAGE].explain(error))
    return await person.after(request, actor)


async def pair(request: web.Request, actor: Actor) -> web.StreamResponse:
    """One of both agrees, one of both ends it, or somebody else takes over."""
    data, buddies, pair_id = await request.post(), request.config_dict[BUDDIES], request.match_info["pair"]
    what, _, who = str(data.get("do", "")).partition("-")
    by = EndedBy(who) if who in set(EndedBy) else EndedBy.US
    try:
        match what:
            case "agree":
                await buddies.agree(actor, pair_id, by)
            case "hand":
                await buddies.hand_on(actor, pair_id, PersonId(str(data.get("helper", ""))))
            case _:
                await buddies.end(actor, pair_id, by)
    except (Invalid, Conflict) as error:
        return await person.after(request, actor, problem=request[LANGUAGE].explain(error))
    return await person.after(request, actor)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _first(request: web.Request, error: Invalid) -> str:
    return say(request, next(iter(error.fields.values()), error.message), **error.values)


async def _page(
    request: web.Request,
    actor: Actor,
    *,
    problem: str = "",
    typed: str = "",
    kept: Sequence[Kept] = (),
    status: int = 200,
) -> web.Response:
    repeating = request.config_dict[REPEATING]
    listed = "\n".join(day.isoformat() for day in await repeating.holidays(actor))
    found = await repeating.all_of_them(actor)
    volunteers = await request.config_dict[PEOPLE].list_volunteers(actor) if found else []
    page = RepeatsPage(
        series=found,
        hands=await request.config_dict[HANDING_ON].standing(actor, [each.series.id for each in found]),
        helpers=[(str(row.person_id), row.name) for row in volunteers if row.volunteer.state != "left"],
        holidays=typed or listed,
        on_days_off=[(each, made) for each in found for made in each.on_days_off],
        problem=problem,
        kept=kept,
    )
    return await render(request, "repeats.html", page, status=status)
