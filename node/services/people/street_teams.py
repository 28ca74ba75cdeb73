"""Street teams and their patches: who belongs to one, what is wanted there, and the captain's list without a name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from node.domain.actors import Actor
from node.domain.assignment_lifecycle import FILLS_A_PLACE
from node.domain.ids import NeedId, PersonId, new_id
from node.domain.need import PRIVATE_CATEGORY, Need, NeedState, Urgency
from node.domain.need_lifecycle import WORKING
from node.domain.people.street_team import Finder, ListLine, Patch, StreetTeam, TeamView, made_ready, problems
from node.domain.permissions import Permission, require
from node.domain.person import PersonState
from node.errors import N_, Invalid, NotFound
from node.services.desk import Desk
from node.store import assignments, needs, persons, staff, street_teams, volunteers
from node.store.db import Tx
from node.store.street_teams import TeamRow
from node.vault import Compartment

_OPEN = (NeedState.NEW, *WORKING, NeedState.ON_HOLD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An open need, its line for a captain, and the address it is for, made ready to be looked for."""

    need: Need
    line: ListLine
    address: str

    def within(self, patch: Finder) -> bool:
        """Whether it is wanted there."""
        return patch.has(self.line.cell, self.address)

    @property
    def for_captains(self) -> bool:
        """Whether it may stand on a captain's list: sorted by somebody, and not of a kind that never leaves the desk.
        In a short street a "private" line and its day would be the thing itself."""
        return self.need.category != PRIVATE_CATEGORY and self.need.state is not NeedState.NEW

    @property
    def asker(self) -> PersonId | None:
        return self.need.person_id


class StreetTeams:
    """The verbs of the pages about teams. Names, streets and addresses are sealed: everything raises ``Locked``."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def names(self, actor: Actor) -> dict[str, str]:
        """Every team, id to name, by name; those that the actor leads first."""
        require(actor, Permission.READ_BOARD)
        self._desk.must_be_unlocked()
        async with self._desk.db.read() as tx:
            teams = [opened(self._desk, row) for row in await street_teams.all_of_them(tx)]
        teams.sort(key=lambda team: (team.captain_staff != actor.id, team.name.casefold(), team.id))
        return {team.id: team.name for team in teams}

    async def staff(self, actor: Actor) -> dict[str, str]:
        """Who works here and could lead a team, id to sign-in name."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            rows = [row for row in await staff.all_of(tx) if row.state == "active"]
        return {row.id: row.handle for row in sorted(rows, key=lambda row: row.handle.casefold())}

    async def all_of_them(self, actor: Actor) -> list[TeamView]:
        """Every team with its people, by name."""
        require(actor, Permission.READ_BOARD)
        self._desk.must_be_unlocked()
        async with self._desk.db.read() as tx:
            rows = await street_teams.all_of_them(tx)
            wanted = await wanted_anywhere(tx, self._desk) if rows else []
            views = [await self._view(tx, row, wanted) for row in rows]
        if views:
            await self._desk.look(actor, "look.list", "street_teams")
        return sorted(views, key=lambda view: (view.team.name.casefold(), view.team.id))

    async def one(self, actor: Actor, team_id: str) -> TeamView:
        """One team. Raises ``NotFound``."""
        require(actor, Permission.READ_BOARD)
        self._desk.must_be_unlocked()
        async with self._desk.db.read() as tx:
            return await self._view(tx, await self._row(tx, team_id), await wanted_anywhere(tx, self._desk))

    async def save(
        self,
        actor: Actor,
        team_id: str | None,
        *,
        name: str,
        patch: Patch,
        captain_person: PersonId | None = None,
        captain_staff: str | None = None,
        members: Sequence[PersonId] = (),
    ) -> str:
        """A new team (None), or one as it is from now on; returns its id.

        Raises ``Invalid`` (also for a captain or member who is no volunteer or no member of staff), ``NotFound``.
        """
        require(actor, Permission.MANAGE_VOLUNTEERS)
        self._desk.must_be_unlocked()
        found = problems(name, patch)
        if captain_person and captain_staff:
            found["captain"] = N_("One captain is enough.")
        if found:
            raise Invalid("street_team", N_("Some answers need another look."), fields=found)
        desk = self._desk
        async with desk.db.write() as tx:
            created = (await self._row(tx, team_id)).created_day if team_id else desk.today
            team_id = team_id or new_id(desk.random)
            captain_person = await desk.whole(tx, captain_person) if captain_person else None
            members = list(dict.fromkeys([await desk.whole(tx, each) for each in members]))
            await self._must_know(tx, captain_person, captain_staff, members)
            sealed = desk.vault.seal(
                Compartment.PEOPLE,
                "teams",
                team_id,
                {"name": name.strip(), "streets": list(patch.streets), "cells": list(patch.cells)},
            )
            row = TeamRow(
                id=team_id,
                captain_person=captain_person,
                captain_staff=captain_staff,
                created_day=created,
                sealed=sealed,
            )
            await street_teams.put(tx, row)
            await street_teams.set_members(tx, team_id, members)
            await desk.record(tx, actor, "street_team.saved", f"street_team:{team_id}", members=len(members))
        return team_id

    async def delete(self, actor: Actor, team_id: str) -> None:
        """The team is no more; its people stay. Raises ``NotFound``."""
        require(actor, Permission.MANAGE_VOLUNTEERS)
        async with self._desk.db.write() as tx:
            await self._row(tx, team_id)
            await street_teams.delete(tx, team_id)
            await self._desk.record(tx, actor, "street_team.deleted", f"street_team:{team_id}")

    async def needs_in(self, actor: Actor, team_id: str) -> frozenset[NeedId]:
        """The open needs in its patch. Raises ``NotFound``."""
        require(actor, Permission.READ_BOARD)
        self._desk.must_be_unlocked()
        async with self._desk.db.read() as tx:
            patch = Finder(opened(self._desk, await self._row(tx, team_id)).patch)
            return frozenset(
                each.need.id for each in await wanted_anywhere(tx, self._desk) if each.within(patch)
            )

    async def captains_list(self, actor: Actor, team_id: str) -> tuple[ListLine, ...]:
        """What is wanted in the patch, as codes and days, most urgent first: a list to print or to copy, with which
        nobody can be found who does not have the board beside it; nothing delicate, nothing unsorted. Raises
        ``NotFound``."""
        require(actor, Permission.READ_BOARD)
        self._desk.must_be_unlocked()
        async with self._desk.db.read() as tx:
            patch = Finder(opened(self._desk, await self._row(tx, team_id)).patch)
            lines = [
                each.line
                for each in await wanted_anywhere(tx, self._desk)
                if each.for_captains and each.within(patch)
            ]
        return in_order(lines)

    async def _view(self, tx: Tx, row: TeamRow, wanted: Sequence[Wanted]) -> TeamView:
        team = opened(self._desk, row)
        captain = ""
        if team.captain_staff:
            captain = (await self._desk.handles(tx)).get(team.captain_staff, "")
        elif team.captain_person:
            captain = await self._name(tx, team.captain_person)
        waiting, patch = 0, Finder(team.patch)
        for each in wanted:
            if each.within(patch):
                on_it = await assignments.of_need(tx, each.need.id)
                taken = sum(a.state in FILLS_A_PLACE and a.round == each.need.round for a in on_it)
                waiting += taken < each.need.helpers
        members = [(who, await self._name(tx, who)) for who in await street_teams.members(tx, row.id)]
        members.sort(key=lambda member: (member[1].casefold(), member[0]))
        return TeamView(team=team, captain=captain, members=tuple(members), waiting=waiting)

    async def _name(self, tx: Tx, person_id: PersonId) -> str:
        return self._desk.open_person(await self._desk.need_person(tx, person_id)).name

    async def _must_know(
        self, tx: Tx, captain: PersonId | None, captain_staff: str | None, members: Sequence[PersonId]
    ) -> None:
        for field, people in (("captain", [captain] if captain else []), ("members", members)):
            for person_id in people:
                held = await persons.get(tx, person_id)
                away = held is None or held.person.state is PersonState.BARRED
                if away or await volunteers.get(tx, person_id) is None:
                    text = N_("Please choose volunteers from the list.")
                    raise Invalid("street_team", text, fields={field: text})
        if captain_staff and captain_staff not in await staff.handles(tx):
            text = N_("Please choose one of these.")
            raise Invalid("street_team", text, fields={"captain": text})

    async def _row(self, tx: Tx, team_id: str) -> TeamRow:
        row = await street_teams.get(tx, team_id)
        if row is None:
            raise NotFound("no_street_team", N_("There is no such team."))
        return row


def opened(desk: Desk, row: TeamRow) -> StreetTeam:
    """The team with its sealed name and patch. Raises ``Locked``."""
    record = desk.vault.open(Compartment.PEOPLE, "teams", row.id, row.sealed)
    return StreetTeam(
        id=row.id,
        name=record["name"],
        patch=Patch(streets=tuple(record["streets"]), cells=tuple(record["cells"])),
        captain_person=row.captain_person,
        captain_staff=row.captain_staff,
    )


async def wanted_anywhere(tx: Tx, desk: Desk) -> list[Wanted]:
    """Every open need with the address it is for. Raises ``Locked``."""
    found = []
    homes: dict[str, str] = {}
    for row in await needs.in_states(tx, _OPEN):
        need, place = row.need, desk.open_need(row).place_text
        if not place and need.person_id:
            if need.person_id not in homes:
                held = await persons.get(tx, need.person_id)
                homes[need.person_id] = desk.open_person(held).address if held else ""
            place = homes[need.person_id]
        line = ListLine(
            reference=need.reference,
            category=need.category,
            urgency=need.urgency,
            due_day=need.due_day,
            state=need.state,
            cell=need.cell,
        )
        found.append(Wanted(need=need, line=line, address=made_ready(place)))
    return found


def in_order(lines: Iterable[ListLine]) -> tuple[ListLine, ...]:
    """The most urgent first."""
    order = list(Urgency)
    return tuple(sorted(lines, key=lambda line: (order.index(line.urgency), line.reference)))


async def teams_of(tx: Tx, desk: Desk, person_id: PersonId) -> dict[str, str]:
    """The teams that somebody belongs to or leads, id to name. Raises ``Locked``."""
    found = {}
    for team_id in await street_teams.of_person(tx, person_id):
        row = await street_teams.get(tx, team_id)
        if row is not None:
            found[team_id] = opened(desk, row).name
    return found
