"""`/board/<request>/task/<task>/handover`: the words read to the person before a neighbouring group gets details."""

from aiohttp import web

from node.appkeys import BOARD, EXCHANGE, PEER_OFFERS
from node.domain.actors import Actor
from node.domain.board.views import AssignmentView, NeedView
from node.domain.ids import AssignmentId, NeedId
from node.errors import N_, Conflict, NotFound
from node.services.settings.texts import HANDED_OVER
from ui.contexts.away import HandoverPage
from ui.parts import consenting
from ui.parts.offers import in_words
from ui.web.site import LANGUAGE, go, render, say


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The words to read aloud, what would go, and the two answers."""
    return await _page(request, actor)


async def submit(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Her answer is written down first, whichever it is; a yes then confirms and hands over."""
    need, task = await _task(request, actor)
    form = await request.post()
    answer, rang = str(form.get("answer", "")), str(form.get("rang", "")).strip()[:400]
    if answer not in ("yes", "no"):
        words = say(request, N_("Read the words first, and note what they said."))
        return await _page(request, actor, status=422, problem=words, rang=rang)
    offers = request.config_dict[PEER_OFFERS]
    wording = await consenting.version_read(request, form, HANDED_OVER)
    await offers.consent(actor, need.need.id, task.id, answer == "yes", wording=wording)
    if answer == "no":
        return go(f"/board/{need.need.id}", done="not_handed_over")
    try:
        await offers.confirm(actor, need.need.id, task.id, rang)
    except Conflict as error:
        return await _page(request, actor, status=409, problem=request[LANGUAGE].explain(error), rang=rang)
    return go(f"/board/{need.need.id}", done="handed_over")


async def how(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Asks the group whose volunteer that is how it stands."""
    need, task = await _task(request, actor)
    await request.config_dict[EXCHANGE].ask_of_need(actor, need.need.id, task.id)
    return go(f"/board/{need.need.id}", done="asked_how")


async def _task(request: web.Request, actor: Actor) -> tuple[NeedView, AssignmentView]:
    board, wanted = request.config_dict[BOARD], AssignmentId(request.match_info["task"])
    need_id = NeedId(request.match_info["need"])
    if wanted in await board.tasks(actor, need_id):
        need = await board.need(actor, need_id)
        for task in need.assignments:
            if task.id == wanted and task.offer is not None:
                return need, task
    raise NotFound("no_such_task", N_("There is no such task."))


async def _page(
    request: web.Request, actor: Actor, *, status: int = 200, problem: str = "", rang: str = ""
) -> web.Response:
    need, task = await _task(request, actor)
    assert task.offer is not None
    page = HandoverPage(
        need=need,
        aloud=await consenting.read_aloud(request, HANDED_OVER, group=task.offer.group),
        task=task,
        told=in_words(request, task.offer),
        problem=problem,
        rang=rang,
    )
    return await render(request, "handover.html", page, status=status)
