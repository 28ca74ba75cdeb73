"""Our own statements, and what the neighbourhood holds of them."""

from collections.abc import Sequence

from federation import own
from node.errors import N_, Misconfigured
from node.network.opening import Opened, disk_told
from node.ports import Asked, OwnHeld, OwnStanding


class OwnLines:
    """Implements ``node.ports.OwnStatements``."""

    def __init__(self, at: Opened) -> None:
        self._at = at

    async def ingest_own(self, lines: Sequence[bytes]) -> None:
        await self._at.ready()
        with disk_told():
            report = await self._at.ingest.lines(list(lines), via=None, end_of_round=True)
        if report.refused:
            # Our own lines were read back when they were signed: a refusal here is our fault.
            first = report.refused[0]
            raise Misconfigured(
                "own_line_refused",
                N_("The node refuses a line of its own."),
                hint=f"{first.code}: {first.detail}",
            )

    async def fetch_back(self) -> Asked:
        await self._at.ready()
        with disk_told():
            reports = await self._at.sync.all()
        return Asked(asked=len(reports), answered=sum(report.ok for report in reports))

    async def own_standing(self) -> OwnStanding:
        await self._at.ready()
        origin = self._at.identity.origin
        return OwnStanding(
            position=await self._at.store.own_position(origin),
            keys_rev=(await self._at.store.origin(origin)).keys_rev,
            contradicted=await own.contradicted(self._at.store, origin),
        )

    async def own_held(self) -> OwnHeld:
        await self._at.ready()
        held = await own.held_of(self._at.store, self._at.identity.origin)
        position = await self._at.store.own_position(self._at.identity.origin)
        return OwnHeld(position=position, items=held.items, whole=held.whole, heard=held.heard)

    async def own_position(self) -> tuple[int, int] | None:
        await self._at.ready()
        return await self._at.store.own_position(self._at.identity.origin)
