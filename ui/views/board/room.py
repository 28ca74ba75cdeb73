"""Telling the group's own chat room of one request, and taking that back."""

from aiohttp import web

from node.appkeys import ROOM
from node.domain.actors import Actor
from node.domain.ids import NeedId
from ui.views.board.follow_up import back


async def tell(request: web.Request, actor: Actor) -> web.StreamResponse:
    """In a minute."""
    await request.config_dict[ROOM].tell(actor, NeedId(request.match_info["need"]))
    return back(request, "room_told")


async def not_after_all(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Before it went."""
    await request.config_dict[ROOM].not_after_all(actor, NeedId(request.match_info["need"]))
    return back(request, "room_back")
