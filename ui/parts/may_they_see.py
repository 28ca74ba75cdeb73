"""Whether other groups may see a request, asked anew in the words of a call."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from node.domain.actors import Actor
from node.domain.board.views import NeedView
from node.domain.consents import Purpose
from node.domain.need import NeedState
from node.domain.permissions import Permission, may
from node.services.settings.texts import SPOKEN
from ui.contexts.aloud import Aloud
from ui.parts import consenting

_ASKED = {Purpose.GROUPS_SEE: SPOKEN[Purpose.GROUPS_SEE]}


async def question(request: web.Request, actor: Actor, view: NeedView | None) -> Aloud | None:
    """What is read out; None where the yes is there already, or nobody could give it."""
    if view is None or not may(actor, Permission.TRIAGE):
        return None
    need = view.need
    if need.state is NeedState.CLOSED or need.person_id is None or need.practice:
        return None
    said = [each.answer for each in view.consents if each.purpose is Purpose.GROUPS_SEE]
    return None if said and said[-1] else await consenting.read_aloud(request, _ASKED)


async def read_out(request: web.Request, data: Mapping[str, Any]) -> str:
    """Which words the yes was given to."""
    return await consenting.version_read(request, data, _ASKED)
