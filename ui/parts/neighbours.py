"""One neighbouring group in words, as the list, its own page and the phone book show it."""

from aiohttp import web
from babel.dates import format_timedelta

from node.appkeys import CLOCK, NEIGHBOURHOOD, PEERING, ZONE
from node.clock import unix
from node.domain.actors import Actor
from node.domain.permissions import Permission, may, require
from node.errors import N_, MutualAidError, NotFound, Unreachable
from node.services.exchange.peering import PeerView, brought
from ui.contexts.peers import NeighbourRow
from ui.parts import standing
from ui.web.site import LANGUAGE, catalogue_of, say, today
from ui.words import phonebook, words


def may_see(actor: Actor) -> None:
    """Whoever works on the board, or decides on neighbouring groups. Raises ``NotAllowed``."""
    if not may(actor, Permission.READ_BOARD):
        require(actor, Permission.PEERS)


def ago(request: web.Request, at: int | None) -> str:
    """How long ago that was, in words; empty if it never was."""
    if at is None:
        return ""
    seconds = max(0, unix(request.config_dict[CLOCK]) - at)
    if seconds < 60:
        return say(request, N_("just now"))
    locale = request[LANGUAGE].locale
    return str(format_timedelta(-seconds, add_direction=True, locale=locale, threshold=1.0))


def row(request: web.Request, view: PeerView) -> NeighbourRow:
    """The group as one card."""
    seen = view.seen
    entry = None
    if seen and seen.profile:
        entry = phonebook.entry(
            view.peer.origin,
            seen.profile,
            request[LANGUAGE],
            catalogue_of(request),
            today=today(request),
            silent_since=phonebook.silent_day(
                seen.silent_since(unix(request.config_dict[CLOCK])), request.config_dict[ZONE]
            ),
        )
    error = ""
    if seen and seen.last_error and view.peer.talks:
        error = words.TALK_ERROR.get(seen.error_code or "", "")
        error = say(request, error) if error else seen.last_error
    return NeighbourRow(
        view=view,
        entry=entry,
        heard=ago(request, seen.last_success if seen else None),
        error=error,
        signed=ago(request, seen.issued if seen else None),
    )


def problem(request: web.Request, error: MutualAidError) -> str:
    """What went wrong with an address or an invitation, in everybody's words."""
    told = words.NO_ANSWER.get(error.hint) if isinstance(error, Unreachable) else None
    return say(request, told) if told else say(request, error.message, **error.values)


async def named(request: web.Request, actor: Actor) -> PeerView:
    """The group in the address. Raises ``NotFound``."""
    wanted = request.match_info["peer"]
    for view in await request.config_dict[PEERING].list(actor):
        if view.peer.origin == wanted:
            return view
    raise NotFound("no_peer", N_("That group is not among our neighbouring groups."))


async def state_of(request: web.Request, actor: Actor) -> str:
    """What the group in the address is to us; empty if there is none. So a form that was sent twice is known."""
    try:
        return (await named(request, actor)).peer.state
    except NotFound:
        return ""


async def named_or_brought(request: web.Request, actor: Actor) -> PeerView:
    """The group in the address, also one that is here by a go-between only. Raises ``NotFound``."""
    try:
        return await named(request, actor)
    except NotFound:
        wanted = request.match_info["peer"]
        for seen in await request.config_dict[NEIGHBOURHOOD].groups():
            if seen.origin == wanted and seen.voucher:
                return brought(seen)
        raise


async def book(request: web.Request, actor: Actor) -> list[phonebook.Entry]:
    """Everybody's line in the phone book."""
    offers = await standing.for_the_desk(request)
    return phonebook.book(
        await request.config_dict[PEERING].list(actor),
        request[LANGUAGE],
        catalogue_of(request),
        zone=request.config_dict[ZONE],
        now=unix(request.config_dict[CLOCK]),
        offers={origin: line.kinds for origin, line in offers.items()},
    )
