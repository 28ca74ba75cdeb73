"""What we agreed on with a neighbouring group, beyond talking at all: what it is to us, what each gives and takes,
leaving it, and what to do when another root key answers at its address.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Literal

from node.clock import Clock, unix
from node.domain.actors import Actor
from node.domain.permissions import Permission, require
from node.errors import N_, Conflict, Invalid, NotFound
from node.ports import Rounds
from node.services.exchange.joining import ROLES
from node.store import audit, invites, peers
from node.store.db import Database, Tx
from node.store.peers import PeerRow
from protocol.identity import fingerprint_words, words_match

GIVES = ("both", "public", "nothing")


class Terms:
    """Changes the terms with one group. ``known``: whether a code of a kind of help can stand in a summary. ``cut``:
    ends what goes on with a group, in the write that it is given, ``end`` also what our own volunteers do for it;
    ``tell``: seals what is owed to groups by then."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        rounds: Rounds,
        known: Callable[[str], bool],
        cut: Callable[[Tx, Actor, str], Awaitable[None]],
        end: Callable[[Tx, Actor, str], Awaitable[None]],
        tell: Callable[[], Awaitable[object]],
    ) -> None:
        self._db = db
        self._clock = clock
        self._rounds = rounds
        self._known = known
        self._cut = cut
        self._end = end
        self._tell = tell

    async def change(
        self,
        actor: Actor,
        origin: str,
        *,
        role: str | None = None,
        vouched: bool | None = None,
        checks_count: bool | None = None,
        ask_now: bool | None = None,
        gives: str | None = None,
        takes: Sequence[str] | Literal["all"] | None = None,
    ) -> PeerRow:
        """Sets what is given; None leaves a term as it is.

        ``role``: peer, hub (whom it vouches for is allowed too) or reader (brings nothing). ``vouched``: we are its
        hub: from the next slot we vouch for it, and it gets the set for neighbours of our other members.
        ``checks_count``: its word about its volunteers' checks counts here. ``ask_now``: it may ring our people on
        duty. ``gives``: which of our sets it gets. ``takes``: kinds of theirs that we show and accept offers for.
        Raises ``NotFound``, ``Invalid``.
        """
        require(actor, Permission.PEERS)
        async with self._db.write() as tx:
            row = await self._row(tx, origin)
            if role is not None and role not in ROLES:
                raise Invalid("bad_role", N_("A neighbouring group is a peer, a hub or a reader."))
            if gives is not None and gives not in GIVES:
                raise Invalid("bad_gives", N_("A group gets both, public or nothing."))
            if takes not in (None, "all") and (
                odd := [code for code in takes or () if not self._known(code)]
            ):
                raise Invalid("no_category", N_("There is no such kind of help: %(kind)s"), kind=odd[0][:40])
            changes: dict[str, object] = {
                name: value
                for name, value in (
                    ("role", role),
                    ("vouched", vouched),
                    ("checks_count", checks_count),
                    ("ask_now", ask_now),
                    ("gives", gives),
                )
                if value is not None
            }
            if takes is not None:
                changes["takes"] = None if takes == "all" else tuple(dict.fromkeys(takes))
            if role == "reader" and gives is None and row.role != "reader":
                changes["gives"] = "public"
            new = replace(row, **changes)  # type: ignore[arg-type]
            await peers.put(tx, new)
            codes = {name: str(value) for name, value in changes.items()}
            await audit.append(tx, self._clock, actor, "peer.terms", origin, codes=codes)
        await self._rounds.list_changed()
        return new

    async def leave(self, actor: Actor, origin: str) -> None:
        """Ends the talks with one group: what we hold of it goes now, and at its next question its node is told,
        in a signed answer, and drops what it holds of ours. A node that nobody can call is asked nothing: there people
        ring. An invitation is the way back. What goes on between both ends as at a block
        (``services.exchange.blocking``), and its ``revoke`` still goes. Raises ``NotFound``."""
        require(actor, Permission.PEERS)
        async with self._db.write() as tx:
            await self._row(tx, origin)
            await self._cut(tx, actor, origin)
        # Its last letters are sealed while we still hold the key that its profile tells. Cut off here, the talks go on
        # and the tasks are over: pressed again, it ends.
        await self._tell()
        async with self._db.write() as tx:
            row = await self._row(tx, origin)
            await peers.put(
                tx, replace(row, state="left", vouched=False, advise=False, changed_to=None, changed_at=None)
            )
            await invites.decided(tx, origin)
            await audit.append(tx, self._clock, actor, "peer.leave", origin)
        await self._rounds.list_changed()

    async def accept_key(self, actor: Actor, origin: str, words: str) -> PeerRow:
        """The group really has a new root key: somebody heard its six ``words`` by phone, and they are those of
        who answers. Its terms go over to the new id; the old one has left, and what went on with it ends, on both
        sides: tasks and letters are of the old id.

        Raises ``NotFound``, ``Invalid`` (other words), ``Conflict`` (we decided on the new id before).
        """
        require(actor, Permission.PEERS)
        async with self._db.write() as tx:
            await self._heard(tx, origin, words)
            await self._end(tx, actor, origin)
        # As in ``leave``: what is owed to the old id is sealed while the key that its profile tells is held.
        await self._tell()
        async with self._db.write() as tx:
            row, changed_to = await self._heard(tx, origin, words)
            now = unix(self._clock)
            new = replace(row, origin=changed_to, added_at=now, changed_to=None, changed_at=None)
            await peers.put(tx, new)
            # The address stays: the last letters go there, if anybody has the old key still.
            await peers.put(tx, replace(row, state="left", vouched=False, changed_to=None, changed_at=None))
            await audit.append(
                tx, self._clock, actor, "peer.key_accepted", origin, codes={"found": new.origin}
            )
        await self._rounds.list_changed()
        return new

    async def _heard(self, tx: Tx, origin: str, words: str) -> tuple[PeerRow, str]:
        """The row, and the new id that these words are of; raises as ``accept_key``."""
        row = await self._row(tx, origin)
        if row.changed_to is None:
            raise NotFound("no_change", N_("Nobody else answers at the address of that group."))
        if not words_match(row.changed_to, words):
            raise Invalid(
                "other_words",
                N_("The group at that address has other words: %(found)s. Compare them again by phone."),
                found=" ".join(fingerprint_words(row.changed_to)),
            )
        other = await peers.get(tx, row.changed_to)
        if other is not None and other.state in ("paused", "blocked"):
            raise Conflict("decided", N_("That group is paused or blocked here. Take it up again first."))
        return row, row.changed_to

    async def keep_key(self, actor: Actor, origin: str) -> None:
        """Whoever answers there is not the group: its old key stays the one that counts, and we ask again. Raises
        ``NotFound``."""
        require(actor, Permission.PEERS)
        async with self._db.write() as tx:
            row = await self._row(tx, origin)
            if row.changed_to is None:
                raise NotFound("no_change", N_("Nobody else answers at the address of that group."))
            await peers.set_changed(tx, origin, None, None)
            await audit.append(tx, self._clock, actor, "peer.key_kept", origin)
        await self._rounds.list_changed()

    async def _row(self, tx: Tx, origin: str) -> PeerRow:
        row = await peers.get(tx, origin)
        if row is None or row.state == "left":
            raise NotFound("no_peer", N_("That group is not among our neighbouring groups."))
        return row
