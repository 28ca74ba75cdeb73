"""`/settings/public`: what waits for a second yes before everybody can read it."""

from collections.abc import Sequence

from aiohttp import web

from node.appkeys import PUBLISHING, SECOND_YES
from node.domain.actors import Actor
from node.domain.ids import spoken_reference
from node.domain.permissions import Permission, may
from node.errors import N_, Conflict, Invalid
from ui.contexts.common import Notice
from ui.contexts.rights import PublicPage
from ui.views.settings.kit import row_of
from ui.web.site import go, render, say


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Each with what it would say."""
    return await _page(request, actor)


async def decide(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Yes or no to one."""
    data = await request.post()
    yes = data.get("answer") == "yes"
    try:
        await request.config_dict[SECOND_YES].decide(
            actor, request.match_info["proposal"], yes, mark=str(data.get("mark", ""))
        )
    except (Conflict, Invalid) as error:
        return await _page(
            request, actor, problem=say(request, error.message, **error.values), status=error.status
        )
    return go("/settings/public", done="shown_to_all" if yes else "not_shown")


async def notices(request: web.Request, actor: Actor) -> Sequence[Notice]:
    """For the board of whoever may decide."""
    closer = await _kept_closer(request, actor) + await _unwritable(request, actor)
    if not may(actor, Permission.APPROVE_PUBLIC):
        return closer
    wait = [each for each in await request.config_dict[SECOND_YES].waiting(actor) if not each.own]
    if not wait:
        return closer
    before = N_("Something waits for your yes before everybody can read it.")
    after = N_("While one person was alone here, something was shown to everybody. Have a look at it.")
    return [
        *closer,
        Notice(
            words=say(request, after if all(each.alone for each in wait) else before),
            link="/settings/public",
            link_words=say(request, N_("Look at it")),
        ),
    ]


async def _kept_closer(request: web.Request, actor: Actor) -> list[Notice]:
    """Something is to be public, and cannot be since a population table says how few live here."""
    if not may(actor, Permission.SHARE) or not await request.config_dict[PUBLISHING].kept_closer():
        return []
    words = N_(
        "So few people live in your area that a public map could give one away."
        " What is shared with anyone goes to groups you chose only."
    )
    return [
        Notice(words=say(request, words), link="/settings/sharing", link_words=say(request, N_("Look at it")))
    ]


async def _unwritable(request: web.Request, actor: Actor) -> list[Notice]:
    """Requests that others should see, and that cannot be put as others could read them."""
    words = N_(
        "The request %(reference)s cannot be shown to others: something in it is not as it should be."
        " It was taken back; all others go on."
    )
    return [
        Notice(
            words=say(request, words, reference=spoken_reference(reference)),
            link=f"/board/{need_id}",
            link_words=say(request, N_("Look at it")),
        )
        for need_id, reference in await request.config_dict[PUBLISHING].unwritable(actor)
    ]


async def _page(request: web.Request, actor: Actor, *, problem: str = "", status: int = 200) -> web.Response:
    rows = await request.config_dict[SECOND_YES].waiting(actor)
    kits = {row.id: [row_of(request, each) for each in row.looked.changes] for row in rows if row.looked}
    page = PublicPage(rows=rows, kits=kits, problem=problem)
    return await render(request, "public.html", page, status=status)
