"""A call that is half typed: saved every few seconds, and kept when the sign-in ran out while somebody typed."""

import re
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from multidict import MultiMapping

from node.appkeys import ACCESS, CLOCK, DRAFTS
from node.clock import unix
from node.domain.actors import Actor, ActorKind
from node.domain.permissions import Permission, may
from node.errors import N_
from ui.contexts.common import Notice
from ui.web import csrf, sessions
from ui.web.site import ACTOR, TEMPLATES, View, go, say

_ID = re.compile(r"[A-Za-z0-9_-]{22}")
_NO_ANSWERS = frozenset({csrf.FIELD, "draft", "look", "enter", "later", "for_them"})


def is_id(text: str) -> bool:
    """Whether that can name a half-typed call."""
    return _ID.fullmatch(text or "") is not None


def fields_of(data: MultiMapping[Any]) -> list[tuple[str, str]]:
    """What was typed and ticked, without the seal and the buttons."""
    return [(name, str(value)) for name, value in data.items() if name not in _NO_ANSWERS and value != ""]


async def save(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What the page's script sends every few seconds: JSON, when it was saved (or that it cannot be any more)."""
    data = await request.post()
    saved = await request.config_dict[DRAFTS].keep(actor, str(data.get("draft", "")), fields_of(data))
    return web.json_response(_told(request, saved=saved))


async def drop(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Thrown away: it was nothing."""
    await request.config_dict[DRAFTS].drop(actor, request.match_info["draft"])
    return go("/intake", done="dropped_call")


async def notices(request: web.Request, actor: Actor) -> list[Notice]:
    """For the board: "you were in the middle of a call"; without a word of it."""
    return [
        Notice(
            words=say(
                request,
                N_("You were in the middle of a call (%(time)s)."),
                time=request.config_dict[TEMPLATES].time_of_day(each.created_at),
            ),
            link=f"/intake?draft={each.id}",
            link_words=say(request, N_("Go on")),
        )
        for each in await request.config_dict[DRAFTS].mine(actor)
    ]


def kept_when_signed_out(view: View) -> View:
    """The view; but from somebody whose sign-in ran out meanwhile the form is kept, and she is led to sign in
    and on to it. Nothing of it is shown before."""

    async def seen(request: web.Request) -> web.StreamResponse:
        if request[ACTOR].kind is ActorKind.STAFF:
            return await view(request)
        was = await request.config_dict[ACCESS].was(sessions.read(request, sessions.DESK))
        data = await request.post()
        draft = str(data.get("draft", ""))
        if was is None or not may(was, Permission.TAKE_CALL) or not is_id(draft):
            return await view(request)
        saved = await request.config_dict[DRAFTS].keep(was, draft, fields_of(data))
        if request.path.endswith("/draft"):
            return web.json_response(_told(request, saved=saved, signed_out=True))
        return go("/sign-in", next=f"/intake?draft={draft}", done="kept_call")

    seen.__name__ = view.__name__
    seen.__doc__ = view.__doc__
    return seen


def _told(request: web.Request, *, saved: bool, signed_out: bool = False) -> Mapping[str, Any]:
    at = request.config_dict[TEMPLATES].time_of_day(unix(request.config_dict[CLOCK]))
    return {"saved": at if saved else "", "signed_out": signed_out}
