"""`/peers`: the neighbouring groups we talk with."""

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from node.appkeys import PEERING, STANDING
from node.domain.actors import Actor
from node.domain.permissions import Permission, may
from node.errors import Conflict, Invalid, MutualAidError, Unreachable
from protocol.identity import fingerprint_words
from ui.contexts import PeersPage
from ui.forms.near import PeerForm
from ui.site import go, render, say

STATES = {"active": "resumed", "paused": "saved", "blocked": "blocked"}


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Each group: its six words, its news, what went wrong, in words."""
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


async def state(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Blocks a group, or talks with it again."""
    data = await request.post()
    wanted = str(data.get("state", ""))
    wanted = wanted if wanted in STATES else "paused"
    await request.config_dict[PEERING].set_state(actor, str(data.get("origin", "")), wanted)
    return go("/peers", done=STATES[wanted])


async def fetch(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Asks every group for its news now."""
    rounds = await request.config_dict[PEERING].sync(actor)
    if all(each.ok for each in rounds):
        return go("/peers", done="fetched")
    return await _page(request, actor, PeerForm(), fetched=rounds)


async def _page(
    request: web.Request,
    actor: Actor,
    form: PeerForm,
    *,
    status: int = 200,
    error: MutualAidError | None = None,
    fetched: Sequence[Any] = (),
) -> web.Response:
    about = await request.config_dict[STANDING].about()
    page = PeersPage(
        rows=await request.config_dict[PEERING].list(actor),
        own_words=fingerprint_words(about.origin) if about.origin else (),
        own_id=about.origin,
        own_url=about.public_url,
        form=form if may(actor, Permission.PEERS) else None,
        problem=say(request, error.message, **error.values) if error else "",
        fetched=fetched,
    )
    return await render(request, "peers.html", page, status=status)
