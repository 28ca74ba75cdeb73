"""`/privacy/removals`: what goes by itself on which day, and what somebody holds."""

from collections.abc import Sequence

from aiohttp import web
from babel.dates import format_date

from node.appkeys import FORGETTING, RETENTION
from node.domain.actors import Actor
from node.domain.permissions import Permission, may
from node.domain.rights.retention import Due, Kept
from node.errors import N_
from node.services.rights.forgetting import MOST_AT_ONCE
from ui.contexts.common import Notice
from ui.contexts.rights import RemovalsPage
from ui.web.site import LANGUAGE, go, render, say, today

MOST_DAYS = 60
"""So many days on which something goes are shown."""


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """By day; ids and counts, no names."""
    retention = request.config_dict[RETENTION]
    due = await retention.due(actor)
    by_day: dict[str, list[object]] = {}
    for each in due:
        if not each.held:
            by_day.setdefault(max(each.on, today(request)).isoformat(), []).append(each)
    page = RemovalsPage(
        waits_until=await retention.waits_until(actor),
        days=list(by_day.items())[:MOST_DAYS],
        held=[each for each in due if each.held],
        holds=await retention.holds(actor),
        stuck=bool(_stuck(request, actor)),
        too_many=any(sum(each.on <= today(request) for each in job) > MOST_AT_ONCE for job in _by_job(due)),
    )
    return await render(request, "removals.html", page)


def _by_job(due: Sequence[Due]) -> tuple[list[Due], list[Due]]:
    """What goes by the rules, and who said no to being kept: each of the two waits where it is too much at once."""
    going = [each for each in due if not each.held]
    said_no = [each for each in going if each.kept is Kept.NOT_KEPT]
    return [each for each in going if each.kept is not Kept.NOT_KEPT], said_no


async def notices(request: web.Request, actor: Actor) -> Sequence[Notice]:
    """For the board of whoever may look: a new rule is about to take something, or something could not be removed."""
    if not may(actor, Permission.PRIVACY):
        return []
    found = []
    if _stuck(request, actor):
        words = say(request, N_("Something was due to go, and could not be removed."))
        found.append(_leading(request, words))
    day = await request.config_dict[RETENTION].waits_until(actor)
    if day is not None:
        new = N_("A rule on how long we keep things is new. By it old records go on %(day)s. Look before.")
        on_day = format_date(day, format="full", locale=request[LANGUAGE].locale)
        found.append(_leading(request, say(request, new, day=on_day)))
    return found


def _leading(request: web.Request, words: str) -> Notice:
    return Notice(words=words, link="/privacy/removals", link_words=say(request, N_("What goes when")))


def _stuck(request: web.Request, actor: Actor) -> int:
    services = request.config_dict
    return services[RETENTION].stuck(actor) + services[FORGETTING].stuck(actor)


async def now(request: web.Request, actor: Actor) -> web.StreamResponse:
    """More is due at once than usual, and somebody has looked at it."""
    await request.config_dict[RETENTION].sweep(actor, all_of_them=True)
    await request.config_dict[FORGETTING].sweep(actor, all_of_them=True)
    return go("/privacy/removals", done="removed")
