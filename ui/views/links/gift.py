"""`/o/<link>`: how it stands with what somebody offered. Opening it changes nothing; each button does one thing."""

from aiohttp import web

from node.appkeys import GIVING
from node.domain.gifts.gift import BY_LINK, GiftMove, stands
from node.errors import Conflict
from ui.contexts.gifts import GiftLinkPage
from ui.web.site import go, render, say, today

VERBS = (GiftMove.KEEP, GiftMove.END, GiftMove.BACK)
"""The last part of the address a button posts to."""


async def show(request: web.Request) -> web.StreamResponse:
    """Never what was written: whoever has the address may not be who wrote it."""
    return await _page(request)


async def do(request: web.Request) -> web.StreamResponse:
    """One change, and back to the page."""
    verb = GiftMove(request.match_info["verb"])
    try:
        await request.config_dict[GIVING].say(request.match_info["token"], verb)
    except Conflict as error:
        return await _page(request, status=error.status, problem=say(request, error.message, **error.values))
    return go(_base(request), done=f"giver_{verb}")


def _base(request: web.Request) -> str:
    return f"/o/{request.match_info['token']}"


async def _page(request: web.Request, *, status: int = 200, problem: str = "") -> web.Response:
    gift = await request.config_dict[GIVING].behind(request.match_info["token"])
    page = GiftLinkPage(
        base=_base(request),
        gift=gift,
        stands=stands(gift, today(request)),
        moves=[verb for verb in VERBS if (gift.state, verb) in BY_LINK],
        problem=problem,
    )
    return await render(request, "gift_link.html", page, status=status)
