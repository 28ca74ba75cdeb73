"""`/receipts`: what people laid out for others, and what they were paid back; and where it is written down."""

from collections import Counter
from typing import Any

from aiohttp import web

from node.appkeys import RECEIPTS
from node.domain.actors import Actor
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.permissions import Permission, may
from node.domain.rounds.receipt import How, ReceiptMove, ReceiptState, hundredths
from node.errors import Invalid, Locked
from ui.contexts.receipts import ReceiptsPage, Spent
from ui.forms.receipts import ReceiptForm
from ui.parts.own import base_of, key_of
from ui.views.links import driving, task
from ui.web import sessions
from ui.web.site import LANGUAGE, go, render, today
from ui.words import money

TYPED = web.RequestKey("typed", ReceiptForm)
"""Of a request: a receipt as it was typed at the desk, when something about it is not right yet."""
MOVES = {"pay": ReceiptMove.PAY, "refuse": ReceiptMove.REFUSE, "take-back": ReceiptMove.TAKE_BACK}
"""The last part of the address a button posts to."""


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Who is owed what, what was settled, and the totals by month."""
    views, months = await request.config_dict[RECEIPTS].book(actor)
    waiting = [view for view in views if view.receipt.state is ReceiptState.CLAIMED]
    owed: Counter[str] = Counter()
    for view in waiting:
        owed[view.who] += view.slip.amount
    page = ReceiptsPage(
        waiting=waiting,
        settled=[view for view in reversed(views) if view.receipt.state is not ReceiptState.CLAIMED],
        months=months,
        owed=owed.most_common(),
        money=await _money(request),
    )
    return await render(request, "receipts.html", page)


async def settle(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Paid back, not paid back, or neither after all."""
    how = str((await request.post()).get("how", ""))
    await request.config_dict[RECEIPTS].settle(
        actor,
        request.match_info["receipt"],
        MOVES[request.match_info["move"]],
        How(how) if how in list(How) else None,
    )
    return go("/receipts", done="saved")


async def claim(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Told by whoever helped, written down by us. Raises ``Invalid``, for the page of the request (``board.laid_out``),
    which then has what was typed."""
    filled = ReceiptForm(await request.post())
    request[TYPED] = filled
    need = NeedId(request.match_info["need"])
    if not filled.validate():
        raise _wrong(filled)
    try:
        await request.config_dict[RECEIPTS].claim(
            actor,
            need,
            PersonId(filled.person.data),
            hundredths(filled.amount.data),
            number=filled.number.data,
            note=filled.note.data,
            day=filled.day.data,
            over=filled.over.data,
            again=filled.again.data,
        )
    except Invalid as error:
        _blame(filled, error)
        raise
    return go(f"/board/{need}", show=request.query.get("show", ""), done="saved")


async def hers(request: web.Request) -> web.StreamResponse:
    """By the private link of a task."""
    filled = ReceiptForm(await request.post())
    if filled.validate():
        try:
            await request.config_dict[RECEIPTS].claim_by_link(
                key_of(request),
                _device(request),
                hundredths(filled.amount.data),
                filled.number.data,
                filled.note.data,
                again=filled.again.data,
            )
            return go(base_of(request), done="laid_out")
        except Invalid as error:
            _blame(filled, error)
    return await task.with_receipt(request, filled)


async def on_a_round(request: web.Request) -> web.StreamResponse:
    """By the private link of a round."""
    filled, token = ReceiptForm(await request.post()), request.match_info["token"]
    if filled.validate():
        try:
            await request.config_dict[RECEIPTS].claim_by_round(
                token,
                _device(request),
                AssignmentId(filled.stop.data),
                hundredths(filled.amount.data),
                filled.number.data,
                filled.note.data,
                again=filled.again.data,
            )
            return go(f"/r/{token}", done="laid_out")
        except Invalid as error:
            _blame(filled, error)
    return await driving.with_receipt(request, filled)


async def beside(request: web.Request, actor: Actor, need_id: NeedId) -> Spent | None:
    """On the page of a request; None while nobody has helped, and where it is not the reader's to do."""
    if not may(actor, Permission.DISPATCH):
        return None
    service = request.config_dict[RECEIPTS]
    try:
        held, payers = await service.of_need(actor, need_id), await service.payers(actor, need_id)
    except Locked:
        return None
    if not held and not payers:
        return None
    return Spent(
        receipts=held,
        payers={str(person): name for person, name in payers.items()},
        cap=await service.cap(need_id),
        today=today(request),
        money=await _money(request),
        typed=request.get(TYPED),
    )


def _blame(filled: ReceiptForm, error: Invalid) -> None:
    filled.blame(error.fields)
    filled.twin = error.values.get("twin")


def _wrong(filled: Any) -> Invalid:
    fields = {name: errors[0] for name, errors in filled.errors.items() if name and errors}
    return Invalid("receipt", next(iter(fields.values())), fields=fields)


async def _money(request: web.Request) -> money.Money:
    return money.of(await request.config_dict[RECEIPTS].region(), request[LANGUAGE].locale)


def _device(request: web.Request) -> str:
    return sessions.read(request, sessions.DEVICE) or ""
