"""`/export`: our data as sheets, or everything in one sealed file; where the group wants it, with another one's yes."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiohttp import web

from node.appkeys import ACCESS, CONFIG, EXPORT, SHEETS_OUT, TAKING_OUT
from node.domain.actors import Actor
from node.domain.sheets.mapping import Sort
from node.domain.sheets.sheet_table import FileKind, written
from node.errors import N_, Conflict, Invalid, MutualAidError
from ui.contexts.sheets import ExportPage
from ui.web import sessions
from ui.web.site import go, render, say, today


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What can be taken out, and what others ask for."""
    return await _page(request, actor)


async def sheet(request: web.Request, actor: Actor) -> web.StreamResponse:
    """One sort of rows as a sheet."""
    data = await request.post()
    what, kind, why = str(data.get("what", "")), str(data.get("kind", "")), str(data.get("why", "")).strip()
    wrong = {}
    if what not in set(Sort):
        wrong["what"] = N_("Please choose one of these.")
    if kind not in set(FileKind):
        wrong["kind"] = N_("Please choose one of these.")
    if not 0 < len(why) <= 200:
        wrong["why"] = N_("Write in a few words what it is for.")
    if wrong:
        return await _page(
            request,
            actor,
            status=422,
            problem=say(request, N_("Some answers need another look.")),
            wrong=wrong,
        )
    try:
        table = await request.config_dict[SHEETS_OUT].table(actor, Sort(what), why)
    except Conflict as error:
        return await _page(request, actor, status=409, problem=say(request, error.message))
    file = FileKind(kind)
    return _file(
        request, written(table, file), file.content_type, f"{what}-{today(request).isoformat()}.{kind}"
    )


async def everything(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Everything that moves, in one sealed file."""
    data = await request.post()
    phrase, again = str(data.get("passphrase", "")), str(data.get("again", ""))
    if phrase != again:
        wrong = {"passphrase": N_("The two are not the same.")}
        return await _page(request, actor, status=422, problem=say(request, wrong["passphrase"]), wrong=wrong)
    with tempfile.TemporaryDirectory(dir=request.config_dict[CONFIG].data, prefix=".export-") as folder:
        target = Path(folder) / "export"
        try:
            await request.config_dict[EXPORT].run(actor, target, phrase, await _key(request))
        except (Invalid, Conflict) as error:
            fields = error.fields if isinstance(error, Invalid) else {}
            return await _page(
                request, actor, status=error.status, problem=_said(request, error), wrong=fields
            )
        body = target.read_bytes()
    return _file(request, body, "application/octet-stream", f"our-group-{today(request).isoformat()}.export")


async def ask(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Asks the other coordinators."""
    data = await request.post()
    await request.config_dict[TAKING_OUT].ask(actor, str(data.get("what", "")))
    return go("/export", done="asked_to_take_out")


async def decide(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Another one's yes or no."""
    data = await request.post()
    await request.config_dict[TAKING_OUT].decide(
        actor, request.match_info["ask"], yes=data.get("answer") == "yes"
    )
    return go("/export", done="saved")


def _said(request: web.Request, error: MutualAidError) -> str:
    return say(request, error.message, **error.values)


def _file(request: web.Request, body: bytes, content_type: str, name: str) -> web.Response:
    return web.Response(
        body=body,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _key(request: web.Request) -> Any:
    """The reader's own key, for incidents sealed to it; handed through, never looked into here."""
    return await request.config_dict[ACCESS].own_key(sessions.read(request, sessions.DESK) or "")


async def _page(
    request: web.Request,
    actor: Actor,
    *,
    status: int = 200,
    problem: str = "",
    wrong: Mapping[str, str] | None = None,
) -> web.Response:
    asks = await request.config_dict[TAKING_OUT].asks(actor)
    left = await request.config_dict[EXPORT].incidents_left(actor, await _key(request))
    page = ExportPage(asks=asks, incidents_left=left, problem=problem, wrong=wrong or {})
    return await render(request, "export.html", page, status=status)
