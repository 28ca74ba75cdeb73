"""A volunteer's passkeys: made on her page, and a second way in beside the link.

A passkey opens what a link opens and nothing more: it says who she is. What a task shows still opens only on the
device that confirmed it.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from node.domain.actors import Actor, volunteer_actor
from node.domain.own.challenge import Challenges, Purpose
from node.domain.own.views import OwnPasskey
from node.errors import N_, Conflict, Invalid, NotFound
from node.services.desk import Desk, person_object
from node.services.own import ceremony
from node.services.own.ceremony import Shown, Site
from node.services.own.door import OwnDoor, helps_here, hers
from node.store import own_passkeys, settings
from node.store.own_passkeys import PasskeyRow

MOST_PASSKEYS = 10
LONGEST_ANSWER = 16_000
"""Characters; attestations of hardware run to some thousands."""
_NONCE_BYTES = 16
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """What a browser is told that shall make one."""

    challenge: bytes
    handle: bytes
    """What the device is to call her: random, and another one for each passkey."""
    others: Sequence[bytes]
    """Ids of those she has, so that no device makes a second one."""
    group: str


class OwnPasskeys:
    """Making, coming in, the list, taking away."""

    def __init__(self, desk: Desk, door: OwnDoor) -> None:
        self._desk = desk
        self._door = door
        self._challenges = Challenges(desk.random(_KEY_BYTES))

    def to_come_in(self, visitor: str) -> bytes:
        """A challenge for whoever stands at the door. ``visitor``: a secret of that browser."""
        return self._fresh(Purpose.COME_IN, visitor)

    async def to_make(self, actor: Actor, visitor: str) -> Making:
        """What her browser needs for a new one."""
        person = hers(actor)
        async with self._desk.db.read() as tx:
            rows = await own_passkeys.of_person(tx, person)
            group = await settings.get(tx, settings.GROUP_NAME)
        challenge = self._fresh(Purpose.MAKE, _maker(person, visitor))
        return Making(
            challenge=challenge,
            handle=_handle(challenge),
            others=[row.id for row in rows],
            group=group,
        )

    async def keep(self, actor: Actor, visitor: str, site: Site, answer: str, browser: str = "") -> None:
        """The new one, from now on. Raises ``Invalid`` (``passkey``, ``passkey_late``), ``Conflict`` (``too_many``)."""
        person, desk = hers(actor), self._desk
        challenge = await asyncio.to_thread(ceremony.made_challenge, _short(answer))
        self._must_be_good(challenge, Purpose.MAKE, _maker(person, visitor))
        made = await asyncio.to_thread(ceremony.made, answer, challenge, site)
        self._take(challenge)
        async with desk.db.write() as tx:
            rows = await own_passkeys.of_person(tx, person)
            if len(rows) >= MOST_PASSKEYS:
                raise Conflict("too_many", N_("You have many already. Take one away first."))
            row = PasskeyRow(
                id=made.id,
                person_id=person,
                handle=_handle(challenge),
                public_key=made.public_key,
                used_count=made.count,
                device=browser[:40],
                made_at=desk.now,
                last_used=None,
            )
            if not await own_passkeys.add(tx, row):
                raise ceremony.refused()
            await desk.record(tx, actor, "volunteer.passkey_made", person_object(person))

    async def come_in(self, visitor: str, site: Site, answer: str, browser: str = "") -> str:
        """The cookie of a new session, as by a link. Raises ``Invalid``: ``passkey`` for whatever does not fit,
        ``passkey_late`` where the page was open too long or the answer came twice, ``passkey_copied`` where the
        device's counter does not go on; that one is taken away."""
        desk = self._desk
        shown = await asyncio.to_thread(ceremony.shown, _short(answer))
        self._must_be_good(shown.challenge, Purpose.COME_IN, visitor)
        row = await self._of(shown)
        count = await asyncio.to_thread(ceremony.came, answer, shown.challenge, site, row.public_key)
        self._take(shown.challenge)
        actor = volunteer_actor(row.person_id)
        async with desk.db.write() as tx:
            held = await own_passkeys.get(tx, shown.id)
            if held is None or not await helps_here(tx, held.person_id):
                raise ceremony.refused()
            if goes_on := count > held.used_count or count == held.used_count == 0:
                await own_passkeys.used(tx, held.id, count=count, at=desk.now)
                cookie = await self._door.begin(tx, held.person_id, browser)
            else:
                await own_passkeys.take_away(tx, held.id)
                await desk.record(tx, actor, "volunteer.passkey_copied", person_object(held.person_id))
        if not goes_on:
            raise Invalid(
                "passkey_copied",
                N_(
                    "This passkey was used somewhere else in the meantime, so somebody may have a copy of it."
                    " It opens nothing now. Ask us for a link, and tell us."
                ),
            )
        return cookie

    async def of(self, actor: Actor) -> Sequence[OwnPasskey]:
        """Hers, the newest first."""
        async with self._desk.db.read() as tx:
            rows = await own_passkeys.of_person(tx, hers(actor))
        return [
            OwnPasskey(id=row.id.hex(), browser=row.device, made_at=row.made_at, last_used=row.last_used)
            for row in rows
        ]

    async def take_away(self, actor: Actor, passkey_id: str) -> None:
        """It opens nothing any more. Raises ``NotFound`` for another's, and for one that there is not."""
        person = hers(actor)
        async with self._desk.db.write() as tx:
            rows = await own_passkeys.of_person(tx, person)
            found = next((row for row in rows if row.id.hex() == passkey_id), None)
            if found is None:
                raise NotFound("no_passkey", N_("That one is taken away already."))
            await own_passkeys.take_away(tx, found.id)
            await self._desk.record(tx, actor, "volunteer.passkey_away", person_object(person))

    async def _of(self, shown: Shown) -> PasskeyRow:
        """The one that an answer names, and only together with the name that her device has for her."""
        async with self._desk.db.read() as tx:
            row = await own_passkeys.get(tx, shown.id)
        if row is None or shown.handle != row.handle:
            raise ceremony.refused()
        return row

    def _fresh(self, purpose: Purpose, whom: str) -> bytes:
        return self._challenges.make(purpose, whom, self._desk.random(_NONCE_BYTES), self._desk.now)

    def _must_be_good(self, challenge: bytes, purpose: Purpose, whom: str) -> None:
        if not self._challenges.is_good(challenge, purpose, whom, self._desk.now):
            raise _late()

    def _take(self, challenge: bytes) -> None:
        if not self._challenges.take(challenge, self._desk.now):
            raise _late()


def _maker(person: str, visitor: str) -> str:
    return f"{person} {visitor}"


def _handle(challenge: bytes) -> bytes:
    """From the challenge, which is random: so it need not be kept until the device has answered."""
    return hashlib.sha256(b"handle" + challenge).digest()


def _late() -> Invalid:
    return Invalid("passkey_late", N_("That took too long. Please press the button again."))


def _short(answer: str) -> str:
    if not 0 < len(answer) <= LONGEST_ANSWER:
        raise ceremony.refused()
    return answer
