"""Becoming neighbours: an invitation given, one that we were given, and a group that waits for our yes."""

from typing import Any

from aiohttp import web

from node.appkeys import JOINING, PEERING
from node.domain.actors import Actor
from node.errors import N_, Conflict, Invalid, MutualAidError, NotFound, Unreachable
from node.services.exchange.joining import Introduced
from ui.contexts.peers import Caller, InvitePage, JoinPage, PublicJoinPage, WelcomePage
from ui.drawing import qr
from ui.forms.joining import InviteForm, JoinForm, WelcomeForm
from ui.parts import neighbours
from ui.views.peers.peers import our_card
from ui.web.site import LANGUAGE, catalogue_of, go, render, say, today
from ui.words import phonebook


async def public(request: web.Request) -> web.StreamResponse:
    """Where an invitation leads whoever opens it: what it is, and where to paste it. The secret stays in their
    browser: what stands after the ``#`` is not sent."""
    return await render(request, "join.html", PublicJoinPage(ours=await our_card(request)))


# --- giving an invitation


async def invite(request: web.Request, actor: Actor) -> web.StreamResponse:
    """For whom it is, and those that nobody used yet."""
    return await _invite_page(request, actor, InviteForm())


async def make(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The link, shown this once, with its QR code."""
    form = InviteForm(await request.post())
    if not form.validate():
        return await _invite_page(request, actor, form, status=422)
    try:
        made = await request.config_dict[JOINING].invite(actor, role=form.role.data)
    except Conflict as error:
        return await _invite_page(request, actor, form, status=409, error=error)
    drawn = qr.drawing(made.link, say(request, N_("QR code of the invitation")))
    return await _invite_page(request, actor, form, link=made.link, drawn=drawn, until=made.expires_at)


async def take_back(request: web.Request, actor: Actor) -> web.StreamResponse:
    """From now on the link opens nothing."""
    try:
        await request.config_dict[JOINING].take_back(actor, request.match_info["invite"])
    except NotFound:
        return go("/peers/invite", done="done_already")
    return go("/peers/invite", done="invite_back")


async def _invite_page(
    request: web.Request,
    actor: Actor,
    form: InviteForm,
    *,
    status: int = 200,
    error: MutualAidError | None = None,
    link: str = "",
    drawn: Any = None,
    until: int = 0,
) -> web.Response:
    page = InvitePage(
        form=form,
        problem=request[LANGUAGE].explain(error) if error else "",
        waiting=await request.config_dict[JOINING].invitations(actor),
        ours=await our_card(request),
        link=link,
        qr=drawn,
        until=until,
    )
    return await render(request, "peer_invite.html", page, status=status)


# --- using one


async def join(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Where the link is pasted."""
    return await _join_page(request, JoinForm())


async def joining(request: web.Request, actor: Actor) -> web.StreamResponse:
    """First shows who answers at the link; with ``sure`` says yes to them and asks for theirs."""
    data = await request.post()
    form = JoinForm(data)
    if not form.validate():
        return await _join_page(request, form, status=422)
    service, link, private = request.config_dict[JOINING], form.link.data, form.allow_private.data
    try:
        if "sure" not in data:
            found = await service.look(actor, link, allow_private=private)
            return await _join_page(request, form, found=await caller(request, actor, found))
        row, answer = await service.join(actor, link, role=form.role.data, allow_private=private)
    except (Invalid, Conflict, Unreachable) as error:
        return await _join_page(request, form, status=error.status, error=error)
    return go(f"/peers/{row.origin}", done="joined" if answer == "active" else "introduced")


async def _join_page(
    request: web.Request,
    form: JoinForm,
    *,
    status: int = 200,
    error: MutualAidError | None = None,
    found: Caller | None = None,
) -> web.Response:
    page = JoinPage(
        form=form,
        problem=neighbours.problem(request, error) if error else "",
        found=found,
        ours=await our_card(request),
    )
    return await render(request, "peer_join.html", page, status=status)


# --- a group that waits


async def waiting(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Who asks, and who answers for what."""
    if await neighbours.state_of(request, actor) not in ("", "asked"):
        return go(f"/peers/{request.match_info['peer']}")
    found = await _asked(request, actor)
    return await _welcome_page(request, actor, found, WelcomeForm(role=found.role))


async def welcome(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Our yes."""
    form = WelcomeForm(await request.post())
    state = await neighbours.state_of(request, actor)
    if state != "asked":
        return go(f"/peers/{request.match_info['peer']}" if state else "/peers", done="done_already")
    found = await _asked(request, actor)
    if not form.validate():
        return await _welcome_page(request, actor, found, form, status=422)
    await request.config_dict[JOINING].approve(
        actor, found.origin, role=form.role.data, allow_private=form.allow_private.data
    )
    return go(f"/peers/{found.origin}", done="joined")


async def decline(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Our no: nothing of them is kept. So a second no knows only that nobody of that id waits here."""
    state = await neighbours.state_of(request, actor)
    if state != "asked":
        return go(f"/peers/{request.match_info['peer']}" if state else "/peers", done="done_already")
    await request.config_dict[JOINING].decline(actor, request.match_info["peer"])
    return go("/peers", done="not_joined")


async def _asked(request: web.Request, actor: Actor) -> Introduced:
    wanted = request.match_info["peer"]
    for each in await request.config_dict[JOINING].asked(actor):
        if each.origin == wanted:
            return each
    raise NotFound("not_asked", N_("That group is not waiting for an answer."))


async def _welcome_page(
    request: web.Request, actor: Actor, found: Introduced, form: WelcomeForm, *, status: int = 200
) -> web.Response:
    page = WelcomePage(found=await caller(request, actor, found), form=form, ours=await our_card(request))
    return await render(request, "peer_welcome.html", page, status=status)


async def caller(request: web.Request, actor: Actor, found: Introduced) -> Caller:
    """The other group as it says it is."""
    entry = None
    if found.profile:
        entry = phonebook.entry(
            found.origin,
            found.profile,
            request[LANGUAGE],
            catalogue_of(request),
            today=today(request),
        )
    said = await request.config_dict[PEERING].said_of(actor, {found.origin: found.name})
    return Caller(who=found, entry=entry, said=said[found.origin])
