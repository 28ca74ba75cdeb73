"""Who rang for somebody else, as the page of a request puts it right after a look."""

from typing import Any

from aiohttp import web

from node.appkeys import WHO_RANG
from node.domain.actors import Actor
from node.domain.board.views import NeedView
from node.domain.need import CallerDetails
from node.domain.permissions import Permission, may
from ui.forms.follow_up import CallerForm


async def beside(
    request: web.Request, actor: Actor, view: NeedView | None, typed: CallerForm | None
) -> dict[str, Any]:
    """The form with what is held, or with what was ``typed`` and did not fit; nothing without a look."""
    if view is None or view.person is None or not may(actor, Permission.TRIAGE):
        return {}
    rang = await request.config_dict[WHO_RANG].now(actor, view.need.id)
    return {"rang": rang, "form": typed or _form(rang.caller)}


def _form(caller: CallerDetails | None) -> CallerForm:
    held = caller or CallerDetails()
    return CallerForm(
        whose="other" if caller else "self",
        caller_name=held.name,
        caller_phone=held.phone,
        caller_tie=held.tie,
        caller_safe=held.safe,
        caller_agrees=held.agrees,
        everywhere=True,
    )
