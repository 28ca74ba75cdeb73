"""Data that got out: who is affected follows from the record of looks and sign-ins; what has to be said is watched."""

from collections.abc import Sequence
from typing import get_args

from node.domain.actors import Actor, ActorKind, volunteer_actor
from node.domain.ids import BreachId, PersonId, StaffId, new_id
from node.domain.permissions import Permission, may, require
from node.domain.rights.breach import BY_ACCOUNT, Affected, Breach, BreachKind, Risk
from node.errors import N_, Invalid, NotFound
from node.services.accounts.access import actor_of
from node.services.desk import Desk
from node.store import breaches, compartments, needs, persons, staff, volunteers
from node.store.breaches import BreachRow, Told
from node.store.db import Tx
from node.vault import Compartment

MAX_TEXT = 4000


class Breaches:
    """The log. Works while locked; what was typed then waits to be read."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def affected(
        self,
        actor: Actor,
        kind: BreachKind,
        *,
        staff_id: str | None,
        from_at: int,
        until_at: int,
        references: Sequence[str] = (),
        helper_id: str | None = None,
    ) -> Affected:
        """Who is: whoever was shown through that account, or by that volunteer's links, in the span (Unix seconds, both
        included), and whoever could have been; or those whose requests were on the paper.

        Raises ``Invalid`` (fields as in ``write``).
        """
        require(actor, Permission.PRIVACY)
        async with self._desk.db.read() as tx:
            return await self._affected(tx, kind, staff_id, from_at, until_at, references, helper_id)

    async def write(
        self,
        actor: Actor,
        kind: BreachKind,
        *,
        staff_id: str | None,
        found_at: int,
        from_at: int,
        until_at: int,
        risk: Risk,
        what: str,
        done: str,
        references: Sequence[str] = (),
        helper_id: str | None = None,
    ) -> BreachId:
        """A new entry. Raises ``Invalid`` (its ``fields`` name what to mend)."""
        require(actor, Permission.PRIVACY)
        desk = self._desk
        if not what.strip() or len(what) > MAX_TEXT or len(done) > MAX_TEXT:
            message = N_("Say in a few words what happened.")
            raise Invalid("breach", message, fields={"what": message})
        if found_at > desk.now or until_at > desk.now:
            message = N_("This day is not here yet.")
            raise Invalid(
                "breach", message, fields={"found_at" if found_at > desk.now else "until_at": message}
            )
        breach_id = BreachId(new_id(desk.random))
        async with desk.db.write() as tx:
            found = await self._affected(tx, kind, staff_id, from_at, until_at, references, helper_id)
            said = {"what": what.strip(), "done": done.strip()}
            if kind is BreachKind.HELPER_DEVICE and helper_id:
                said["helper"] = helper_id
            sealed = desk.vault.seal(Compartment.PEOPLE, "breaches", breach_id, said)
            row = BreachRow(
                id=breach_id,
                kind=kind,
                found_at=found_at,
                from_at=from_at,
                until_at=until_at,
                staff_id=StaffId(staff_id) if staff_id and kind in BY_ACCOUNT else None,
                risk=risk,
                by_staff=actor.id or "",
                sealed=sealed,
            )
            await breaches.insert(tx, row, found.seen, found.could)
            await desk.record(
                tx,
                actor,
                "breach.written",
                f"breach:{breach_id}",
                kind=str(kind),
                risk=str(risk),
                seen=len(found.seen),
            )
        return breach_id

    async def told(self, actor: Actor, breach_id: str, what: str) -> None:
        """The authority was told, the people were told, or it is closed: noted once. Raises ``NotFound``."""
        require(actor, Permission.PRIVACY)
        async with self._desk.db.write() as tx:
            known = [each for each in get_args(Told) if each == f"{what}_at"]
            if not known or not await breaches.set_told(tx, breach_id, known[0], self._desk.now):
                raise NotFound("no_breach", N_("There is no such entry."))
            await self._desk.record(tx, actor, f"breach.{what}", f"breach:{breach_id}")

    async def all_of_them(self, actor: Actor) -> Sequence[Breach]:
        """The log, the latest first."""
        require(actor, Permission.PRIVACY)
        async with self._desk.db.read() as tx:
            handles = await self._desk.handles(tx)
            return [await self._view(tx, row, handles) for row in await breaches.all_of_them(tx)]

    async def waiting(self, actor: Actor) -> int:
        """How many entries wait for the authority or the people to be told."""
        return sum(
            each.closed_at is None and (each.authority_by is not None or each.people_wait)
            for each in await self.all_of_them(actor)
        )

    async def accounts(self, actor: Actor) -> Sequence[tuple[StaffId, str]]:
        """Every account, stopped ones too: (id, sign-in name)."""
        require(actor, Permission.PRIVACY)
        async with self._desk.db.read() as tx:
            return [(row.id, row.handle) for row in await staff.all_of(tx)]

    async def helpers(self, actor: Actor) -> Sequence[tuple[PersonId, str]]:
        """Every volunteer, stopped ones and those who left too, by name: (id, name); a recorded look. Nobody while
        locked, and for whoever reads no names on the board."""
        require(actor, Permission.PRIVACY)
        desk = self._desk
        if not desk.unlocked or not may(actor, Permission.READ_BOARD):
            return []
        async with desk.db.read() as tx:
            rows = [await persons.get(tx, each.person_id) for each in await volunteers.all_of_them(tx)]
            found = [(row.person.id, desk.open_person(row).name) for row in rows if row is not None]
        await desk.look(actor, "look.list", "volunteers")
        return sorted(found, key=lambda each: (each[1].casefold(), each[0]))

    async def _affected(
        self,
        tx: Tx,
        kind: BreachKind,
        staff_id: str | None,
        from_at: int,
        until_at: int,
        references: Sequence[str],
        helper_id: str | None,
    ) -> Affected:
        if until_at < from_at:
            message = N_("The end lies before the beginning.")
            raise Invalid("breach", message, fields={"until_at": message})
        seen: set[PersonId] = set()
        for reference in references:
            row = await needs.with_reference(tx, "".join(c for c in reference if c.isdecimal()))
            if row is None:
                message = N_("There is no request with this number: %(reference)s")
                raise Invalid("breach", message, fields={"references": message}, reference=reference[:20])
            seen |= await breaches.on_paper(tx, row.need.id)
        if kind is BreachKind.HELPER_DEVICE:
            if helper_id is None or await volunteers.get(tx, helper_id) is None:
                message = N_("Choose whose phone it was.")
                raise Invalid("breach", message, fields={"helper_id": message})
            seen |= await breaches.shown(tx, volunteer_actor(helper_id).label, from_at, until_at)
            seen = await breaches.real(tx, seen)
            could = await breaches.real(tx, await breaches.by_links(tx, helper_id, from_at, until_at)) - seen
            away = await breaches.away(tx, helper_id, from_at, until_at)
            return Affected(seen=tuple(sorted(seen)), could=tuple(sorted(could)), sign_ins=0, away=away)
        if kind not in BY_ACCOUNT:
            seen = await breaches.real(tx, seen)
            return Affected(seen=tuple(sorted(seen)), could=(), sign_ins=0)
        account = await staff.get(tx, staff_id or "")
        if account is None:
            message = N_("Choose whose account it was.")
            raise Invalid("breach", message, fields={"staff_id": message})
        label = Actor(kind=ActorKind.STAFF, id=account.id).label
        seen = await breaches.real(tx, seen | await breaches.shown(tx, label, from_at, until_at))
        reads = actor_of(account, await compartments.held_by(tx, account.id)).roles - {"admin"}
        could = await breaches.everybody(tx) - seen if reads or seen else set()
        return Affected(
            seen=tuple(sorted(seen)),
            could=tuple(sorted(could)),
            sign_ins=await breaches.sign_ins(tx, label, from_at, until_at),
        )

    async def _view(self, tx: Tx, row: BreachRow, handles: dict[str, str]) -> Breach:
        desk, said = self._desk, {"what": "", "done": ""}
        if desk.unlocked:
            said = desk.vault.open(Compartment.PEOPLE, "breaches", row.id, row.sealed)
        return Breach(
            id=row.id,
            kind=row.kind,
            found_at=row.found_at,
            from_at=row.from_at,
            until_at=row.until_at,
            staff_id=row.staff_id,
            handle=handles.get(row.staff_id or "", ""),
            risk=row.risk,
            authority_at=row.authority_at,
            people_at=row.people_at,
            closed_at=row.closed_at,
            by=handles.get(row.by_staff, ""),
            what=said["what"],
            done=said["done"],
            seen=tuple(await breaches.people(tx, row.id, "seen")),
            could=len(await breaches.people(tx, row.id, "could")),
            helper_id=PersonId(said["helper"]) if "helper" in said else None,
        )
