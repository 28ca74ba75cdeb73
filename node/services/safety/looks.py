"""The weekly page of unusual looks: who opened whose details, when, and whether there was a task."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from node.domain.actors import Actor
from node.domain.ids import PersonId
from node.domain.permissions import Permission, require
from node.domain.safety.looks import WITHIN_DAYS, Look, Rule, same_name, street, unusual
from node.services.desk import Desk
from node.store import audit, needs, persons
from node.store.audit import Entry
from node.store.db import Tx

_DAY = 86_400
_PERSON, _NEED = "person:", "need:"


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """One line of the page. ``who``: the sign-in name; ``people``: ids, which open only by a look of one's own."""

    who: str
    rule: Rule
    people: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """One week from a Monday on. ``looks``: sign-in name -> at how many people."""

    monday: date
    findings: tuple[FindingRow, ...]
    looks: Mapping[str, int]


class Looks:
    """For whoever looks after safety; opening it is itself written down."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def monday(self, weeks_ago: int) -> date:
        """The first day of the week that many weeks ago; 0 is this one."""
        today = self._desk.today
        return today - timedelta(days=today.weekday() + 7 * weeks_ago)

    async def week(self, actor: Actor, weeks_ago: int = 0) -> Week:
        """What was unusual in that week. Raises ``NotAllowed``, ``Locked``."""
        require(actor, Permission.SAFEGUARD)
        desk, monday = self._desk, self.monday(weeks_ago)
        desk.must_be_unlocked()
        start, end = desk.zone.at(monday), desk.zone.at(monday + timedelta(days=7))
        async with desk.db.write() as tx:
            await desk.record(tx, actor, "look.looks", f"week:{monday.isoformat()}")
            around = await audit.of_staff(tx, start - WITHIN_DAYS * _DAY, end + WITHIN_DAYS * _DAY)
            looks = await self._looks(tx, [entry for entry in around if start <= entry.at < end], around)
            handles = await desk.handles(tx)
        return Week(
            monday=monday,
            findings=tuple(
                FindingRow(
                    who=handles.get(each.staff, "?"),
                    rule=each.rule,
                    people=tuple(PersonId(person) for person in each.people),
                )
                for each in unusual(looks)
            ),
            looks={
                handles.get(who, "?"): len({look.person for look in looks if look.staff == who})
                for who in sorted({look.staff for look in looks}, key=lambda who: handles.get(who, "?"))
            },
        )

    async def _looks(self, tx: Tx, week: Sequence[Entry], around: Sequence[Entry]) -> list[Look]:
        desk, handles = self._desk, await self._desk.handles(tx)
        asked: dict[str, str | None] = {}
        did: dict[tuple[str, str], list[int]] = {}
        for entry in around:
            person = await self._person(tx, entry, asked)
            if person is not None and not entry.action.startswith("look."):
                did.setdefault((_staff(entry), person), []).append(entry.at)
        homes = await self._homes(tx, handles)
        said: dict[str, tuple[str, str]] = {}
        found = []
        for entry in week:
            person = await self._person(tx, entry, asked)
            if person is None or not entry.action.startswith("look."):
                continue
            if person not in said:
                row = await persons.get(tx, person)
                details = desk.open_person(row) if row else None
                said[person] = (details.name, street(details.address)) if details else ("", "")
            name, lives = said[person]
            who = _staff(entry)
            found.append(
                Look(
                    staff=who,
                    person=person,
                    at=entry.at,
                    hour=desk.zone.moment(entry.at).hour,
                    task=any(abs(at - entry.at) <= WITHIN_DAYS * _DAY for at in did.get((who, person), ())),
                    same_name=same_name(handles.get(who, ""), name),
                    same_street=bool(lives) and lives in homes.get(who, ()),
                )
            )
        return found

    async def _person(self, tx: Tx, entry: Entry, asked: dict[str, str | None]) -> str | None:
        """Whom a line of the record is about: a person, or whoever asked for that need."""
        if entry.object.startswith(_PERSON):
            return entry.object.removeprefix(_PERSON)
        if not entry.object.startswith(_NEED):
            return None
        if entry.object not in asked:
            row = await needs.get(tx, entry.object.removeprefix(_NEED))
            asked[entry.object] = row.need.person_id if row else None
        return asked[entry.object]

    async def _homes(self, tx: Tx, handles: Mapping[str, str]) -> dict[str, set[str]]:
        """The streets of those of us who are people we know too, under the same name."""
        by_name: dict[str, set[str]] = {}
        for row in await persons.all_of_ours(tx):
            details = self._desk.open_person(row)
            if lives := street(details.address):
                by_name.setdefault(details.name.casefold().strip(), set()).add(lives)
        return {who: by_name.get(handle.casefold().strip(), set()) for who, handle in handles.items()}


def _staff(entry: Entry) -> str:
    return entry.actor.removeprefix("staff:")
