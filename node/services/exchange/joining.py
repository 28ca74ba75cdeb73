"""How two groups become neighbours: one gives an invitation, the other's people use it, both sides agree.

The invited side sees who answers before its node says a word (``look``, then ``join``). The inviting side sees who
asks before anything of it is taken in (``asked``, then ``approve``): until then the other node neither gets nor
brings anything, and what it said of itself lies apart.
"""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from node.clock import Clock, unix
from node.config import check_url
from node.domain.actors import SYSTEM, Actor
from node.domain.ids import Random, new_id
from node.domain.permissions import Permission, require
from node.errors import N_, Conflict, Invalid, NotFound, Unreachable
from node.ports import Carrier, Discovery, Rounds
from node.store import audit, invites, own_lines, peers, settings
from node.store.db import Database, Tx
from node.store.invites import Introduction, InviteRow
from node.store.peers import PeerRow
from protocol import b64, bundle, codec, invite
from protocol.identity import fingerprint_words
from protocol.invite import Invite
from protocol.limits import INVITE_SECONDS, INVITE_SECRET_BYTES
from protocol.statements import Profile

ROLES = ("peer", "hub", "reader")
OPEN_INVITES = 20
"""Invitations that may be open at a time: so many strangers can ask, and no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A new invitation. The link is shown once; only a hash of its secret is kept."""

    id: str
    link: str
    role: str
    expires_at: int
    """Unix seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduced:
    """Another group as it says it is, for our people to agree to or not."""

    origin: str
    words: tuple[str, ...]
    """Six words to compare over the phone."""
    name: str
    url: str | None
    profile: Profile | None
    """Its name, phone, hours and data rules in its own words; None if it sent none."""
    role: str
    """What it would be to us: peer, hub or reader."""
    at: int | None = None
    """When it asked, Unix seconds; None for one that we looked up."""
    state: str = "asked"
    """What it is to us so far: asked, or ``unknown`` if we have no row of it."""


class Joining:
    """Invitations and introductions."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        random: Random,
        *,
        discovery: Discovery,
        carrier: Carrier,
        rounds: Rounds,
        introduce: Callable[[], Awaitable[None]],
    ) -> None:
        """``introduce`` signs what this node says about itself, if it never did."""
        self._introduce = introduce
        self._db = db
        self._clock = clock
        self._random = random
        self._discovery = discovery
        self._carrier = carrier
        self._rounds = rounds

    # --- giving invitations

    async def invite(self, actor: Actor, *, role: str = "peer") -> Invitation:
        """A link for one other group, good for 7 days and once. ``role``: what it is to be to us.

        Raises ``Conflict``: this node has no address that others could reach, or too many invitations are open.
        """
        require(actor, Permission.PEERS)
        if role not in ROLES:
            raise Invalid("bad_role", N_("A neighbouring group is a peer, a hub or a reader."))
        await self._introduce()
        secret = b64.encode(self._random(INVITE_SECRET_BYTES))
        now = unix(self._clock)
        async with self._db.write() as tx:
            url, origin = await settings.get(tx, settings.PUBLIC_URL), await settings.get(tx, settings.ORIGIN)
            if not url or not origin:
                raise Conflict(
                    "no_own_url",
                    N_(
                        "Other groups cannot reach this one: it has no web address. Ask them for an invitation."
                    ),
                    hint="set public_url",
                )
            await invites.forget_over(tx, now - INVITE_SECONDS)
            if len(await invites.open_ones(tx, now)) >= OPEN_INVITES:
                raise Conflict(
                    "many_invites",
                    N_("So many invitations are open already. Take one back that nobody used."),
                )
            row = InviteRow(
                id=new_id(self._random),
                secret_hash=_hash(secret),
                role=role,
                created_at=now,
                expires_at=now + INVITE_SECONDS,
                by_actor=actor.label,
            )
            await invites.put(tx, row)
            await audit.append(
                tx, self._clock, actor, "peer.invite", f"invite:{row.id}", codes={"role": role}
            )
        link = Invite(url=url.rstrip("/"), origin=origin, secret=secret).link()
        return Invitation(id=row.id, link=link, role=role, expires_at=row.expires_at)

    async def invitations(self, actor: Actor) -> Sequence[InviteRow]:
        """Those that nobody used yet, newest first; their links are not known any more."""
        require(actor, Permission.PEERS)
        async with self._db.read() as tx:
            return await invites.open_ones(tx, unix(self._clock))

    async def take_back(self, actor: Actor, invite_id: str) -> None:
        """From now on the link opens nothing. Raises ``NotFound`` if it was used or is gone."""
        require(actor, Permission.PEERS)
        async with self._db.write() as tx:
            if not await invites.delete(tx, invite_id):
                raise NotFound("no_invite", N_("That invitation was used, or is gone."))
            await audit.append(tx, self._clock, actor, "peer.invite_back", f"invite:{invite_id}")

    # --- using one

    async def look(self, actor: Actor, link: str, *, allow_private: bool = False) -> Introduced:
        """Who answers at a link, before we say who we are. Raises ``Invalid`` (no such link, another node lives
        there), ``Conflict`` (our own link) and ``Unreachable``."""
        require(actor, Permission.PEERS)
        found = await self._read(link)
        answered = await self._discovery.ask(found.url, allow_private=allow_private)
        if answered.origin != found.origin:
            raise Invalid(
                "other_words",
                N_("Another group lives at that address now: %(found)s. Ask for a new invitation."),
                found=" ".join(answered.words),
            )
        async with self._db.read() as tx:
            held = await peers.get(tx, found.origin)
        return Introduced(
            origin=found.origin,
            words=answered.words,
            name=answered.name,
            url=found.url,
            profile=answered.profile,
            role=held.role if held else "peer",
            state=held.state if held else "unknown",
        )

    async def join(
        self, actor: Actor, link: str, *, role: str = "peer", allow_private: bool = False
    ) -> tuple[PeerRow, str]:
        """Agrees to a group whose link was handed to us, and asks it to agree to us.

        Gives its row, and ``asked`` (its people decide now) or ``active``. The same link again is no fault.
        Raises what ``look`` does, and ``Conflict`` ``invite_unknown`` where the invitation is over.
        """
        if role not in ROLES:
            raise Invalid("bad_role", N_("A neighbouring group is a peer, a hub or a reader."))
        seen = await self.look(actor, link, allow_private=allow_private)
        await self._introduce()
        found = await self._read(link)
        async with self._db.read() as tx:
            own_url = await settings.get(tx, settings.PUBLIC_URL)
        try:
            answer = await self._discovery.introduce(
                found.url,
                found.origin,
                secret=found.secret,
                own_url=own_url.rstrip("/") or None,
                allow_private=allow_private,
            )
        except Unreachable as error:
            if error.hint != "invite_unknown":
                raise
            raise Conflict(
                "invite_unknown",
                N_("This invitation was used already, is over, or was taken back. Ask for a new one."),
            ) from error
        async with self._db.write() as tx:
            held = await peers.get(tx, found.origin)
            row = PeerRow(
                origin=found.origin,
                url=found.url,
                name=seen.name,
                state="active",
                allow_private=allow_private,
                added_at=unix(self._clock),
                role=role,
                gives="public" if role == "reader" else "both",
            )
            if held is not None and held.was == "active" and held.state not in ("asked", "left"):
                row = replace(held, url=found.url, state="active", allow_private=allow_private)
            await peers.put(tx, row)
            await audit.append(
                tx, self._clock, actor, "peer.join", found.origin, codes={"url": found.url, "answer": answer}
            )
        await self._rounds.list_changed()
        return row, answer

    # --- being asked

    async def asked(self, actor: Actor) -> Sequence[Introduced]:
        """Groups that used an invitation of ours and wait for our people, oldest first."""
        require(actor, Permission.PEERS)
        async with self._db.read() as tx:
            return [
                await self._introduced(tx, row) for row in await peers.all_of_them(tx) if row.state == "asked"
            ]

    async def approve(
        self, actor: Actor, origin: str, *, role: str | None = None, allow_private: bool = False
    ) -> PeerRow:
        """Agrees to a group that asked; ``role`` instead of the one of its invitation. Both nodes talk from now on.

        Raises ``NotFound`` if it did not ask.
        """
        require(actor, Permission.PEERS)
        if role is not None and role not in ROLES:
            raise Invalid("bad_role", N_("A neighbouring group is a peer, a hub or a reader."))
        async with self._db.write() as tx:
            row, said = await self._waiting(tx, origin)
            row = replace(row, state="active", role=role or row.role, allow_private=allow_private)
            row = replace(row, gives="public" if row.role == "reader" else row.gives)
            await peers.put(tx, row)
            await invites.decided(tx, origin)
            await audit.append(tx, self._clock, actor, "peer.approve", origin, codes={"role": row.role})
        await self._rounds.list_changed()
        if row.role != "reader":
            lines = [said.keys_line, *([said.profile_line] if said.profile_line else [])]
            await self._carrier.take(bundle.write(lines))
        return row

    async def decline(self, actor: Actor, origin: str) -> None:
        """Says no; nothing of the group is kept, and no invitation that its node used opens anything any more. Raises
        ``NotFound`` if it did not ask."""
        require(actor, Permission.PEERS)
        async with self._db.write() as tx:
            await self._waiting(tx, origin)
            await invites.close_used_by(tx, origin, unix(self._clock))
            await peers.delete(tx, origin)
            await audit.append(tx, self._clock, actor, "peer.decline", origin)

    async def own(self) -> Profile | None:
        """What we say of ourselves to whoever joins us; None before the first publication."""
        async with self._db.read() as tx:
            line = await own_lines.get(tx, "profile")
        return _profile(line.line) if line else None

    # --- a node arrives: see ``federation.ports.Introductions``

    async def is_open(self, secret: str, origin: str) -> bool:
        """Whether an invitation with this secret may be used by that origin."""
        async with self._db.read() as tx:
            return await self._open_row(tx, secret, origin) is not None

    async def introduce(
        self, origin: str, *, secret: str, url: str | None, keys_line: bytes, profile_line: bytes | None
    ) -> str:
        """Notes who asks: ``asked``, or ``active`` if our people had agreed before. The lines were verified.
        Raises ``Conflict`` or ``Invalid``."""
        said = _profile(profile_line) if profile_line else None
        if url is not None and check_url(url):
            raise Invalid("bad_url", N_("That is no web address of a group: %(url)s"), url=url[:100])
        now = unix(self._clock)
        async with self._db.write() as tx:
            given = await self._open_row(tx, secret, origin)
            held = await peers.get(tx, origin)
            known = held.state if held else "left"
            ourselves = origin == await settings.get(tx, settings.ORIGIN)
            if given is None or ourselves or known in ("paused", "blocked"):
                raise Conflict("invite_unknown", N_("No such invitation is open."))
            await invites.put(tx, replace(given, used_at=given.used_at or now, used_by=origin))
            if known == "active":
                return "active"
            row = PeerRow(
                origin=origin,
                url=url,
                name=said.name if said else url or origin,
                state="asked",
                allow_private=False,
                added_at=now,
                role=given.role,
            )
            await peers.put(tx, row)
            await invites.introduce(
                tx,
                Introduction(
                    origin=origin, invite_id=given.id, keys_line=keys_line, profile_line=profile_line, at=now
                ),
            )
            await audit.append(tx, self._clock, SYSTEM, "peer.asked", origin, codes={"invite": given.id})
        return "asked"

    # --- helpers

    async def _open_row(self, tx: Tx, secret: str, origin: str) -> InviteRow | None:
        row = await invites.of_secret(tx, _hash(secret))
        if row is None or row.expires_at <= unix(self._clock):
            return None
        return row if row.used_by in (None, origin) else None

    async def _read(self, link: str) -> Invite:
        found = invite.read(link)
        if found is None:
            raise Invalid(
                "bad_link",
                N_(
                    "That is no invitation. It looks like https://group.example/join# and a long text behind."
                ),
                fields={"link": "bad_link"},
            )
        async with self._db.read() as tx:
            if found.origin == await settings.get(tx, settings.ORIGIN):
                raise Conflict("ourselves", N_("That is this group itself."))
        return found

    async def _waiting(self, tx: Tx, origin: str) -> tuple[PeerRow, Introduction]:
        row, said = await peers.get(tx, origin), await invites.introduction(tx, origin)
        if row is None or row.state != "asked" or said is None:
            raise NotFound("not_asked", N_("That group is not waiting for an answer."))
        return row, said

    async def _introduced(self, tx: Tx, row: PeerRow) -> Introduced:
        said = await invites.introduction(tx, row.origin)
        return Introduced(
            origin=row.origin,
            words=fingerprint_words(row.origin),
            name=row.name,
            url=row.url,
            profile=_profile(said.profile_line) if said and said.profile_line else None,
            role=row.role,
            at=said.at if said else row.added_at,
        )


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8")).digest()


def _profile(line: bytes) -> Profile | None:
    statement = codec.read_line(line).statement
    return statement if isinstance(statement, Profile) else None
