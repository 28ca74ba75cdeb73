"""Two records of one person: offered, made one, and parted again when they are two people after all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from node.domain.actors import Actor, ActorKind
from node.domain.ids import MergeId, NeedId, PersonId, new_id
from node.domain.need import Channel, NeedState
from node.domain.people.merging import merged, parted, parted_state, stricter, stricter_helper
from node.domain.people.records import person_from, person_record
from node.domain.permissions import Permission, require
from node.domain.person import PersonState
from node.domain.safety.vetting import check_from, fold
from node.domain.volunteer import Cleared, VolunteerState
from node.errors import N_, Conflict, Invalid, Locked, NotFound
from node.services.desk import Desk, person_object
from node.services.dispatch.moves import withdraw_both_sides
from node.services.matching.roster import Roster
from node.services.people import asked_for_twice
from node.services.people.keeping_away import end_work, take_off_lists
from node.services.people.kept_apart import bring_apart, pairs_of
from node.services.people.own_ties import end_own_ties
from node.services.people.since_one import both_keep
from node.services.people.two_people import two_people
from node.store import apart, asking_links, checks, consents, holds, merges, persons, volunteers
from node.store.db import Tx
from node.store.merges import MergeRow
from node.store.persons import PersonRow
from node.vault import Compartment

MOST = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of two records, as the page shows it."""

    person_id: PersonId
    name: str
    phone: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Double:
    """Two records that may be one person; ``why``: ``phone``, ``email``, ``twin`` (name and address), ``asker`` (the
    same number asked for both, by one name)."""

    one: Side
    other: Side
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A record that is part of another. ``at`` in Unix seconds, ``by`` a handle."""

    id: MergeId
    at: int
    by: str


class Merging:
    """The verbs of the page of doubles."""

    def __init__(self, desk: Desk, roster: Roster) -> None:
        self._desk = desk
        self._roster = roster

    async def count(self, actor: Actor) -> int:
        """How many pairs there are to decide, up to ``MOST``; without a name."""
        require(actor, Permission.READ_PERSON)
        async with self._desk.db.read() as tx:
            return len(await self._pairs(tx))

    async def of_request(self, actor: Actor, need_id: NeedId) -> bool:
        """Whether whom a request of the page is for, or whoever asked it for another, may be here already; without a
        name. Nothing of it is told to whoever asked."""
        require(actor, Permission.READ_PERSON)
        async with self._desk.db.read() as tx:
            need = (await self._desk.need_row(tx, need_id)).need
            if need.channel is not Channel.PAGE or need.person_id is None or need.state is NeedState.CLOSED:
                return False
            link = await asking_links.of_need(tx, need_id, self._desk.now)
            told = link.told_person if link else None
            if await merges.doubles(tx, 1, [each for each in (need.person_id, told) if each]):
                return True
            for_other = link is not None and link.for_other and self._desk.unlocked
            return for_other and bool(await asked_for_twice.pairs(tx, self._desk, need.person_id))

    async def doubles(self, actor: Actor) -> list[Double]:
        """Pairs with the same number, e-mail address, or name and address, and those for whom the same number asked on
        the page; each card is a recorded look.

        Raises ``Locked``, ``NotAllowed``.
        """
        require(actor, Permission.READ_PERSON)
        self._desk.must_be_unlocked()
        async with self._desk.db.write() as tx:
            found = []
            for one, other, why in await self._pairs(tx):
                sides = [await self._side(tx, each) for each in (one, other)]
                found.append(Double(one=sides[0], other=sides[1], why=why))
                for each in (one, other):
                    await self._desk.record(tx, actor, "look.card", person_object(each))
        return found

    async def of_person(self, actor: Actor, person_id: PersonId) -> list[Double]:
        """The same pairs with one person in them, who is ``one``, for whoever looks at that person's page; each other
        side is a recorded look. Raises ``Locked``, ``NotAllowed``."""
        require(actor, Permission.READ_PERSON)
        self._desk.must_be_unlocked()
        found = []
        async with self._desk.db.read() as tx:
            person_id = await self._desk.whole(tx, person_id)
            for pair in await merges.doubles(tx, MOST, [person_id]):
                other = pair[1] if pair[0] == person_id else pair[0]
                one, beside = await self._side(tx, person_id), await self._side(tx, other)
                found.append(Double(one=one, other=beside, why=pair[2]))
        if found:
            async with self._desk.db.write() as tx:
                for each in found:
                    await self._desk.record(tx, actor, "look.card", person_object(each.other.person_id))
        return found

    async def merge(self, actor: Actor, keep: PersonId, gone: PersonId) -> MergeId:
        """One person from now on: needs, consents, tasks, checks and whatever else point to ``keep``.

        What each held is kept sealed, so that ``part`` can undo it. Kept away, suspended and kept apart hold for
        the one if they held for either; tasks that this forbids are taken back, and what one cannot be to oneself ends
        (``own_ties``). Raises ``Conflict`` (``two_people``:
        these two must not meet, or one of them is part of another record), ``Invalid``, ``Locked``, ``NotFound``.
        """
        require(actor, Permission.MANAGE_VOLUNTEERS)
        self._desk.must_be_unlocked()
        if keep == gone:
            raise Invalid("merge", N_("Choose two people."), fields={"other": N_("Choose two people.")})
        desk, merge_id = self._desk, MergeId(new_id(self._desk.random))
        async with desk.db.write() as tx:
            ours, theirs = await desk.need_record(tx, keep), await desk.need_record(tx, gone)
            self._must_be_simple(ours, theirs)
            pairs = await pairs_of(tx, desk)
            if any({keep, gone} == set(pair) for pair in pairs.values()):
                raise _two_people()
            await end_own_ties(tx, desk, actor, keep, gone)
            before, other = desk.open_person(ours), desk.open_person(theirs)
            one, state = merged(before, other), stricter(ours.person.state, theirs.person.state)
            record: dict[str, Any] = {
                "kept": person_record(before),
                "one": person_record(one),
                "states": [ours.person.state, state],
                "helper": await self._merge_helper(tx, keep, gone),
                "pairs": sorted(row for row, pair in pairs.items() if gone in pair),
                "known_pairs": sorted(row for row, pair in pairs.items() if keep in pair),
                "known_holds": [each.id for each in await holds.of_person(tx, keep)],
                "last_consent": await consents.newest(tx),
                "moved": await merges.move_all(tx, gone, keep),
            }
            changed = replace(ours, person=replace(ours.person, state=state, updated_day=desk.today))
            await persons.update(tx, desk.person_row(changed, one))
            await merges.set_merged(tx, gone, keep)
            await self._point(tx, record["pairs"], gone, keep)
            sealed = desk.vault.seal(Compartment.PEOPLE, "merges", merge_id, record)
            row = MergeRow(
                id=merge_id,
                kept_id=keep,
                gone_id=gone,
                state="merged",
                sealed=sealed,
                by_staff=actor.id if actor.kind is ActorKind.STAFF else None,
                at=desk.now,
            )
            await merges.insert(tx, row)
            for each in (keep, gone):
                await desk.record(tx, actor, "person.merged", person_object(each), merge=merge_id)
            touched = await self._take_back(tx, actor, keep, state is PersonState.BARRED)
        await self._refresh(keep, gone, *touched)
        return merge_id

    async def part(self, actor: Actor, merge_id: MergeId) -> None:
        """They are two people after all: each is as before, but for what was changed or decided since.

        What came since stays with the kept one. A bar, a pair, a hold or a no to being kept that came while both were
        one holds for both, because nobody knows which was meant.

        Raises ``Conflict`` (``later_first``), ``Locked``, ``NotFound``.
        """
        require(actor, Permission.MANAGE_VOLUNTEERS)
        self._desk.must_be_unlocked()
        desk = self._desk
        async with desk.db.write() as tx:
            row = await merges.get(tx, merge_id)
            if row is None or row.state != "merged" or row.sealed is None:
                raise NotFound("no_such_merge", N_("These were never made one, or were parted already."))
            ours, theirs = await desk.need_record(tx, row.kept_id), await desk.need_record(tx, row.gone_id)
            latest = (await merges.of_kept(tx, row.kept_id))[0]
            if latest.id != merge_id or ours.person.merged_into is not None:
                raise Conflict("later_first", N_("Something was joined later. Part that first."))
            record = desk.vault.open(Compartment.PEOPLE, "merges", merge_id, row.sealed)
            await merges.set_merged(tx, row.gone_id, None)
            await merges.move_back(tx, row.kept_id, row.gone_id, record["moved"])
            await self._part_persons(tx, ours, theirs, record)
            await self._part_helper(tx, row, record["helper"])
            await self._point(tx, record["pairs"], row.kept_id, row.gone_id)
            for pair_id, pair in (await pairs_of(tx, desk)).items():
                if row.kept_id in pair and pair_id not in (*record["pairs"], *record["known_pairs"]):
                    await self._add_pair(tx, row.gone_id, next(each for each in pair if each != row.kept_id))
            await both_keep(tx, desk, actor, row, record)
            await merges.are_two(tx, merge_id)
            for each in (row.kept_id, row.gone_id):
                await desk.record(tx, actor, "person.parted", person_object(each), merge=merge_id)
            touched = await bring_apart(tx, desk, actor, (row.kept_id, row.gone_id))
        await self._refresh(row.kept_id, row.gone_id, *touched)

    async def are_two(self, actor: Actor, one: PersonId, other: PersonId) -> None:
        """They only share a number or a door: the pair is not offered again. Raises ``Conflict`` (``one_record``: they
        were made one meanwhile), ``NotFound``."""
        require(actor, Permission.MANAGE_VOLUNTEERS)
        desk = self._desk
        async with desk.db.write() as tx:
            one, other = [(await desk.need_person(tx, each)).person.id for each in (one, other)]
            if one == other:
                raise Conflict(
                    "one_record",
                    N_("Somebody made these two one record already. They can be parted on its page."),
                )
            await two_people(tx, desk, actor, one, other)

    async def joined(self, actor: Actor, person_id: PersonId) -> list[Joined]:
        """What is part of that record, the latest first; without a name."""
        require(actor, Permission.READ_PERSON)
        async with self._desk.db.read() as tx:
            person_id = (await self._desk.need_person(tx, person_id)).person.id
            handles = await self._desk.handles(tx)
            return [
                Joined(id=row.id, at=row.at, by=handles.get(row.by_staff or "", ""))
                for row in await merges.of_kept(tx, person_id)
            ]

    # --- the parts of it

    async def _pairs(self, tx: Tx) -> list[tuple[PersonId, PersonId, tuple[str, ...]]]:
        found = {(one, other): why for one, other, why in await merges.doubles(tx, MOST)}
        for pair in await asked_for_twice.pairs(tx, self._desk) if self._desk.unlocked else ():
            found[pair] = (*found.get(pair, ()), "asker")
        return [(one, other, why) for (one, other), why in found.items()][:MOST]

    async def _side(self, tx: Tx, person_id: PersonId) -> Side:
        details = self._desk.open_person(await self._desk.need_person(tx, person_id))
        return Side(person_id=person_id, name=details.name, phone=details.best_phone, address=details.address)

    async def _part_persons(
        self, tx: Tx, ours: PersonRow, theirs: PersonRow, record: Mapping[str, Any]
    ) -> None:
        desk = self._desk
        before, one = person_from(record["kept"]), person_from(record["one"])
        details = parted(before, one, desk.open_person(ours))
        was, as_one = (PersonState(each) for each in record["states"])
        now, day = ours.person.state, desk.today
        for row, held, state in (
            (ours, details, parted_state(was, as_one, now)),
            (theirs, desk.open_person(theirs), parted_state(theirs.person.state, as_one, now)),
        ):
            person = replace(row.person, state=state, merged_into=None, updated_day=day)
            await persons.update(tx, desk.person_row(replace(row, person=person), held))

    async def _merge_helper(self, tx: Tx, keep: PersonId, gone: PersonId) -> dict[str, Any] | None:
        """Where both help: what the kept one was before, and is while both are one. None where at most one does."""
        ours, theirs = await volunteers.get(tx, keep), await volunteers.get(tx, gone)
        if ours is None or theirs is None:
            return None
        records = [await checks.of_person(tx, each) for each in (keep, gone)]
        # Of one alone the sum is there already; of both, one may take back what the other gives.
        cleared = self._sum(*records) if all(records) else theirs.cleared if records[1] else ours.cleared
        state = stricter_helper(ours.state, theirs.state)
        await volunteers.put(tx, replace(ours, state=state, cleared=cleared))
        return {
            "states": [ours.state, state],
            "cleared": [
                [each.check, each.until.isoformat() if each.until else None] for each in ours.cleared
            ],
            "checks": [row_id for row_id, _ in records[0]],
        }

    async def _part_helper(self, tx: Tx, row: MergeRow, record: Mapping[str, Any] | None) -> None:
        held = await volunteers.get(tx, row.kept_id)
        if record is None or held is None:
            return
        was, as_one = (VolunteerState(each) for each in record["states"])
        now = held.state
        records = await checks.of_person(tx, row.kept_id)
        if [row_id for row_id, _ in records] == record["checks"]:
            cleared = tuple(
                Cleared(check=check, until=date.fromisoformat(until) if until else None)
                for check, until in record["cleared"]
            )
        else:
            cleared = self._sum(records)
        await volunteers.put(tx, replace(held, cleared=cleared, state=was if now is as_one else now))
        theirs = await volunteers.get(tx, row.gone_id)
        if theirs is not None and now is not as_one and now is VolunteerState.SUSPENDED:
            await volunteers.put(tx, replace(theirs, state=VolunteerState.SUSPENDED))

    def _sum(self, *records: Sequence[tuple[str, bytes]]) -> tuple[Cleared, ...]:
        """What matching may rely on, of all these checks in the order in which they were noted. Raises ``Locked``."""
        if not self._desk.vault.is_open(Compartment.VETTING):
            raise Locked
        opened = [
            check_from(self._desk.vault.open(Compartment.VETTING, "checks", row_id, sealed))
            for rows in records
            for row_id, sealed in rows
        ]
        return fold(sorted(opened, key=lambda check: check.at))

    async def _take_back(self, tx: Tx, actor: Actor, keep: PersonId, barred: bool) -> set[PersonId]:
        touched = await bring_apart(tx, self._desk, actor, (keep,))
        held = await volunteers.get(tx, keep)
        if barred or (held is not None and held.state is VolunteerState.SUSPENDED):
            await end_work(tx, self._desk, actor, keep)
        if barred:
            await take_off_lists(tx, self._desk, actor, keep)
            touched |= await withdraw_both_sides(tx, self._desk, actor, keep)
        return touched

    async def _point(self, tx: Tx, pair_ids: list[str], frm: PersonId, to: PersonId) -> None:
        """These pairs name ``to`` instead of ``frm``."""
        vault = self._desk.vault
        for row_id, sealed in await apart.all_of_them(tx):
            if row_id in pair_ids:
                pair = vault.open(Compartment.PEOPLE, "apart", row_id, sealed)
                for side in ("a", "b"):
                    if pair[side] == frm:
                        pair[side] = to
                await apart.delete(tx, row_id)
                await apart.insert(tx, row_id, vault.seal(Compartment.PEOPLE, "apart", row_id, pair))

    async def _add_pair(self, tx: Tx, one: PersonId, other: PersonId) -> None:
        row_id = new_id(self._desk.random)
        pair = {"a": one, "b": other, "why": ""}
        await apart.insert(tx, row_id, self._desk.vault.seal(Compartment.PEOPLE, "apart", row_id, pair))

    async def _refresh(self, *people: PersonId) -> None:
        await self._roster.refresh_apart()
        for each in people:
            await self._roster.refresh(each)

    def _must_be_simple(self, *rows: PersonRow) -> None:
        inside = any(row.person.merged_into is not None for row in rows)
        if inside or rows[0].person.practice is not rows[1].person.practice:
            raise _two_people()


def _two_people() -> Conflict:
    # The same words whatever the reason: who must not meet whom is told to nobody.
    return Conflict("two_people", N_("These two cannot be made one. Ask whoever looks after safety."))
