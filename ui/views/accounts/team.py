"""`/team`: who works here, what they do, and which records they may read."""

from aiohttp import web

from node.appkeys import ACCESS, TEAM
from node.domain.accounts.leaving import Losing
from node.domain.actors import Actor, Role
from node.domain.permissions import Permission, may
from node.errors import N_, Conflict, Invalid, MutualAidError, NotAllowed
from node.services.accounts.team import Member, Records
from ui.contexts.common import MemberRow, TeamPage
from ui.forms.team import MemberForm, OwnPasswordForm, PasswordForm
from ui.web.site import go, render, say
from ui.words import words

PROBLEMS = (Invalid, Conflict)
"""What is said on the page itself, with everything typed still there."""


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Everybody who signs in here."""
    return await _page(request, actor)


async def add(request: web.Request, actor: Actor) -> web.StreamResponse:
    """One more, with a first password."""
    own = await _own(request, actor)
    form = MemberForm(await request.post())
    form.offer(own)
    if not form.validate():
        return await _page(request, actor, form=form, status=422)
    try:
        await request.config_dict[TEAM].add_staff(
            actor,
            form.handle.data,
            form.password.data,
            [Role(code) for code in form.roles.data],
            [each for code, each in own.items() if code in form.holds.data],
        )
    except PROBLEMS as error:
        form.blame(error.fields if isinstance(error, Invalid) else {})
        return await _page(
            request, actor, form=form, status=error.status, error=None if form.errors else error
        )
    return go("/team", done="member_added")


async def records(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Lets somebody read records that one may read oneself."""
    own, wanted = await _own(request, actor), str((await request.post()).get("records", ""))
    if wanted not in own:
        raise NotAllowed(
            "not_a_holder", N_("Only somebody who may read these records can let another person read them.")
        )
    try:
        await request.config_dict[TEAM].grant(actor, _id(request), own[wanted])
    except PROBLEMS as error:
        return await _page(request, actor, error=error)
    return go("/team", done="records")


async def suspend(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Signs somebody out everywhere and takes their keys away."""
    try:
        await request.config_dict[TEAM].suspend(actor, _id(request))
    except PROBLEMS as error:
        return await _page(request, actor, error=error)
    return go("/team", done="suspended")


async def back(request: web.Request, actor: Actor) -> web.StreamResponse:
    """They may sign in again; what they may read is given anew."""
    await request.config_dict[TEAM].take_up_again(actor, _id(request))
    return go("/team", done="taken_up")


async def password(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A new first password for somebody who forgot theirs."""
    form = PasswordForm(await request.post())
    if not form.validate():
        return await _page(request, actor, error=_wrong(form))
    if _id(request) == actor.id:
        return await _page(
            request, actor, error=Conflict("yourself", N_("Use “Change my password” for your own."))
        )
    try:
        await request.config_dict[TEAM].reset_password(
            actor, _id(request), form.password.data, anyway=bool(form.anyway.data)
        )
    except PROBLEMS as error:
        return await _page(request, actor, error=error)
    return go("/team", done="password")


async def own_password(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A new one for oneself; every other browser is signed out."""
    form = OwnPasswordForm(await request.post())
    if not form.validate():
        return await _page(request, actor, error=_wrong(form))
    try:
        await request.config_dict[ACCESS].change_password(actor, form.old.data, form.new.data)
    except (*PROBLEMS, NotAllowed) as error:
        return await _page(request, actor, error=error)
    return go("/team", done="own_password")


def _id(request: web.Request) -> str:
    return request.match_info["member"]


def _wrong(form: PasswordForm | OwnPasswordForm) -> Invalid:
    return Invalid("form", next(each[0] for each in form.errors.values()))


async def _own(request: web.Request, actor: Actor) -> dict[str, Records]:
    members = await request.config_dict[TEAM].members(actor)
    return {str(each): each for member in members if member.id == actor.id for each in member.holds}


async def _page(
    request: web.Request,
    actor: Actor,
    *,
    form: MemberForm | None = None,
    status: int = 200,
    error: MutualAidError | None = None,
) -> web.Response:
    own = await _own(request, actor)
    if form is None and may(actor, Permission.STAFF):
        form = MemberForm(holds=["people"])
        form.offer(own)
    team = request.config_dict[TEAM]
    losing = await team.losing(actor) if may(actor, Permission.STAFF) else {}
    rows = [_row(member, actor, own, losing.get(member.id)) for member in await team.members(actor)]
    problem = ""
    if error is not None:
        fields = error.fields if isinstance(error, Invalid) else {}
        problem = say(request, next(iter(fields.values()), error.message), **error.values)
    page = TeamPage(rows=rows, form=form, problem=problem)
    return await render(request, "team.html", page, status=error.status if error else status)


def _row(member: Member, reader: Actor, own: dict[str, Records], losing: Losing | None) -> MemberRow:
    missing = [code for code in words.RECORDS if code in own and own[code] not in member.holds]
    return MemberRow(
        id=member.id,
        handle=member.handle,
        roles=[str(role) for role in Role if role in member.roles],
        holds=[code for code in words.RECORDS if code in {str(each) for each in member.holds}],
        suspended=member.suspended,
        is_reader=member.id == reader.id,
        losing=losing,
        may_get=() if member.suspended else [(code, words.RECORDS[code]) for code in missing],
    )
