"""Finding people by name, number, address or the reference of a request, while the records are open.

Nothing that could be searched lies on the disk: the sealed records are opened into memory at the first search and
kept there by the record itself, so that a changed person is always read anew; locking forgets them all.
"""

from collections import Counter
from dataclasses import dataclass

from node.domain.actors import Actor
from node.domain.folded import folded, only_digits
from node.domain.ids import PersonId
from node.domain.people.portraits import Found, Member
from node.domain.permissions import Permission, require
from node.domain.person import Person, PersonDetails, PersonKind, PersonState
from node.errors import Locked
from node.services.desk import Desk, person_object
from node.store import needs, persons, volunteers
from node.store.db import Tx
from node.vault import Compartment

MOST_FOUND = 25
_LEAST_DIGITS = 4
_WHOLE_NUMBER = 7
"""So long a number can be meant where another one, with a country code, ends in it."""
_REFERENCE_DIGITS = 9


@dataclass(frozen=True, slots=True)
class _Entry:
    sealed: bytes
    name: str
    address: str
    words: tuple[str, ...]
    digits: tuple[str, ...]


class Directory:
    """The search of the people page."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._entries: dict[PersonId, _Entry] = {}

    def on_lock(self, compartment: Compartment) -> None:
        """A callback of the vault: nothing of it stays in memory."""
        if compartment is Compartment.PEOPLE:
            self._entries.clear()

    async def find(self, actor: Actor, text: str) -> tuple[Found, ...]:
        """The first ``MOST_FOUND`` people whom ``text`` fits, by name; each one shown is a recorded look.

        Every word must begin a word of the name or address; four digits or more are looked for in telephone
        numbers, nine are also the reference of a request. Raises ``Locked``, ``NotAllowed``.
        """
        require(actor, Permission.READ_PERSON)
        if not self._desk.unlocked:
            self._entries.clear()
            raise Locked
        wanted, digits = folded(text).split(), only_digits(text)
        if not wanted:
            return ()
        async with self._desk.db.read() as tx:
            people = await self._read(tx)
            by_reference = await self._asked_by(tx, digits)
            hits = [
                person_id
                for person_id, entry in self._entries.items()
                if person_id == by_reference or _fits(entry, wanted, digits)
            ]
            hits.sort(key=lambda each: (folded(self._entries[each].name), each))
            helping = {volunteer.person_id for volunteer in await volunteers.all_of_them(tx)}
            asking = Counter(await needs.open_askers(tx))
            ever = await needs.askers(tx)
        found = tuple(
            self._found(people[each], helps=each in helping, asked=each in ever, open_needs=asking[each])
            for each in hits[:MOST_FOUND]
        )
        if found:
            async with self._desk.db.write() as tx:
                for each in found:
                    await self._desk.record(tx, actor, "look.found", person_object(each.person_id))
        return found

    async def at_the_same_address(self, tx: Tx, person_id: PersonId) -> tuple[Member, ...]:
        """Who else has her very address; for a page whose look is recorded. Raises ``Locked``."""
        await self._read(tx)
        own = self._entries.get(person_id)
        if own is None or not folded(own.address):
            return ()
        here = folded(own.address)
        return tuple(
            Member(person_id=each, name=entry.name)
            for each, entry in self._entries.items()
            if each != person_id and folded(entry.address) == here
        )

    def _found(self, person: Person, *, helps: bool, asked: bool, open_needs: int) -> Found:
        entry = self._entries[person.id]
        roles = (
            ("asks", asked),
            ("helps", helps),
            ("organisation", person.kind is PersonKind.ORGANISATION),
            ("barred", person.state is PersonState.BARRED),
        )
        return Found(
            person_id=person.id,
            name=entry.name,
            address=entry.address,
            kind=person.kind,
            roles=tuple(role for role, has in roles if has),
            open_needs=open_needs,
        )

    async def _read(self, tx: Tx) -> dict[PersonId, Person]:
        """Opens who is new or was changed, and forgets who is gone."""
        rows = {row.person.id: row for row in await persons.all_of_ours(tx)}
        for gone in self._entries.keys() - rows.keys():
            del self._entries[gone]
        for person_id, row in rows.items():
            held = self._entries.get(person_id)
            if held is None or held.sealed != row.sealed:
                self._entries[person_id] = _entry(row.sealed, self._desk.open_person(row))
        return {person_id: row.person for person_id, row in rows.items()}

    async def _asked_by(self, tx: Tx, digits: str) -> PersonId | None:
        row = await needs.with_reference(tx, digits) if len(digits) == _REFERENCE_DIGITS else None
        return row.need.person_id if row else None


def _entry(sealed: bytes, details: PersonDetails) -> _Entry:
    numbers = (phone.number for phone in (details.door, details.screen) if phone is not None)
    return _Entry(
        sealed,
        details.name,
        details.address,
        tuple(folded(f"{details.name} {details.contact_name} {details.address} {details.email}").split()),
        tuple(filter(None, map(only_digits, numbers))),
    )


def _fits(entry: _Entry, wanted: list[str], digits: str) -> bool:
    # A number is written in many ways: the last digits are what all of them share.
    tail = digits.lstrip("0")
    if len(tail) >= _LEAST_DIGITS and any(
        tail in number or (len(number) >= _WHOLE_NUMBER and number.lstrip("0") in tail)
        for number in entry.digits
    ):
        return True
    return all(any(word.startswith(each) for word in entry.words) for each in wanted)
