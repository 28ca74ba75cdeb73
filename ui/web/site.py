"""Drawing a page: the frame around it, the answer, the way back after a change."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from node.appkeys import ACCESS, CLOCK, INCIDENTS, KINDS, PEOPLE, SETUP, STANDING, ZONE
from node.clock import unix
from node.domain.actors import Actor, ActorKind
from node.domain.catalogue import Catalogue
from node.domain.ids import PersonId
from node.domain.permissions import Permission, may, require
from node.errors import N_, NotAllowed
from node.services.safety.incident_views import Unsettled
from ui.contexts.common import Heading, Site
from ui.i18n import Language, Languages
from ui.web import address, csrf, sessions
from ui.web.assets import Assets
from ui.web.templating import Templates
from ui.words import rights_words, words

ASSETS = web.AppKey("ui_assets", Assets)
LANGUAGES = web.AppKey("ui_languages", Languages)
TEMPLATES = web.AppKey("ui_templates", Templates)

ACTOR = web.RequestKey("ui_actor", Actor)
EYES = web.RequestKey("ui_eyes", str)
"""With whose eyes: a code of ``SeeAs``, empty for one's own."""
LANGUAGE = web.RequestKey("ui_language", Language)
SEAL = web.RequestKey("ui_seal", str)
PART = web.RequestKey("ui_part", bool)
"""The form stood on the page of a record that is part of another by now; what it says was done about the whole."""

SLOT_SECONDS = 600
"""Every ten minutes by the clock something may go out."""

View = Callable[[web.Request], Awaitable[web.StreamResponse]]
StaffView = Callable[[web.Request, Actor], Awaitable[web.StreamResponse]]


def say(request: web.Request, message: str, /, **values: Any) -> str:
    """A msgid in the reader's language."""
    return request[LANGUAGE].on_page(message, **values)


async def usual_language(request: web.Request) -> str:
    """The code of the group's own language, for whoever's browser asks for none that we have."""
    return await request.config_dict[STANDING].language()


async def render(
    request: web.Request, template: str, page: Any, *, status: int = 200, back: str = ""
) -> web.Response:
    """The page as an answer that nobody keeps. ``back``: where to go on in another language, where this page cannot be
    asked for again; without it the answer to a form offers no other language, as it may be all that shows this."""
    language = request[LANGUAGE]
    # What was refused stands on a page that can be had again.
    again = bool(back) or request.method in ("GET", "HEAD") or status >= 400
    site = await _site(request, back, again)
    html = request.config_dict[TEMPLATES].draw(template, language, {"page": page, "site": site})
    response = web.Response(text=html, content_type="text/html", status=status)
    response.headers["Content-Language"] = language.code
    response.headers["Vary"] = "Cookie, Accept-Language"
    return response


async def _site(request: web.Request, back: str, again: bool) -> Site:
    about = await request.config_dict[STANDING].about()
    return Site(
        group=about.name,
        phone=about.phone,
        hours=about.hours,
        actor=request[ACTOR],
        path=request.path,
        seal=csrf.token(request[SEAL]),
        said=words.DONE.get("one_record" if PART in request else request.query.get("done", ""), ""),
        locked=about.locked,
        https=sessions.origin_of(request)[0] == "https",
        eyes=_eyes_in_words(request),
        languages=[
            (each.code, each.direction, each.name)
            for each in request.config_dict[LANGUAGES]
            if each.code != request[LANGUAGE].code
        ],
        back=back or back_to(request),
        again=again,
        unsettled=await _unsettled(request),
        once=sessions.fresh(),
        far=address.best(request, about.public_url).far,
    )


async def _unsettled(request: web.Request) -> Unsettled:
    """Nothing on the pages of the reports themselves, with somebody else's eyes, and for what no person asked."""
    actor, path = request[ACTOR], request.path
    if (
        not may(actor, Permission.TELL_INCIDENT)
        or request[EYES]
        or path.startswith("/safety/incidents")
        or path in sessions.BY_ITSELF
    ):
        return Unsettled()
    access, cookie = request.config_dict[ACCESS], sessions.read(request, sessions.DESK)
    return await request.config_dict[INCIDENTS].unsettled(actor, lambda: access.own_key(cookie))


def _eyes_in_words(request: web.Request) -> str:
    kind, _, name = request[EYES].partition(":")
    if kind == "role":
        return say(request, rights_words.ROLE_NAME[name])
    if kind == "staff":
        return " + ".join(say(request, rights_words.ROLE_NAME[role]) for role in sorted(request[ACTOR].roles))
    return say(request, N_("anybody")) if kind else ""


def staff(view: StaffView, permission: Permission | None = None, *, as_shown: bool = False) -> View:
    """Only for whoever is signed in and may do this at all; about which thing, the services decide.

    An address of a record (``{person}``) that was made one with another leads to that other, and what is decided there
    is decided about the whole. ``as_shown``: not this, because it rests on having seen all of it; the page comes first.
    """

    async def seen(request: web.Request) -> web.StreamResponse:
        actor = request[ACTOR]
        if actor.kind is not ActorKind.STAFF:
            if request.method in ("GET", "HEAD"):
                return go("/sign-in", next=request.path_qs)
            raise NotAllowed("sign_in", N_("You are not signed in any more. Sign in and do it again."))
        if permission is not None:
            require(actor, permission)
        if (there := await _to_the_whole(request, as_shown=as_shown)) is not None:
            return there
        return await view(request, actor)

    seen.__name__ = view.__name__
    seen.__doc__ = view.__doc__
    return seen


async def _to_the_whole(request: web.Request, *, as_shown: bool) -> web.Response | None:
    named = request.match_info.get("person")
    if named is None or (whole := await request.config_dict[PEOPLE].whole(PersonId(named))) == named:
        return None
    if request.method in ("GET", "HEAD"):
        return go(request.path.replace(named, whole, 1), **{"done": "one_record", **request.query})
    if as_shown:
        return go(f"/people/{whole}", done="one_record")
    request.match_info["person"], request[PART] = whole, True
    return None


def after_set_up(view: View) -> View:
    """Leads to the set-up page until that is done: before, there is nobody who could read what is written."""

    async def seen(request: web.Request) -> web.StreamResponse:
        if not await request.config_dict[SETUP].is_done():
            return go("/setup")
        return await view(request)

    seen.__name__ = view.__name__
    seen.__doc__ = view.__doc__
    return seen


def go(path: str, **query: str) -> web.Response:
    """On to another page with GET (303)."""
    query = {name: value for name, value in query.items() if value}
    return web.Response(status=303, headers={"Location": f"{path}?{urlencode(query)}" if query else path})


def back_to(request: web.Request) -> str:
    """This page, or, where a form was answered, the one that it stood on."""
    if request.method in ("GET", "HEAD"):
        return request.path_qs
    return own_path(path_before(request), "/")


def path_before(request: web.Request) -> str:
    """The path that the browser names as the page before; empty for none, and for what is no address."""
    try:
        return urlsplit(request.headers.get("Referer", "")).path
    except ValueError:
        return ""


def own_path(text: str, otherwise: str) -> str:
    """A path of this site that came in a form; anything else is not followed."""
    fine = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    return text if fine and "\\" not in text else otherwise


def headings(catalogue: Catalogue, *, also: Iterable[str] = ()) -> list[Heading]:
    """All kinds of help that the group offers, under their headings, and hidden ones that somebody chose before."""
    offered = {each.code for each in catalogue.offered} | set(also)
    found = [
        Heading(
            heading=heading, kinds=[kind for kind in catalogue.under(heading.code) if kind.code in offered]
        )
        for heading in catalogue.headings
    ]
    return [heading for heading in found if heading.kinds]


def today(request: web.Request) -> date:
    """The group's own day."""
    return request.config_dict[ZONE].day(unix(request.config_dict[CLOCK]))


def next_slot(request: web.Request) -> int:
    """When the next news goes out by itself, Unix seconds."""
    now = unix(request.config_dict[CLOCK])
    return now - now % SLOT_SECONDS + SLOT_SECONDS


def catalogue_of(request: web.Request) -> Catalogue:
    """The kinds of help as the group calls them."""
    return request.config_dict[KINDS].ours


def shared_catalogue(request: web.Request) -> Catalogue:
    """As all groups call them: for what others see of ours, and for what is theirs."""
    return request.config_dict[KINDS].shared
