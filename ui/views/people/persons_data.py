"""`/people/<id>/data`: what is held about somebody, for this person: a copy, what they agreed to, a hold."""

import json
from collections.abc import Collection, Sequence
from typing import Any

from aiohttp import web

from node.appkeys import AGREEMENTS, COPIES, RETENTION
from node.domain.actors import Actor
from node.domain.ids import PersonId
from node.errors import Invalid
from node.services.people.copies import FreeNote
from node.services.settings.agreements import TAKEN_BACK
from ui.contexts.rights import PersonsDataPage
from ui.forms.rights import HoldForm
from ui.web.site import go, render, say


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The closed door, with what was agreed to and whether the record is held: no names."""
    return await _page(request, actor)


async def copy(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Everything, to be read or printed. A recorded look."""
    service, without = request.config_dict[COPIES], await _without(request)
    made = await service.make(actor, _id(request), without=without)
    notes = await service.notes(actor, _id(request))
    return await _page(request, actor, copy=made, notes=notes, without=without)


async def file(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The same for machines. A recorded look."""
    made = await request.config_dict[COPIES].make(actor, _id(request), without=await _without(request))
    response = web.Response(
        text=json.dumps(made, ensure_ascii=False, indent=2), content_type="application/json"
    )
    response.headers["Content-Disposition"] = "attachment; filename=copy.json"
    return response


async def take_back(request: web.Request, actor: Actor) -> web.StreamResponse:
    """They do not agree any more."""
    data = await request.post()
    try:
        await request.config_dict[AGREEMENTS].take_back(
            actor, _id(request), str(data.get("purpose", "")), str(data.get("how", "spoken"))
        )
    except Invalid as error:
        return await _page(request, actor, status=422, problem=say(request, error.message))
    return go(f"/people/{_id(request)}/data", done="taken_back")


async def hold(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The record must stay, until somebody has looked at it again."""
    form = HoldForm(await request.post())
    if not form.validate() or form.review_day.data is None:
        return await _page(request, actor, status=422, form=form)
    try:
        await request.config_dict[RETENTION].hold(actor, _id(request), form.review_day.data, form.reason.data)
    except Invalid as error:
        form.blame(error.fields)
        return await _page(request, actor, status=422, form=form)
    return go(f"/people/{_id(request)}/data", done="held_back")


async def end_hold(request: web.Request, actor: Actor) -> web.StreamResponse:
    """It goes by itself again."""
    await request.config_dict[RETENTION].end_hold(actor, request.match_info["hold"])
    return go("/privacy/removals", done="hold_ended")


async def _without(request: web.Request) -> frozenset[str]:
    return frozenset(str(each) for each in (await request.post()).getall("without", []))


def _id(request: web.Request) -> PersonId:
    return PersonId(request.match_info["person"])


async def _page(
    request: web.Request,
    actor: Actor,
    *,
    copy: Any = None,
    notes: Sequence[FreeNote] = (),
    without: Collection[str] = (),
    form: HoldForm | None = None,
    status: int = 200,
    problem: str = "",
) -> web.Response:
    page = PersonsDataPage(
        person_id=_id(request),
        agreed=await request.config_dict[AGREEMENTS].of_person(actor, _id(request)),
        can_take_back=frozenset(str(each) for each in TAKEN_BACK),
        holds=await request.config_dict[RETENTION].holds(actor, _id(request)),
        held_with=await request.config_dict[RETENTION].held_with(actor, _id(request)),
        form=form or HoldForm(),
        copy=copy,
        notes=notes,
        without=without,
        problem=problem,
    )
    return await render(request, "persons_data.html", page, status=status)
