"""Who is at the desk: sign-in, sessions, and the opening of the vault that goes with them.

A password opens a person's private key, that key opens the compartments they hold, and those open the
records. A session keeps the private key wrapped under a key that only the browser's cookie holds: after a
power cut the next click of a board left open unlocks the node, while the disk alone opens nothing.
"""

import base64
import binascii
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256

from node.clock import Clock, unix
from node.domain.actors import Actor, ActorKind, Role
from node.domain.ids import Random, StaffId, new_id
from node.domain.permissions import Permission, require
from node.errors import N_, NotAllowed
from node.services.passwords import Passwords, Throttle, check_new_password, device_token, knows_device
from node.store import audit, compartments, sessions, settings, staff
from node.store.db import Database
from node.store.sessions import SessionRow
from node.store.staff import StaffRow
from node.vault import Compartment, Vault
from node.vault.keys import Kdf, KeyPair, WrongKey, derive, unwrap, wrap
from node.vault.vault import open_granted

IDLE_SECONDS = 12 * 3600
LONGEST_SECONDS = 30 * 86400
_TOUCH_SECONDS = 300
_ID_BYTES = 16
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A new session: ``cookie`` for the browser (a secret), ``device`` for a long-lived second cookie (no
    secret of weight: it only keeps this browser from queueing behind strangers' guesses)."""

    cookie: str
    actor: Actor
    device: str


class Access:
    """Sign-in and sessions of one node."""

    def __init__(
        self, db: Database, vault: Vault, clock: Clock, random: Random, *, passwords: Passwords | None = None
    ) -> None:
        self._db = db
        self._vault = vault
        self._clock = clock
        self._random = random
        self._passwords = passwords or Passwords()
        self._throttle = Throttle(clock)
        self._for_good: set[Compartment] = set()
        self._locked = 0
        """How often somebody locked."""
        """Opened by somebody who is signed in, so they stay open when a single command ends."""

    async def load(self) -> None:
        """Gives the vault its public keys and country; call it at start and after set-up."""
        async with self._db.read() as tx:
            rows = await compartments.all_of(tx)
            self._vault.region = await settings.get(tx, settings.REGION)
            kdf = await settings.get(tx, settings.KDF)
        self._vault.install({Compartment(row.name): row.public_key for row in rows})
        if kdf:
            self._passwords.use(Kdf.from_json(kdf))

    async def sign_in(self, handle: str, password: str, *, device: str | None = None) -> SignedIn:
        """Checks a password, unlocks what that person holds and begins a session.

        ``device`` is that browser's device cookie, if it has one. Raises ``NotAllowed`` (code
        ``wrong_sign_in``; the same for an unknown name) and ``TooMany``.
        """
        row, pair = await self._proven(handle, password, device)
        id_bytes, secret = self._random(_ID_BYTES), self._random(_SECRET_BYTES)
        now = unix(self._clock)
        session = SessionRow(
            id=_hashed(id_bytes),
            staff_id=row.id,
            wrapped_key=wrap(pair.private, derive(secret, "session"), id_bytes),
            created_at=now,
            last_seen=now,
            expires_at=now + LONGEST_SECONDS,
        )
        async with self._db.write() as tx:
            await sessions.remove_expired(tx, now=now, idle_since=now - IDLE_SECONDS)
            await sessions.insert(tx, session)
            held = await compartments.held_by(tx, row.id)
            device_key = await settings.get(tx, settings.DEVICE_KEY)
            if not device_key:
                device_key = self._random(32).hex()
                await settings.put(tx, settings.DEVICE_KEY, device_key)
            actor = actor_of(row, held)
            await audit.append(tx, self._clock, actor, "staff.sign_in", f"staff:{row.id}")
        await self._unlock(pair, held)
        return SignedIn(
            cookie=f"{_text(id_bytes)}.{_text(secret)}",
            actor=actor,
            device=device_token(bytes.fromhex(device_key), row.id),
        )

    async def actor_for(self, cookie: str) -> Actor | None:
        """Who this cookie is, or None when it is nobody's, too old, or its owner is suspended.

        Opens what that person holds if it is locked: this is the "next click" after a restart.
        """
        parts = _parts(cookie)
        if parts is None:
            return None
        id_bytes, secret = parts
        now, locked = unix(self._clock), self._locked
        async with self._db.read() as tx:
            session = await sessions.get(tx, _hashed(id_bytes))
            if session is None or now >= session.expires_at or now - session.last_seen > IDLE_SECONDS:
                return None
            row = await staff.get(tx, session.staff_id)
            held = await compartments.held_by(tx, session.staff_id)
        if row is None or row.state != "active":
            return None
        try:
            pair = KeyPair.of(unwrap(session.wrapped_key, derive(secret, "session"), id_bytes))
        except WrongKey:
            return None
        if now - session.last_seen >= _TOUCH_SECONDS:
            async with self._db.write() as tx:
                await sessions.seen(tx, session.id, now)
        if locked != self._locked:
            return None  # the session was read before somebody locked, and is over
        await self._unlock(pair, held)
        return actor_of(row, held)

    async def sign_out(self, cookie: str) -> None:
        """Ends one session; a cookie that is nobody's is no error."""
        parts = _parts(cookie)
        if parts is not None:
            async with self._db.write() as tx:
                await sessions.remove(tx, _hashed(parts[0]))

    async def act_as(self, handle: str, password: str) -> Actor:
        """Checks a password and unlocks what that person holds, without a session. Raises as ``sign_in``
        does."""
        row, pair = await self._proven(handle, password, None)
        async with self._db.read() as tx:
            held = await compartments.held_by(tx, row.id)
        await self._vault.unlock(open_granted(pair, _named(held)))
        return actor_of(row, held)

    @asynccontextmanager
    async def acting_as(self, handle: str, password: str) -> AsyncIterator[Actor]:
        """As ``act_as``, for one command: what it opened closes again at the end, unless somebody signed in
        meanwhile."""
        before = {compartment for compartment in Compartment if self._vault.is_open(compartment)}
        actor = await self.act_as(handle, password)
        try:
            yield actor
        finally:
            shut = set(Compartment) - before - self._for_good
            if shut:
                self._vault.lock(*shut)

    async def lock_now(self, actor: Actor) -> None:
        """Forgets every key and signs everybody out: opening again takes a password."""
        require(actor, Permission.LOCK)
        async with self._db.write() as tx:
            await sessions.remove_all(tx)
            await audit.append(tx, self._clock, actor, "vault.lock", "vault")
        self._locked += 1
        self._for_good.clear()
        self._vault.lock()

    async def change_password(self, actor: Actor, old: str, new: str) -> None:
        """Gives the actor's own key a new password and signs their other browsers out."""
        check_new_password(new)
        row, pair = await self._proven(actor.name, old, None)
        if row.id != actor.id:
            raise _wrong_sign_in()
        wrapped, kdf = await self._passwords.wrap(pair.private, new, key_context(row.id))
        async with self._db.write() as tx:
            await staff.set_key(tx, row.id, public_key=row.public_key, wrapped_key=wrapped, kdf=kdf.to_json())
            await sessions.remove_of(tx, row.id)
            await audit.append(tx, self._clock, actor, "staff.password", f"staff:{row.id}")

    async def _proven(self, handle: str, password: str, device: str | None) -> tuple[StaffRow, KeyPair]:
        handle = handle.strip()
        async with self._db.read() as tx:
            row = await staff.by_handle(tx, handle)
            device_key = bytes.fromhex(await settings.get(tx, settings.DEVICE_KEY))
        known = row is not None and knows_device(device_key, row.id, device)
        key = f"device {device}" if known else f"stranger {handle.casefold()}"
        self._throttle.check(key)
        if not known:
            self._throttle.enter()
        try:
            if row is None:
                # As slow as a wrong password, so that the time does not tell which names exist.
                await self._passwords.derive(password, bytes(16))
                raise WrongKey
            private = await self._passwords.unwrap(
                row.wrapped_key, password, Kdf.from_json(row.kdf), key_context(row.id)
            )
        except WrongKey as error:
            self._throttle.wrong(key)
            raise _wrong_sign_in() from error
        finally:
            if not known:
                self._throttle.leave()
        self._throttle.right(key)
        if row.state != "active":
            raise NotAllowed("suspended", N_("This account is suspended. Ask an admin of your group."))
        return row, KeyPair.of(private)

    async def _unlock(self, pair: KeyPair, held: Mapping[str, bytes]) -> None:
        named = _named(held)
        self._for_good.update(named)
        wanted = {name: box for name, box in named.items() if not self._vault.is_open(name)}
        if wanted:
            await self._vault.unlock(open_granted(pair, wanted))


def actor_of(row: StaffRow, held: Mapping[str, bytes]) -> Actor:
    """A member of staff as an actor.

    Roles that read about people count only for holders of the compartment ``people``: otherwise an admin
    could give themselves such a role and read while a coordinator has the vault open.
    """
    roles = row.roles if Compartment.PEOPLE in held else row.roles & {Role.ADMIN}
    return Actor(kind=ActorKind.STAFF, id=row.id, name=row.handle, roles=roles)


def key_context(staff_id: str) -> bytes:
    """What a wrapped private key is bound to."""
    return b"staff|" + staff_id.encode()


async def new_account(
    passwords: Passwords, clock: Clock, random: Random, handle: str, password: str, roles: frozenset[Role]
) -> tuple[StaffRow, KeyPair]:
    """A checked, not yet stored account with a fresh key pair. Raises ``Invalid``."""
    check_new_password(password)
    pair = KeyPair.new()
    id = StaffId(new_id(random))
    wrapped, kdf = await passwords.wrap(pair.private, password, key_context(id))
    return (
        StaffRow(
            id=id,
            handle=handle,
            roles=roles,
            state="active",
            public_key=pair.public,
            wrapped_key=wrapped,
            kdf=kdf.to_json(),
            created_at=unix(clock),
        ),
        pair,
    )


def _named(held: Mapping[str, bytes]) -> dict[Compartment, bytes]:
    return {Compartment(name): box for name, box in held.items()}


def _wrong_sign_in() -> NotAllowed:
    return NotAllowed("wrong_sign_in", N_("The name or the password is not right."))


def _hashed(id_bytes: bytes) -> bytes:
    return sha256(b"session|" + id_bytes).digest()


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _parts(cookie: str) -> tuple[bytes, bytes] | None:
    first, dot, second = cookie.partition(".")
    try:
        id_bytes = base64.b64decode(first + "=" * (-len(first) % 4), b"-_", validate=True)
        secret = base64.b64decode(second + "=" * (-len(second) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return (id_bytes, secret) if dot and len(id_bytes) == _ID_BYTES and len(secret) == _SECRET_BYTES else None
