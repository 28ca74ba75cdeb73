"""`/team/roles`: who may do what, and who sees what, out of the two tables that decide it."""

from collections.abc import Sequence

from aiohttp import web

from node.domain.accounts.levels import Field, Level, TaskKind, sees
from node.domain.actors import Actor, Role
from node.domain.permissions import BY_ROLE, GRANTED_BY
from ui.contexts.rights import RolesPage
from ui.web.site import render
from ui.words import rights_words as words


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Both tables; nothing of anybody."""
    page = RolesPage(
        roles=[words.ROLE_NAME[role] for role in Role],
        may=[
            (words.PERMISSION[each], [each in BY_ROLE[role] for role in Role])
            for each, roles in GRANTED_BY.items()
            if roles
        ],
        levels=[words.LEVEL[level] for level in Level],
        sees=[(words.FIELD[field], [_where(level, field) for level in Level]) for field in Field],
    )
    return await render(request, "roles.html", page)


def _where(level: Level, field: Field) -> Sequence[str] | None:
    kinds = [kind for kind in TaskKind if sees(level, field, kind)]
    if not kinds:
        return None
    return [] if len(kinds) == len(TaskKind) else [words.TASK_KIND[kind] for kind in kinds]
