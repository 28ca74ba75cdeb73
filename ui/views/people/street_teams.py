"""`/street-teams`: teams with a patch of their own; the captain's list; the board and the volunteers of one team."""

from typing import Any

from aiohttp import web

from node.appkeys import BOARD, PATCH_LINKS, PEOPLE, STREET_TEAMS
from node.domain.actors import Actor
from node.domain.board.views import QueueFilter, QueueRow
from node.domain.ids import NeedId, PersonId
from node.domain.people.street_team import Patch, TeamView, street_lines
from node.errors import Conflict, Invalid, Locked
from ui.contexts.board import PatchFilter
from ui.contexts.people import StreetTeamPage, StreetTeamsPage
from ui.forms.street_teams import StreetTeamForm
from ui.parts import places
from ui.web import address
from ui.web.site import LANGUAGE, go, render

STAFF, PERSON = "staff:", "person:"
"""Before the id of a captain, in the form."""
ALL_ROWS = 5_000


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Every team."""
    teams = await request.config_dict[STREET_TEAMS].all_of_them(actor)
    return await render(request, "street_teams.html", StreetTeamsPage(teams=teams))


async def form(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A new team, or one to be changed."""
    held = await _held(request, actor)
    return await _page(request, actor, held, await _form(request, actor, held))


async def save(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The team as it is from now on."""
    held = await _held(request, actor)
    filled = await _form(request, actor, held, await request.post())
    if not filled.validate():
        return await _page(request, actor, held, filled, status=422)
    captain = filled.captain.data
    try:
        await request.config_dict[STREET_TEAMS].save(
            actor,
            held.team.id if held else None,
            name=filled.name.data,
            patch=Patch(streets=street_lines(filled.streets.data), cells=tuple(filled.cells.data or ())),
            captain_person=PersonId(captain.removeprefix(PERSON)) if captain.startswith(PERSON) else None,
            captain_staff=captain.removeprefix(STAFF) if captain.startswith(STAFF) else None,
            members=tuple(PersonId(each) for each in filled.members.data or ()),
        )
    except Invalid as error:
        filled.blame(error.fields)
        return await _page(request, actor, held, filled, status=422)
    return go("/street-teams", done="saved")


async def remove(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The team is no more; its people stay."""
    await request.config_dict[STREET_TEAMS].delete(actor, request.match_info["team"])
    return go("/street-teams", done="saved")


async def link(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The captain's private link, shown this once; the one before stops working."""
    service, team = request.config_dict[STREET_TEAMS], request.match_info["team"]
    made, problem = "", ""
    try:
        token = await request.config_dict[PATCH_LINKS].link(actor, team)
        base = (await address.own(request)).base
        made = f"{base}/p/{token}"
    except Conflict as error:
        problem = request[LANGUAGE].explain(error)
    teams = await service.all_of_them(actor)
    captain = next((view.captain for view in teams if view.team.id == team), "")
    page = StreetTeamsPage(teams=teams, link=made, link_of=captain, problem=problem)
    return await render(request, "street_teams.html", page, status=409 if problem else 200)


async def captains_list(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What is wanted in the patch, to print or to copy: codes and days, no name and no street."""
    held = await _held(request, actor)
    lines = await request.config_dict[STREET_TEAMS].captains_list(actor, request.match_info["team"])
    areas = await places.areas(request, [line.cell for line in lines])
    page = StreetTeamPage(team=held, form=None, lines=lines, areas=areas)
    return await render(request, "street_team_list.html", page)


async def narrowed(
    request: web.Request, actor: Actor, rows: list[QueueRow], which: QueueFilter
) -> tuple[list[QueueRow], PatchFilter | None]:
    """The board's rows, of one patch only if the address names it; which patches there are to choose from."""
    patch = await _patch(request, actor)
    if patch is None or not patch.chosen:
        return rows, patch
    within = await request.config_dict[STREET_TEAMS].needs_in(actor, patch.chosen)
    everything = await request.config_dict[BOARD].queue(actor, which, limit=ALL_ROWS)
    return [row for row in everything if row.need_id in within], patch


async def there(request: web.Request, actor: Actor) -> frozenset[NeedId] | None:
    """The requests in the patch that the address names; None where it names none."""
    patch = await _patch(request, actor)
    if patch is None or not patch.chosen:
        return None
    return await request.config_dict[STREET_TEAMS].needs_in(actor, patch.chosen)


async def _patch(request: web.Request, actor: Actor) -> PatchFilter | None:
    try:
        teams = await request.config_dict[STREET_TEAMS].names(actor)
    except Locked:
        return None
    chosen = request.query.get("team", "")
    return PatchFilter(teams=teams, chosen=chosen if chosen in teams else "") if teams else None


async def _held(request: web.Request, actor: Actor) -> TeamView | None:
    team = request.match_info.get("team")
    return await request.config_dict[STREET_TEAMS].one(actor, team) if team else None


async def _form(
    request: web.Request, actor: Actor, held: TeamView | None, data: Any = None
) -> StreetTeamForm:
    if held is None:
        filled = StreetTeamForm(data)
    else:
        team = held.team
        captain = f"{STAFF}{team.captain_staff}" if team.captain_staff else ""
        captain = f"{PERSON}{team.captain_person}" if team.captain_person else captain
        filled = StreetTeamForm(
            data,
            name=team.name,
            captain=captain,
            streets="\n".join(team.patch.streets),
            cells=team.patch.cells,
            members=[person for person, _ in held.members],
        )
    people = await request.config_dict[PEOPLE].list_volunteers(actor)
    helping = [(row.person_id, row.name) for row in people if row.volunteer.state != "left"]
    staff = await request.config_dict[STREET_TEAMS].staff(actor)
    filled.captain.choices = [
        ("", "–"),
        *((f"{STAFF}{each}", handle) for each, handle in staff.items()),
        *((f"{PERSON}{person}", name) for person, name in helping),
    ]
    filled.members.choices = [(str(person), name) for person, name in helping]
    cells = dict.fromkeys(held.team.patch.cells if held else ())
    rows = await request.config_dict[BOARD].queue(actor, QueueFilter.ALL_OPEN, limit=ALL_ROWS)
    cells |= dict.fromkeys(sorted({row.cell for row in rows if row.cell}))
    areas = await places.areas(request, list(cells))
    filled.cells.choices = [(cell, areas.get(cell) or places.around(request, cell)) for cell in cells]
    return filled


async def _page(
    request: web.Request, actor: Actor, held: TeamView | None, form: StreetTeamForm, *, status: int = 200
) -> web.Response:
    return await render(request, "street_team.html", StreetTeamPage(team=held, form=form), status=status)
