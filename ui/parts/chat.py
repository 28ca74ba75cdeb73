"""The text to copy into the group's own chat: the group's words filled with codes only, so that nothing that was typed
about this request can be in it."""

from aiohttp import web

from node.appkeys import STANDING, TEXTS
from node.domain.ids import spoken_reference
from node.domain.need import PRIVATE_CATEGORY, Need, NeedState
from node.domain.settings.texts import fill
from node.errors import N_
from ui.web.site import LANGUAGE, TEMPLATES, catalogue_of, say
from ui.web.templating import as_one
from ui.words import words

OFFERED_IN = (NeedState.OPEN, NeedState.OFFERED)


async def text(request: web.Request, need: Need, area: str) -> str:
    """The group's own words with kind, area and when; then what it takes, and the reference. Empty when nobody is
    looked for, and for kinds that stay with us.

    Only the clear part of a need comes in here: what a summary could carry. ``area``: its name in words, or empty.
    """
    if need.state not in OFFERED_IN or need.category == PRIVATE_CATEGORY:
        return ""
    catalogue, language = catalogue_of(request), request[LANGUAGE]
    about = await request.config_dict[STANDING].about()
    when = [say(request, words.URGENCY[need.urgency])]
    if need.window is not None:
        in_words = request.config_dict[TEMPLATES].day
        days = [in_words(day, language.locale) for day in (need.window.first, need.window.last)]
        when.append(" – ".join(dict.fromkeys(days)))
    if need.part_of_day is not None:
        when.append(say(request, words.PART_OF_DAY[need.part_of_day]))
    takes = [catalogue.requires_name(code, language.code) for code in need.requires]
    takes += [catalogue.tag_name(code, language.code) for code in need.tags]
    lines = [
        fill(
            await request.config_dict[TEXTS].get("message.group_chat", language.code),
            kind=catalogue.name(need.category, language.code),
            area=area or say(request, N_("the neighbourhood")),
            when=language.listed(when),
            group=about.name,
            phone=about.phone,
        )
    ]
    if need.effort is not None:
        lines.append(say(request, N_("How long: %(effort)s"), effort=say(request, words.EFFORT[need.effort])))
    if takes:
        lines.append(say(request, N_("It takes: %(takes)s"), takes=language.listed(takes)))
    lines.append(
        say(
            request,
            N_("Tell a coordinator, not the chat: %(digits)s"),
            digits=as_one(spoken_reference(need.reference), request[LANGUAGE].direction),
        )
    )
    return "\n".join(lines)
