"""What others see of one request, to be read out to the person whom it is about, or shown to them."""

from collections.abc import Sequence

from aiohttp import web

from node.appkeys import PUBLISHING
from ui.contexts.common import OthersSee
from ui.parts import places
from ui.web.site import LANGUAGE, next_slot, shared_catalogue
from ui.words.outgoing import Fact, Teller


async def see(request: web.Request, need_id: str) -> OthersSee:
    """Asks the service that publishes, so that page and statement cannot differ. Raises ``NotFound``."""
    preview = await request.config_dict[PUBLISHING].preview(need_id)
    what = preview.now or preview.next or preview.would
    facts: Sequence[Fact] = ()
    if what is not None:
        named = await places.areas(request, [what.cell])
        facts = Teller(request[LANGUAGE], shared_catalogue(request), named).wanted(what)
    if preview.now:
        when = "now"
    elif preview.next:
        when = "next"
    else:
        when = "later" if preview.would else "never"
    return OthersSee(
        when=when,
        facts=facts,
        who=preview.now.set if preview.now else preview.set_name or "",
        going=bool(preview.now and preview.why_not),
        why_not=preview.why_not,
        slot_at=next_slot(request),
    )
