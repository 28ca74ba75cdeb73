"""The lists of `/board`: on its page, alone for whatever changes them in place, and how much of one is new."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from aiohttp import web

from node.appkeys import BOARD, CLOCK, LOOKING
from node.clock import unix
from node.domain.actors import Actor
from node.domain.board.news import Mark
from node.domain.board.views import QueueFilter, QueueRow
from node.domain.ids import NeedId
from node.services.board.board import PAGE_ROWS
from ui.contexts.board import BoardList, Filter
from ui.parts import desk, offers, places
from ui.views.people import street_teams
from ui.web.site import EYES, LANGUAGE, render, today

WHEN_THERE_ARE_SOME = frozenset(
    {QueueFilter.CALL_BACK, QueueFilter.QUIET, QueueFilter.HAPPENED, QueueFilter.PRACTICE}
)
"""Lists that take no room on the page while they are empty."""


def chosen(request: web.Request) -> QueueFilter:
    """The list that the address names; everything open where it names none."""
    wanted = request.query.get("show", "")
    return QueueFilter(wanted) if wanted in set(QueueFilter) else QueueFilter.ALL_OPEN


def is_asked_for(request: web.Request) -> bool:
    """Whether a script asks, which puts the lists into a page that is open already."""
    return request.headers.get("HX-Request") == "true"


async def alone(request: web.Request, actor: Actor) -> web.Response:
    """Only what changes in place."""
    page = BoardList(
        **(await beside(request, actor)),
        from_neighbours=await offers.from_neighbours(request, actor),
        rules=await desk.rules(request) if chosen(request) is QueueFilter.TO_TRIAGE else None,
    )
    return await render(request, "parts/board_list.html", page)


async def beside(request: web.Request, actor: Actor, *also: str | None) -> dict[str, Any]:
    """The parts of the board's page that this file looks after. ``also``: further cells that are to have a name."""
    board, which, skip, now = request.config_dict[BOARD], chosen(request), _skip(request), _now(request)
    counts: Mapping[str, int] = await board.counts(actor)
    rows = await board.queue(actor, which, offset=skip)
    if skip and not rows:  # past the end, of an old address: that is no empty board
        skip, rows = 0, await board.queue(actor, which)
    rest = len(rows) == PAGE_ROWS
    rows, patch = await street_teams.narrowed(request, actor, rows, which)
    longer = rest and not (patch and patch.chosen)
    made_up: Sequence[QueueRow] = ()
    if not rows and which is QueueFilter.ALL_OPEN and counts.get(str(QueueFilter.PRACTICE)):
        made_up = (await board.queue(actor, QueueFilter.PRACTICE))[:1]
    return {
        "filters": _filters(counts, which),
        "chosen": str(which),
        "rows": rows,
        "mark": str(Mark.of(rows, now)),
        "more": f"/board?show={which}&skip={skip + PAGE_ROWS}" if longer else "",
        "patch": patch,
        "made_up": made_up,
        "areas": await places.areas(request, [*(row.cell for row in rows), *also]),
        "today": today(request),
    }


def looking(request: web.Request, actor: Actor, need_id: str) -> Sequence[str]:
    """Who else has that request open now. A look with somebody else's eyes is not told."""
    if request[EYES] or not need_id:
        return ()
    return request.config_dict[LOOKING].here(actor, NeedId(need_id))


async def news(request: web.Request, actor: Actor) -> web.Response:
    """How many requests of a list are new to whoever has it open, in words; nothing (204) where none is, and while the
    records are closed. Asked by the page itself: it counts as no use of the session (``sessions.BY_ITSELF``)."""
    mark = Mark.read(request.query.get("since", ""))
    if mark is None:
        raise web.HTTPBadRequest
    also = looking(request, actor, request.query.get("need", ""))
    # In letters that a header may have; the page's script puts them into words that stand there already.
    there_too = {"Looking-Too": quote(", ".join(also))}
    changed = await request.config_dict[BOARD].changed_since(actor, chosen(request), mark.at)
    there = await street_teams.there(request, actor) if changed else None
    many = mark.news(len(changed if there is None else changed & there))
    language = request[LANGUAGE]
    if not many:
        return web.Response(status=204, headers=there_too)
    headers = {**there_too, "ETag": f'"{many}-{language.code}"', "Vary": "Cookie, Accept-Language"}
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return web.Response(status=304, headers=headers)
    words = language.say_many("One new or changed request", "%(num)s new or changed requests", many)
    return web.Response(text=words, headers=headers)


def _filters(counts: Mapping[str, int], which: QueueFilter) -> list[Filter]:
    order = (QueueFilter.ALL_OPEN, *(each for each in QueueFilter if each != QueueFilter.ALL_OPEN))
    return [
        Filter(code=str(each), count=counts.get(str(each)), chosen=each == which)
        for each in order
        if counts.get(str(each)) or each == which or each not in WHEN_THERE_ARE_SOME
    ]


def _skip(request: web.Request) -> int:
    """How many lines of a long list come before the first one shown."""
    text = request.query.get("skip", "")
    return int(text) if text.isdecimal() and len(text) < 7 else 0


def _now(request: web.Request) -> int:
    return unix(request.config_dict[CLOCK])
