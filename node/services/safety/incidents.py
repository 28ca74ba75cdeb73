"""Incidents in the compartment ``safeguarding``: anybody here writes one down, and few read them.

One about a colleague is sealed to the own keys of everybody else who looks after safety, not to the compartment: so
that one can neither read it nor see that there is one, holder or not, and not with the files in hand either. What
cannot be opened with the reader's keys is, to every verb here, not there.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import replace

from node.domain.actors import ANONYMOUS, Actor, Role
from node.domain.board.exchange_views import GroupName
from node.domain.ids import PersonId, new_id
from node.domain.permissions import Permission, require
from node.domain.safety.incidents import (
    Kind,
    Part,
    Report,
    Source,
    ending_for,
    in_order,
    is_about,
    may_be_taken_in,
    part_from,
    part_record,
    problems,
    read_by_one,
    readers,
)
from node.errors import N_, Conflict, Invalid, NotFound
from node.services.desk import Desk
from node.services.safety.incident_views import Ended, Incident, IncidentRow, Shelf, Unsettled
from node.store import compartments, incidents, needs, peers, persons, staff
from node.store.db import Tx
from node.vault import Compartment
from node.vault.keys import KeyPair
from node.vault.named import open_with, seal_for

_SAFE = Compartment.SAFEGUARDING


class Incidents:
    """Every verb takes the actor's own key (None: without one only what the compartment opens is there)."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._readable: dict[str, tuple[object, frozenset[str]]] = {}
        """By staff id: which of the open ones that one could read, and as what stood when that was tried."""

    async def tell(self, actor: Actor, report: Report) -> str:
        """Writes one down; gives its id. Raises ``Invalid``; ``Conflict("nobody_to_read")`` where it is about the only
        one who could."""
        require(actor, Permission.TELL_INCIDENT)
        return await self._told(actor, report)

    async def told_by_link(self, text: str, source: Source, *, about: Iterable[PersonId | None] = ()) -> str:
        """Somebody feels unsafe and says so on the private link; works while locked. ``about``: who else is or was part
        of it; whoever tells it is left out of them. Raises as ``tell``."""
        others = tuple(dict.fromkeys(each for each in about if each is not None and each != source.person))
        report = Report(kind=Kind.OTHER, text=text, day=None, about=others, source=source)
        return await self._told(ANONYMOUS, report)

    async def _told(self, actor: Actor, report: Report) -> str:
        desk = self._desk
        found = problems(report, desk.today)
        if found:
            raise Invalid("incident", N_("Some answers need another look."), fields=found)
        incident_id = new_id(desk.random)
        async with desk.db.write() as tx:
            members = await staff.all_of(tx)
            if report.staff is not None and report.staff not in {row.id for row in members}:
                text = N_("Please choose one of these.")
                raise Invalid("incident", text, fields={"staff": text})
            holders = (await compartments.holders(tx)).get(_SAFE, ())
            named: tuple[str, ...] | None = None
            usual: tuple[str, ...] = ()
            if report.staff is not None or not holders:
                active = [row for row in members if row.state == "active"]
                officers = [row.id for row in active if Role.SAFETY in row.roles]
                admins = [row.id for row in active if Role.ADMIN in row.roles]
                named = readers(report.staff, holders=holders, officers=officers, admins=admins)
                usual = () if holders else readers(None, holders=(), officers=officers, admins=admins)
                if not named:
                    raise Conflict(
                        "nobody_to_read",
                        N_(
                            "Nobody else here could read this. Tell somebody outside your group whom you trust."
                        ),
                    )
            part = Part(
                what="report",
                text=report.text.strip(),
                by=actor.id,
                at=desk.now,
                readers=named,
                kind=Kind(report.kind),
                day=report.day,
                about=report.about,
                staff=report.staff,
                source=report.source,
            )
            await incidents.insert(tx, incident_id)
            # The same whomever it is about: in the clear stands nothing but who looks after safety today.
            await incidents.put_readers(tx, incident_id, usual)
            await self._add(tx, incident_id, part)
            await desk.record(tx, actor, "incident.told", _object(incident_id))
        return incident_id

    async def shelf(self, actor: Actor, key: KeyPair | None) -> Shelf:
        """What that actor can read, the latest first; without a name, so it is no look at anybody."""
        require(actor, Permission.TELL_INCIDENT)
        async with self._desk.db.read() as tx:
            holders = (await compartments.holders(tx)).get(_SAFE)
            handles = await self._desk.handles(tx)
            active = {str(row.id): row.handle for row in await staff.all_of(tx) if row.state == "active"}
            holds = actor.id in (holders or ())
            ended = [] if holds else await incidents.ended_of(tx, actor.id or "")
            rows = []
            for incident_id, state in await incidents.all_of_them(tx):
                boxes = await self._boxes(tx, actor, key, incident_id)
                parts = _whole(boxes)
                if parts:
                    to_take = holds and may_be_taken_in(parts[0])
                    lacking = to_take and await self._lacks(tx, incident_id, boxes)
                    row = IncidentRow(
                        id=incident_id,
                        open=state == "open",
                        report=parts[0],
                        alone=read_by_one(parts[0], active),
                        to_take=to_take,
                        ending=ending_for(parts[0], holders or (), active) if to_take else (),
                        lacking=lacking,
                    )
                    rows.append(row)
        return Shelf(
            begun=holders is not None,
            holders=tuple(handles[each] for each in holders or () if each in handles),
            rows=tuple(sorted(rows, key=lambda row: (not row.open, -row.report.at))),
            ended=tuple(Ended(by=handles.get(each.by, ""), at=each.at) for each in ended),
        )

    async def unsettled(self, actor: Actor, key: Callable[[], Awaitable[KeyPair | None]]) -> Unsettled:
        """For every page of the desk: as a rule one question to the database. ``key`` is asked for the actor's own only
        where something is open at all, and what it opens is tried once, until something changes."""
        require(actor, Permission.TELL_INCIDENT)
        async with self._desk.db.read() as tx:
            found = dict(await incidents.unsettled(tx))
            ended = len(await incidents.ended_of(tx, actor.id or ""))
            if ended and _SAFE in await compartments.held_by(tx, actor.id or ""):
                ended = 0
        if not found:
            return Unsettled(ended=ended)
        own = await key()
        async with self._desk.db.read() as tx:
            held = _SAFE in await compartments.held_by(tx, actor.id or "") and self._desk.vault.is_open(_SAFE)
            stands = (own.public if own else None, held, await incidents.newest(tx), tuple(found))
            known = self._readable.get(actor.id or "")
            if known is None or known[0] != stands:
                readable = frozenset([each for each in found if await self._opened(tx, actor, own, each)])
                self._readable[actor.id or ""] = known = stands, readable
        hers = [seen for each, seen in found.items() if each in known[1]]
        return Unsettled(many=len(hers), unread=hers.count(False), ended=ended)

    async def look(self, actor: Actor, key: KeyPair | None, incident_id: str) -> Incident:
        """One whole incident; a recorded look. Raises ``NotFound``, the same whether it is not there or not hers."""
        require(actor, Permission.TELL_INCIDENT)
        async with self._desk.db.write() as tx:
            parts, state = await self._must_open(tx, actor, key, incident_id)
            await self._desk.record(tx, actor, "look.incident", _object(incident_id))
            handles = await self._desk.handles(tx)
            active = {str(row.id): row.handle for row in await staff.all_of(tx) if row.state == "active"}
            may_read = parts[0].readers
            others: tuple[tuple[str, str], ...] = ()
            if may_read is None:
                may_read = tuple((await compartments.holders(tx)).get(_SAFE, ()))
            else:
                others = tuple(
                    each
                    for each in active.items()
                    if each[0] not in may_read and not is_about(parts[0], *each, handles)
                )
            parts[0] = await _of_today(tx, parts[0])
            asked = parts[0].source.requests if parts[0].source else ()
            askers = {row.need.person_id for need_id, _ in asked if (row := await needs.get(tx, need_id))}
            groups = {}
            for person in parts[0].about:
                origin = await persons.peer_of(tx, person)
                if origin is not None:
                    peer = await peers.get(tx, origin)
                    groups[person] = GroupName(origin=origin, name=peer.name if peer else "")
        return Incident(
            id=incident_id,
            open=state == "open",
            parts=tuple(parts),
            handles=handles,
            readers=tuple(active[each] for each in may_read if each in active),
            groups=groups,
            askers=frozenset(each for each in askers if each is not None),
            alone=read_by_one(parts[0], active),
            others=others,
        )

    async def note(
        self, actor: Actor, key: KeyPair | None, incident_id: str, text: str, *, close: bool | None = None
    ) -> None:
        """What was done about it, for the same readers; ``close``: looked into no more, or (False) again.

        Raises ``Invalid``, ``NotFound``.
        """
        require(actor, Permission.TELL_INCIDENT)
        if not text.strip():
            problem = N_("Write what was done, or what you found.")
            raise Invalid("incident", problem, fields={"text": problem})
        desk = self._desk
        async with desk.db.write() as tx:
            parts, _ = await self._must_open(tx, actor, key, incident_id)
            note = Part(what="note", text=text.strip(), by=actor.id, at=desk.now, readers=parts[0].readers)
            await self._add(tx, incident_id, note)
            if close is not None:
                await incidents.set_state(tx, incident_id, "closed" if close else "open")
            await desk.record(tx, actor, "incident.noted", _object(incident_id))

    async def give_again(self, actor: Actor, key: KeyPair | None, incident_id: str) -> int:
        """Seals it anew to the present keys of everybody else who may read it: a forgotten password is a new key,
        which does not open what was sealed before. Nobody becomes a reader by it. Returns to how many; 0 for one that
        the compartment opens, whose holders are let in on the page of the team. Raises ``NotFound``."""
        require(actor, Permission.TELL_INCIDENT)
        async with self._desk.db.write() as tx:
            parts, _ = await self._must_open(tx, actor, key, incident_id)
            others = tuple(each for each in parts[0].readers or () if each != actor.id)
            for part in parts if others else ():
                for reader in others:
                    await self._seal(tx, incident_id, part, reader)
            if others:
                await incidents.add_readers(tx, incident_id, others)
                await self._desk.record(tx, actor, "incident.given_again", _object(incident_id))
        return len(others)

    async def let_read(self, actor: Actor, key: KeyPair | None, incident_id: str, staff_id: str) -> None:
        """One more of those who work here can read it from now on: what is sealed to named people would be lost with
        the last of them. Never whom it is about. Raises ``NotFound``, ``Invalid`` (field ``staff``: nobody it could
        be)."""
        require(actor, Permission.TELL_INCIDENT)
        async with self._desk.db.write() as tx:
            parts, _ = await self._must_open(tx, actor, key, incident_id)
            row = await staff.get(tx, staff_id)
            before = parts[0].readers
            handles = await self._desk.handles(tx)
            fits = (
                row is not None
                and row.state == "active"
                and not is_about(parts[0], row.id, row.handle, handles)
            )
            if before is None or not fits or staff_id in before:
                problem = N_("Please choose one of these.")
                raise Invalid("staff", problem, fields={"staff": problem})
            await self._seal_anew(tx, actor, key, incident_id, parts, (*before, staff_id))
            await incidents.add_readers(tx, incident_id, (staff_id,))
            await self._desk.record(tx, actor, "incident.let_read", _object(incident_id))

    async def take_in(self, actor: Actor, key: KeyPair | None, *, ending: Collection[str] = ()) -> int:
        """What was sealed to named people before there were closed records goes into them: how many the actor could
        open. Not what is about somebody who works here, and may hold them. Only a holder does that; else it is 0.

        It is one report afterwards, which holders alone read: the copies of named people who are none end, and they
        are told so. ``ending``: staff ids of those whom the actor was shown; raises ``Conflict`` (``others_read``) if
        it would end for anybody else. One with notes that only another reader has stays as it is.
        """
        require(actor, Permission.TELL_INCIDENT)
        taken = 0
        async with self._desk.db.write() as tx:
            holders = (await compartments.holders(tx)).get(_SAFE, ())
            if actor.id not in holders:
                return 0
            active = {str(row.id): row.handle for row in await staff.all_of(tx) if row.state == "active"}
            for incident_id, _ in await incidents.all_of_them(tx):
                boxes = await self._boxes(tx, actor, key, incident_id)
                parts = _whole(boxes)
                if not parts or not may_be_taken_in(parts[0]) or await self._lacks(tx, incident_id, boxes):
                    continue
                gone = [each for each, _ in ending_for(parts[0], holders, active)]
                if not set(gone) <= set(ending):
                    raise Conflict(
                        "others_read",
                        N_("Somebody else can read one of these by now. Look again who cannot afterwards."),
                    )
                every = [row_id for row_id, _ in await incidents.parts(tx, incident_id)]
                for part in parts:
                    await self._add(tx, incident_id, replace(part, readers=None))
                await incidents.remove_parts(tx, every)
                await incidents.drop_readers(tx, incident_id=incident_id)
                await incidents.end_copies(tx, incident_id, gone, by=actor.id or "", at=self._desk.now)
                await self._desk.record(tx, actor, "incident.taken_in", _object(incident_id))
                taken += 1
        return taken

    async def know_ended(self, actor: Actor) -> None:
        """Whoever could read something that is in the closed records now has read that."""
        require(actor, Permission.TELL_INCIDENT)
        async with self._desk.db.write() as tx:
            await incidents.read_of_ended(tx, actor.id or "")

    async def about(self, actor: Actor, key: KeyPair | None, incident_id: str) -> tuple[PersonId, ...]:
        """Whom it is about for certain, for a verb on them. Raises ``NotFound``."""
        require(actor, Permission.TELL_INCIDENT)
        async with self._desk.db.read() as tx:
            parts, _ = await self._must_open(tx, actor, key, incident_id)
            report = await _of_today(tx, parts[0])
        return tuple(PersonId(each) for each in report.to_stop)

    # --- sealing and opening

    async def _add(self, tx: Tx, incident_id: str, part: Part) -> None:
        desk = self._desk
        if part.readers is None:
            row_id = new_id(desk.random)
            await incidents.add_part(
                tx, row_id, incident_id, desk.vault.seal(_SAFE, "incident_parts", row_id, part_record(part))
            )
            return
        for reader in part.readers:
            await self._seal(tx, incident_id, part, reader)

    async def _seal_anew(
        self,
        tx: Tx,
        actor: Actor,
        key: KeyPair | None,
        incident_id: str,
        parts: list[Part],
        readers: tuple[str, ...],
    ) -> None:
        """For these readers. Boxes that the actor opened go; of others nobody knows here whether they hold more."""
        opened = [row_id for row_id, _ in await self._boxes(tx, actor, key, incident_id)]
        for part in parts:
            await self._add(tx, incident_id, replace(part, readers=readers))
        await incidents.remove_parts(tx, opened)

    async def _seal(self, tx: Tx, incident_id: str, part: Part, reader: str) -> None:
        """To the own key of one reader, if she still works here."""
        row = await staff.get(tx, reader)
        if row is not None and row.state == "active":
            row_id = new_id(self._desk.random)
            sealed = seal_for(row.public_key, _SAFE, "incident_parts", row_id, part_record(part))
            await incidents.add_part(tx, row_id, incident_id, sealed)

    async def _must_open(
        self, tx: Tx, actor: Actor, key: KeyPair | None, incident_id: str
    ) -> tuple[list[Part], str]:
        states = dict(await incidents.all_of_them(tx))
        parts = await self._opened(tx, actor, key, incident_id) if incident_id in states else []
        if not parts:
            ended = await incidents.ended_of(tx, actor.id or "")
            if incident_id in {each.incident_id for each in ended}:
                raise Conflict(
                    "copy_ended",
                    N_(
                        "This report went into the closed records, which you may not read: your copy of it ended. "
                        "Whoever holds them can let you in, on the page “Who works here”."
                    ),
                )
            raise NotFound("no_such_incident", N_("There is nothing here."))
        return parts, states[incident_id]

    async def _opened(self, tx: Tx, actor: Actor, key: KeyPair | None, incident_id: str) -> list[Part]:
        return _whole(await self._boxes(tx, actor, key, incident_id))

    async def _lacks(self, tx: Tx, incident_id: str, boxes: list[tuple[str, Part]]) -> bool:
        """Whether boxes that do not open here may hold a note that none of these does: one written while this reader
        was stopped."""
        if len(boxes) == len(await incidents.parts(tx, incident_id)):
            return False
        notes = {(part.at, part.by) for _, part in boxes if part.what == "note"}
        return len(notes) < await incidents.notes_written(tx, incident_id)

    async def _boxes(
        self, tx: Tx, actor: Actor, key: KeyPair | None, incident_id: str
    ) -> list[tuple[str, Part]]:
        """(row id, part) of whatever opens, as they came."""
        desk, found = self._desk, []
        holds = bool(actor.id) and _SAFE in await compartments.held_by(tx, actor.id or "")
        for row_id, sealed in await incidents.parts(tx, incident_id):
            value = open_with(key, _SAFE, "incident_parts", row_id, sealed) if key else None
            if value is None and holds and desk.vault.is_open(_SAFE):
                value = desk.vault.try_open(_SAFE, "incident_parts", row_id, sealed)
            if value is not None:
                found.append((row_id, part_from(value)))
        return found


def _whole(boxes: list[tuple[str, Part]]) -> list[Part]:
    """In order. Notes alone, without what they are about, are nothing to read."""
    found = [part for _, part in boxes]
    return in_order(found) if any(part.what == "report" for part in found) else []


async def _of_today(tx: Tx, report: Part) -> Part:
    """With the records that those of that day are part of by now."""

    async def now(person_id: str) -> str:
        row = await persons.get(tx, person_id)
        return str(row.person.merged_into or person_id) if row else person_id

    source = report.source
    if source is not None and source.person is not None:
        source = replace(source, person=await now(source.person))
    told_by = source.person if source else None
    about = dict.fromkeys([await now(each) for each in report.about])
    return replace(report, source=source, about=tuple(each for each in about if each != told_by))


def _object(incident_id: str) -> str:
    return f"incident:{incident_id}"
