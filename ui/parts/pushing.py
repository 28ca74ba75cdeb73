"""What a page's script (``push.js``) sends of a browser that is to show notifications."""

from aiohttp import web

from node.domain.notices.push import Subscription, read_subscription
from node.errors import N_

NOTHING = N_("This phone or computer gave us nothing that we could send to.")


async def given(request: web.Request) -> Subscription | None:
    """The browser's address and keys; None for what no message could be sealed to or brought to."""
    sent = await request.post()
    return read_subscription(*(str(sent.get(name, "")) for name in ("endpoint", "p256dh", "auth")))
