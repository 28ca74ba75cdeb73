"""Peers as the group decides on them: whom we accept statements from and answer. Allow-list, both sides."""

from collections.abc import Sequence
from dataclasses import dataclass

from node.clock import Clock, unix
from node.config import check_url
from node.domain.actors import Actor
from node.domain.permissions import Permission, may, require
from node.errors import N_, Conflict, Invalid, NotFound
from node.ports import Discovery, NeighbourhoodReader, Round, Rounds, SeenOrigin
from node.store import audit, peers, settings
from node.store.db import Database
from node.store.peers import PeerRow
from protocol.errors import ProtocolError
from protocol.identity import fingerprint_words, public_of, words_match


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerView:
    """One neighbouring group: what we decided about it, and what we heard of it."""

    peer: PeerRow
    words: tuple[str, ...]
    """Six words to compare over the phone."""
    seen: SeenOrigin | None
    """None until the first successful talk."""


class Peering:
    """Adds, lists, pauses and blocks peers, and talks with them now."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        discovery: Discovery,
        reader: NeighbourhoodReader,
        rounds: Rounds,
    ) -> None:
        self._db = db
        self._clock = clock
        self._discovery = discovery
        self._reader = reader
        self._rounds = rounds

    async def add(
        self,
        actor: Actor,
        url: str,
        *,
        did: str | None = None,
        words: str | None = None,
        allow_private: bool = False,
    ) -> PeerRow:
        """Allows the node at ``url``, known by its did:key or by the six words its operator read out.

        With ``did`` nothing is asked of the network: the node may be added before it is up. With ``words`` the
        address is asked who it is, and refused unless its words are those. Adding an allowed peer again updates its
        address. Raises :class:`Invalid`, :class:`Conflict` (ourselves) or :class:`node.errors.Unreachable`.
        """
        require(actor, Permission.PEERS)
        url = url.strip().rstrip("/")
        if fault := check_url(url):
            raise Invalid(
                "bad_url",
                N_("That is no web address of a group: %(url)s"),
                fields={"url": fault},
                url=url,
                hint=fault,
            )
        if did:
            origin, name = did.strip(), url
            try:
                public_of(origin)
            except ProtocolError as error:
                raise Invalid(
                    "bad_id", N_("That is no group's id. It begins with did:key:z6Mk."), hint=error.detail
                ) from error
        elif words:
            found = await self._discovery.ask(url, allow_private=allow_private)
            if not words_match(found.origin, words):
                raise Invalid(
                    "other_words",
                    N_("The group at that address has other words: %(found)s. Compare them again by phone."),
                    found=" ".join(found.words),
                )
            origin, name = found.origin, found.name
        else:
            raise Invalid("no_id", N_("Give the group's id, or the six words its people read out to you."))
        async with self._db.write() as tx:
            if origin == await settings.get(tx, settings.ORIGIN):
                raise Conflict("ourselves", N_("That is this group itself."))
            held = await peers.get(tx, origin)
            row = PeerRow(
                origin=origin,
                url=url,
                name=held.name if held and name == url else name,
                state="active",
                allow_private=allow_private,
                added_at=held.added_at if held else unix(self._clock),
            )
            await peers.put(tx, row)
            await audit.append(tx, self._clock, actor, "peer.add", origin, codes={"url": url})
        await self._rounds.list_changed()
        return row

    async def set_state(self, actor: Actor, origin: str, state: str) -> None:
        """``active``, ``paused`` (no talks; what we hold stays) or ``blocked`` (also hides what came any way)."""
        require(actor, Permission.PEERS)
        async with self._db.write() as tx:
            if not await peers.set_state(tx, origin, state):
                raise NotFound("no_peer", N_("That group is not among our neighbouring groups."))
            await audit.append(tx, self._clock, actor, f"peer.{state}", origin)
        await self._rounds.list_changed()

    async def list(self, actor: Actor) -> Sequence[PeerView]:
        """Every peer with its words and what was last heard of it."""
        _may_see(actor)
        async with self._db.read() as tx:
            rows = await peers.all_of_them(tx)
        seen = {origin.origin: origin for origin in await self._reader.origins()}
        return [
            PeerView(peer=row, words=fingerprint_words(row.origin), seen=seen.get(row.origin)) for row in rows
        ]

    async def sync(self, actor: Actor) -> Sequence[Round]:
        """One round with each active peer, now; takes over the names they give themselves."""
        _may_see(actor)
        rounds = await self._rounds.sync()
        names = {
            origin.origin: origin.profile.name for origin in await self._reader.origins() if origin.profile
        }
        async with self._db.write() as tx:
            for row in await peers.all_of_them(tx):
                if (name := names.get(row.origin)) and name != row.name:
                    await peers.set_name(tx, row.origin, name)
        return rounds


def _may_see(actor: Actor) -> None:
    if not may(actor, Permission.READ_BOARD):
        require(actor, Permission.PEERS)
