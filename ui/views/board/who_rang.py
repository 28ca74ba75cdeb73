"""Who rang for somebody else, put right beside the name: after a look that was written down."""

from aiohttp import web

from node.appkeys import WHO_RANG
from node.domain.actors import Actor
from node.domain.ids import NeedId
from node.domain.need import CallerDetails
from node.errors import Invalid
from ui.forms.follow_up import CallerForm
from ui.views.board import board, listing
from ui.web.site import go


async def change(request: web.Request, actor: Actor) -> web.StreamResponse:
    """As it is from now on; what is not right yet stands there with what was typed."""
    need, form = NeedId(request.match_info["need"]), CallerForm(await request.post())
    if not form.validate():
        return await board.looked(request, actor, reveal=True, status=422, rang=form)
    said = CallerDetails(
        name=form.caller_name.data,
        phone=form.caller_phone.data,
        tie=form.caller_tie.data,
        safe=form.caller_safe.data,
        agrees=form.caller_agrees.data,
    )
    try:
        changed = await request.config_dict[WHO_RANG].change(
            actor, need, said if form.whose.data == "other" else None, everywhere=form.everywhere.data
        )
    except Invalid as error:
        form.blame(error.fields)
        return await board.looked(request, actor, reveal=True, status=422, rang=form)
    return go(f"/board/{need}", show=listing.chosen(request), done="corrected" if changed else "as_it_was")
