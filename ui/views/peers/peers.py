"""`/peers`: the neighbouring groups we talk with."""

from collections.abc import Sequence

from aiohttp import web

from node.appkeys import PEERING, STANDING
from node.domain.actors import Actor
from node.domain.permissions import Permission, may
from node.errors import N_, Conflict, Invalid, MutualAidError, Unreachable
from node.ports import Round
from protocol.identity import fingerprint_words
from ui.contexts.peers import OurCard, PeersPage
from ui.drawing import qr
from ui.forms.near import PeerForm
from ui.parts import neighbours
from ui.web.site import go, render, say


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Each group: how it stands, its line in the phone book, what went wrong, in words."""
    return await _page(request, actor, PeerForm())


async def add(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Adds a group by its address and its six words, or its long id."""
    form = PeerForm(await request.post())
    if not form.validate():
        return await _page(request, actor, form, status=422)
    try:
        await request.config_dict[PEERING].add(
            actor,
            form.url.data,
            did=form.did.data or None,
            words=form.words.data or None,
            allow_private=form.allow_private.data,
        )
    except (Invalid, Conflict, Unreachable) as error:
        return await _page(request, actor, form, status=error.status, error=error)
    return go("/peers", done="added")


async def fetch(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Asks every group for its news now."""
    rounds = await request.config_dict[PEERING].sync(actor)
    if all(each.ok and not each.notice for each in rounds):
        return go("/peers", done="fetched")
    return await _page(request, actor, PeerForm(), fetched=rounds)


async def _page(
    request: web.Request,
    actor: Actor,
    form: PeerForm,
    *,
    status: int = 200,
    error: MutualAidError | None = None,
    fetched: Sequence[Round] = (),
) -> web.Response:
    page = PeersPage(
        rows=[neighbours.row(request, view) for view in await request.config_dict[PEERING].list(actor)],
        ours=await our_card(request),
        form=form if may(actor, Permission.PEERS) else None,
        problem=neighbours.problem(request, error) if error else "",
        fetched=fetched,
    )
    return await render(request, "peers.html", page, status=status)


async def our_card(request: web.Request) -> OurCard:
    """What we read out, or hold before another group's camera."""
    about = await request.config_dict[STANDING].about()
    label = say(request, N_("QR code of our long id"))
    return OurCard(
        words=fingerprint_words(about.origin) if about.origin else (),
        id=about.origin,
        url=about.public_url,
        qr=qr.drawing(about.origin, label) if about.origin else None,
    )
