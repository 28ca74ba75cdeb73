"""A place where the group does not go, in words: who answers there, as the phone book says it."""

from aiohttp import web

from node.appkeys import TEXTS, ZONE
from node.domain.exchange.out_of_area import Outside
from node.domain.settings.texts import fill
from node.services.settings.texts import PASSED_ON
from ui.contexts.out_of_area import Elsewhere
from ui.web.site import LANGUAGE, catalogue_of, today
from ui.words import phonebook


async def in_words(request: web.Request, found: Outside | None) -> Elsewhere | None:
    """None where the group goes there itself, or nobody knows."""
    if found is None:
        return None
    language = request[LANGUAGE]
    entries = [
        phonebook.entry(
            each.origin,
            each.profile,
            language,
            catalogue_of(request),
            today=today(request),
            silent_since=phonebook.silent_day(each.silent_since, request.config_dict[ZONE]),
        )
        for each in found.groups
    ]
    takes = found.takes
    name = takes.profile.name if takes else ""
    [key] = PASSED_ON.values()
    said = await request.config_dict[TEXTS].said(key, language.code)
    return Elsewhere(
        entries=entries,
        takes=takes.origin if takes else "",
        name=name,
        may=fill(said.text, group=name) if takes else "",
        wording=said.version,
    )
