"""`/language`: in which language somebody reads the pages, on this device."""

from aiohttp import web

from node.errors import N_, Invalid
from ui.web import sessions
from ui.web.site import LANGUAGES, go, own_path


async def choose(request: web.Request) -> web.StreamResponse:
    """Keeps the choice for half a year, and goes back to the page it was made on. Raises ``Invalid`` for a language
    that there are no words in."""
    data = await request.post()
    code = str(data.get("code", ""))
    if code not in {language.code for language in request.config_dict[LANGUAGES]}:
        raise Invalid("no_such_language", N_("These pages are not in that language yet."))
    response = go(own_path(str(data.get("back", "")), "/"))
    sessions.write(request, response, sessions.LANGUAGE, code, max_age=sessions.LONG)
    return response
