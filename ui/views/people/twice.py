"""`/people/twice`: somebody written down twice, made one; and two people parted again."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from node.appkeys import MERGING
from node.domain.actors import Actor
from node.domain.ids import MergeId, PersonId
from node.errors import Conflict, Invalid
from node.services.people.merging import Double, Joined
from ui.web.site import LANGUAGE, go, render


@dataclass(frozen=True, slots=True, kw_only=True)
class TwicePage:
    """`/people/twice`; ``pairs`` is None until the look is recorded."""

    count: int
    pairs: Sequence[Double] | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedPage:
    """`/people/<id>/twice`"""

    person_id: str
    joined: Sequence[Joined]
    problem: str = ""


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """How many there are; opening this address looks at nobody."""
    page = TwicePage(count=await request.config_dict[MERGING].count(actor))
    return await render(request, "twice.html", page)


async def look(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The pairs, side by side."""
    return await _pairs(request, actor)


async def merge(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The two are one person."""
    data = await request.post()
    try:
        await request.config_dict[MERGING].merge(
            actor, PersonId(str(data.get("keep", ""))), PersonId(str(data.get("gone", "")))
        )
    except (Conflict, Invalid) as error:
        return await _pairs(request, actor, problem=request[LANGUAGE].explain(error), status=error.status)
    return go("/people/twice", done="made_one")


async def are_two(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Two people who share a number or a door."""
    data = await request.post()
    try:
        await request.config_dict[MERGING].are_two(
            actor, PersonId(str(data.get("keep", ""))), PersonId(str(data.get("gone", "")))
        )
    except Conflict as error:
        return await _pairs(request, actor, problem=request[LANGUAGE].explain(error), status=error.status)
    return go("/people/twice", done="made_two")


async def joined(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What is part of one record."""
    return await _joined(request, actor)


async def part(request: web.Request, actor: Actor) -> web.StreamResponse:
    """They are two people after all."""
    try:
        await request.config_dict[MERGING].part(actor, MergeId(request.match_info["merge"]))
    except Conflict as error:
        return await _joined(request, actor, problem=request[LANGUAGE].explain(error), status=error.status)
    return go(f"/people/{request.match_info['person']}", done="parted")


async def _pairs(
    request: web.Request, actor: Actor, *, problem: str = "", status: int = 200
) -> web.StreamResponse:
    pairs = await request.config_dict[MERGING].doubles(actor)
    page = TwicePage(count=len(pairs), pairs=pairs, problem=problem)
    return await render(request, "twice.html", page, status=status)


async def _joined(
    request: web.Request, actor: Actor, *, problem: str = "", status: int = 200
) -> web.StreamResponse:
    person_id = PersonId(request.match_info["person"])
    found = await request.config_dict[MERGING].joined(actor, person_id)
    page = JoinedPage(person_id=person_id, joined=found, problem=problem)
    return await render(request, "twice_joined.html", page, status=status)
