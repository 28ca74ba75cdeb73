"""What was kept of wrong lines, for people: contradictions that anybody can check, and what was refused."""

from collections.abc import Sequence

from node.network.opening import Opened
from node.ports import KeptProof, RefusedLine
from protocol import bundle, codec
from protocol.statements import Keys


class KeptEvidence:
    """Implements ``node.ports.Evidence``."""

    def __init__(self, at: Opened) -> None:
        self._at = at

    async def proofs(self, origin: str | None = None) -> Sequence[KeptProof]:
        await self._at.ready()
        names = {view.origin: view.name for view in await self._at.store.origins()}
        found = []
        for proof in await self._at.store.proofs(origin):
            lines = [proof.first, proof.second]
            if not isinstance(codec.read_line(proof.first).statement, Keys):
                lines = [*await self._keys(proof.origin), *lines]
            found.append(
                KeptProof(
                    origin=proof.origin,
                    name=names.get(proof.origin, proof.origin),
                    seen=proof.seen,
                    bundle=bundle.write(lines),
                )
            )
        return found

    async def refused(self, limit: int) -> Sequence[RefusedLine]:
        await self._at.ready()
        return [
            RefusedLine(
                sha=each.sha.hex(),
                raw=each.raw,
                code=each.code,
                detail=each.detail,
                via=each.via,
                times=each.times,
                last_seen=each.last_seen,
            )
            for each in await self._at.store.quarantined(limit)
        ]

    async def _keys(self, origin: str) -> list[bytes]:
        """Without the keys line nobody could tell who signed the two."""
        held = (await self._at.store.front_of(public_of={origin}, peers_of=set())).lines
        return [line for line in held if isinstance(codec.read_line(line).statement, Keys)]
