"""The list of other help around: anybody reads it, coordinators keep it true."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from node.domain.actors import Actor
from node.domain.ids import new_id
from node.domain.permissions import Permission, require
from node.domain.settings import hsds, opening
from node.domain.settings.opening import Standing
from node.domain.settings.resources import Resource, checked
from node.errors import N_, NotFound
from node.services.desk import Desk
from node.services.settings.kinds import Kinds
from node.store import resources, settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a file brought: new places, changed ones, and each row that was left out with its reason (a msgid)."""

    added: int
    changed: int
    refused: Sequence[tuple[int, str]]
    places: Sequence[Resource]
    """The new and the changed ones."""

    @property
    def unreached(self) -> int:
        """How many of them came in with neither a telephone nor hours: nothing to ring, no time to go there."""
        return sum(not (each.phone or each.hours or each.week) for each in self.places)


class Resources:
    """Nothing of a person is in it, so it works locked."""

    def __init__(self, desk: Desk, kinds: Kinds) -> None:
        self._desk = desk
        self._kinds = kinds

    async def all(self) -> list[Resource]:
        """By name."""
        async with self._desk.db.read() as tx:
            return list(await resources.all_of(tx))

    async def standing(self) -> list[tuple[Resource, Standing | None]]:
        """All by name, each with how it stands now; None where its hours are only words."""
        async with self._desk.db.read() as tx:
            holidays = await settings.holidays(tx)
            places = await resources.all_of(tx)
        zone, now = self._desk.zone, self._desk.now
        return [(each, opening.standing(each.week, holidays, zone, now)) for each in places]

    async def one(self, id: str) -> Resource:
        """Raises ``NotFound``."""
        for each in await self.all():
            if each.id == id:
                return each
        raise NotFound("no_place", N_("That place is not on the list."))

    async def save(self, actor: Actor, place: Resource) -> Resource:
        """Adds it (an empty id) or changes it. Raises ``Invalid`` with the fields, ``NotFound``."""
        require(actor, Permission.DISPATCH)
        if await self.check(place) is None:
            place = replace(place, id=new_id(self._desk.random))
        async with self._desk.db.write() as tx:
            await resources.put(tx, place)
            await self._desk.record(tx, actor, "place.save", f"place:{place.id}")
        return place

    async def check(self, place: Resource) -> Resource | None:
        """The one that it would change, None if it would be new. Raises as ``save``."""
        checked(place, self._desk.catalogue)
        return await self.one(place.id) if place.id else None

    async def remove(self, actor: Actor, id: str) -> None:
        """Takes it off the list. Raises ``NotFound``."""
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            if not await resources.take_out(tx, id):
                raise NotFound("no_place", N_("That place is not on the list."))
            await self._desk.record(tx, actor, "place.remove", f"place:{id}")

    async def bring(self, actor: Actor, content: bytes) -> Brought:
        """Places of an HSDS file; the same file again changes nothing twice. Raises ``Invalid``."""
        found = await self.look(content)
        await self.keep(actor, found.places)
        return found

    async def look(self, content: bytes) -> Brought:
        """What that file would bring. Raises ``Invalid``."""
        read = hsds.read(content, self._kinds.ours, self._desk.today)
        held = {each.id: each for each in await self.all()}
        new = [each for each in read.found if each.id not in held]
        changed = [each for each in read.found if each.id in held and each != held[each.id]]
        return Brought(added=len(new), changed=len(changed), refused=read.refused, places=(*new, *changed))

    async def keep(self, actor: Actor, places: Sequence[Resource]) -> None:
        """Writes places of a file, new or changed."""
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            held = {each.id for each in await resources.all_of(tx)}
            added = sum(each.id not in held for each in places)
            for place in places:
                await resources.put(tx, place)
            await self._desk.record(
                tx, actor, "place.bring", "places", added=added, changed=len(places) - added
            )

    async def as_json(self) -> str:
        """All of them as HSDS."""
        async with self._desk.db.read() as tx:
            region = await settings.get(tx, settings.REGION)
        services = hsds.to_services(await self.all(), country=region or "", catalogue=self._kinds.shared)
        return json.dumps(services, ensure_ascii=False, indent=2)

    async def as_sheet(self) -> str:
        """All of them as a flat sheet (CSV)."""
        return hsds.to_sheet(await self.all())
