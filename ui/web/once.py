"""A form that is sent twice is done once: a second tap on a slow line reads the answer to the first.

A form with a token of its own (``FIELD``, new on every page that has the form) is the same form however late it
comes again: a page that is loaded anew with "yes, send it again", a tab that the telephone brings back the next
morning. Filled in differently it is another one. All of it is in memory only: a restart forgets what was sent.
"""

import asyncio
import re
from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256

from aiohttp import web

from node.appkeys import CLOCK
from node.domain.actors import ActorKind
from ui.web import csrf, sessions
from ui.web.site import ACTOR, SEAL, View

FIELD = "once"
"""The hidden field with a form's own token."""
SECONDS = 60.0
"""Nobody fills the same form with the same words again within that time, but for a second tap."""
DAY = 86_400.0
"""So long a form with a token of its own is known again."""
MOST = 500


@dataclass(slots=True)
class _Sent:
    """One form of one browser: who answers it, and the answer."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    answer: web.Response | None = None
    until: float = 0.0


class Once:
    """What was sent lately."""

    def __init__(self) -> None:
        self._sent: OrderedDict[bytes, _Sent] = OrderedDict()

    def entry(self, key: bytes) -> _Sent:
        """The place for that form; the oldest go."""
        found = self._sent.setdefault(key, _Sent())
        self._sent.move_to_end(key)
        while len(self._sent) > MOST:
            self._sent.popitem(last=False)
        return found


_SEAL = re.compile(rb"(?:^|&)" + csrf.FIELD.encode() + rb"=[^&]*")

ONCE = web.AppKey("ui_once", Once)


def once(view: View) -> View:
    """The view, run once for the same form of the same browser.

    Only the answer to what was done is kept: what was refused, or only looked up, may be sent again.
    """

    async def seen(request: web.Request) -> web.StreamResponse:
        sent = request.config_dict[ONCE].entry(await _key(request))
        async with sent.turn:
            now = request.config_dict[CLOCK].monotonic()
            if sent.answer is not None and now < sent.until:
                return _copy(sent.answer)
            response = await view(request)
            if isinstance(response, web.Response) and _done(request, response):
                known = DAY if (await request.post()).get(FIELD) else SECONDS
                sent.answer, sent.until = _copy(response), now + known
            return response

    seen.__name__ = view.__name__
    seen.__doc__ = view.__doc__
    return seen


def _done(request: web.Request, response: web.Response) -> bool:
    # At the desk what is done leads on to another page; others may read it on the page itself, as a reference.
    return response.status == 303 or (response.status == 200 and request[ACTOR].kind is not ActorKind.STAFF)


async def _key(request: web.Request) -> bytes:
    # Two volunteers may share one telephone.
    own = sessions.read(request, sessions.OWN) or ""
    who = f"{request[SEAL]}\n{request[ACTOR].id}\n{own}\n{request.path_qs}\n".encode()
    # The seal is written differently on every page; the form is the same.
    return sha256(who + _SEAL.sub(b"", await request.read())).digest()


def _copy(response: web.Response) -> web.Response:
    return web.Response(status=response.status, body=response.body, headers=response.headers)
