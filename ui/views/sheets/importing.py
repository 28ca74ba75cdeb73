"""`/import`: a sheet comes in: what its columns mean, what would come in, rows put right one by one, and in it goes."""

from collections.abc import Mapping, Sequence

from aiohttp import web

from node.appkeys import SHEET_DESK, SHEET_RUNS
from node.domain.actors import Actor
from node.domain.hours import in_order
from node.domain.permissions import Permission, may
from node.domain.sheets.mapping import FIELDS, HOURS_BY_DAY, HOURS_BY_PART, HOURS_FIELDS, LISTS, Sort
from node.domain.sheets.sheet_hours import write_hours
from node.domain.sheets.sheet_table import FileKind, written
from node.errors import N_, Conflict, Invalid, MutualAidError
from node.services.sheets.sheet_views import Said
from ui.contexts.common import Notice
from ui.contexts.sheets import ColumnsPage, GoingPage, ImportPage, LookPage
from ui.web import incoming
from ui.web.site import catalogue_of, go, headings, render, say, today
from ui.words import sheet_words


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A place for a file, and what was begun."""
    return await _begin_page(request, actor)


async def take(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Takes the file in and goes on to its columns."""
    data = request.get(incoming.FILE, b"")
    if not data:
        return await _begin_page(request, actor, say(request, N_("Choose the file first.")))
    try:
        sheet_id = await request.config_dict[SHEET_DESK].begin(actor, data)
    except Invalid as error:
        return await _begin_page(request, actor, say(request, error.message, **error.values))
    return go(f"/import/{sheet_id}")


async def notices(request: web.Request, actor: Actor) -> Sequence[Notice]:
    """For the board, while a sheet waits for room on the disk."""
    if not may(actor, Permission.IMPORT):
        return []
    stuck = await request.config_dict[SHEET_RUNS].without_room(actor)
    own = next((each for each, mine in stuck.items() if mine), "")
    words = N_("The disk is full; the sheet goes on by itself when there is room.")
    return [
        Notice(
            words=say(request, words),
            link=f"/import/{own}/look" if own else "",
            link_words=say(request, N_("See how far it is")) if own else "",
        )
    ][: len(stuck)]


async def forget(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A saved mapping is kept no more."""
    data = await request.post()
    service = request.config_dict[SHEET_DESK]
    await service.forget_mapping(actor, str(data.get("name", "")), str(data.get("sort", "")))
    return go("/import", done="saved")


async def columns(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Every column with three of its cells, and what it may mean."""
    return await _columns_page(request, actor)


async def read_as(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Other letters, or another page of the file."""
    data, sheet_id = await request.post(), request.match_info["sheet"]
    encoding = str(data.get("encoding", ""))
    try:
        if encoding not in sheet_words.ENCODING:
            raise web.HTTPBadRequest
        await request.config_dict[SHEET_DESK].read_as(
            actor, sheet_id, encoding=encoding, tab=str(data.get("tab", ""))
        )
    except Invalid as error:
        return await _columns_page(request, actor, status=422, problem=error)
    return go(f"/import/{sheet_id}")


async def describe(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Keeps what the columns mean."""
    data, sheet_id = await request.post(), request.match_info["sheet"]
    service = request.config_dict[SHEET_DESK]
    typed = {
        name.removeprefix("field:"): str(value) for name, value in data.items() if name.startswith("field:")
    }
    sort = _sort(str(data.get("sort", ""))) or Sort.NEEDS
    here = await service.described(actor, sheet_id)
    said = Said(
        sort=sort,
        name=str(data.get("name", "")),
        columns={
            column.heading: typed.get(str(at), "")
            for at, column in enumerate(here.columns)
            if typed.get(str(at))
        },
        dates=str(data.get("dates", "")),
        open_="open" in data,
        consent=str(data.get("consent", "")),
        lists={field: str(data.get(f"list-{field}", "")) for field in LISTS},
    )
    try:
        await service.describe(actor, sheet_id, said)
    except Invalid as error:
        return await _columns_page(request, actor, status=422, problem=error, typed=typed, sort=sort)
    return go(f"/import/{sheet_id}/look")


async def look(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What would come in; rows and words that need somebody."""
    return await _look_page(request, actor)


async def words(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What words that nobody knew mean."""
    data, sheet_id = await request.post(), request.match_info["sheet"]
    meanings: dict[tuple[str, str], str] = {}
    for name, value in data.items():
        kind, _, number = name.partition(":")
        if kind == "means":
            said = (str(data.get(f"of:{number}", "")), str(data.get(f"word:{number}", "")))
            ticked = [str(slot) for slot in data.getall(f"slot:{number}", [])]
            meanings[said] = write_hours(in_order(ticked)) if ticked else str(value)
    service = request.config_dict[SHEET_DESK]
    if "hours" in data:
        await service.any_hours(actor, sheet_id, any_time=data["hours"] == "any")
    else:
        await service.words(actor, sheet_id, meanings)
    return go(f"/import/{sheet_id}/look", done="saved")


async def fix(request: web.Request, actor: Actor) -> web.StreamResponse:
    """One row put right, or left out."""
    data, sheet_id = await request.post(), request.match_info["sheet"]
    service, line = request.config_dict[SHEET_DESK], _line(request)
    if "out" in data:
        await service.leave_out(actor, sheet_id, line, out=data["out"] == "yes")
    else:
        count = len([name for name in data if name.startswith("heading:")])
        cells = {
            str(data[f"heading:{n}"]): str(data.get(f"cell:{n}", ""))
            for n in range(count)
            if f"heading:{n}" in data
        }
        await service.fix(actor, sheet_id, line, cells)
    return web.Response(status=303, headers={"Location": f"/import/{sheet_id}/look#rows"})


async def run(request: web.Request, actor: Actor) -> web.StreamResponse:
    """In it goes; a long one goes on by itself."""
    sheet_id = request.match_info["sheet"]
    await request.config_dict[SHEET_RUNS].start(actor, sheet_id)
    return go(f"/import/{sheet_id}/look")


async def stop(request: web.Request, actor: Actor) -> web.StreamResponse:
    """No more of it; what came in stays."""
    sheet_id = request.match_info["sheet"]
    await request.config_dict[SHEET_RUNS].stop(actor, sheet_id)
    return go(f"/import/{sheet_id}/look")


async def back(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The rows that stay out, as a sheet with the reasons."""
    kind = FileKind(request.match_info["kind"])
    table = await request.config_dict[SHEET_DESK].handed_back(actor, request.match_info["sheet"])
    return web.Response(
        body=written(table, kind),
        content_type=kind.content_type,
        headers={
            "Content-Disposition": f'attachment; filename="not-brought-in-{today(request).isoformat()}.{kind}"'
        },
    )


async def drop(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The sheet is thrown away; what came in of it stays."""
    await request.config_dict[SHEET_DESK].drop(actor, request.match_info["sheet"])
    return go("/import", done="dropped")


def _line(request: web.Request) -> int:
    return int(request.match_info["line"])


def _sort(text: str) -> Sort | None:
    return Sort(text) if text in set(Sort) else None


async def _begin_page(request: web.Request, actor: Actor, problem: str = "") -> web.Response:
    service = request.config_dict[SHEET_DESK]
    page = ImportPage(begun=await service.mine(actor), saved=await service.saved(actor), problem=problem)
    return await render(request, "import.html", page, status=422 if problem else 200)


async def _columns_page(
    request: web.Request,
    actor: Actor,
    *,
    status: int = 200,
    problem: MutualAidError | None = None,
    typed: Mapping[str, str] | None = None,
    sort: Sort | None = None,
) -> web.Response:
    service = request.config_dict[SHEET_DESK]
    wanted = sort or _sort(request.query.get("sort", ""))
    sheet = await service.described(actor, request.match_info["sheet"], sort=wanted)
    page = ColumnsPage(
        sheet=sheet,
        fields=[field for field in sheet_words.FIELD if field in FIELDS[sheet.sort]],
        typed=typed or {str(at): column.field for at, column in enumerate(sheet.columns)},
        wrong=problem.fields if isinstance(problem, Invalid) else {},
        problem=say(request, problem.message, **problem.values) if problem else "",
    )
    return await render(request, "import_columns.html", page, status=status)


async def _look_page(request: web.Request, actor: Actor) -> web.StreamResponse:
    sheet_id = request.match_info["sheet"]
    going = await request.config_dict[SHEET_RUNS].going(actor, sheet_id)
    if going is not None:
        return await render(request, "import_going.html", GoingPage(id=sheet_id, going=going))
    try:
        looked = await request.config_dict[SHEET_DESK].look(actor, sheet_id)
    except Conflict as error:
        if error.code != "no_columns":
            raise
        return go(f"/import/{sheet_id}")
    except Invalid as error:
        return await _columns_page(request, actor, status=422, problem=error)
    rows = looked.preview.rows
    page = LookPage(
        looked=looked,
        kinds=headings(catalogue_of(request)),
        comes=looked.preview.needs,
        here=sum(row.here_already for row in rows),
        to_check=sum(row.to_check and not row.here_already for row in rows),
        meanings=sheet_words.MEANING[looked.sheet.sort],
        words=[each for each in looked.words if each[0] not in HOURS_FIELDS],
        when=[each for each in looked.words if each[0] in HOURS_FIELDS],
        of_grid={**HOURS_BY_DAY, **HOURS_BY_PART},
    )
    return await render(request, "import_look.html", page)
