"""What people want to be told: by themselves on a page of theirs, or by the link at the foot of every message."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from node.domain.actors import Actor, volunteer_actor
from node.domain.consents import AS_CHOSEN, Consent, Purpose
from node.domain.ids import PersonId
from node.domain.notices.choices import Choices, hours_fit, way_of
from node.domain.notices.notice import Way
from node.errors import N_, Invalid
from node.services import links
from node.services.desk import Desk, person_object
from node.store import (
    chats,
    consents,
    mail_server,
    notice_choices,
    persons,
    push_devices,
    text_gateway,
    volunteers,
)
from node.store.db import Tx
from node.store.notice_choices import ChoicesRow
from node.store.persons import PersonRow
from node.vault import Compartment

TAKEN_BACK = "taken-back-written"
"""In place of a version, where she ended all messages by a link or a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoicesView:
    """One person's choices as a page shows them."""

    choices: Choices
    way: Way | None
    """How she is told as things stand; None while locked."""
    bounced: bool
    """The address that we have does not work; False while locked."""
    ways: frozenset[Way]
    """By which this group sends messages at all."""
    helps: bool
    """She is one of the volunteers; else she only asked for something."""
    pushes: bool
    """Notifications are on, on a device of hers."""
    chats: bool
    """She has a confirmed address in the chat."""


def notices_hash(token: str) -> bytes:
    """What is kept of the link at the foot of messages."""
    return hashlib.sha256(b"notices-link\0" + token.encode()).digest()


class Choosing:
    """Works while locked, but for what an address says."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def choices(self, person_id: PersonId) -> ChoicesView:
        """Hers, or what holds until she chooses. The caller knows that it is she, or may read her record. Raises
        ``NotFound``."""
        async with self._desk.db.read() as tx:
            return await self._view(tx, await self._desk.need_person(tx, person_id))

    async def choose(
        self, actor: Actor, person_id: PersonId, wanted: Choices, wording: str = AS_CHOSEN
    ) -> None:
        """All of them anew. ``wording``: the version of the words that stood beside them, for the record of what she
        agreed to. Raises ``Invalid`` (hours), ``NotFound``."""
        _must_fit(wanted)
        async with self._desk.db.write() as tx:
            person_id = (await self._desk.need_person(tx, person_id)).person.id
            await self._put(tx, actor, replace(wanted, person_id=person_id), wording)

    async def by_link(self, token: str) -> ChoicesView:
        """Those of whoever holds that link. Raises ``NotFound("link_closed")``."""
        async with self._desk.db.read() as tx:
            held = await self._held(tx, token)
            return await self._view(tx, await self._desk.need_person(tx, held.choices.person_id))

    async def choose_by_link(self, token: str, wanted: Choices, wording: str = AS_CHOSEN) -> None:
        """All of them anew; whoever they are of is the link's to say. ``wording`` as for ``choose``. Raises
        ``Invalid``, ``NotFound``."""
        _must_fit(wanted)
        async with self._desk.db.write() as tx:
            person_id = (await self._held(tx, token)).choices.person_id
            await self._put(tx, volunteer_actor(person_id), replace(wanted, person_id=person_id), wording)

    async def out_by_link(self, token: str) -> None:
        """No more messages; asked twice it is the same. Raises ``NotFound("link_closed")``."""
        async with self._desk.db.write() as tx:
            held = (await self._held(tx, token)).choices
            if not held.out:
                await self._put(tx, volunteer_actor(held.person_id), replace(held, out=True), TAKEN_BACK)

    async def out(self, person_id: PersonId) -> None:
        """No more messages, by her own word."""
        async with self._desk.db.write() as tx:
            held = (await self.ensure(tx, person_id)).choices
            if not held.out:
                await self._put(tx, volunteer_actor(person_id), replace(held, out=True), TAKEN_BACK)

    async def end(self, tx: Tx, actor: Actor, person_id: PersonId) -> None:
        """The same where she took it back at the desk, which records that by itself."""
        held = (await self.ensure(tx, person_id)).choices
        if not held.out:
            await self._put(tx, actor, replace(held, out=True))

    async def by_push(self, tx: Tx, actor: Actor, person_id: PersonId, wording: str) -> None:
        """By notifications from now on; whoever chooses that gets messages again. ``wording`` as for ``choose``."""
        held = (await self.ensure(tx, person_id)).choices
        await self._put(tx, actor, replace(held, way=Way.PUSH, out=False), wording)

    async def by_chat(self, tx: Tx, actor: Actor, person_id: PersonId, wording: str) -> None:
        """By the chat from now on; whoever chooses that gets messages again. ``wording`` as for ``choose``."""
        held = (await self.ensure(tx, person_id)).choices
        await self._put(tx, actor, replace(held, way=Way.CHAT, out=False), wording)

    # --- for finding and sending

    async def of_all(self, tx: Tx) -> Mapping[PersonId, ChoicesRow]:
        """Everybody's who has made any, or was ever written to."""
        return await notice_choices.all_of_them(tx)

    async def ensure(self, tx: Tx, person_id: PersonId) -> ChoicesRow:
        """Hers; made now with a fresh link if she has none."""
        held = await notice_choices.get(tx, person_id)
        if held is not None:
            return held
        row = self._fresh(Choices(person_id=person_id))
        await notice_choices.put(tx, row)
        return row

    def token(self, row: ChoicesRow) -> str:
        """The secret of her link, for the foot of a message. Raises ``Locked``."""
        record = self._desk.vault.open(Compartment.PEOPLE, "notice_choices", row.record, row.sealed)
        return str(record["token"])

    async def ways(self, tx: Tx) -> frozenset[Way]:
        """By which the group sends messages at all."""
        found = set()
        if await mail_server.get(tx) is not None:
            found.add(Way.EMAIL)
        if await text_gateway.get(tx) is not None:
            found.add(Way.TEXT)
        if await push_devices.any_at_all(tx):
            found.add(Way.PUSH)
        if await chats.service(tx) is not None:
            found.add(Way.CHAT)
        return frozenset(found)

    def way(self, row: ChoicesRow | None, held: PersonRow, ways: frozenset[Way]) -> Way:
        """How she is told; ``ways``: the group's. Raises ``Locked``."""
        choices = row.choices if row else Choices(person_id=held.person.id)
        able = ways - self.failed(row, held)
        if row is None or not row.pushes:
            able -= {Way.PUSH}
        if row is None or not row.chats:
            able -= {Way.CHAT}
        return way_of(choices, self._desk.open_person(held), able, self._desk.vault.region)

    def failed(self, row: ChoicesRow | None, held: PersonRow) -> frozenset[Way]:
        """The ways at whose very address, as we have it of her, a message did not arrive. Raises ``Locked``."""
        if row is None or (row.bounced_index is None and row.text_bounced_index is None):
            return frozenset()
        details, found = self._desk.open_person(held), set()
        if row.bounced_index == self._desk.email_index(details):
            found.add(Way.EMAIL)
        if row.text_bounced_index == self._desk.phone_index(details):
            found.add(Way.TEXT)
        return frozenset(found)

    # --- the parts of it

    async def _held(self, tx: Tx, token: str) -> ChoicesRow:
        held = await notice_choices.with_link(tx, notices_hash(token)) if token else None
        if held is None:
            raise links.closed_link()
        return held

    async def _view(self, tx: Tx, held: PersonRow) -> ChoicesView:
        row = await notice_choices.get(tx, held.person.id)
        ways, unlocked = await self.ways(tx), self._desk.unlocked
        return ChoicesView(
            choices=row.choices if row else Choices(person_id=held.person.id),
            # Mail counts before there is a server too: what stands in her choices is kept until there is one.
            way=self.way(row, held, ways | {Way.EMAIL}) if unlocked else None,
            bounced=unlocked and bool(self.failed(row, held)),
            ways=ways,
            helps=await volunteers.get(tx, held.person.id) is not None,
            pushes=row is not None and row.pushes,
            chats=row is not None and row.chats,
        )

    async def _put(self, tx: Tx, actor: Actor, wanted: Choices, wording: str = "") -> None:
        row = await self.ensure(tx, wanted.person_id)
        if row.choices == wanted:
            return
        changed = (wanted.out, wanted.way) != (row.choices.out, row.choices.way)
        if wording and changed and (wanted.out or row.choices.out or wanted.way is not None):
            await self._agreed(tx, actor, wanted, wording)
        await notice_choices.put(tx, replace(row, choices=wanted, changed_at=self._desk.now))
        await persons.touched(tx, wanted.person_id, self._desk.today)
        await self._desk.record(
            tx,
            actor,
            "notices.chosen",
            person_object(wanted.person_id),
            urgent=int(wanted.urgent),
            digest=int(wanted.digest),
            way=str(wanted.way or ""),
            out=int(wanted.out),
        )

    async def _agreed(self, tx: Tx, actor: Actor, wanted: Choices, wording: str) -> None:
        """The choice of a way, or of none, is her answer to whether we may write to her by ourselves."""
        answer = not wanted.out and wanted.way is not Way.PHONE
        held = [
            each
            for each in await consents.of_person(tx, wanted.person_id)
            if each.purpose is Purpose.MESSAGES
        ]
        if held and (held[-1].answer, held[-1].wording) == (answer, wording):
            return
        said = Consent(
            purpose=Purpose.MESSAGES, answer=answer, wording=wording, at=self._desk.now, by_actor=actor.label
        )
        await consents.add(tx, said, person_id=wanted.person_id, need_id=None)

    def _fresh(self, choices: Choices) -> ChoicesRow:
        token = links.new_token(self._desk.random)
        return ChoicesRow(
            choices=choices,
            record=choices.person_id,
            link_hash=notices_hash(token),
            sealed=self._desk.vault.seal(
                Compartment.PEOPLE, "notice_choices", choices.person_id, {"token": token}
            ),
            changed_at=self._desk.now,
        )


def _must_fit(wanted: Choices) -> None:
    if not hours_fit(wanted.quiet_from, wanted.quiet_until):
        raise Invalid(
            "quiet_hours",
            N_("Quiet hours begin between noon and midnight, and end between midnight and noon."),
            fields={"quiet_from": ""},
        )
