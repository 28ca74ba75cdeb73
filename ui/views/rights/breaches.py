"""`/privacy/breaches`: data that got out - who is affected, whom to tell by when, and the log."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from aiohttp import web

from node.appkeys import BREACHES, CLOCK, ZONE
from node.clock import unix
from node.domain.actors import Actor
from node.domain.rights.breach import Affected, BreachKind, Risk
from node.errors import Invalid
from ui.contexts.rights import BreachesPage
from ui.forms.rights import BreachForm
from ui.web.site import go, render, say


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The log, and an empty form."""
    moment = request.config_dict[ZONE].moment(unix(request.config_dict[CLOCK])).replace(tzinfo=None, second=0)
    form = BreachForm(from_at=moment - timedelta(days=1), until_at=moment, found_at=moment)
    await _offer(request, actor, form)
    return await _page(request, actor, form)


async def submit(request: web.Request, actor: Actor) -> web.StreamResponse:
    """First who is affected; then, with the same form, the entry."""
    data = await request.post()
    form = BreachForm(data)
    await _offer(request, actor, form)
    if not form.validate() or not (form.from_at.data and form.until_at.data and form.found_at.data):
        return await _page(request, actor, form, status=422)
    service, kind = request.config_dict[BREACHES], BreachKind(form.kind.data)
    from_at, until_at = _unix(request, form.from_at.data), _unix(request, form.until_at.data)
    account, references = form.staff_id.data or None, _numbers(form.references.data or "")
    helper = form.helper_id.data or None
    try:
        if "write" not in data:
            affected = await service.affected(
                actor,
                kind,
                staff_id=account,
                from_at=from_at,
                until_at=until_at,
                references=references,
                helper_id=helper,
            )
            return await _page(request, actor, form, affected=affected)
        await service.write(
            actor,
            kind,
            found_at=_unix(request, form.found_at.data),
            risk=Risk(form.risk.data),
            what=form.what.data or "",
            done=form.done.data or "",
            staff_id=account,
            references=references,
            helper_id=helper,
            from_at=from_at,
            until_at=until_at,
        )
    except Invalid as error:
        form.blame({name: say(request, text, **error.values) for name, text in error.fields.items()})
        return await _page(request, actor, form, status=422)
    return go("/privacy/breaches", done="breach_written")


async def told(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Somebody was told, or it is closed."""
    what = str((await request.post()).get("what", ""))
    await request.config_dict[BREACHES].told(actor, request.match_info["breach"], what)
    return go("/privacy/breaches", done="saved")


async def _offer(request: web.Request, actor: Actor, form: BreachForm) -> None:
    service = request.config_dict[BREACHES]
    form.staff_id.choices = [("", "–"), *(await service.accounts(actor))]
    form.helper_id.choices = [("", "–"), *((str(each), name) for each, name in await service.helpers(actor))]


def _unix(request: web.Request, moment: datetime) -> int:
    return request.config_dict[ZONE].at(moment.date(), moment.hour, moment.minute)


def _numbers(text: str) -> Sequence[str]:
    return re.findall(r"\d{3}\s?\d{3}\s?\d{3}", text) or ([text] if text.strip() else [])


async def _page(
    request: web.Request,
    actor: Actor,
    form: BreachForm,
    *,
    status: int = 200,
    affected: Affected | None = None,
) -> web.Response:
    service = request.config_dict[BREACHES]
    page = BreachesPage(
        log=await service.all_of_them(actor),
        form=form,
        affected=affected,
        now=unix(request.config_dict[CLOCK]),
    )
    return await render(request, "breaches.html", page, status=status)
