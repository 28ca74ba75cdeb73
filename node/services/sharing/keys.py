"""A new signing key, named by the rescue cards without the cards ever entering the node.

The node makes the key and asks for it in one line of text; ``mutualaid keys sign`` answers, wherever the cards are,
with one signed line; that line is pasted here. Then everything that the old key signed falls everywhere, and what is
still true is said anew.
"""

from dataclasses import dataclass

from node.clock import Clock, unix
from node.domain.actors import Actor
from node.domain.ids import Random
from node.domain.permissions import Permission, require
from node.errors import N_, Conflict, Invalid
from node.ports import OwnStatements
from node.services.accounts.keyring import Keyring
from node.services.sharing.publishing import Publishing, PublishReport
from node.store import audit, own_lines, published, settings
from node.store.db import Database, Tx
from node.store.own_lines import OwnLine
from protocol import codec, keys_request
from protocol.errors import ProtocolError
from protocol.limits import DAY_SECONDS, EPOCH_FLOOR_AHEAD_SECONDS, MAX_LINE_BYTES
from protocol.statements import Keys

STOLEN_AHEAD = DAY_SECONDS + 3600
"""A stolen key can have signed epochs up to a day ahead: the floor goes above those. Seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysAsked:
    """What is to be carried to the cards."""

    request: str
    """The line for ``mutualaid keys sign``."""
    op_key: str
    """The new key, to compare when the line is signed."""
    rev: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysTaken:
    """A new keys line counts here. ``published``: what was said anew, None if that has to wait."""

    rev: int
    op_key: str
    epoch_floor: int
    published: PublishReport | None
    waits: str
    """Why it has to wait: an error's code, or empty."""


class SigningKeys:
    """Asks for a new op key and takes the answer."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        random: Random,
        *,
        keyring: Keyring,
        own: OwnStatements,
        publishing: Publishing,
    ) -> None:
        self._db = db
        self._clock = clock
        self._random = random
        self._keyring = keyring
        self._own = own
        self._publishing = publishing

    async def ask(self, actor: Actor, *, stolen: bool = False) -> KeysAsked:
        """Makes the next key, or takes the one that was made and not named yet; ``stolen``: the present key may be in
        other hands, so the floor goes above every epoch that it could have signed.
        """
        require(actor, Permission.SETTINGS)
        async with self._db.read() as tx:
            origin, held = await _own_keys(tx)
            position = await published.position(tx)
        seen = await self._own.own_standing()
        fresh = self._keyring.next() or self._keyring.create_next(self._random)
        now = unix(self._clock)
        known = max((place[0] for place in (position, seen.position) if place is not None), default=0)
        floor = max(now + STOLEN_AHEAD if stolen else now, known + 1, held.epoch + 1)
        keys = Keys(origin=origin, rev=max(held.seq, seen.keys_rev) + 1, epoch_floor=floor, op_key=fresh.did)
        async with self._db.write() as tx:
            codes = {"rev": keys.rev, "stolen": stolen}
            await audit.append(tx, self._clock, actor, "keys.ask", fresh.did, codes=codes)
        return KeysAsked(request=keys_request.request(keys), op_key=fresh.did, rev=keys.rev)

    async def paste(self, actor: Actor, text: str) -> KeysTaken:
        """Takes the signed line. Raises ``Invalid`` (``no_keys_line``, ``other_group``, ``older_keys``,
        ``other_key``, ``floor_too_far``).
        """
        require(actor, Permission.SETTINGS)
        keys, line = _read(text)
        fresh = self._keyring.next()
        async with self._db.write() as tx:
            origin, held = await _own_keys(tx)
            if keys.origin != origin:
                raise Invalid("other_group", N_("This line is another group's."))
            if keys.rev <= held.seq or keys.epoch_floor <= held.epoch:
                raise Invalid(
                    "older_keys",
                    N_("This line is no newer than the one that counts here. Ask for a new one."),
                )
            present = self._keyring.load().did if self._keyring.exists() else ""
            if keys.op_key != present and (fresh is None or keys.op_key != fresh.did):
                raise Invalid(
                    "other_key",
                    N_("This line names a key that is not in this folder. Paste it where it was asked for."),
                )
            if keys.epoch_floor > unix(self._clock) + EPOCH_FLOOR_AHEAD_SECONDS:
                raise Invalid(
                    "floor_too_far",
                    N_(
                        "This line counts from a day that is too far ahead. Look at the clocks of both machines."
                    ),
                )
            await own_lines.put(tx, OwnLine(name="keys", epoch=keys.epoch_floor, seq=keys.rev, line=line))
            # Nothing that another key signed may be handed out again, whatever happens next.
            await published.delete_all(tx)
            codes = {"rev": keys.rev, "floor": keys.epoch_floor}
            await audit.append(tx, self._clock, actor, "keys.paste", keys.op_key, codes=codes)
        await self.settle()
        done, waits = None, ""
        try:
            done = await self._publishing.publish(actor)
        except Conflict as error:
            waits = error.code
        return KeysTaken(
            rev=keys.rev,
            op_key=keys.op_key,
            epoch_floor=keys.epoch_floor,
            published=done,
            waits=waits,
        )

    async def settle(self) -> None:
        """Puts the next key in the place of the old one if our keys line names it: after a paste, and at each start,
        since the power may go between the two.
        """
        fresh = self._keyring.next()
        if fresh is None:
            return
        async with self._db.read() as tx:
            row = await own_lines.get(tx, "keys")
        named = codec.read_line(row.line).statement if row else None
        if isinstance(named, Keys) and named.op_key == fresh.did:
            self._keyring.take_next()


async def _own_keys(tx: Tx) -> tuple[str, OwnLine]:
    origin, row = await settings.get(tx, settings.ORIGIN), await own_lines.get(tx, "keys")
    if not origin or row is None:
        raise Conflict("not_set_up", N_("The group has not been set up yet."))
    return origin, row


def _read(text: str) -> tuple[Keys, bytes]:
    line = text.strip().encode()
    try:
        signed = codec.read_line(line[: MAX_LINE_BYTES + 1])
        codec.verify_keys(signed)
    except ProtocolError as error:
        raise Invalid(
            "no_keys_line",
            N_("This is not the line that mutualaid keys sign printed. Copy it whole."),
            hint=error.code,
        ) from error
    if not isinstance(signed.statement, Keys) or signed.unknown_crit:
        raise Invalid(
            "no_keys_line", N_("This is not the line that mutualaid keys sign printed. Copy it whole.")
        )
    return signed.statement, line
