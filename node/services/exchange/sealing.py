"""Our end of sealed letters: the box keys that open them, and sealing with the op key's signature inside.

Box keys are records of the compartment ``people``: making one needs the vault's public half only, so renewal goes on
while the node is locked, and letters wait sealed until somebody signs in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from nacl.bindings import crypto_scalarmult_base

from node.domain.actors import SYSTEM
from node.domain.ids import new_id
from node.errors import N_, Conflict
from node.services.accounts.keyring import Keyring
from node.services.desk import Desk
from node.store import box_keys, outbox, peers, settings
from node.store.box_keys import BoxKeyRow
from node.store.db import Tx
from node.store.outbox import OutboxRow
from node.vault import Compartment
from protocol import direct
from protocol.errors import ProtocolError
from protocol.limits import BOX_KEY_DAYS, BOX_KEY_KEPT_DAYS, DAY_SECONDS

_PEOPLE = Compartment.PEOPLE
_SLACK = 3600
"""Renewal is due an hour early, so that a job a few seconds before the hour does not cost a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A letter sealed to its recipient, not stored yet: ``Letters.put`` does that."""

    id: str
    to: str
    kind: str
    need: str | None
    person_id: str | None
    box: str
    expires: date
    message: bytes = field(repr=False)
    copy: bytes = field(repr=False)
    box_key: bytes = field(repr=False)
    """What it was sealed to."""


class Sealing:
    """Makes and opens what only two groups can read."""

    def __init__(self, desk: Desk, keyring: Keyring) -> None:
        self._desk = desk
        self._keyring = keyring

    async def prepare(
        self,
        *,
        to: str,
        box_key: bytes,
        kind: str,
        need: str | None,
        content: Mapping[str, Any],
        expires: date,
        person_id: str | None,
    ) -> Prepared:
        """A letter sealed to ``box_key``, and a copy of it sealed to ourselves. Works while locked.

        Raises ``Conflict`` ``letter_too_long`` or ``bad_letter``: what the protocol does not allow is not sent.
        """
        desk, letter_id = self._desk, new_id(self._desk.random)
        async with desk.db.read() as tx:
            sender = await settings.get(tx, settings.ORIGIN)
        letter = direct.Letter(type=kind, sender=sender, time=desk.now, need=need, content=content)
        message = self._seal(letter, to=to, box_key=box_key, expires=expires, id=letter_id)
        copy = desk.vault.seal(
            _PEOPLE,
            "outbox",
            letter_id,
            {"kind": kind, "need": need, "time": letter.time, "content": dict(content)},
        )
        return Prepared(
            id=letter_id,
            to=to,
            kind=kind,
            need=need,
            person_id=person_id,
            box=message.header.box,
            expires=expires,
            message=message.line(),
            copy=copy,
            box_key=box_key,
        )

    async def put(self, tx: Tx, prepared: Prepared) -> None:
        """The letter's row in the outbox, to be sent at once."""
        await peers.set_box_key(tx, prepared.to, prepared.box_key)
        await outbox.insert(
            tx,
            OutboxRow(
                id=prepared.id,
                peer=prepared.to,
                kind=prepared.kind,
                need=prepared.need,
                person_id=prepared.person_id,
                state="waiting",
                box=prepared.box,
                expires=prepared.expires,
                message_sealed=prepared.message,
                copy_sealed=prepared.copy,
                created_at=self._desk.now,
                next_try=self._desk.now,
            ),
        )

    async def seal_again(self, tx: Tx, row: OutboxRow, box_key: bytes) -> tuple[str, bytes]:
        """The same letter - id, day, time - for another box key: (name of the key, message). Raises ``Locked``."""
        desk = self._desk
        assert row.copy_sealed is not None
        held = desk.vault.open(_PEOPLE, "outbox", row.id, row.copy_sealed)
        letter = direct.Letter(
            type=held["kind"],
            sender=await settings.get(tx, settings.ORIGIN),
            time=held["time"],
            need=held["need"],
            content=held["content"],
        )
        message = self._seal(letter, to=row.peer, box_key=box_key, expires=row.expires, id=row.id)
        return message.header.box, message.line()

    async def open_(self, tx: Tx, message: bytes) -> direct.Opened:
        """What is inside; its signature is not verified yet.

        Raises ``Locked``, :class:`ProtocolError` (``box_key_unknown`` where the key is gone).
        """
        read = direct.read(message)
        row = await box_keys.get(tx, read.header.box)
        if row is None:
            raise ProtocolError("box_key_unknown")
        record = self._desk.vault.open(_PEOPLE, "box_keys", row.id, row.private_sealed)
        return direct.open_(read, bytes.fromhex(record["private"]))

    async def renew(self, tx: Tx) -> bool:
        """A new box key where the one in use is 30 days old (or there is none); those that retired 60 days ago are
        gone for good. Only to be called while the clock is trusted. Whether a new one was made."""
        desk = self._desk
        await box_keys.drop_retired(tx, desk.now - BOX_KEY_KEPT_DAYS * DAY_SECONDS)
        held = await box_keys.current(tx)
        if held is not None and desk.now - held.created_at < BOX_KEY_DAYS * DAY_SECONDS - _SLACK:
            return False
        private = desk.random(32)
        public = crypto_scalarmult_base(private)
        box = direct.box_id(public)
        sealed = desk.vault.seal(_PEOPLE, "box_keys", box, {"private": private.hex()})
        await box_keys.insert(
            tx, BoxKeyRow(id=box, public_key=public, private_sealed=sealed, created_at=desk.now)
        )
        await desk.record(tx, SYSTEM, "box_key.renew", f"box_key:{box}")
        return True

    def _seal(
        self, letter: direct.Letter, *, to: str, box_key: bytes, expires: date, id: str
    ) -> direct.Message:
        try:
            return direct.seal(
                letter, to=to, box_key=box_key, expires=expires, id=id, key=self._keyring.load()
            )
        except ProtocolError as fault:
            if fault.code == "too_long":
                raise Conflict(
                    "letter_too_long", N_("That is too long to be sent to another group.")
                ) from fault
            raise Conflict(
                "bad_letter",
                N_("That cannot be sent to another group as it is written."),
                hint=f"{letter.type}: {fault}",
            ) from fault
