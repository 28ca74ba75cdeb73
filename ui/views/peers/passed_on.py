"""A whole request given to a neighbouring group, and those that neighbours ask us to take over."""

from aiohttp import web

from node.appkeys import BOARD, OUT_OF_AREA, REFERRALS
from node.domain.actors import Actor
from node.domain.ids import NeedId
from node.errors import N_, Conflict, Invalid, NotFound
from node.services.settings.texts import REFERRED
from ui.contexts.away import ReferPage, ReferralPage
from ui.parts import consenting
from ui.web.site import LANGUAGE, go, render, say


async def ask(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Which group, and the words to read to the person."""
    return await _refer_page(request, actor, chosen=request.query.get("group", ""))


async def refer(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Her answer is written down first; a yes gives the request away."""
    need, form = NeedId(request.match_info["need"]), await request.post()
    group, answer = str(form.get("group", "")), str(form.get("answer", ""))
    allowed = await request.config_dict[OUT_OF_AREA].allowed(actor, need)
    if answer == "before" and allowed is not None and allowed.peer == group:
        return await _give(request, actor, need, group, agreed=True, wording=allowed.wording)
    if answer not in ("yes", "no") or not group:
        words = say(request, N_("Choose a group, read the words, and note what they said."))
        return await _refer_page(request, actor, status=422, problem=words, chosen=group)
    wording = await consenting.version_read(request, form, REFERRED)
    return await _give(request, actor, need, group, agreed=answer == "yes", wording=wording)


async def _give(
    request: web.Request, actor: Actor, need: NeedId, group: str, *, agreed: bool, wording: str
) -> web.StreamResponse:
    try:
        await request.config_dict[REFERRALS].refer(actor, need, group, agreed=agreed, wording=wording)
    except Invalid:
        return go(f"/board/{need}", done="stays")
    except (Conflict, NotFound) as error:
        text = request[LANGUAGE].explain(error)
        return await _refer_page(request, actor, status=error.status, problem=text, chosen=group)
    return go(f"/board/{need}", done="referred")


async def take_back(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Back on our board."""
    need = NeedId(request.match_info["need"])
    await request.config_dict[REFERRALS].take_back(actor, need)
    return go(f"/board/{need}", done="back_here")


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What a group asks us to take over, without the person."""
    ref = request.match_info["ref"]
    found = await request.config_dict[REFERRALS].waiting(actor)
    referral = next((each for each in found if each.id == ref), None)
    if referral is None:
        raise NotFound("no_such_referral", N_("This has been decided, or was taken back."))
    return await render(request, "referral.html", ReferralPage(referral=referral))


async def look(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The same with everything they wrote: a look that is written down."""
    referral = await request.config_dict[REFERRALS].look(actor, request.match_info["ref"])
    content = referral.content or {}
    page = ReferralPage(referral=referral, need=content.get("need"), person=content.get("person"))
    return await render(request, "referral.html", page)


async def accept(request: web.Request, actor: Actor) -> web.StreamResponse:
    """From now on it is ours."""
    need = await request.config_dict[REFERRALS].accept(actor, request.match_info["ref"])
    return go(f"/board/{need}", done="accepted")


async def decline(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Back to them; what came with it is gone here."""
    await request.config_dict[REFERRALS].decline(actor, request.match_info["ref"])
    return go("/board/neighbours", done="declined_theirs")


async def _refer_page(
    request: web.Request, actor: Actor, *, status: int = 200, problem: str = "", chosen: str = ""
) -> web.Response:
    page = ReferPage(
        need=await request.config_dict[BOARD].need(actor, NeedId(request.match_info["need"])),
        groups=await request.config_dict[REFERRALS].groups(actor),
        aloud=await consenting.read_aloud(request, REFERRED),
        allowed=await request.config_dict[OUT_OF_AREA].allowed(actor, NeedId(request.match_info["need"])),
        chosen=chosen,
        problem=problem,
    )
    return await render(request, "refer.html", page, status=status)
