"""`/figures`: the group's own figures for some days; and as a sheet for others, without small numbers."""

from collections.abc import Iterator
from datetime import date

from aiohttp import web

from node.appkeys import OWN_FIGURES, RECEIPTS
from node.domain.actors import Actor
from node.domain.board import figures
from node.domain.board.figures import Figures, Waited
from node.domain.sheets.sheet_table import FileKind, Table, written
from node.errors import N_
from ui.contexts.desk import FiguresPage
from ui.web.site import LANGUAGE, TEMPLATES, render, say, today
from ui.words import money, words
from ui.words.figure_words import COUNT, GROUPS, WAIT

UNDER = "<5"
"""What the sheet has in place of a small number."""
HOUR = 3600


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Every figure; with ``for=others`` as others may have it."""
    found = await _asked(request, actor)
    outside = request.query.get("for") == "others"
    region = await request.config_dict[RECEIPTS].region()
    page = FiguresPage(
        figures=figures.for_outsiders(found) if outside else found,
        outside=outside,
        today=today(request),
        money=money.of(region, request[LANGUAGE].locale),
    )
    return await render(request, "figures.html", page)


async def sheet(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The same as a file that may be handed on: no small numbers."""
    found = figures.for_outsiders(await _asked(request, actor))
    table = Table(
        headings=tuple(say(request, each) for each in (N_("What"), N_("Number"), N_("What it counts"))),
        rows=tuple(_rows(request, found)),
    )
    name = f"figures-{found.period.first.isoformat()}-{found.period.last.isoformat()}.csv"
    response = web.Response(body=written(table, FileKind.CSV), content_type="text/csv", charset="utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


async def _asked(request: web.Request, actor: Actor) -> Figures:
    period = figures.period(_day(request, "first"), _day(request, "last"), today(request))
    return await request.config_dict[OWN_FIGURES].of(actor, period)


def _day(request: web.Request, name: str) -> date | None:
    try:
        return date.fromisoformat(request.query.get(name, ""))
    except ValueError:
        return None


def _rows(request: web.Request, found: Figures) -> Iterator[tuple[str, ...]]:
    for codes in GROUPS.values():
        for code in codes:
            title, what = COUNT[code]
            yield say(request, title), _number(found.counts[code]), say(request, what)
    templates, language = request.config_dict[TEMPLATES], request[LANGUAGE]
    for code, number in found.kinds.items():
        yield templates.kind(code, language), _number(number), say(request, N_("Came in, by kind of help"))
    for code, number in found.ended.items():
        yield (
            say(request, words.CLOSE_REASON[code]),
            _number(number),
            say(request, N_("Closed, by how it ended")),
        )
    for waited, (title, what) in zip((found.first_answer, found.done), WAIT.values(), strict=True):
        for hours, part in _hours(waited):
            yield f"{say(request, title)}: {say(request, part)}", hours, say(request, what)
    yield say(request, N_("Receipts")), _number(found.laid.receipts), say(request, N_("Dated in these days."))


def _hours(waited: Waited) -> Iterator[tuple[str, str]]:
    for seconds, part in (
        (waited.half, N_("half of them, in hours")),
        (waited.most, N_("nine in ten, in hours")),
    ):
        yield "" if seconds is None else f"{seconds / HOUR:.1f}", part


def _number(number: int | None) -> str:
    return UNDER if number is None else str(number)
