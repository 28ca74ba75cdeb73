"""`/intake/paste`: a message from a chat becomes a call that is filled in already. Nothing is stored before a yes."""

from collections.abc import Sequence

from aiohttp import web

from node.appkeys import STANDING
from node.domain.actors import Actor
from node.domain.intake import pasted
from node.domain.intake.pasted import Pasted
from ui.contexts.desk import FoundPlace, PastePage
from ui.parts import places
from ui.web.site import catalogue_of, render


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """An empty field."""
    return await render(request, "paste.html", PastePage())


async def look(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What is in the message, to be ticked; the form then goes on to the page of a call."""
    text = str((await request.post()).get("text", ""))
    region = (await request.config_dict[STANDING].about()).region
    found = pasted.read(text, catalogue_of(request).aliases, region)
    page = PastePage(
        text=found.text, found=found if found.text else None, places=await _known(request, found)
    )
    return await render(request, "paste.html", page)


async def _known(request: web.Request, found: Pasted) -> Sequence[FoundPlace]:
    """Streets as they were written, and whatever else the place files know."""
    known = []
    for text in found.places:
        area = await places.read_back(request, text)
        if area or any(character.isdigit() for character in text):
            known.append(FoundPlace(text=text, area=area))
    return known
