"""`/calls/<list>/today`: who is rung, one press for what came of it; and what waits for a coordinator because of it."""

from datetime import date

from aiohttp import web

from node.appkeys import CALL_BOOK, CALL_DAYS, DRAFTS, EMERGENCIES
from node.domain.actors import Actor
from node.domain.calls.call_list import CallWord, TaskKind
from node.domain.calls.call_views import DaySheet
from node.errors import Conflict
from ui.contexts.calls import SheetPage, TaskPage
from ui.forms.calls import WordForm
from ui.parts import spoken
from ui.web.site import LANGUAGE, go, render, say, today


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Today's sheet, or that of the day in the address."""
    return await _page(request, actor)


async def named(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The same with names and numbers: a look at everybody on it, written down."""
    return await _page(request, actor, reveal=True)


async def paper(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The same to print: a look at everybody on it, written down. Printing changes nothing."""
    sheet = await request.config_dict[CALL_BOOK].sheet(actor, _list(request), await _of(request), reveal=True)
    page = SheetPage(sheet=sheet, today=today(request), number=await _emergency_number(request))
    return await render(request, "call_paper.html", page)


async def said(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What came of one call. A worry leads on to what to do about it."""
    data = await request.post()
    filled = WordForm(data)
    if not filled.validate():
        problem = next((say(request, errors[0]) for errors in filled.errors.values() if errors), "")
        return await _page(request, actor, reveal=True, problem=problem, status=422)
    day, entry = filled.day.data or today(request), request.match_info["entry"]
    word, days = CallWord(filled.word.data), request.config_dict[CALL_DAYS]
    try:
        task = await days.said(actor, _list(request), entry, day, word, filled.note.data)
    except Conflict as error:
        problem = request[LANGUAGE].explain(error)
        return await _page(request, actor, reveal=True, problem=problem, status=409)
    if task and word is CallWord.WORRIED:
        return await _task_page(request, actor, task, reveal=True)
    return await _page(request, actor, reveal=True, after=entry)


async def give(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Somebody else rings that one, on that day alone."""
    data = await request.post()
    day, entry = _day(data.get("day")) or today(request), request.match_info["entry"]
    await request.config_dict[CALL_DAYS].give(actor, _list(request), entry, day, str(data.get("caller", "")))
    return await _page(request, actor, reveal=True)


async def slip(request: web.Request, actor: Actor) -> web.StreamResponse:
    """That was a slip."""
    await request.config_dict[CALL_DAYS].slip(actor, _list(request), request.match_info["said"])
    return await _page(request, actor, reveal=True)


async def task(request: web.Request, actor: Actor) -> web.StreamResponse:
    """One thing to see to."""
    return await _task_page(request, actor, request.match_info["waits"])


async def see_to(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Whom it is about; somebody looks after it; it is done; or it becomes a request, the intake page filled in."""
    data, days, found = await request.post(), request.config_dict[CALL_DAYS], request.match_info["waits"]
    match data.get("do"):
        case "take":
            await days.take(actor, found)
            return await _task_page(request, actor, found, reveal=True)
        case "request":
            view = await days.task(actor, found, reveal=True)
            await days.take(actor, found)
            drafts = request.config_dict[DRAFTS]
            draft = drafts.new_id()
            notes = "\n".join(each.note for each in view.said if each.note and not each.taken_back)
            fields = {"known_person": view.person_id, "phone": view.phone, "name": view.name, "notes": notes}
            await drafts.keep(actor, draft, [(name, str(value)) for name, value in fields.items()])
            return go("/intake", draft=draft)
        case "look":
            return await _task_page(request, actor, found, reveal=True)
        case _:
            await days.end(actor, found, str(data.get("note", ""))[:400])
            return go("/calls", done="call_seen_to")


def _list(request: web.Request) -> str:
    return request.match_info["calls"]


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text or ""))
    except ValueError:
        return None


def _next_after(sheet: DaySheet, entry: str) -> str:
    """The next call of the same caller that is still to be made; that one itself where there is none."""
    share = next((each for each in sheet.shares if entry in [line.entry_id for line in each.lines]), None)
    lines = list(share.lines) if share else []
    at = next((at for at, line in enumerate(lines) if line.entry_id == entry), len(lines))
    return next((line.entry_id for line in lines[at + 1 :] if line.outcome is None), entry)


async def _emergency_number(request: web.Request) -> str:
    return (await request.config_dict[EMERGENCIES].rules()).number


async def _page(
    request: web.Request,
    actor: Actor,
    *,
    status: int = 200,
    reveal: bool = False,
    after: str = "",
    problem: str = "",
) -> web.Response:
    sheet = await request.config_dict[CALL_BOOK].sheet(
        actor, _list(request), await _of(request), reveal=reveal
    )
    page = SheetPage(
        sheet=sheet,
        today=today(request),
        at=_next_after(sheet, after),
        number=await _emergency_number(request),
        problem=problem,
    )
    return await render(request, "call_sheet.html", page, status=status)


async def _of(request: web.Request) -> date | None:
    """The day in the form, else in the address."""
    data = await request.post() if request.method == "POST" else {}
    return _day(data.get("day")) or _day(request.query.get("day"))


async def _task_page(
    request: web.Request, actor: Actor, task_id: str, *, reveal: bool = False
) -> web.Response:
    view = await request.config_dict[CALL_DAYS].task(actor, task_id, reveal=reveal)
    worried = view.line.task.kind is TaskKind.WORRIED
    page = TaskPage(
        task=view,
        scripts=await spoken.scripts(request) if worried else (),
        number=await _emergency_number(request),
    )
    return await render(request, "call_task.html", page)
