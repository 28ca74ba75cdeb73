"""What triage and follow-up put on the board: what waits too long, notes of the last shift, the group's own rules; and
on one request its calls and what can be undone.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from aiohttp import web

from node.appkeys import (
    CALL_DAYS,
    CORRECTIONS,
    FOLLOW_UP,
    OUTCOME,
    ROOM,
    SHIFTS,
    TEXTS,
    THREADS,
    UNDO,
    VETTING,
    VISITS,
    WATCH,
)
from node.domain.actors import Actor
from node.domain.board.next_step import next_step
from node.domain.board.views import NeedView, QueueFilter
from node.domain.dispatch.correction import answers_of
from node.domain.dispatch.follow_up import RING_AGAIN_DAYS, CorrectionView
from node.domain.need import NeedState
from node.domain.permissions import Permission, may
from ui.contexts.desk import Calls, HowItWent, Rules, Top
from ui.parts import chat, own_questions, places
from ui.web.site import LANGUAGE, today


async def beside(request: web.Request, actor: Actor, view: NeedView | None, chosen: str) -> dict[str, Any]:
    """The parts of the board's page that this file looks after."""
    found: dict[str, Any] = {"top": await _top(request, actor)}
    if chosen == QueueFilter.TO_TRIAGE or (view is not None and view.need.state is NeedState.NEW):
        found["rules"] = await rules(request)
    if view is not None:
        found["undo"] = await request.config_dict[UNDO].offered(actor, view.need.id)
        found["calls"] = await _calls(request, actor, view)
        found["threads"] = await request.config_dict[THREADS].of_need(actor, view.need.id)
        found["visits"] = await request.config_dict[VISITS].of_need(actor, view.need.id)
        found["corrections"] = await _corrections(request, actor, view)
        areas = await places.areas(request, [view.need.cell])
        found["chat"] = await chat.text(request, view.need, areas.get(view.need.cell or "", ""))
        found["room"] = await request.config_dict[ROOM].of_need(actor, view.need)
        found["outcome"] = await _outcome(request, actor, view)
        found["next"] = next_step(
            view.need.state,
            [each.state for each in view.assignments],
            told=view.need.told_by_phone,
            due=found["outcome"].due,
        )
    return found


async def _corrections(request: web.Request, actor: Actor, view: NeedView) -> list[CorrectionView]:
    """What was put right, with answers to our own questions in the reader's words."""
    found = []
    for each in await request.config_dict[CORRECTIONS].of_need(
        actor, view.need.id, looked=view.person is not None
    ):
        changes = dict(each.changes)
        if "answers" in changes:
            was, is_now = [
                await own_questions.in_a_line(request, answers_of(text)) for text in changes["answers"]
            ]
            changes["answers"] = (was, is_now)
        found.append(replace(each, changes=changes))
    return found


async def _top(request: web.Request, actor: Actor) -> Top:
    shifts, vetting = request.config_dict[SHIFTS], request.config_dict[VETTING]
    return Top(
        out=await request.config_dict[VISITS].out(actor),
        raised=await request.config_dict[WATCH].raised(actor),
        notes=[note for note in await shifts.notes(actor) if note.unread],
        on_now=await shifts.on_now(actor),
        calls=await request.config_dict[CALL_DAYS].to_see_to(actor),
        not_rung=await request.config_dict[CALL_DAYS].not_rung(actor),
        checks_due=await vetting.to_see_to(actor) if may(actor, Permission.CHECK) else 0,
    )


async def rules(request: web.Request) -> Rules:
    """The group's own words about what is urgent and who decides."""
    texts, language = request.config_dict[TEXTS], request[LANGUAGE].code
    said = await texts.all(language)
    return Rules(urgent=said["triage.urgent"].text, decides=said["triage.decides"].text)


async def _calls(request: web.Request, actor: Actor, view: NeedView) -> Calls:
    service = request.config_dict[FOLLOW_UP]
    return Calls(
        entries=await service.contacts(actor, view.need.id),
        call_back=await service.call_back(actor, view.need.id),
        tomorrow=today(request) + timedelta(days=RING_AGAIN_DAYS),
    )


async def _outcome(request: web.Request, actor: Actor, view: NeedView) -> HowItWent:
    due = view.need.due_day
    return HowItWent(
        due=due is not None and due < today(request),
        said=await request.config_dict[OUTCOME].of_need(actor, view.need.id),
    )
