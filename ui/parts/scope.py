"""What the group does, where and when, in its own words: for pages that anybody reads."""

from collections.abc import Mapping

from aiohttp import web

from node.appkeys import TEXTS
from node.domain.settings.texts import Said
from ui.web.site import LANGUAGE

KEYS = ("scope.do", "scope.do_not", "scope.where", "scope.when", "scope.safety", "scope.liability")


async def scope(request: web.Request) -> Mapping[str, Said]:
    """Those that the group has written, by key, in the reader's language as far as there is one."""
    said = await request.config_dict[TEXTS].all(request[LANGUAGE].code)
    return {key: said[key] for key in KEYS if said[key].text}


async def privacy(request: web.Request) -> list[Said]:
    """Why the group keeps what, and whom to ask about it."""
    said = await request.config_dict[TEXTS].all(request[LANGUAGE].code)
    return [said[key] for key in ("privacy.why", "privacy.contact") if said[key].text]
