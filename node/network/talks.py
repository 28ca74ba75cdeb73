"""Who lives at an address, and rounds with peers."""

from collections.abc import Collection, Iterable, Sequence

from federation.discovery import discover
from federation.errors import PeerError
from federation.sync import RoundReport
from federation.transport import Endpoint
from node.errors import Unreachable
from node.network.opening import Opened, disk_told
from node.ports import Discovered, Round
from protocol import codec
from protocol.statements import Profile


class Talks:
    """Implements ``node.ports.Discovery`` and ``node.ports.Rounds``."""

    def __init__(self, at: Opened) -> None:
        self._at = at

    async def ask(self, url: str, *, allow_private: bool) -> Discovered:
        await self._at.ready()
        try:
            found = await discover(self._at.client, url, allow_private=allow_private)
        except PeerError as error:
            raise Unreachable("peer_unreachable", "%(why)s", why=str(error), hint=error.code) from error
        said = codec.read_line(found.profile_line).statement if found.profile_line else None
        return Discovered(
            origin=found.origin,
            words=found.words,
            name=found.name,
            url=url,
            profile=said if isinstance(said, Profile) else None,
        )

    async def introduce(
        self, url: str, origin: str, *, secret: str, own_url: str | None, allow_private: bool
    ) -> str:
        await self._at.ready()
        try:
            found = await discover(self._at.client, url, allow_private=allow_private)
            if found.origin != origin:
                raise PeerError("other_node", f"Another node lives at {url} now ({' '.join(found.words)}).")
            endpoint = Endpoint(origin=origin, url=url, op_key=found.op_key, allow_private=allow_private)
            return await self._at.client.introduce(endpoint, secret=secret, url=own_url)
        except PeerError as error:
            raise Unreachable("peer_unreachable", "%(why)s", why=str(error), hint=error.code) from error

    async def sync(self, origins: Collection[str] | None = None) -> Sequence[Round]:
        await self._at.ready()
        with disk_told():
            if origins is None:
                reports = await self._at.sync.all()
            else:
                reports = [await self._at.sync.peer(origin) for origin in origins]
        return _told(reports)

    async def list_changed(self) -> None:
        if await self._at.began():
            await self._at.ingest.follow_policy()

    async def due(self) -> Sequence[Round]:
        """A round with each peer whose next try has come."""
        return _told(await self._at.sync.all(due_only=True)) if await self._at.began() else []


def _told(reports: Iterable[RoundReport]) -> list[Round]:
    return [
        Round(
            origin=report.origin,
            name=report.name,
            ok=report.ok,
            received=report.accepted,
            refused=report.refused,
            passed_over=report.passed_over,
            error=report.error,
            code=report.code,
            found=report.found,
            rolled_back=len({origin for origin, _ in report.rolled_back}),
            omitted=len({origin for origin, _ in report.omitted}),
            not_taken=report.not_taken,
            not_held=len(report.not_held),
            notice=report.notice,
        )
        for report in reports
    ]
