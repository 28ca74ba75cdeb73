"""`/n/desk/<token>`: the link at the foot of messages to staff. Opening it changes nothing; a tap ends them."""

from aiohttp import web

from node.appkeys import ALERTS
from ui.contexts.notices import AlertLinkPage
from ui.web.site import render


async def show(request: web.Request) -> web.StreamResponse:
    """One button to end them."""
    return await _page(request)


async def stop(request: web.Request) -> web.StreamResponse:
    """No more of them. For the button, and for mail programs (RFC 8058), which follow no other answer than this."""
    await request.config_dict[ALERTS].choosing.stop_by_link(request.match_info["token"])
    return await _page(request)


async def _page(request: web.Request) -> web.Response:
    token = request.match_info["token"]
    view = await request.config_dict[ALERTS].choosing.by_link(token)
    return await render(request, "staff_notice_link.html", AlertLinkPage(token=token, view=view))
