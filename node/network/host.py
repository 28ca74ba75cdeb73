"""What ``federation`` needs of its host (``federation.ports``), over the group's database and key. Values are turned,
nothing is decided here.
"""

from collections.abc import Sequence

from federation.errors import Refused
from federation.ports import Peer
from node.errors import N_, Misconfigured, MutualAidError
from node.services.accounts.keyring import Keyring
from node.services.exchange.joining import Joining
from node.store import own_lines, peers, settings
from node.store.db import Database
from node.store.peers import PeerRow


class Identity:
    """Implements ``federation.ports.Signer``. Before set-up there is none, and every use says so."""

    def __init__(self, db: Database, keyring: Keyring) -> None:
        self._db = db
        self._keyring = keyring
        self._origin = ""

    async def known(self) -> bool:
        """Whether the node has been set up; looked up until it is."""
        if not self._origin:
            async with self._db.read() as tx:
                self._origin = await settings.get(tx, settings.ORIGIN)
        return bool(self._origin)

    @property
    def origin(self) -> str:
        if not self._origin:
            raise Misconfigured(
                "not_set_up", N_("This node has not been set up yet."), hint="mutualaid init, or /setup"
            )
        return self._origin

    @property
    def did(self) -> str:
        return self._keyring.load().did

    def sign(self, message: bytes) -> bytes:
        return self._keyring.load().sign(message)

    async def own_keys_lines(self) -> list[bytes]:
        async with self._db.read() as tx:
            found = [await own_lines.get(tx, name) for name in ("keys", "profile")]
        return [each.line for each in found if each is not None]


class AllowedPeers:
    """Implements ``federation.ports.Peers`` over the table of peers."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def list(self) -> Sequence[Peer]:
        async with self._db.read() as tx:
            return [_peer(row) for row in await peers.all_of_them(tx)]

    async def get(self, origin: str) -> Peer | None:
        async with self._db.read() as tx:
            row = await peers.get(tx, origin)
        return _peer(row) if row else None


class Arrivals:
    """Implements ``federation.ports.Introductions`` over the group's own verbs."""

    def __init__(self, joining: Joining) -> None:
        self._joining = joining

    async def is_open(self, secret: str, origin: str) -> bool:
        return await self._joining.is_open(secret, origin)

    async def introduce(
        self, origin: str, *, secret: str, url: str | None, keys_line: bytes, profile_line: bytes | None
    ) -> str:
        try:
            return await self._joining.introduce(
                origin, secret=secret, url=url, keys_line=keys_line, profile_line=profile_line
            )
        except MutualAidError as error:
            raise Refused(error.code, str(error)) from error


def _peer(row: PeerRow) -> Peer:
    return Peer(
        origin=row.origin,
        url=row.url,
        name=row.name,
        # Until a person compared the words of a changed key, nobody talks.
        state="paused" if row.state == "active" and not row.talks else row.state,  # type: ignore[arg-type]
        allow_private=row.allow_private,
        role=row.role,  # type: ignore[arg-type]  # the table's CHECKs allow these values only
        vouched=row.vouched,
        gives=row.gives,  # type: ignore[arg-type]
        takes=None if row.takes is None else frozenset(row.takes),
    )
