"""`/calls`: lists of people who are rung to hear how they are - made, changed, handed on."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from aiohttp import web
from multidict import MultiDict

from node.appkeys import CALL_BOOK, CALL_DAYS, CALL_ENTRIES, CALL_LISTS, CALLERS
from node.domain.actors import Actor
from node.domain.calls.call_list import EntryMove, Rhythm
from node.domain.calls.call_views import ListView, NewList, Pick, Reading
from node.domain.dispatch.series import OnHoliday, SeriesMove
from node.domain.ids import PersonId
from node.errors import Conflict, Invalid
from ui.contexts.calls import ListPage, ListsPage, NewListPage
from ui.forms.calls import EntryForm, NewListForm, PeopleForm, RhythmForm
from ui.views.intake.intake import tongues
from ui.web import address
from ui.web.site import LANGUAGE, go, render, say, today
from ui.words import call_words

MOVES = {"pause": SeriesMove.PAUSE, "resume": SeriesMove.RESUME, "end": SeriesMove.END}
"""The last part of the address a button posts to."""
ENTRY_MOVES = {
    "pause": EntryMove.PAUSE,
    "resume": EntryMove.RESUME,
    "off": EntryMove.TAKE_OFF,
    "on": EntryMove.PUT_BACK,
}


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """All lists, what came of today's calls, and what waits because of them."""
    book = request.config_dict[CALL_BOOK]
    lists = await book.lists(actor)
    page = ListsPage(
        lists=lists,
        over=await book.over(actor),
        waiting=await request.config_dict[CALL_DAYS].to_see_to(actor),
        not_rung=await request.config_dict[CALL_DAYS].not_rung(actor),
        days={
            line.each.id: call_words.days_in_words(line.each.rhythm.weekdays, request[LANGUAGE])
            for line in lists
        },
    )
    return await render(request, "calls.html", page)


async def form(request: web.Request, actor: Actor) -> web.StreamResponse:
    """An empty list: every day, from today on."""
    filled = _new_form(request)
    filled.weekdays.data = list(call_words.WEEKDAYS)
    filled.first_day.data = today(request)
    return await _new_page(request, actor, filled)


async def submit(request: web.Request, actor: Actor) -> web.StreamResponse:
    """First shows how the lines were understood and whom we know by their numbers; then makes the list."""
    data = await request.post()
    filled = _new_form(request, data)
    may_ring = await request.config_dict[CALL_BOOK].who_may_ring(actor, str(data.get("language", "")))
    filled.callers.choices = [(each.key, each.name) for each in may_ring]
    if not filled.validate():
        return await _new_page(request, actor, filled, status=422)
    lists = request.config_dict[CALL_LISTS]
    readings = await lists.read(actor, filled.people.data)
    chosen, sure = _chosen(data, readings), _sure(data, readings, filled.people.data)
    shown: dict[str, Any] = {
        "readings": readings,
        "chosen": chosen,
        "sure": sure,
        "seen": seen(filled.people.data),
    }
    if str(data.get("seen", "")) != shown["seen"] or _waits(readings, sure):
        return await _new_page(request, actor, filled, **shown)
    new = NewList(
        name=filled.name.data,
        note=filled.note.data,
        rhythm=_rhythm(request, filled),
        language=filled.language.data,
        callers=tuple(filled.callers.data),
        agreed=filled.agreed.data,
    )
    try:
        made = await lists.begin(actor, new, _picks(readings, chosen, sure))
    except Invalid as error:
        filled.blame(error.fields)
        return await _new_page(request, actor, filled, status=422, **shown)
    except Conflict as error:
        problem = request[LANGUAGE].explain(error)
        return await _new_page(request, actor, filled, status=409, problem=problem, **shown)
    return go(f"/calls/{made.list_id}", done="list_made")


async def one(request: web.Request, actor: Actor) -> web.StreamResponse:
    """One list, and who rings."""
    return await _page(request, actor)


async def named(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The same with everybody on it by name: a look that is written down."""
    return await _page(request, actor, reveal=True)


async def change(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Name, days and note anew."""
    filled = RhythmForm(await request.post())
    filled.language.choices = [("", "–"), *tongues(request)]
    fine = filled.validate()
    try:
        if fine:
            await request.config_dict[CALL_LISTS].change(
                actor,
                _list(request),
                name=filled.name.data,
                note=filled.note.data,
                rhythm=_rhythm(request, filled),
                language=filled.language.data,
            )
            return _back(request)
    except Invalid as error:
        filled.blame(error.fields)
    return await _page(request, actor, form=filled, status=422)


async def add(request: web.Request, actor: Actor) -> web.StreamResponse:
    """More people, shown before they are saved."""
    data = await request.post()
    filled = PeopleForm(data)
    fine = filled.validate()
    lists = request.config_dict[CALL_LISTS]
    readings = await lists.read(actor, filled.people.data, _list(request)) if fine else ()
    chosen, sure = _chosen(data, readings), _sure(data, readings, filled.people.data)
    shown: dict[str, Any] = {
        "more": filled,
        "readings": readings,
        "chosen": chosen,
        "sure": sure,
        "seen": seen(filled.people.data),
    }
    wrong = not fine or _waits(readings, sure)
    if wrong or str(data.get("seen", "")) != shown["seen"]:
        return await _page(request, actor, status=422 if not fine else 200, **shown)
    try:
        picks = _picks(readings, chosen, sure)
        added = await lists.add(actor, _list(request), picks, agreed=filled.agreed.data)
    except Invalid as error:
        filled.blame(error.fields)
        return await _page(request, actor, status=422, **shown)
    return go(f"/calls/{_list(request)}", done="list_more" if not added.there else "list_more_there")


async def move(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A pause for everybody, on again, or the end."""
    until = _day((await request.post()).get("until"))
    return await _do(
        request,
        actor,
        request.config_dict[CALL_LISTS].move(actor, _list(request), MOVES[request.match_info["move"]], until),
    )


async def callers(request: web.Request, actor: Actor) -> web.StreamResponse:
    """One more who rings; without one, everybody is shared out anew."""
    key, service = str((await request.post()).get("caller", "")), request.config_dict[CALLERS]
    verb = service.add(actor, _list(request), key) if key else service.share_out(actor, _list(request))
    return await _do(request, actor, verb)


async def caller(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A private link, other days, or somebody else takes over."""
    data, service = await request.post(), request.config_dict[CALLERS]
    list_id, who = _list(request), request.match_info["caller"]
    match data.get("do"):
        case "link":
            token = await service.link(actor, list_id, who)
            view = await request.config_dict[CALL_BOOK].one(actor, list_id)
            name = next((each.name for each in view.callers if each.id == who), "")
            base = (await address.own(request)).base
            return await _page(request, actor, link=f"{base}/c/{token}", link_for=name)
        case "days":
            ticked = set(map(str, data.getall("weekdays", [])))
            days = tuple(int(day) for day in call_words.WEEKDAYS if day in ticked)
            verb = service.set_days(actor, list_id, who, days)
        case _:
            verb = service.drop(actor, list_id, who, str(data.get("to", "")))
    return await _do(request, actor, verb)


async def entry(request: web.Request, actor: Actor) -> web.StreamResponse:
    """One person: a pause, off, on again, earlier, what was agreed to, a note and who rings."""
    data, service = await request.post(), request.config_dict[CALL_ENTRIES]
    filled = EntryForm(data)
    list_id, who, do = _list(request), request.match_info["entry"], str(data.get("do", ""))
    if not filled.validate():
        problem = next((say(request, errors[0]) for errors in filled.errors.values() if errors), "")
        return await _page(request, actor, problem=problem, reveal=True, status=422)
    match do:
        case "pause" | "resume" | "off" | "on":
            until = filled.until.data if do == "pause" else None
            verb = service.move(actor, list_id, who, ENTRY_MOVES[do], until)
        case "earlier":
            verb = service.earlier(actor, list_id, who)
        case "yes" | "no":
            verb = service.said_yes(actor, list_id, who, yes=do == "yes")
        case _:
            usual = str(data.get("caller", "")) or None
            verb = service.describe(actor, list_id, who, note=filled.note.data, caller_id=usual)
    return await _do(request, actor, verb, reveal=True)


def _list(request: web.Request) -> str:
    return request.match_info["calls"]


def _back(request: web.Request) -> web.Response:
    return go(f"/calls/{_list(request)}", done="saved")


async def _do(request: web.Request, actor: Actor, verb: Any, *, reveal: bool = False) -> web.StreamResponse:
    """``reveal``: the names are on the page already, and stay there."""
    try:
        await verb
    except Invalid as error:
        problem = say(request, next(iter(error.fields.values()), error.message))
        return await _page(request, actor, problem=problem, reveal=reveal, status=422)
    except Conflict as error:
        problem = request[LANGUAGE].explain(error)
        return await _page(request, actor, problem=problem, reveal=reveal, status=409)
    return await _page(request, actor, reveal=True) if reveal else _back(request)


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text or ""))
    except ValueError:
        return None


def _new_form(request: web.Request, data: Any = None) -> NewListForm:
    filled = NewListForm(data)
    filled.language.choices = [("", "–"), *tongues(request)]
    return filled


def _rhythm(request: web.Request, filled: RhythmForm) -> Rhythm:
    return Rhythm(
        weekdays=filled.days,
        first_day=filled.first_day.data or today(request),
        last_day=filled.last_day.data,
        on_holiday=OnHoliday(filled.on_holiday.data),
    )


def seen(text: str) -> str:
    """Stands for exactly these lines."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _chosen(data: Mapping[str, Any], readings: Sequence[Reading]) -> dict[int, str]:
    """What was picked for each line whose number we know; at first whoever has the same name, for somebody to see."""
    found = {}
    for each in readings:
        if not each.known:
            continue
        named = next((str(known.person_id) for known in each.known if known.same_name), "new")
        picked = str(data.get(f"who-{each.line.number}", named))
        known = {str(known.person_id) for known in each.known}
        found[each.line.number] = picked if picked in known else "new"
    return found


def _sure(data: Mapping[str, Any], readings: Sequence[Reading], text: str) -> set[int]:
    """The doubtful lines of which somebody ticked, for just these lines, that they are right: not once the text is
    another one, in which another line may stand there."""
    if data.get("seen") != seen(text):
        return set()
    numbers = {each.line.number for each in readings if each.line.doubt}
    return {number for number in numbers if data.get(f"sure-{number}") == "yes"}


def _waits(readings: Sequence[Reading], sure: Collection[int]) -> bool:
    """Whether a line is wrong, or doubtful and nobody said that it is right."""
    return any(each.line.problem or (each.line.doubt and each.line.number not in sure) for each in readings)


def _picks(readings: Sequence[Reading], chosen: Mapping[int, str], sure: Collection[int]) -> list[Pick]:
    return [
        Pick(
            line=each.line,
            person_id=PersonId(who) if (who := chosen.get(each.line.number, "new")) != "new" else None,
            sure=each.line.number in sure,
        )
        for each in readings
    ]


async def _new_page(
    request: web.Request, actor: Actor, filled: NewListForm, *, status: int = 200, **more: Any
) -> web.Response:
    may_ring = await request.config_dict[CALL_BOOK].who_may_ring(actor, filled.language.data or "")
    page = NewListPage(form=filled, may_ring=may_ring, **more)
    return await render(request, "call_list_new.html", page, status=status)


async def _page(
    request: web.Request, actor: Actor, *, status: int = 200, reveal: bool = False, **more: Any
) -> web.Response:
    view = await request.config_dict[CALL_BOOK].one(actor, _list(request), reveal=reveal)
    language = request[LANGUAGE]
    page = ListPage(
        **{"form": _as_it_is(request, view), "more": PeopleForm(MultiDict()), **more},
        view=view,
        days=call_words.days_in_words(view.each.rhythm.weekdays, language),
        caller_days={each.id: call_words.days_in_words(each.weekdays, language) for each in view.callers},
        today=today(request),
    )
    return await render(request, "call_list.html", page, status=status)


def _as_it_is(request: web.Request, view: ListView) -> RhythmForm:
    filled, rhythm = RhythmForm(), view.each.rhythm
    filled.language.choices = [("", "–"), *tongues(request)]
    filled.name.data, filled.note.data = view.details.name, view.details.note
    filled.weekdays.data = [str(day) for day in rhythm.weekdays]
    filled.first_day.data, filled.last_day.data = rhythm.first_day, rhythm.last_day
    filled.on_holiday.data, filled.language.data = str(rhythm.on_holiday), view.each.language
    return filled
