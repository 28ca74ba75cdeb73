"""Bundles as files, carried by hand."""

import asyncio
from collections.abc import Collection, Sequence

from federation.carrying import Carrying
from federation.errors import PeerError
from federation.outcome import Refusal
from federation.policy import REFUSALS
from node.errors import N_, Conflict
from node.network.opening import Opened, disk_told
from node.ports import Brought, Missing


class Files:
    """Implements ``node.ports.Carrier``."""

    def __init__(self, at: Opened) -> None:
        self._at = at
        self._carrying = Carrying(at.store, at.ingest)

    async def export(self, sets: Collection[str], *, to: str | None = None) -> bytes:
        await self._at.ready()
        try:
            return await self._carrying.pack(sets, to=to)
        except PeerError as error:
            raise Conflict("not_active", N_("%(why)s"), why=str(error)) from error

    async def take(self, data: bytes) -> Brought:
        await self._at.ready()
        with disk_told():
            # A mail or a text program may have changed the line ends; no signed line holds one of its own.
            plain = await asyncio.to_thread(data.replace, b"\r\n", b"\n")
            brought = await self._carrying.take(plain)
        report = brought.report
        refused = [each for each in report.refused if each.code not in REFUSALS]
        names = {view.origin: view.name for view in await self._at.store.origins()}
        return Brought(
            ok=not refused,
            received=report.accepted + report.hidden,
            same=report.same,
            refused=report.refused_lines,
            passed_over=report.passed_over,
            error=_told(refused, report.refused_lines),
            stopped=brought.stopped,
            missing=tuple(
                Missing(
                    origin=each.origin,
                    name=names.get(each.origin, each.origin),
                    set_name=each.set,
                    why=each.why,
                    held=each.held,
                    counted=each.counted,
                )
                for each in brought.missing
            ),
        )


def _told(refused: Sequence[Refusal], counted: int) -> str | None:
    if not refused:
        return None
    shown = "; ".join(f"line {each.line_no}: {each.code} {each.detail}".rstrip() for each in refused[:10])
    return f"{shown}; and {counted - 10} more" if counted > 10 else shown
