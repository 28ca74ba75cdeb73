"""`/ask`: asking for help on the page, without an account. Works while the records are closed."""

from typing import Any

from aiohttp import web

from node.appkeys import INTAKE
from node.domain.consents import Consents
from node.domain.intake import NewNeed, NewPerson
from node.domain.need import Channel, Urgency
from node.errors import Invalid
from ui import places
from ui.contexts import IntakePage, TakenLine, TakenPage
from ui.forms.intake import AskForm
from ui.site import LANGUAGE, catalogue_of, headings, render, say
from ui.views.intake import FIELDS


async def show(request: web.Request) -> web.StreamResponse:
    """An empty form."""
    return await _page(request, _form(request))


async def submit(request: web.Request) -> web.StreamResponse:
    """Takes it in; the answer shows the reference, and nothing of it stands in the address."""
    form = _form(request, await request.post())
    if not form.validate():
        return await _page(request, form, status=422)
    try:
        taken = await request.config_dict[INTAKE].ask(
            NewNeed(
                channel=Channel.PAGE,
                person=NewPerson(
                    name=form.name.data,
                    phone=form.phone.data,
                    address=form.address.data,
                    safe_to_ring=form.safe_to_ring.data,
                ),
                categories=tuple(form.kinds.data),
                urgency=Urgency(form.urgency.data),
                point=await places.locate(request, form.address.data),
                notes=form.notes.data,
                consents=Consents(help_you=form.help_you.data, groups_see=form.groups_see.data),
            )
        )
    except Invalid as error:
        form.blame({FIELDS.get(field, field): message for field, message in error.fields.items()})
        problem = "" if form.errors else say(request, error.message, **error.values)
        return await _page(request, form, status=422, problem=problem)
    lines = [
        TakenLine(need_id=need_id, kind=kind, reference=reference, candidates=())
        for need_id, kind, reference in zip(
            taken.need_ids, dict.fromkeys(form.kinds.data), taken.references, strict=True
        )
    ]
    return await render(request, "taken.html", TakenPage(lines=lines, public=True))


def _form(request: web.Request, data: Any = None) -> AskForm:
    form = AskForm(data)
    language = request[LANGUAGE].code
    form.kinds.choices = [(each.code, each.name(language)) for each in catalogue_of(request).categories]
    return form


async def _page(request: web.Request, form: AskForm, *, status: int = 200, problem: str = "") -> web.Response:
    page = IntakePage(form=form, headings=headings(catalogue_of(request)), problem=problem)
    return await render(request, "ask.html", page, status=status)
