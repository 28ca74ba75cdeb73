"""Peers as the group decides on them: whom we accept statements from and answer. Allow-list, both sides."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from node.clock import Clock, unix
from node.config import check_url
from node.domain.actors import SYSTEM, Actor
from node.domain.exchange.letters import BLOCKED
from node.domain.exchange.names import told_apart, unmarked
from node.domain.permissions import Permission, may, require
from node.errors import N_, Conflict, Invalid, NotFound
from node.ports import Discovery, NeighbourhoodReader, Round, Rounds, SeenOrigin
from node.store import audit, inbox, invites, peers, settings
from node.store.db import Database, Tx
from node.store.peers import PeerRow
from protocol.errors import ProtocolError
from protocol.identity import fingerprint_words, public_of, words_match
from protocol.trust import ADVICE_REASONS, Advice


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerView:
    """One neighbouring group: what we decided about it, and what we heard of it."""

    peer: PeerRow
    words: tuple[str, ...]
    """Six words to compare over the phone."""
    seen: SeenOrigin | None
    """None until the first successful talk."""
    changed_words: tuple[str, ...] = ()
    """Six words of the other root key that answers at its address, until somebody compared them."""
    closed: bool = False
    """It said farewell."""
    moved_to: str | None = None
    """After its farewell: the id of the node that goes on in its place, by its own word."""
    heir: str = ""
    """That one's name here, else its six words; empty if there is none."""
    advised_by: tuple[tuple[str, str], ...] = ()
    """(name, reason) of neighbouring groups that advise against it; codes of ``protocol.trust.ADVICE_REASONS``."""
    advises: tuple[tuple[str, str, str], ...] = ()
    """(id, name or six words, reason) of each group that this one advises against."""
    alike: bool = False
    """Another group here has the same name, or one that reads like it; so has its mark: ``domain.exchange.names``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidOf:
    """What is known here of a group that nobody decided on yet."""

    name: str
    """As it says, told apart from those that say the same."""
    alike: bool
    """Another group here, or we ourselves, have a name that reads like it."""
    advised_by: tuple[tuple[str, str], ...]
    """(name, reason) of neighbouring groups that advise against it."""


def brought(seen: SeenOrigin) -> PeerView:
    """A group that nobody here decided about: a go-between speaks for it."""
    return PeerView(peer=_unknown(seen), words=fingerprint_words(seen.origin), seen=seen)


def _unknown(seen: SeenOrigin) -> PeerRow:
    return PeerRow(
        origin=seen.origin, url=None, name=seen.name, state="active", allow_private=False, added_at=0
    )


def _advised(advice: Sequence[Advice], rows: Sequence[PeerRow], subject: str) -> tuple[tuple[str, str], ...]:
    """Whoever we blocked, or who left, is not heard any more."""
    heard = {row.origin: row.name for row in rows if row.state in ("active", "paused")}
    return tuple(
        (heard[each.origin], each.reason)
        for each in advice
        if each.subject == subject and each.origin in heard
    )


def _heir(to: str | None, names: Mapping[str, str]) -> str:
    return "" if to is None else names.get(to) or " ".join(fingerprint_words(to))


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
        cut: Callable[[Tx, Actor, str], Awaitable[None]],
        tell: Callable[[], Awaitable[object]],
    ) -> None:
        """``cut`` ends what goes on with a group, in the write that it is given; ``tell`` seals what is owed to groups
        by then."""
        self._db = db
        self._clock = clock
        self._discovery = discovery
        self._reader = reader
        self._rounds = rounds
        self._cut = cut
        self._tell = tell

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
        typed = url.strip()
        url = typed.rstrip("/")
        if "://" not in typed and "." in typed:
            url = f"https://{url}"
        if fault := check_url(url):
            raise Invalid(
                "bad_url",
                N_("That is no web address of a group: %(url)s"),
                fields={"url": fault},
                url=typed,
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
            if held is not None and held.was == "active" and held.state not in ("asked", "left"):
                row = replace(held, url=url, name=row.name, state="active", allow_private=allow_private)
            await peers.put(tx, row)
            await invites.decided(tx, origin)
            await audit.append(tx, self._clock, actor, "peer.add", origin, codes={"url": url})
        await self._rounds.list_changed()
        return row

    async def set_state(
        self, actor: Actor, origin: str, state: str, *, reason: str | None = None, advise: bool = False
    ) -> str:
        """``active``, ``paused`` (no talks; what we hold stays) or ``blocked`` (also hides what came any way).

        A block ends what goes on with the group: ``services.exchange.blocking``. ``active`` takes back what was said
        of it, and gives no more than it had before: returns ``active`` if it was a neighbour, ``left`` if the talks
        were over, and an empty text where nobody here ever agreed with it - it waited for our yes, or came by a hub -
        so that nothing is kept of it. Otherwise returns ``state``.

        With ``blocked``, ``reason`` is a code of ``protocol.trust.ADVICE_REASONS``, and ``advise`` lets our other
        peers read it from the next slot on. A group that came by a hub is paused or blocked like any other. One that
        waits for an answer, or left, is taken up by an invitation only. Raises ``NotFound`` and ``Invalid``.
        """
        require(actor, Permission.PEERS)
        if state not in ("active", "paused", "blocked") or (reason and reason not in ADVICE_REASONS):
            raise Invalid("bad_state", N_("That cannot be done with a neighbouring group."))
        via = {each.origin: each for each in await self._reader.origins() if each.voucher}
        async with self._db.write() as tx:
            row = await peers.get(tx, origin)
            if row is None and origin in via and state != "active":
                row = replace(_unknown(via[origin]), state="brought", added_at=unix(self._clock))
            if row is None or (row.state in ("asked", "left") and state != "blocked"):
                raise NotFound("no_peer", N_("That group is not among our neighbouring groups."))
            blocked, was = state == "blocked", row.was if row.state in ("paused", "blocked") else row.state
            if state == "active":
                state, was = {"active": "active", "left": "left"}.get(was, ""), "active"
            if state:
                row = replace(
                    row,
                    state=state,
                    was=was,
                    reason=reason if blocked else None,
                    advise=blocked and advise and bool(reason),
                )
                await peers.put(tx, row)
            else:
                await peers.delete(tx, origin)
            await invites.decided(tx, origin)
            await audit.append(tx, self._clock, actor, f"peer.{state or 'undecided'}", origin)
            if blocked:
                await self._cut(tx, actor, origin)
            elif state == "active":
                await inbox.wait_again(tx, [BLOCKED])  # it counts them as delivered, and sends none again
        await self._rounds.list_changed()
        return state

    async def list(self, actor: Actor) -> Sequence[PeerView]:
        """Every peer with its words and what was last heard of it."""
        _may_see(actor)
        async with self._db.read() as tx:
            rows = await peers.all_of_them(tx)
        seen = {origin.origin: origin for origin in await self._reader.origins()}
        rows = [
            row if row.state == "left" or row.origin not in seen else replace(row, name=seen[row.origin].name)
            for row in rows
        ]
        moved = {farewell.origin: farewell.to for farewell in await self._reader.farewells()}
        advice = await self._reader.advice()
        names = {row.origin: row.name for row in rows}
        called = {origin: each.name for origin, each in seen.items() if each.profile} | names
        return [
            PeerView(
                peer=row,
                words=fingerprint_words(row.origin),
                seen=seen.get(row.origin),
                changed_words=fingerprint_words(row.changed_to) if row.changed_to else (),
                closed=row.origin in moved,
                moved_to=moved.get(row.origin),
                heir=_heir(moved.get(row.origin), names),
                advised_by=_advised(advice, rows, row.origin),
                alike=row.state != "left" and row.name != unmarked(row.origin, row.name),
                advises=tuple(
                    (each.subject, _heir(each.subject, called), each.reason)
                    for each in advice
                    if each.origin == row.origin
                ),
            )
            for row in rows
        ]

    async def said_of(self, actor: Actor, named: Mapping[str, str]) -> Mapping[str, SaidOf]:
        """What our neighbours and their names tell of groups that ask, invite, or came by a hub: by id, with the name
        each gives itself."""
        _may_see(actor)
        async with self._db.read() as tx:
            rows = await peers.all_of_them(tx)
            own = await settings.get(tx, settings.GROUP_NAME)
        known = {row.origin: row.name for row in rows if row.state != "left"}
        called = told_apart(own, {**known, **named})
        advice = await self._reader.advice()
        return {
            origin: SaidOf(
                name=called[origin],
                alike=called[origin] != unmarked(origin, name),
                advised_by=_advised(advice, rows, origin),
            )
            for origin, name in named.items()
        }

    async def sync(self, actor: Actor) -> Sequence[Round]:
        """One round with each active peer, now; takes over the names they give themselves, told apart."""
        _may_see(actor)
        rounds = await self._rounds.sync()
        names = {origin.origin: origin.name for origin in await self._reader.origins()}
        async with self._db.write() as tx:
            for row in await peers.all_of_them(tx):
                if (name := names.get(row.origin)) and name != row.name and row.state != "left":
                    await peers.set_name(tx, row.origin, name)
        await self.heed(rounds)
        return rounds

    async def heed(self, rounds: Sequence[Round]) -> None:
        """What peers said in talks, and what it makes of their rows: they left us, they closed for good, or
        another root key answers at their address - then nobody talks until a person compared the words. Where the talks
        are over, what went on ends as when we leave (``services.exchange.blocking``)."""
        closed = {farewell.origin for farewell in await self._reader.farewells()}
        async with self._db.read() as tx:
            rows = {row.origin: row for row in await peers.all_of_them(tx)}
        left = {each.origin: "peer.left_us" for each in rounds if each.code == "left"}
        left |= dict.fromkeys(closed, "peer.farewell")
        left = {
            origin: deed
            for origin, deed in left.items()
            if origin in rows and rows[origin].state in ("asked", "active", "paused")
        }
        changed = {
            each.origin: each.found
            for each in rounds
            if each.code == "other_node" and each.found and each.origin in rows
        }
        if not left and not changed:
            return
        if left:
            async with self._db.write() as tx:
                for origin in left:
                    await self._cut(tx, SYSTEM, origin)
            # Sealed before the list changes, as in ``Terms.leave``: with the row goes the key that their profile tells.
            await self._tell()
        async with self._db.write() as tx:
            for origin, deed in left.items():
                await peers.set_state(tx, origin, "left")
                await audit.append(tx, self._clock, SYSTEM, deed, origin)
            for origin, found in changed.items():
                await peers.set_changed(tx, origin, found, unix(self._clock))
                await audit.append(
                    tx, self._clock, SYSTEM, "peer.key_changed", origin, codes={"found": found}
                )
        await self._rounds.list_changed()


def _may_see(actor: Actor) -> None:
    if not may(actor, Permission.READ_BOARD):
        require(actor, Permission.PEERS)
