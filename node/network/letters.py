"""Letters between both rooms: carries them for the services (``node.ports.Post``), and takes what others bring
(``federation.ports.Inbox`` and ``Mail``). Values are turned, nothing is decided here.
"""

import re
from collections.abc import Sequence

from federation.client import PeerClient
from federation.errors import LetterRefused, PeerError
from federation.ingest import Ingest
from federation.ports import Peer, Peers
from federation.store import NeighbourhoodStore
from federation.transport import Endpoint
from node.ports import Correspondent, Mail, NotTaken
from node.services.exchange.hub_mail import HubMail
from node.services.exchange.letters import Letters
from protocol import b64, codec
from protocol.errors import ProtocolError
from protocol.limits import PUBLIC_KEY_BYTES
from protocol.statements import Profile

_CODE = re.compile(r"[a-z][a-z_]{0,31}")
_STATES = {
    None: "allowed",
    "origin_paused": "paused",
    "origin_blocked": "blocked",
    "origin_left": "left",
    "origin_reader": "reader",
}


class LetterPost:
    """Implements ``node.ports.Post``."""

    def __init__(self, store: NeighbourhoodStore, ingest: Ingest, peers: Peers, client: PeerClient) -> None:
        self._store = store
        self._ingest = ingest
        self._peers = peers
        self._client = client
        self.own_mail: HubMail | None = None
        """Our own mailboxes, for members whose hub we are."""

    async def correspondent(self, origin: str) -> Correspondent:
        allow = await self._ingest.follow_policy()
        peer, profile = await self._peers.get(origin), await self._profile(origin)
        ours = peer is not None and peer.vouched
        return Correspondent(
            origin=origin,
            name=profile.name if profile else peer.name if peer else origin,
            state=_STATES.get(allow.refusal(origin), "unknown"),
            url=peer.url if peer else None,
            op_key=(await self._store.origin(origin)).op_key,
            box_key=_box_key(profile),
            hubs=(allow.own,) if ours else await self._serving(origin),
        )

    async def send(self, to: str, message: bytes) -> str:
        try:
            return await self._client.message(await self._endpoint(to), message)
        except PeerError as error:
            raise _not_taken(error) from error

    async def leave(self, hub: str, message: bytes) -> str:
        if hub == self._store.own_origin and self.own_mail is not None:
            return await self.own_mail.put(message, via=hub)
        try:
            return await self._client.mailbox_put(await self._endpoint(hub), message)
        except PeerError as error:
            raise _not_taken(error) from error

    async def hubs(self) -> Sequence[str]:
        return [each.origin for each in await self._own_hubs()]

    async def fetch(self, hub: str, limit: int) -> Sequence[Mail]:
        try:
            page = await self._client.mailbox_take(await self._endpoint(hub), limit)
        except PeerError as error:
            raise _not_taken(error) from error
        return [Mail(sender=sender, message=message) for sender, message in page]

    async def done(self, hub: str, ids: Sequence[str]) -> None:
        try:
            await self._client.mailbox_done(await self._endpoint(hub), ids)
        except PeerError as error:
            raise _not_taken(error) from error

    async def refresh(self, origin: str) -> None:
        peer = await self._peers.get(origin)
        if peer is None or peer.url is None:
            return
        try:
            lines = await self._client.node(peer.url, allow_private=peer.allow_private)
        except PeerError:
            return
        await self._ingest.lines(list(lines), via=origin, end_of_round=False)

    async def _own_hubs(self) -> list[Peer]:
        active = [each for each in await self._peers.list() if _is_hub(each)]
        return sorted(active, key=lambda each: each.origin)

    async def _serving(self, origin: str) -> tuple[str, ...]:
        """Hubs of ours that say this group is theirs, the oldest word first. No other learns that we write to it."""
        hubs = {each.origin for each in await self._own_hubs()}
        vouches, _ = await self._store.vouches(hubs)
        return tuple(dict.fromkeys(each.origin for each in vouches if each.subject == origin))

    async def _profile(self, origin: str) -> Profile | None:
        for line in (await self._store.front_of(public_of={origin}, peers_of=set())).lines:
            statement = codec.read_line(line).statement
            if isinstance(statement, Profile):
                return statement
        return None

    async def _endpoint(self, origin: str) -> Endpoint:
        peer, held = await self._peers.get(origin), await self._store.origin(origin)
        # To one that is paused, blocked or left a last letter goes: ``delivery.goes_though``.
        if peer is None or peer.url is None or peer.state == "asked":
            raise NotTaken("no_way")
        if held.op_key is None:
            # Nobody has talked with it yet: the next round of sync learns its keys.
            raise NotTaken("keys_unknown")
        return Endpoint(origin=origin, url=peer.url, op_key=held.op_key, allow_private=peer.allow_private)


class LetterInbox:
    """Implements ``federation.ports.Inbox``."""

    def __init__(self, letters: Letters) -> None:
        self._letters = letters

    async def take(self, sealed: bytes, *, via: str) -> str:
        try:
            return await self._letters.take(sealed, via=via)
        except NotTaken as refused:
            raise LetterRefused(refused.code, retry_after=refused.retry_after) from refused

    async def still_heard(self, origin: str) -> bool:
        return await self._letters.still_heard(origin)


class MemberMail:
    """Implements ``federation.ports.Mail``."""

    def __init__(self, mail: HubMail) -> None:
        self._mail = mail

    async def put(self, sealed: bytes, *, via: str) -> str:
        try:
            return await self._mail.put(sealed, via=via)
        except NotTaken as refused:
            raise LetterRefused(refused.code, retry_after=refused.retry_after) from refused

    async def waiting(self, member: str, *, limit: int) -> Sequence[tuple[str, bytes]]:
        try:
            page = await self._mail.waiting(member, limit=limit)
        except NotTaken as refused:
            raise LetterRefused(refused.code, retry_after=refused.retry_after) from refused
        return [(each.sender, each.message) for each in page]

    async def done(self, member: str, ids: Sequence[str]) -> int:
        return await self._mail.done(member, ids)


def _is_hub(peer: Peer) -> bool:
    return peer.role == "hub" and peer.state == "active" and peer.url is not None


def _box_key(profile: Profile | None) -> bytes | None:
    if profile is None or profile.box_key is None:
        return None
    try:
        return b64.decode(profile.box_key, PUBLIC_KEY_BYTES)
    except ProtocolError:
        return None


def _not_taken(error: PeerError) -> NotTaken:
    """Their own code where they gave one, else ours of what went wrong on the way."""
    if error.said is not None:
        code = error.said if _CODE.fullmatch(error.said) else "failed"
    else:
        # Ours of that name is about their answer; theirs would be about our letter, and end it.
        code = "nonsense" if error.code == "too_large" else error.code
    return NotTaken(code, retry_after=error.retry_after)
