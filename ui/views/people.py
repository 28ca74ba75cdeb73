"""`/people/<id>`: one person, closed until the look is written down."""

from aiohttp import web

from node.appkeys import PEOPLE
from node.domain.actors import Actor
from node.domain.ids import PersonId
from node.domain.permissions import Permission, may
from node.errors import Invalid
from ui.contexts import PersonPage
from ui.site import go, render, say


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The closed door: opening this address looks at nothing."""
    return await render(
        request, "person.html", PersonPage(person_id=request.match_info["person"], person=None)
    )


async def look(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Opens it, and writes down who looked and why."""
    why = str((await request.post()).get("why", ""))[:200]
    return await _page(request, actor, why)


async def apart(request: web.Request, actor: Actor) -> web.StreamResponse:
    """These two must not meet. It is never listed anywhere."""
    data = await request.post()
    try:
        await request.config_dict[PEOPLE].keep_apart(
            actor, _id(request), PersonId(str(data.get("other", ""))), str(data.get("why", ""))[:200]
        )
    except Invalid as error:
        text = say(request, next(iter(error.fields.values()), error.message))
        return await _page(request, actor, "", status=422, problem=text)
    return go("/volunteers", done="apart")


async def pause(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A break until further notice."""
    await request.config_dict[PEOPLE].pause(actor, _id(request))
    return go("/volunteers", done="saved")


async def back(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Back from the break."""
    await request.config_dict[PEOPLE].resume(actor, _id(request))
    return go("/volunteers", done="saved")


def _id(request: web.Request) -> PersonId:
    return PersonId(request.match_info["person"])


async def _page(
    request: web.Request, actor: Actor, why: str, *, status: int = 200, problem: str = ""
) -> web.Response:
    people = request.config_dict[PEOPLE]
    person = await people.person(actor, _id(request), why)
    others = []
    if may(actor, Permission.KEEP_APART):
        others = [row for row in await people.list_volunteers(actor) if row.person_id != _id(request)]
    page = PersonPage(person_id=_id(request), person=person, others=others, problem=problem)
    return await render(request, "person.html", page, status=status)
