"""Who is at the desk: sign-in, sessions, and the opening of the vault that goes with them.

A password opens a person's private key, that key opens the compartments they hold, and those open the
records. A session keeps the private key wrapped under a key that only the browser's cookie holds: after a
power cut the next click of a board left open unlocks the node, while the disk alone opens nothing.
"""

import base64
import binascii
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256

from node.clock import Clock, unix
from node.domain.actors import Actor, ActorKind, Role
from node.domain.ids import Random, StaffId, new_id
from node.domain.permissions import Permission, require
from node.errors import N_, NotAllowed
from node.services.accounts.passwords import (
    Passwords,
    Throttle,
    check_new_password,
    device_token,
    knows_device,
)
from node.store import audit, compartments, sessions, settings, staff
from node.store.db import Database
from node.store.sessions import SessionRow
from node.store.staff import StaffRow
from node.vault import Compartment, Vault
from node.vault.keys import Kdf, KeyPair, WrongKey, derive, unwrap, wrap
from node.vault.vault import open_former, open_granted

IDLE_SECONDS = 12 * 3600
KNOWN_SECONDS = 86400
"""So long after its end a session still tells whose half-typed call it is; it opens nothing."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """Whose cookie it is, and what it opens."""

    session: SessionRow
    row: StaffRow
    held: Mapping[str, bytes]
    pair: KeyPair


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
        """Opened by somebody who is signed in, so they stay open when a single command ends."""
        self._for_commands: Counter[Compartment] = Counter()
        """How many commands need what only commands opened."""
        self._locked = 0
        """How often somebody locked."""

    async def load(self) -> None:
        """Gives the vault its public keys and country; call it at start and after set-up."""
        async with self._db.read() as tx:
            rows = await compartments.all_of(tx)
            self._vault.region = await settings.get(tx, settings.REGION)
            kdf = await settings.get(tx, settings.KDF)
        self._vault.install({Compartment(row.name): row.public_key for row in rows})
        if kdf:
            self._passwords.use(Kdf.from_json(kdf))

    async def sign_in(
        self, handle: str, password: str, *, device: str | None = None, browser: str = ""
    ) -> SignedIn:
        """Checks a password, unlocks what that person holds and begins a session.

        ``device`` is that browser's device cookie, if it has one; ``browser`` a code to know it by. Raises
        ``NotAllowed`` (code ``wrong_sign_in``; the same for an unknown name) and ``TooMany``.
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
            device=browser[:40],
        )
        async with self._db.write() as tx:
            await sessions.remove_expired(
                tx, now=now - KNOWN_SECONDS, idle_since=now - IDLE_SECONDS - KNOWN_SECONDS
            )
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
        now, locked = unix(self._clock), self._locked
        known = await self._known(cookie, now)
        if known is None:
            return None
        if now - known.session.last_seen >= _TOUCH_SECONDS:
            async with self._db.write() as tx:
                await sessions.seen(tx, known.session.id, now)
        if locked != self._locked:
            return None  # the session was read before somebody locked, and is over
        await self._unlock(known.pair, known.held)
        return actor_of(known.row, known.held)

    async def glance(self, cookie: str) -> Actor | None:
        """The same for what a page asks by itself while nobody touches it: that is no use of the session, so it does
        not make it last, and opens nothing."""
        known = await self._known(cookie, unix(self._clock))
        return actor_of(known.row, known.held) if known else None

    async def _known(self, cookie: str, now: int) -> _Known | None:
        parts = _parts(cookie)
        if parts is None:
            return None
        id_bytes, secret = parts
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
        return _Known(session=session, row=row, held=held, pair=pair)

    async def own_key(self, cookie: str) -> KeyPair | None:
        """The key pair of whoever this cookie is, for what was sealed to that one alone; None when it is nobody's.

        For the request that asks: nobody keeps it.
        """
        parts, actor = _parts(cookie), await self.actor_for(cookie)
        if parts is None or actor is None:
            return None
        async with self._db.read() as tx:
            session = await sessions.get(tx, _hashed(parts[0]))
        if session is None:
            return None
        try:
            return KeyPair.of(unwrap(session.wrapped_key, derive(parts[1], "session"), parts[0]))
        except WrongKey:
            return None

    async def was(self, cookie: str) -> Actor | None:
        """Whose session this was, if it ended by age alone within the last day; it lets nobody in.

        For one purpose: what she was typing when it ended is kept for her (``Drafts.keep``).
        """
        parts = _parts(cookie)
        if parts is None:
            return None
        now = unix(self._clock)
        async with self._db.read() as tx:
            session = await sessions.get(tx, _hashed(parts[0]))
            if (
                session is None
                or now > min(session.expires_at, session.last_seen + IDLE_SECONDS) + KNOWN_SECONDS
            ):
                return None
            row = await staff.get(tx, session.staff_id)
            held = await compartments.held_by(tx, session.staff_id)
        try:
            unwrap(session.wrapped_key, derive(parts[1], "session"), parts[0])
        except WrongKey:
            return None
        return actor_of(row, held) if row is not None and row.state == "active" else None

    async def sign_out(self, cookie: str) -> None:
        """Ends one session; a cookie that is nobody's is no error."""
        parts = _parts(cookie)
        if parts is not None:
            async with self._db.write() as tx:
                await sessions.remove(tx, _hashed(parts[0]))

    async def act_as(self, handle: str, password: str) -> Actor:
        """Checks a password and unlocks what that person holds, without a session. Raises as ``sign_in``
        does."""
        return (await self._act_as(handle, password))[0]

    async def _act_as(self, handle: str, password: str) -> tuple[Actor, KeyPair]:
        row, pair = await self._proven(handle, password, None)
        async with self._db.read() as tx:
            held = await compartments.held_by(tx, row.id)
        await self._open(open_granted(pair, _named(held)))
        return actor_of(row, held), pair

    @asynccontextmanager
    async def acting_as(self, handle: str, password: str) -> AsyncIterator[Actor]:
        """As ``act_as``, for one command: what it opened closes again with the last command that needs it, unless
        somebody signed in meanwhile."""
        async with self.acting_with_key(handle, password) as (actor, _):
            yield actor

    @asynccontextmanager
    async def acting_with_key(self, handle: str, password: str) -> AsyncIterator[tuple[Actor, KeyPair]]:
        """The same, with the key of that person alone (``own_key``)."""
        open_before = {each for each in Compartment if self._vault.is_open(each)}
        actor, pair = await self._act_as(handle, password)
        needed = [
            each
            for each in Compartment
            if self._vault.is_open(each) and (each not in open_before or self._for_commands[each])
        ]
        self._for_commands.update(needed)
        try:
            yield actor, pair
        finally:
            self._for_commands.subtract(needed)
            shut = {each for each in needed if not self._for_commands[each]} - self._for_good
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
            await self._open(open_granted(pair, wanted))

    async def _open(self, privates: Mapping[Compartment, bytes]) -> None:
        async with self._db.read() as tx:
            former = {
                name: open_former(private, await compartments.former(tx, name))
                for name, private in privates.items()
            }
        await self._vault.unlock(privates, former)


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
) -> StaffRow:
    """A checked, not yet stored account with a fresh key pair. Raises ``Invalid``."""
    check_new_password(password)
    pair = KeyPair.new()
    id = StaffId(new_id(random))
    wrapped, kdf = await passwords.wrap(pair.private, password, key_context(id))
    return StaffRow(
        id=id,
        handle=handle,
        roles=roles,
        state="active",
        public_key=pair.public,
        wrapped_key=wrapped,
        kdf=kdf.to_json(),
        created_at=unix(clock),
    )


def _named(held: Mapping[str, bytes]) -> dict[Compartment, bytes]:
    return {Compartment(name): box for name, box in held.items()}


def _wrong_sign_in() -> NotAllowed:
    return NotAllowed("wrong_sign_in", N_("The name or the password is not right."))


def session_of(cookie: str) -> bytes | None:
    """The id of the session that a cookie belongs to, if it is one of ours."""
    parts = _parts(cookie)
    return _hashed(parts[0]) if parts else None


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
