"""What other nodes may ask: a sub-application for ``/mac/v1``, the map of its verbs.

``GET node`` is open to everybody: keys and profile prove themselves. Every POST must be signed by an active
peer; the answer is signed and bound to its request (``federation.answering``).
"""

from collections.abc import Callable, Collection

from aiohttp import web

from federation.answering import REQUEST_CAP, Answering
from federation.ingest import Ingest
from federation.nonces import NonceCache
from federation.pace import Pace
from federation.ports import Clock, Inbox, Introductions, Mail, Peers, Signer
from federation.store import NeighbourhoodStore
from federation.turned import Turned
from federation.verbs.joining import Joining
from federation.verbs.letters import Lettering
from federation.verbs.pushing import Pushing
from federation.verbs.reading import Reading
from protocol.limits import PAGE_BYTES


def federation_app(
    *,
    store: NeighbourhoodStore,
    ingest: Ingest,
    peers: Peers,
    signer: Signer,
    clock: Clock,
    authorities: Callable[[], Collection[str]],
    body_seconds: float = 10.0,
    introductions: Introductions | None = None,
    inbox: Inbox | None = None,
    mail: Mail | None = None,
    pace: Pace | None = None,
    nonces: NonceCache | None = None,
    turned: Turned | None = None,
) -> web.Application:
    """The sub-application to mount at ``/mac/v1``.

    ``authorities``: every ``host`` or ``host:port`` (lower case, the scheme's own port left out) under which
    this node is reached from outside; a request signed for another one is refused. What the host does not
    offer answers 404.
    """
    answering = Answering(
        store=store,
        ingest=ingest,
        peers=peers,
        signer=signer,
        clock=clock,
        authorities=authorities,
        body_seconds=body_seconds,
        pace=pace or Pace(),
        nonces=nonces or NonceCache(),
        turned=turned or Turned(peers, clock),
    )
    reading = Reading(store, ingest, signer)
    pushing = Pushing(store, ingest)
    app = web.Application(client_max_size=REQUEST_CAP)
    app.on_response_prepare.append(_short)
    app.router.add_get("/node", reading.node)
    app.router.add_post("/pull", answering.signed(reading.pull))
    app.router.add_post("/heads", answering.signed(reading.heads))
    app.router.add_post("/manifest", answering.signed(reading.manifest))
    app.router.add_post("/push", answering.signed(pushing.push, cap=PAGE_BYTES, lines=True))
    if introductions is not None:
        app.router.add_post("/introduce", answering.introduced(Joining(introductions, clock)))
    if inbox is not None:
        lettering = Lettering(ingest, inbox, mail)
        app.router.add_post("/message", answering.signed(lettering.message, also=inbox.still_heard))
        app.router.add_post("/mailbox", answering.signed(lettering.mailbox))
    return app


async def _short(request: web.Request, response: web.StreamResponse) -> None:
    """Over a thin link every line counts, and nobody needs to know what we are made with."""
    response.headers.popall("Server", None)
    if response.status == 204:  # of nothing, nothing can be taken for something else
        response.headers.popall("X-Content-Type-Options", None)
