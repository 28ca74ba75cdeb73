"""Who may come in at this moment: what our operators decided, and what our hubs vouch for."""

from collections.abc import Mapping

from federation.policy import AllowList
from federation.ports import Clock, Peer, Peers
from federation.store import NeighbourhoodStore
from federation.vouching import Door, door, hubs_of


class Doorkeeper:
    """Follows the host's list of peers and the vouches held; hides at once what it no longer lets in."""

    def __init__(self, store: NeighbourhoodStore, peers: Peers, clock: Clock) -> None:
        self._store = store
        self._peers = peers
        self._clock = clock
        self._visible: frozenset[str] | None = None
        self._left: frozenset[str] = frozenset()
        self._known: tuple[object, Door] | None = None
        """What the vouches came to, and as of when: they are asked for at every request."""
        self._ended: tuple[object, frozenset[str]] | None = None
        """Who of those that left closed for good, and as of when."""
        self._made: tuple[tuple[Peer, ...], Mapping[str, str], frozenset[str], AllowList] | None = None
        """The list as last made, and what of: it is asked for with every request and seldom another."""

    async def unchanged(self) -> AllowList | None:
        """The list as of now, if nothing has to be hidden, shown, dropped or remembered for it; else None."""
        allow, made = await self._look()
        at_rest = (allow.left, allow.visible) == (self._left, self._visible)
        return allow if at_rest and not (made.new or made.gone) else None

    async def follow(self) -> AllowList:
        """The list as of now. When this returns, whatever is held of others is out of sight, and of those that
        left nothing is held. Call it when the list changes, and before each page; never while a page is written, or
        what is in it would be shown although it was decided otherwise meanwhile."""
        allow, made = await self._look()
        if made.new or made.gone:
            await self._store.admit(made.new, made.gone)
        if self._store.own_origin is None:
            return allow
        if allow.left != self._left:
            await self._store.drop(allow.left)
            self._left = allow.left
        if allow.visible != self._visible:
            await self._store.show_only(allow.visible)
            self._visible = allow.visible
        return allow

    async def _look(self) -> tuple[AllowList, Door]:
        rows = await self._peers.list()
        made = await self._door(hubs_of(rows))
        ended = await self._closed(frozenset(row.origin for row in rows if row.state == "left"))
        source = (tuple(rows), made.vouched, ended)
        if self._made is None or source != self._made[:3]:
            self._made = (*source, AllowList.of(self._store.own_origin or "", *source))
        return self._made[3], made

    async def _closed(self, left: frozenset[str]) -> frozenset[str]:
        """Those of ``left`` whose farewell is held."""
        if not left:
            return left
        as_of = (self._store.writes, left)
        if self._ended is None or self._ended[0] != as_of:
            said = {each.origin for each in await self._store.farewells()}
            self._ended = as_of, left & said
        return self._ended[1]

    async def _door(self, hubs: frozenset[str]) -> Door:
        if not hubs:
            return Door(vouched={}, new=(), gone=(), waiting=0)
        today = self._clock.now().date()
        as_of = (self._store.writes, hubs, today)  # taken first: what is written meanwhile is read next time
        if self._known is None or self._known[0] != as_of:
            vouches, admitted = await self._store.vouches(hubs)
            self._known = as_of, door(hubs, vouches, admitted, today=today)
        return self._known[1]
