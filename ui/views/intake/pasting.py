"""`/intake/paste`: a message from a chat becomes a call that is filled in already. Nothing is stored before a yes."""

from collections.abc import Sequence

import phonenumbers
from aiohttp import web
from babel.core import get_global

from node.appkeys import EMERGENCIES, STANDING
from node.domain.actors import Actor
from node.domain.intake import pasted
from node.domain.intake.pasted import Pasted
from ui.contexts.intake import FoundPlace, PastePage
from ui.parts import places, spoken
from ui.web.site import TEMPLATES, catalogue_of, render


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """An empty field."""
    return await _page(request)


async def look(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What is in the message, to be ticked; the form then goes on to the page of a call."""
    text = str((await request.post()).get("text", ""))
    return await _page(request, pasted.read(text, catalogue_of(request).aliases, await _region(request)))


async def _page(request: web.Request, found: Pasted | None = None) -> web.Response:
    emergencies, text = request.config_dict[EMERGENCIES], found.text if found else ""
    page = PastePage(
        text=text,
        found=found if text else None,
        places=await _known(request, found) if found else (),
        danger=await emergencies.rules(),
        scripts=await spoken.scripts(request),
        in_danger=await emergencies.said_in(text) is not None,
    )
    return await render(request, "paste.html", page)


async def _region(request: web.Request) -> str | None:
    """The country of numbers and streets: as the group said, else the one that its clocks are in, if that is one."""
    said = (await request.config_dict[STANDING].about()).region
    found = said or get_global("zone_territories").get(request.config_dict[TEMPLATES].zone_name)
    return str(found) if found in phonenumbers.SUPPORTED_REGIONS else None


async def _known(request: web.Request, found: Pasted) -> Sequence[FoundPlace]:
    """Streets as they were written, and whatever else the place files know."""
    known = []
    for text in found.places:
        area = await places.read_back(request, text)
        if area or any(character.isdigit() for character in text):
            known.append(FoundPlace(text=text, area=area))
    return known
