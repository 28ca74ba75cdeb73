"""`/board`: the queue on the left, one request on the right, and everything that can be done to it."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from node.appkeys import BOARD, CLOCK, DISPATCH, JOINING, MATCHING, MERGING, PEOPLE, RECOVERY, TEAM
from node.clock import unix
from node.domain.actors import Actor
from node.domain.board.views import NeedView, QueueFilter
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.matching.matching import OVERRULED_WITH_A_REASON
from node.domain.need import CloseReason
from node.domain.permissions import Permission, may
from node.domain.person import ContactBy
from node.domain.sharing.epochs import Stop
from node.errors import N_, Conflict, Invalid, Locked, NotFound
from ui.contexts.common import BoardPage, Notice
from ui.forms.board import CloseForm, HoldForm
from ui.forms.follow_up import CallerForm
from ui.parts import desk, may_they_see, offers, others, own_questions, repeating, who_rang
from ui.views.accounts import devices
from ui.views.board import asking, household, listing, outbox, waves
from ui.views.gifts import gifts
from ui.views.intake import drafts
from ui.views.public import help_nearby
from ui.views.rights import removals
from ui.views.rounds import receipts, runs
from ui.views.settings import checks, public
from ui.views.sheets import importing
from ui.web import address
from ui.web.site import LANGUAGE, catalogue_of, go, render, say
from ui.words.reasons import in_words

IN_MIND = web.RequestKey("in_mind", str)
"""Of a request: whom the page shows as the one in mind, after a button of hers needs another look."""
ASKABLE = {"fits": "yes", **dict.fromkeys(OVERRULED_WITH_A_REASON, "why")}
"""What speaks against somebody -> whether she may be asked all the same: ``why`` with a reason."""


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The queue, and the request named in the address. Whatever changes a list in place is given the lists alone."""
    if "need" in request.match_info:
        return await looked(request, actor)
    alone = listing.is_asked_for(request)
    response = await (listing.alone(request, actor) if alone else _page(request, actor, None))
    response.headers["Vary"] += ", HX-Request"
    return response


async def name(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The same with name, phone and address: a look that is written down."""
    return await looked(request, actor, reveal=True)


async def looked(
    request: web.Request,
    actor: Actor,
    *,
    reveal: bool = False,
    status: int = 200,
    rang: CallerForm | None = None,
) -> web.StreamResponse:
    """The request and what stands beside it, of one view: what both need is read and opened once. ``rang``: what was
    typed of whoever rang, if it did not fit."""
    async with request.config_dict[BOARD].one_view():
        view = await _need(request, actor, reveal=reveal)
        return await _page(request, actor, view, status=status, rang_form=rang)


async def ask(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Asks one volunteer; the page then shows the private link for them."""
    return await _begin(request, actor, request.config_dict[DISPATCH].propose)


async def said_yes(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A volunteer rang and would do it: the answer is in, our yes is not."""
    return await _begin(request, actor, request.config_dict[DISPATCH].offered)


async def _begin(
    request: web.Request, actor: Actor, begin: Callable[..., Awaitable[AssignmentId]]
) -> web.StreamResponse:
    """What all three have in common: a reason where something speaks against her, and what is sent to her."""
    need, data = _need_id(request), await request.post()
    person, why = await _person(request), str(data.get("why", "")).strip()[:200]
    against = (await request.config_dict[MATCHING].why_not(actor, need, person)).code
    if against in OVERRULED_WITH_A_REASON and not why:
        request[IN_MIND] = person
        return await wrong(
            request, actor, say(request, N_("Something speaks against it. Say why all the same."))
        )
    try:
        task = await begin(actor, need, person, why)
    except Conflict as error:
        return await _refused(request, actor, error)
    return await _asked(request, actor, task)


async def assign(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Asked and confirmed in one step: the volunteer is on the other line."""
    return await _begin(request, actor, request.config_dict[DISPATCH].assign)


async def confirm(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The coordinator's yes. Of two at the same moment one wins; the other reads who, and who else could go."""
    try:
        await request.config_dict[DISPATCH].approve(actor, await _task_id(request, actor))
    except Conflict as error:
        return await _refused(request, actor, error)
    return _back(request, "confirmed")


async def link(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A new private link; the one before stops working."""
    return await _with_link(request, actor, await _task_id(request, actor))


async def step(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What a volunteer said over the phone, or what we take back."""
    dispatch, task = request.config_dict[DISPATCH], await _task_id(request, actor)
    moves = {
        "contacted": (dispatch.contacted, "contacted"),
        "heard": (dispatch.heard, "heard"),
        "done": (dispatch.report_done, "finished"),
        "decline": (dispatch.decline, "declined"),
        "release": (dispatch.release, "declined"),
        "withdraw": (dispatch.withdraw, "withdrawn"),
    }
    move, said = moves[request.match_info["step"]]
    await move(actor, task)
    return _back(request, said)


async def open_it(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Volunteers may be asked from now on."""
    await request.config_dict[DISPATCH].open(actor, _need_id(request))
    return _back(request, "opened")


async def told(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The person was told who comes, and when: by phone, or as she likes it."""
    how = str((await request.post()).get("how", ""))
    await request.config_dict[DISPATCH].told_by_phone(
        actor, _need_id(request), how=ContactBy(how) if how in set(ContactBy) else ContactBy.PHONE
    )
    return _back(request, "told")


async def keep(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Keeps the request in our group, or lets others see it again if its owner agreed."""
    here = (await request.post()).get("keep") != "no"
    await request.config_dict[DISPATCH].keep_here(actor, _need_id(request), here)
    return _back(request, "kept" if here else "let_go")


async def reopen(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A closed request opens again."""
    await request.config_dict[DISPATCH].reopen(actor, _need_id(request))
    return _back(request, "reopened")


async def hold(request: web.Request, actor: Actor) -> web.StreamResponse:
    """On hold, always with a day."""
    form = HoldForm(await request.post())
    if not form.validate() or form.until.data is None:
        return await wrong(request, actor, say(request, N_("Say on which day it should come back.")))
    try:
        await request.config_dict[DISPATCH].hold(actor, _need_id(request), form.until.data, form.why.data)
    except Invalid as error:
        return await wrong(request, actor, _first(request, error))
    return _back(request, "held")


async def close(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Closed, always with a reason."""
    form = CloseForm(await request.post())
    if not form.validate():
        return await wrong(request, actor, say(request, N_("Say how it ended.")))
    note = form.note.data
    if form.reason.data == CloseReason.SIGNPOSTED:
        note = await help_nearby.signposted(request, form.signpost.data, note)
    double = NeedId(form.duplicate_of.data) if form.duplicate_of.data else None
    reason = CloseReason(form.reason.data)
    if reason is CloseReason.DUPLICATE and form.reference.data:
        double = await request.config_dict[BOARD].by_reference(actor, form.reference.data)
        if double is None:
            return await wrong(request, actor, say(request, N_("There is no request with that number.")))
    try:
        await request.config_dict[DISPATCH].close(
            actor,
            _need_id(request),
            reason,
            note,
            double if reason is CloseReason.DUPLICATE else None,
        )
    except Invalid as error:
        return await wrong(request, actor, _first(request, error))
    return _back(request, "closed")


async def laid_out(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Money that somebody laid out, written down by us; what is not right yet stands there with what was typed."""
    try:
        return await receipts.claim(request, actor)
    except Invalid as error:
        return await wrong(request, actor, _first(request, error))


def _need_id(request: web.Request) -> NeedId:
    return NeedId(request.match_info["need"])


async def _task_id(request: web.Request, actor: Actor) -> AssignmentId:
    """The task in the address, if it is one of the request's before it."""
    task = AssignmentId(request.match_info["task"])
    if task not in await request.config_dict[BOARD].tasks(actor, _need_id(request)):
        raise NotFound("no_such_task", N_("There is no such task."))
    return task


async def _person(request: web.Request) -> PersonId:
    return PersonId(str((await request.post()).get("person", "")))


def _back(request: web.Request, said: str) -> web.Response:
    return go(f"/board/{_need_id(request)}", show=listing.chosen(request), done=said)


def _notice(request: web.Request, code: str, text: str) -> Notice:
    if code == "cards_unconfirmed":
        return Notice(words=text, link="/cards", link_words=say(request, N_("Check them now")))
    if code == "one_holder":
        return Notice(words=text, link="/team", link_words=say(request, N_("Let a second person")))
    if code in {*Stop, "closed_since", "lost"}:
        return Notice(words=text, link="/recovery", link_words=say(request, N_("Look at it")))
    return Notice(words=text)


async def _at_the_door(request: web.Request, actor: Actor) -> list[Notice]:
    """Groups that used an invitation of ours and wait: whoever decides sits at the board, not at the list of groups."""
    if not may(actor, Permission.PEERS):
        return []
    return [
        Notice(
            words=say(request, N_("%(name)s would like to be neighbours"), name=each.name),
            link=f"/peers/{each.origin}/welcome",
            link_words=say(request, N_("See who they are")),
        )
        for each in await request.config_dict[JOINING].asked(actor)
    ]


def _first(request: web.Request, error: Invalid) -> str:
    return say(request, next(iter(error.fields.values()), error.message), **error.values)


async def _need(request: web.Request, actor: Actor, *, reveal: bool = False) -> NeedView:
    return await request.config_dict[BOARD].need(actor, _need_id(request), reveal=reveal)


async def _with_link(request: web.Request, actor: Actor, task: AssignmentId) -> web.StreamResponse:
    token = await request.config_dict[DISPATCH].task_link(actor, task)
    view = await _need(request, actor)
    base = (await address.own(request)).base
    of = next((each for each in view.assignments if each.id == task), None)
    helper = of.name if of else ""
    link = f"{base}/t/{token}"
    confirmed = of is not None and of.state in asking.COMES
    message = await asking.message(request, view, helper, link, confirmed=confirmed)
    return await _page(request, actor, view, link=link, link_for=helper, message=message)


async def _asked(request: web.Request, actor: Actor, task: AssignmentId) -> web.StreamResponse:
    """What to send to whoever was asked: a private link, or to an organisation a message without one."""
    if not await asking.takes_a_message(request, actor, await _person(request)):
        return await _with_link(request, actor, task)
    view = await _need(request, actor)
    helper = next((each.name for each in view.assignments if each.id == task), "")
    text = await asking.message(request, view, helper)
    return await _page(request, actor, view, link_for=helper, message=text)


async def _refused(request: web.Request, actor: Actor, error: Conflict) -> web.StreamResponse:
    text = request[LANGUAGE].explain(error)
    view = await _need(request, actor)
    if error.code != "already_taken":
        if error.code == "gate":
            text = await _why_not(request, actor, view) or text
        title = say(request, N_("That did not go through"))
        return await _page(request, actor, view, status=409, taken_by=text, taken_title=title)
    waiting = await request.config_dict[BOARD].queue(actor, QueueFilter.UNASSIGNED)
    return await _page(
        request,
        actor,
        view,
        status=409,
        taken_by=text,
        taken_title=say(request, N_("Already taken")),
        still_open=[row for row in waiting if row.need_id != view.need.id][:3],
    )


async def _why_not(request: web.Request, actor: Actor, view: NeedView) -> str:
    task = request.match_info.get("task")
    person = await _person(request) or next(
        (each.person_id for each in view.assignments if each.id == task), ""
    )
    reason = await request.config_dict[MATCHING].why_not(actor, view.need.id, PersonId(person))
    return in_words(reason, request[LANGUAGE], catalogue_of(request))


async def wrong(request: web.Request, actor: Actor, text: str) -> web.StreamResponse:
    """The request's page again, with what is not right yet."""
    view = await _need(request, actor)
    title = say(request, N_("Something is not right yet"))
    return await _page(request, actor, view, status=422, taken_by=text, taken_title=title)


async def _page(
    request: web.Request, actor: Actor, view: NeedView | None, *, status: int = 200, **more: Any
) -> web.Response:
    async with request.config_dict[BOARD].one_view():
        page = await _drawn(request, actor, view, **more)
        # What is to be sent to somebody is shown this once.
        back = "" if page.link or page.message else request.path.removesuffix("/name").removesuffix("/caller")
        return await render(request, "board.html", page, status=status, back=back)


async def _drawn(
    request: web.Request,
    actor: Actor,
    view: NeedView | None,
    *,
    rang_form: CallerForm | None = None,
    **more: Any,
) -> BoardPage:
    listed = await listing.beside(request, actor, *([view.need.cell] if view else []))
    return BoardPage(
        keys=devices.keys_on(request),
        looking=listing.looking(request, actor, view.need.id) if view else (),
        alone=await asking.alone(request, actor, view),
        misfits=await asking.misfits(request, actor, view),
        tell=await asking.told(request, view),
        runs=await runs.beside(request, actor, view.need.id) if view else None,
        spent=await receipts.beside(request, actor, view.need.id) if view else None,
        household=await household.line(request, actor, view) if view else None,
        repeats=await repeating.of_need(request, actor, view.need.id) if view else None,
        again=await repeating.may_follow(request, actor, view.need.id) if view else None,
        asking=await waves.of_need(request, actor, view.need.id) if view else None,
        notices=[
            _notice(request, each.code, say(request, each.message, **each.values))
            for each in (
                *await request.config_dict[RECOVERY].notices(),
                *await request.config_dict[TEAM].notices(),
            )
        ]
        + await _at_the_door(request, actor)
        + list(await public.notices(request, actor))
        + list(await removals.notices(request, actor))
        + await waves.notices(request, actor)
        + await drafts.notices(request, actor)
        + list(await importing.notices(request, actor))
        + await gifts.notices(request, actor)
        + list(await outbox.notices(request, actor)),
        need=view,
        answers=await own_questions.told(request, view.details.answers) if view and view.details else (),
        signposts=await help_nearby.signposts(request, view),
        gifts=await gifts.good_for(request, actor, view),
        others=await others.see(request, view.need.id) if view else None,
        doubles=await request.config_dict[BOARD].also_open(actor, view.need.id) if view else (),
        twice=await _twice(request, actor, view),
        now=unix(request.config_dict[CLOCK]),
        todo=await checks.todo(request, actor),
        may_they_see=await may_they_see.question(request, actor, view),
        **listed,
        **(await who_rang.beside(request, actor, view, rang_form)),
        **(await offers.beside(request, actor, view)),
        **(await desk.beside(request, actor, view, listing.chosen(request))),
        **(await _who_could_go(request, actor, view) if view else {}),
        **more,
    )


async def _twice(request: web.Request, actor: Actor, view: NeedView | None) -> bool:
    if view is None or not may(actor, Permission.READ_PERSON):
        return False
    return await request.config_dict[MERGING].of_request(actor, view.need.id)


async def _who_could_go(request: web.Request, actor: Actor, view: NeedView) -> dict[str, Any]:
    if (
        view.locked
        or view.need.state not in ("new", "open", "offered")
        or not may(actor, Permission.DISPATCH)
    ):
        return {}
    matching = request.config_dict[MATCHING]
    try:
        found = await matching.candidates(actor, view.need.id)
        others = await request.config_dict[PEOPLE].list_volunteers(actor)
        in_mind, why_not = request.get(IN_MIND) or request.query.get("in_mind", ""), ""
        may_ask = who = ""
        if in_mind:
            reason = await matching.why_not(actor, view.need.id, PersonId(in_mind))
            who = next((row.name for row in others if row.person_id == in_mind), "")
            why_not = f"{who}: {in_words(reason, request[LANGUAGE], catalogue_of(request))}"
            may_ask = ASKABLE.get(reason.code, "")
    except Locked:
        return {}
    return {
        "candidates": found,
        "in_mind": others,
        "in_mind_id": in_mind,
        "in_mind_name": who,
        "why_not": why_not,
        "may_ask": may_ask,
    }
