"""`/people`: finding anybody we know, and who will be removed by itself."""

from aiohttp import web

from node.appkeys import DIRECTORY, FORGETTING
from node.domain.actors import Actor
from node.domain.people.portraits import Found
from node.services.people.directory import MOST_FOUND
from node.services.rights.forgetting import MOST_AT_ONCE
from ui.contexts.people import PeoplePage
from ui.web.site import go, render, today


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A box to search in. Nobody is named before somebody looked for them."""
    return await _page(request, actor)


async def find(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Whoever fits; each one shown is a look that is written down."""
    text = str((await request.post()).get("text", ""))[:100]
    return await _page(request, actor, text, await request.config_dict[DIRECTORY].find(actor, text))


async def remove_now(request: web.Request, actor: Actor) -> web.StreamResponse:
    """More are due at once than usual, and somebody has looked at it."""
    await request.config_dict[FORGETTING].sweep(actor, all_of_them=True)
    return go("/people", done="erased")


async def _page(
    request: web.Request, actor: Actor, text: str = "", found: tuple[Found, ...] = ()
) -> web.Response:
    removals = await request.config_dict[FORGETTING].waiting(actor)
    due = [each for each in removals if each.on <= today(request)]
    page = PeoplePage(
        text=text,
        found=found,
        more=len(found) == MOST_FOUND,
        removals=removals,
        too_many=len(due) > MOST_AT_ONCE,
    )
    return await render(request, "people.html", page)
