"""A place where the group does not go, in words: who answers there, as the phone book says it."""

from collections.abc import Iterable, Mapping

from aiohttp import web

from node.appkeys import OUT_OF_AREA, TEXTS, ZONE
from node.domain.exchange.out_of_area import Answers, Outside
from node.domain.intake.asked import Followed
from node.domain.settings.texts import fill
from node.services.settings.texts import PASSED_ON
from ui.contexts.out_of_area import Elsewhere
from ui.web.site import LANGUAGE, catalogue_of, today
from ui.words import phonebook


async def in_words(request: web.Request, found: Outside | None) -> Elsewhere | None:
    """None where the group goes there itself, or nobody knows."""
    if found is None:
        return None
    entries = [_entry(request, each) for each in found.groups]
    takes = found.takes
    name = takes.profile.name if takes else ""
    [key] = PASSED_ON.values()
    said = await request.config_dict[TEXTS].said(key, request[LANGUAGE].code)
    return Elsewhere(
        entries=entries,
        takes=takes.origin if takes else "",
        name=name,
        may=fill(said.text, group=name) if takes else "",
        wording=said.version,
    )


async def handed_to(request: web.Request, rows: Iterable[Followed]) -> Mapping[str, phonebook.Entry]:
    """By id, the groups to which these requests were handed on, as far as they told us how they are reached."""
    service, found = request.config_dict[OUT_OF_AREA], dict[str, phonebook.Entry]()
    for origin in {row.handed_on.peer for row in rows if row.handed_on}:
        if (line := await service.line_of(origin)) is not None:
            found[origin] = _entry(request, line)
    return found


def _entry(request: web.Request, line: Answers) -> phonebook.Entry:
    return phonebook.entry(
        line.origin,
        line.profile,
        request[LANGUAGE],
        catalogue_of(request),
        today=today(request),
        silent_since=phonebook.silent_day(line.silent_since, request.config_dict[ZONE]),
    )
