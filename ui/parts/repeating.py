"""What several pages say of a request that repeats."""

from aiohttp import web

from node.appkeys import REPEATING
from node.domain.actors import Actor
from node.domain.dispatch.series import NextTime
from node.domain.ids import NeedId
from node.errors import Locked
from node.services.dispatch.series_views import SeriesView


async def of_need(request: web.Request, actor: Actor, need_id: NeedId) -> SeriesView | None:
    """The rule that a request is one day of; None while locked, too."""
    try:
        return await request.config_dict[REPEATING].of_need(actor, need_id)
    except Locked:
        return None


async def may_follow(request: web.Request, actor: Actor, need_id: NeedId) -> NextTime:
    """From which day on a request may come again, and which is proposed."""
    return await request.config_dict[REPEATING].may_follow(actor, need_id)
