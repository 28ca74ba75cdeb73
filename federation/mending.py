"""Sets that do not agree with their heads after a round: put right by whoever can, and who left something out.

Whom we talked with told the head and did not bring what it counts. It is blamed for that only while both of us are
under that head: one that moved on meanwhile may not have the lines any more, and brings what replaced them in its next
pages.
"""

from collections.abc import Awaitable, Callable

from federation.client import PeerClient
from federation.errors import PeerError
from federation.ingest import TOO_FAR, Ingest
from federation.ports import Peer, Peers
from federation.repair import Pair, Repair
from federation.store import NeighbourhoodStore
from federation.tally import Tally
from federation.transport import Endpoint

OTHERS_ASKED = 3
"""Peers beside the one that we talk with that are asked to mend a set."""


class Mending:
    """``endpoint_of`` finds out where a peer is and which key it signs with; ``random`` gives numbers in [0, 1)."""

    def __init__(
        self,
        store: NeighbourhoodStore,
        ingest: Ingest,
        client: PeerClient,
        repair: Repair,
        peers: Peers,
        *,
        endpoint_of: Callable[[Peer], Awaitable[Endpoint]],
        random: Callable[[], float],
    ) -> None:
        self._store = store
        self._ingest = ingest
        self._client = client
        self._repair = repair
        self._peers = peers
        self._endpoint_of = endpoint_of
        self._random = random

    async def mend(self, carrier: Endpoint, tally: Tally) -> None:
        """One repair by each carrier of each set that does not agree with its head: by the origin itself, else by the
        carrier, else by others. Takes what agrees now, or has a newer head, off the tally."""
        others = [
            peer
            for peer in await self._peers.list()
            if peer.state == "active" and peer.url is not None and peer.origin != carrier.origin
        ]
        failing: set[str] = set()
        for pair, told in sorted(tally.incomplete.items()):
            # The first time others are asked too; later each is asked when it tells the head itself.
            beside = [] if self._ingest.tried(pair, told) else others
            mended = await self._one(carrier, pair, beside, failing, tally)
            if await self._moved_on(carrier, pair, told, tally, ask=not mended):
                del tally.incomplete[pair]
                continue
            if mended != carrier.origin:
                tally.omitted.add(pair)
            if mended:
                del tally.incomplete[pair]
            self._ingest.repair_tried(pair, told, carrier.origin)

    async def _one(
        self, carrier: Endpoint, pair: Pair, others: list[Peer], failing: set[str], tally: Tally
    ) -> str | None:
        """Who mended it, if anybody could. ``failing``: who did not answer, and is not asked again."""
        near = [peer for peer in others if peer.origin == pair[0]]
        far = [peer for peer in others if peer.origin != pair[0]]
        start = int(self._random() * len(far)) if far else 0
        for peer in (*near, None, *far[start:], *far[:start])[: 1 + OTHERS_ASKED]:
            if peer is not None and peer.origin in failing:
                continue
            try:
                asked = carrier if peer is None else await self._endpoint_of(peer)
                if await self._repair.by_manifest(asked, pair, tally.taken):
                    return asked.origin
            except PeerError as error:
                if error.code == "too_slow":
                    raise
                if peer is not None:
                    failing.add(peer.origin)
        return None

    async def _moved_on(self, carrier: Endpoint, pair: Pair, told: bytes, tally: Tally, *, ask: bool) -> bool:
        """Whether the head that the carrier told is over: we hold another one by now, or it shows one that is newer.
        Whoever only says so shows nothing."""
        if await self._head_of(pair) != told:
            return True
        if not ask:
            return False
        try:
            page = await self._client.heads(carrier, origins=[pair[0]])
        except PeerError:
            return False
        report = await self._ingest.lines(page.lines, via=carrier.origin, end_of_round=False)
        tally.taken(len(page.lines), report)
        too_far = any(refusal.code in TOO_FAR for refusal in report.refused)
        return too_far or await self._head_of(pair) != told

    async def _head_of(self, pair: Pair) -> bytes | None:
        """SHA-256 of the head held now."""
        held = await self._store.heads_held({pair[0]})
        return next((one.sha for one in held if one.head.set == pair[1]), None)
