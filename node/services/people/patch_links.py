"""A street captain who does not work at the desk sees her patch by a private link: codes and days, nobody's name.

As with a task's link: it is shown once, opening it changes nothing, it opens on the one device that it was opened on
first, and each look is recorded. What stands there is what anybody may see of a request (``domain.levels``, "map"):
for more she is asked, like every volunteer, and gets the link of that task.
"""

from dataclasses import dataclass
from enum import StrEnum

from node.domain.actors import Actor, volunteer_actor
from node.domain.ids import PersonId
from node.domain.people.street_team import Finder, ListLine
from node.domain.permissions import Permission, require
from node.domain.person import PersonState
from node.domain.volunteer import VolunteerState
from node.errors import N_, Conflict, NotFound
from node.services import links
from node.services.desk import Desk
from node.services.matching.apart import circle, kept_from
from node.services.matching.roster import Roster
from node.services.people.street_teams import in_order, opened, wanted_anywhere
from node.store import merges, persons, street_teams, volunteers
from node.store.db import Tx
from node.store.street_teams import LinkRow

LIVE_DAYS = 90
"""How long a link stays open; then the group looks whether she is still the captain."""
LINK_ELSEWHERE = N_("This link was opened on another device. Use that one, or ask us for a new link.")


class Stage(StrEnum):
    """What the page shows."""

    OPEN_HERE = "open_here"
    HERE = "here"
    OTHER_DEVICE = "other_device"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchView:
    """`/p/<token>`. ``name`` and ``lines`` are empty until it is opened here, and while ``locked``."""

    stage: Stage
    locked: bool
    name: str = ""
    lines: tuple[ListLine, ...] = ()


class PatchLinks:
    """Every verb but ``link`` raises ``NotFound("link_closed")`` for a link that is unknown, replaced, run out, or of
    somebody who leads that team no more."""

    def __init__(self, desk: Desk, roster: Roster) -> None:
        self._desk = desk
        self._roster = roster

    async def link(self, actor: Actor, team_id: str) -> str:
        """A fresh token for ``/p/<token>``; the one before stops working. Raises ``NotFound``, ``Conflict``
        (``no_captain``) where no volunteer leads the team."""
        require(actor, Permission.MANAGE_VOLUNTEERS)
        desk, token = self._desk, links.new_token(self._desk.random)
        async with desk.db.write() as tx:
            row = await street_teams.get(tx, team_id)
            if row is None:
                raise NotFound("no_street_team", N_("There is no such team."))
            if row.captain_person is None or not await self._leads(tx, row.captain_person):
                raise Conflict("no_captain", N_("No volunteer leads this team. Choose a captain first."))
            until = desk.now + LIVE_DAYS * links.DAY
            await street_teams.set_link(tx, team_id, links.patch_hash(token), until)
            await desk.record(tx, actor, "street_team.link", f"street_team:{team_id}")
        return token

    async def view(self, token: str, device: str | None) -> PatchView:
        """Her patch as it stands; changes nothing. What is wanted by herself or by somebody she must not meet, what
        is delicate and what nobody has sorted yet: none of it is there, and nothing tells that it is missing."""
        desk = self._desk
        if desk.unlocked:
            await self._roster.ready()
        async with desk.db.read() as tx:
            row = await self._row(tx, token)
            stage = _stage(row, device)
            if stage is not Stage.HERE or not desk.unlocked:
                return PatchView(stage=stage, locked=not desk.unlocked)
            found = await self._patch(tx, row.team_id, row.captain)
        await desk.look(volunteer_actor(row.captain), "look.patch", f"street_team:{row.team_id}")
        return found

    async def as_captain(self, actor: Actor, team_id: str) -> PatchView:
        """The same list as its captain reads it; for the desk, which notes the look (``SeeAs.lend``).

        Raises ``Locked``, ``NotFound``, ``Conflict`` (``no_captain``), ``NotAllowed``."""
        require(actor, Permission.READ_PERSON)
        self._desk.must_be_unlocked()
        await self._roster.ready()
        async with self._desk.db.read() as tx:
            row = await street_teams.get(tx, team_id)
            if row is None:
                raise NotFound("no_street_team", N_("There is no such team."))
            if row.captain_person is None:
                raise Conflict("no_captain", N_("No volunteer leads this team. Choose a captain first."))
            return await self._patch(tx, team_id, row.captain_person)

    async def _patch(self, tx: Tx, team_id: str, captain: PersonId) -> PatchView:
        desk, held = self._desk, await street_teams.get(tx, team_id)
        assert held is not None
        team = opened(desk, held)
        patch = Finder(team.patch)
        lines = [
            each.line
            for each in await wanted_anywhere(tx, desk)
            if each.for_captains and each.within(patch) and not await self._kept_from(tx, captain, each.asker)
        ]
        return PatchView(stage=Stage.HERE, locked=False, name=team.name, lines=in_order(lines))

    async def open_here(self, token: str, device: str) -> None:
        """Ties it to this device. Raises ``Conflict("other_device")``."""
        async with self._desk.db.write() as tx:
            row = await self._row(tx, token)
            bound = links.tie(row.device_hash, device, LINK_ELSEWHERE)
            if bound is not None:
                await street_teams.tie(tx, row.team_id, bound)
                actor = volunteer_actor(row.captain)
                await self._desk.record(tx, actor, "street_team.device", f"street_team:{row.team_id}")

    async def _row(self, tx: Tx, token: str) -> LinkRow:
        row = await street_teams.with_link(tx, links.patch_hash(token)) if token else None
        if row is None or row.expires <= self._desk.now or not await self._leads(tx, row.captain):
            raise links.closed_link()
        return row

    async def _leads(self, tx: Tx, person_id: PersonId) -> bool:
        """Whether she helps here still: somebody kept away or stopped for now sees nothing."""
        held, volunteer = await persons.get(tx, person_id), await volunteers.get(tx, person_id)
        return (
            held is not None
            and held.person.state is PersonState.ACTIVE
            and volunteer is not None
            and volunteer.state in (VolunteerState.ACTIVE, VolunteerState.PAUSED)
            and person_id not in await merges.unseen(tx)
        )

    async def _kept_from(self, tx: Tx, captain: PersonId, asker: PersonId | None) -> bool:
        if asker is None:
            return False
        living = await circle(tx, asker)
        return captain in living or not living.isdisjoint(await kept_from(tx, self._roster, captain))


def _stage(row: LinkRow, device: str | None) -> Stage:
    if row.device_hash is None:
        return Stage.OPEN_HERE
    return Stage.HERE if links.is_here(row.device_hash, device) else Stage.OTHER_DEVICE
