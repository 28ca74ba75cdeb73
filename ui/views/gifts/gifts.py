"""`/offers`: what people have to give, for the desk; and one taken down by telephone."""

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from node.appkeys import GIFT_BOOK, GIVING
from node.domain.actors import Actor
from node.domain.board.views import NeedView
from node.domain.consents import Purpose
from node.domain.gifts.gift import GiftMove, GiftView
from node.domain.permissions import Permission, may
from node.errors import N_, Conflict, Invalid
from node.services.settings.texts import OF_GIVERS
from ui.contexts.common import Notice
from ui.contexts.gifts import OfferCallPage, OffersPage
from ui.forms.gifts import GiftCallForm
from ui.parts import consenting, gifts
from ui.web.site import LANGUAGE, catalogue_of, go, headings, render, say, today

PAST = "past"


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What stands, ``?kind=`` narrowed to what is good for that; ``?show=past`` what is over."""
    return await _list(request, actor)


async def name(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The same with name and number of one: a look that is written down."""
    gift = request.match_info["gift"]
    giver_id, giver = await request.config_dict[GIFT_BOOK].who(actor, gift)
    return await _list(request, actor, shown=gift, giver=giver, giver_id=giver_id)


async def move(request: web.Request, actor: Actor) -> web.StreamResponse:
    """It stays, was given, is gone, or is back."""
    verb = GiftMove(request.match_info["move"])
    try:
        await request.config_dict[GIFT_BOOK].say(actor, request.match_info["gift"], verb)
    except Conflict as error:
        return await _list(
            request, actor, status=error.status, problem=say(request, error.message, **error.values)
        )
    return _back(request, f"gift_{verb}")


async def note(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What the desk should know about it."""
    text = str((await request.post()).get("note", ""))
    try:
        await request.config_dict[GIFT_BOOK].note(actor, request.match_info["gift"], text)
    except Invalid as error:
        return await _list(request, actor, status=422, problem=say(request, error.message, **error.values))
    return _back(request, "saved")


async def new(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Somebody rings and has something to give."""
    return await _form_page(request, _form(request, None))


async def take(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Writes it down."""
    data = await request.post()
    form = _form(request, data)
    if not form.validate():
        return await _form_page(request, form, status=422)
    wording = (await consenting.read_out(request, data, OF_GIVERS))[Purpose.KEEP_DETAILS]
    try:
        gift = await gifts.read(request, form, note=form.note.data)
        await request.config_dict[GIVING].take_call(actor, gift, wording=wording)
    except Invalid as error:
        form.blame(error.fields)
        return await _form_page(request, form, status=422)
    return go("/offers", done="gift_taken")


async def good_for(request: web.Request, actor: Actor, view: NeedView | None) -> Sequence[GiftView]:
    """What somebody offers that fits this request, while it looks for somebody."""
    if view is None or view.locked or view.need.state not in ("new", "open", "offered"):
        return ()
    return await request.config_dict[GIFT_BOOK].good_for(actor, view.category, view.need.person_id)


async def notices(request: web.Request, actor: Actor) -> list[Notice]:
    """For the board, while something came by the page that nobody has looked at."""
    waiting = await request.config_dict[GIFT_BOOK].waiting(actor)
    if not waiting or not may(actor, Permission.DISPATCH):
        return []
    words = request[LANGUAGE].say_many(
        "Somebody offers something: look at it.", "%(num)s people offer something: look at it.", waiting
    )
    return [Notice(words=words, link="/offers", link_words=say(request, N_("See what it is")))]


def _back(request: web.Request, said: str) -> web.Response:
    query = {name: request.query.get(name, "") for name in ("kind", "show")}
    return go("/offers", **query, done=said)


def _form(request: web.Request, data: Any) -> GiftCallForm:
    form = GiftCallForm(data)
    gifts.offered(request, form)
    return form


async def _list(
    request: web.Request, actor: Actor, *, status: int = 200, problem: str = "", **shown: Any
) -> web.Response:
    book, past = request.config_dict[GIFT_BOOK], request.query.get("show") == PAST
    rows = await (book.over(actor) if past else book.standing(actor))
    kinds = sorted({code for row in rows for code in row.details.kinds})
    kind = request.query.get("kind", "")
    page = OffersPage(
        rows=[row for row in rows if not kind or kind in row.details.kinds],
        kinds=kinds,
        kind=kind,
        past=past,
        problem=problem,
        **shown,
    )
    return await render(request, "offers.html", page, status=status)


async def _form_page(request: web.Request, form: GiftCallForm, *, status: int = 200) -> web.Response:
    await consenting.worded(request, form, OF_GIVERS)
    page = OfferCallPage(form=form, headings=headings(catalogue_of(request)), today=today(request))
    return await render(request, "offer_call.html", page, status=status)
